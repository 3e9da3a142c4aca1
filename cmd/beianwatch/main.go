// Command beianwatch checks live websites against China's ICP filing (ICP备案)
// rules and backs every result with evidence.
//
// It holds flags, configuration, wiring and exit codes; all else is in the
// rooms crawler, detect, reports and schedule.
package main

import (
	"context"
	"os"
	_ "time/tzdata" // the calendar's zones, on a system that has none

	"github.com/beianwatch/beianwatch/cmd/cli"
	"github.com/beianwatch/beianwatch/cmd/settings"
)

func main() {
	cli.LimitMemory()
	os.Exit(interruptible())
}

// interruptible runs the command line of this process. The first interrupt ends it
// in good order, the second at once.
func interruptible() int {
	ctx, stop := cli.Interruptible(context.Background(), os.Stderr, settings.LanguageOf(os.Args[1:], os.Getenv))
	defer stop()
	return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}
