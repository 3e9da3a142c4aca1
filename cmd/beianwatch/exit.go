package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// The exit codes (DESIGN section 7): a script can tell "something was found"
// from "the look itself went wrong".
const (
	exitClean   = 0
	exitTrouble = 1
	exitUsage   = 2
	exitFound   = 3
)

// An exitError carries an exit code. A nil err says that everything there is
// to say has been said already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// errFound ends a command that worked and found something.
var errFound = &exitError{code: exitFound}

// usage marks err as a mistake in the call: exit code 2 and a hint.
func usage(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// report writes err to w, if there is anything to say, and gives the exit
// code it stands for.
func report(w io.Writer, err error) int {
	if err == nil {
		return exitClean
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(w, "beianwatch: stopped; run the same command again to carry on")
		return exitTrouble
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		fmt.Fprintf(w, "beianwatch: %v\n", err)
		return exitTrouble
	}
	if exit.err != nil {
		fmt.Fprintf(w, "beianwatch: %v\n", exit.err)
	}
	if exit.code == exitUsage {
		fmt.Fprintln(w, "Run 'beianwatch --help' (or 'beianwatch COMMAND --help') to see what can be said.")
	}
	return exit.code
}
