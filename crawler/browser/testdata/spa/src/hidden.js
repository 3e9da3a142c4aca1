import { start } from './start.js'
import Foot from './FootHidden.vue'

start(Foot)
