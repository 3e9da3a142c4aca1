// Package whole writes files that are there whole or not at all, and makes folders for what
// is needed for a while: what is unfinished has a name of its own, and what a process that
// died has left is swept away by the next one that writes there.
package whole

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Unfinished begins the name of a file that is not whole yet, and of folders for such files.
const Unfinished = ".unfinished-"

// heldName is the file in a folder by which its writer shows that it lives.
const heldName = "held"

// staleAfter is how old something unfinished must be before it is swept away where the
// system does not say whether its writer lives; no one writes one run for a day.
const staleAfter = 24 * time.Hour

// File makes a file of what write gives, for its owner alone; a file that stood at path
// stays until the new one is finished. The new one is on its way to the disk then, and
// there if write has called Sync.
func File(path string, write func(*os.File) error) error {
	f, known, err := create(func() (*os.File, error) { return os.CreateTemp(filepath.Dir(path), Unfinished+"*") })
	if err != nil {
		return err
	}
	err = write(f)
	if !known { // the system may be one that moves no open file
		err = errors.Join(err, f.Close())
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name()) //nolint:errcheck // the first error says more
	}
	if known {
		err = errors.Join(err, f.Close())
	}
	return err
}

// maxTries is how often what was swept away in the moment of its making is made again.
const maxTries = 10

// create makes a file and holds it; known says whether others can tell that it is held.
// Between the two a sweeper may have taken it for abandoned: then it is made again.
func create(make func() (*os.File, error)) (f *os.File, known bool, err error) {
	for range maxTries {
		if f, err = make(); err != nil {
			return nil, false, err
		}
		free, known := hold(f)
		if _, err = os.Lstat(f.Name()); !known || free && err == nil {
			return f, known, nil
		}
		f.Close() //nolint:errcheck // it is gone
	}
	return nil, false, errSwept
}

var errSwept = errors.New("what was to be written was swept away by another process, again and again")

// A Folder is for files that nobody needs when its process has ended.
type Folder struct {
	Path string
	held *os.File
}

// NewFolder makes a folder below dir whose name begins with prefix, for its owner alone; dir
// is swept of others of that name before.
func NewFolder(dir, prefix string) (*Folder, error) {
	if err := Sweep(dir, prefix); err != nil {
		return nil, err
	}
	f := &Folder{}
	var err error
	f.held, _, err = create(func() (*os.File, error) {
		if f.Path, err = os.MkdirTemp(dir, prefix+"*"); err != nil {
			return nil, err
		}
		return os.OpenFile(filepath.Join(f.Path, heldName), os.O_WRONLY|os.O_CREATE, 0o600)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Close removes the folder with all that is in it.
func (f *Folder) Close() error {
	f.held.Close() //nolint:errcheck // nothing was written to it
	return os.RemoveAll(f.Path)
}

// Sweep removes from dir the files and folders whose names begin with prefix and whose
// processes are dead.
func Sweep(dir, prefix string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if path := filepath.Join(dir, e.Name()); strings.HasPrefix(e.Name(), prefix) && abandoned(path, e.IsDir()) {
			os.RemoveAll(path) //nolint:errcheck // another one may sweep as well
		}
	}
	return nil
}

// abandoned reports whether nobody writes any more what stands at path.
func abandoned(path string, folder bool) bool {
	info, err := os.Lstat(path)
	if err != nil {
		return false
	}
	old := time.Since(info.ModTime()) > staleAfter
	if folder {
		path = filepath.Join(path, heldName)
	}
	f, err := open(path)
	if err != nil {
		return old // of another program's version, or made a moment ago
	}
	defer f.Close() //nolint:errcheck // it was only read
	free, known := hold(f)
	if !known {
		return old
	}
	return free
}
