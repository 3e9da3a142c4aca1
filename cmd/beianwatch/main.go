// Command beianwatch looks at live websites and says, with proof, whether each
// keeps China's ICP filing (ICP备案) rules.
//
// It holds flags, configuration, wiring and exit codes; all else is in the
// rooms crawler, detect, reports and schedule.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // the calendar's zones, on a system that has none
)

func main() {
	if os.Getenv("GOGC") == "" {
		// A scan makes much garbage from little that lives: half as many
		// collections for a heap that may grow to three times what lives.
		debug.SetGCPercent(200)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
