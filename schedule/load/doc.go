// Package load answers whether this machine keeps up with the work, and bounds
// the work accordingly: a [Monitor] measures, [Slots] bound the visits under
// way, a [Pacer] spaces what begins. It knows neither sites nor runs.
package load
