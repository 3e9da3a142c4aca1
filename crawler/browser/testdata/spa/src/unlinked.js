import { start } from './start.js'
import Foot from './FootUnlinked.vue'

start(Foot)
