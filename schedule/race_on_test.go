//go:build race

package schedule

// raced says that the race detector is at work: it takes the time that waiting would leave.
const raced = true
