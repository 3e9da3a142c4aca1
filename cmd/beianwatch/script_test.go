package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
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
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "unpack": unpack}})
}

// unpack is "unpack FILE.wacz OUT": every byte of the package, each part unpacked, and
// the names of the parts, one behind the other in OUT.
func unpack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unpack FILE.wacz OUT")
	}
	z, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer z.Close()
	var all bytes.Buffer
	for _, f := range z.File {
		in, err := f.Open()
		ts.Check(err)
		var r io.Reader = in
		if strings.HasSuffix(f.Name, ".gz") {
			r, err = gzip.NewReader(in)
			ts.Check(err)
		}
		all.WriteString(f.Name + "\n")
		_, err = all.ReadFrom(r)
		ts.Check(err)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), all.Bytes(), 0o600))
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
