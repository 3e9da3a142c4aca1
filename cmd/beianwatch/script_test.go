package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/beianwatch/beianwatch/cmd/cli"
	"github.com/beianwatch/beianwatch/crawler/warc"
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
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "unpack": unpack, "shorten": shorten}})
}

// shorten is "shorten FOLDER HOW": the largest evidence file below the folder without
// its last observation, without its last byte, or with half a record behind its end;
// "back" is as it was at first.
func shorten(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: shorten FOLDER last|byte|grown|back")
	}
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*", "*.warc.gz"))
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("no evidence below %s", args[0])
	}
	size := func(path string) int64 {
		info, err := os.Stat(path)
		ts.Check(err)
		return info.Size()
	}
	path := slices.MaxFunc(files, func(a, b string) int { return cmp.Compare(size(a), size(b)) })
	kept := ts.MkAbs("whole.warc.gz")
	whole, err := os.ReadFile(kept)
	if err != nil {
		whole, err = os.ReadFile(path)
		ts.Check(err)
		ts.Check(os.WriteFile(kept, whole, 0o600))
	}
	entries, err := warc.Entries(bytes.NewReader(whole), int64(len(whole)))
	ts.Check(err)
	last := int64(0)
	for _, e := range entries {
		if e.Begins() {
			last = e.Offset
		}
	}
	changed := map[string][]byte{"last": whole[:last], "byte": whole[:len(whole)-1], "grown": slices.Concat(whole, whole[last:last+100]), "back": whole}[args[1]]
	ts.Check(os.WriteFile(path, changed, 0o600))
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
