package whole

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// TestFile: what stood there stays until the new file is finished, and nothing else is left.
func TestFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	say := func(s string, err error) func(*os.File) error {
		return func(f *os.File) error {
			if _, err := f.WriteString(s); err != nil {
				return err
			}
			return err
		}
	}
	broken := errors.New("broken")
	for _, step := range []struct {
		said string
		err  error
		want string
	}{{"first", nil, "first"}, {"second", broken, "first"}, {"third", nil, "third"}} {
		if err := File(path, say(step.said, step.err)); !errors.Is(err, step.err) {
			t.Fatalf("%s: %v", step.said, err)
		}
		if got, _ := os.ReadFile(path); string(got) != step.want || len(names(t, dir)) != 1 {
			t.Errorf("%s: %q, and %v", step.said, got, names(t, dir))
		}
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

// TestSweep: what a process that died has left is removed at once, what a living one
// writes is not, and what says nothing of its writer is removed after a day.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	living, err := NewFolder(dir, Unfinished)
	if err != nil {
		t.Fatal(err)
	}
	dead, err := NewFolder(dir, Unfinished)
	if err != nil {
		t.Fatal(err)
	}
	dead.held.Close() // as when a process ends
	silent := filepath.Join(dir, Unfinished+"silent")
	if err := errors.Join(os.Mkdir(silent, 0o700), os.WriteFile(filepath.Join(dir, "index.html"), nil, 0o600), os.WriteFile(filepath.Join(dir, Unfinished+"file"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	during := ""
	if err := File(filepath.Join(dir, "a.txt"), func(f *os.File) error {
		during = filepath.Base(f.Name())
		return Sweep(dir, Unfinished)
	}); err != nil {
		t.Fatalf("a file was swept away while it was written as %s: %v", during, err)
	}
	if _, known := hold(living.held); !known {
		t.Skip("this system does not say whether a writer lives")
	}
	want := map[string]bool{filepath.Base(living.Path): true, filepath.Base(silent): true, "index.html": true, "a.txt": true}
	for _, name := range names(t, dir) {
		if !want[name] {
			t.Errorf("%s is there still", name)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("swept away: %v", want)
	}
	before := time.Now().Add(-2 * staleAfter)
	if err := errors.Join(os.Chtimes(silent, before, before), Sweep(dir, Unfinished), living.Close()); err != nil {
		t.Fatal(err)
	}
	if left := names(t, dir); len(left) != 2 {
		t.Errorf("at the end: %v", left)
	}
}
