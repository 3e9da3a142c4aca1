package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/beianwatch/beianwatch/cmd/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"beianwatch": func() {
			cli.LimitMemory()
			os.Exit(interruptible())
		},
	})
}

// TestScript runs the command line as a person would; each file of
// testdata/script tells one story.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: serveRegistries,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits}})
}

// exits is "exits CODE COMMAND ARGUMENT…": the command ends with that very exit
// code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGUMENT...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
