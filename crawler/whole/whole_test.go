package whole

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
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

// TestSweep: the folder of a process that died is removed at once, that of a living one
// is not, and what says nothing of its writer is removed after a day, files too. Nothing
// else is touched.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	made := func() *Folder {
		f, err := NewFolder(dir, Unfinished)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	living, dead := made(), made()
	dead.held.Close() // as when a process ends
	if _, known := hold(living.held); !known {
		t.Skip("this system does not say whether a writer lives")
	}
	silent, file, notes := filepath.Join(dir, Unfinished+"1"), filepath.Join(dir, Unfinished+"2"), filepath.Join(dir, Unfinished+"notes")
	if err := errors.Join(os.Mkdir(silent, 0o700), os.WriteFile(file, nil, 0o600), os.Mkdir(notes, 0o700)); err != nil {
		t.Fatal(err)
	}
	all := func(want ...string) {
		t.Helper()
		slices.Sort(want)
		var list []string
		for _, name := range names(t, dir) {
			list = append(list, filepath.Join(dir, name))
		}
		if slices.Sort(list); !slices.Equal(list, want) {
			t.Errorf("there are %v, want %v", list, want)
		}
	}
	next := made()
	SweepFiles(dir)
	all(living.Path, silent, file, notes, next.Path)
	before := time.Now().Add(-2 * staleAfter)
	for _, path := range []string{silent, file, notes, living.Path} {
		if err := os.Chtimes(path, before, before); err != nil {
			t.Fatal(err)
		}
	}
	last := made()
	SweepFiles(dir)
	all(living.Path, notes, next.Path, last.Path)
	if err := errors.Join(living.Close(), next.Close(), last.Close()); err != nil {
		t.Fatal(err)
	}
	all(notes)
}
