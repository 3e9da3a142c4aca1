package main

import (
	"math"
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/beianwatch/beianwatch/crawler/web"
)

// limitMemory sets how the garbage collector weighs memory against time. What
// GOGC and GOMEMLIMIT say goes first.
func limitMemory() {
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

// memory bounds what large answers take by the limit of this process, else by
// the machine's memory; nil if neither is known.
func memory() *web.Memory {
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		machine, err := memlimit.FromSystem()
		if err != nil || machine == 0 || machine > math.MaxInt64 {
			return nil
		}
		limit = int64(float64(machine) * memoryShare)
	}
	return web.NewMemory(limit)
}
