import { start } from './start.js'
import Foot from './FootLinked.vue'

start(Foot)
