package cli

import (
	"math"
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// LimitMemory sets how the garbage collector weighs memory against time. What
// GOGC and GOMEMLIMIT say goes first.
func LimitMemory() {
	if os.Getenv("GOGC") == "" {
		// A scan makes much garbage from little that lives: half as many
		// collections for a heap that may grow to three times what lives.
		debug.SetGCPercent(200)
	}
	// Without a cgroup, or with an unreadable one, there is no limit to keep to.
	memlimit.Set() //nolint:errcheck // see above
}

// memoryShare is the part of a machine's memory that a process without a limit
// of its own reckons with.
const memoryShare = 0.75

// MemoryLimit returns how many bytes this process may take: its limit, else its
// share of the machine's memory; 0 if neither is known.
func MemoryLimit() int64 {
	limit := debug.SetMemoryLimit(-1)
	if limit < math.MaxInt64 {
		return limit
	}
	machine, err := memlimit.FromSystem()
	if err != nil || machine > math.MaxInt64 {
		return 0
	}
	return int64(float64(machine) * memoryShare)
}
