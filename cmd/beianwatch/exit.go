package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/beianwatch/beianwatch/cmd/settings"
)

// The exit codes (DESIGN section 7): a script can tell "something was found"
// from "the look itself went wrong".
const (
	exitClean        = 0
	exitTrouble      = 1 // an error of ours
	exitUsage        = 2 // a mistake in the call or the config
	exitFound        = 3 // findings at or above --fail-on
	exitInconclusive = 4 // a decisive rule could not be judged
)

// An exitError carries the exit code of a command that worked: all there is to
// say has been said.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("exit %d", e.code) }

// usage makes a mistake in the call: exit code 2 and a hint.
func usage(format string, args ...any) error { return settings.Usage(format, args...) }

// report writes err to w, if there is anything to say, and returns the exit
// code it stands for.
func report(w io.Writer, err error) int {
	var exit *exitError
	var mistake *settings.UsageError
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(w, "beianwatch: stopped; run the same command again to resume")
		return exitTrouble
	case errors.As(err, &mistake):
		fmt.Fprintf(w, "beianwatch: %v\n", err)
		fmt.Fprintln(w, "Run 'beianwatch --help' or 'beianwatch COMMAND --help' for usage.")
		return exitUsage
	case errors.As(err, &exit):
		return exit.code
	}
	fmt.Fprintf(w, "beianwatch: %v\n", err)
	return exitTrouble
}
