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

// Unfinished begins the name of a file that is not whole yet, and of folders for such
// files; digits follow.
const Unfinished = ".beianwatch-unfinished-"

// heldName is the file in a folder by which its writer shows that it lives.
const heldName = "held"

// staleAfter is how old something must be before it is swept away where nothing says
// whether its writer lives; no one writes one run for a day.
const staleAfter = 24 * time.Hour

// File makes a file of what write gives, for its owner alone; a file that stood at path
// stays until the new one is finished. The new one is on its way to the disk then, and
// there if write has called Sync.
func File(path string, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), Unfinished+"*")
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name()) //nolint:errcheck // the first error says more
	}
	return err
}

// SweepFiles removes from dir the files that [File] left unfinished a day ago or longer.
// It touches nothing else: dir may be anybody's.
func SweepFiles(dir string) {
	each(dir, Unfinished, func(path string, e os.DirEntry) {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > staleAfter {
			os.Remove(path) //nolint:errcheck // another one may sweep as well
		}
	})
}

// each calls f for what stands in dir under prefix and digits.
func each(dir, prefix string, f func(path string, e os.DirEntry)) {
	entries, _ := os.ReadDir(dir) // who writes there learns what is wrong with it
	for _, e := range entries {
		if digits, ok := strings.CutPrefix(e.Name(), prefix); ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
			f(filepath.Join(dir, e.Name()), e)
		}
	}
}

// A Folder is for files that nobody needs when its process has ended.
type Folder struct {
	Path string
	held *os.File
}

// maxTries is how often a folder that was swept away in the moment of its making is made
// again.
const maxTries = 10

var errSwept = errors.New("what was to be written was swept away by another process, again and again")

// NewFolder makes a folder below dir whose name is prefix and digits, for its owner alone.
// Others of such a name whose processes are dead are removed before.
func NewFolder(dir, prefix string) (*Folder, error) {
	each(dir, prefix, func(path string, e os.DirEntry) {
		if e.IsDir() {
			sweep(path)
		}
	})
	for range maxTries {
		f, err := newFolder(dir, prefix)
		if f != nil || err != nil {
			return f, err
		}
	}
	return nil, errSwept
}

// newFolder makes a folder and holds it; nil if a sweeper took it for abandoned between
// the two.
func newFolder(dir, prefix string) (*Folder, error) {
	path, err := os.MkdirTemp(dir, prefix+"*")
	if err != nil {
		return nil, err
	}
	f := &Folder{Path: path}
	if f.held, err = os.OpenFile(filepath.Join(path, heldName), os.O_WRONLY|os.O_CREATE, 0o600); err != nil {
		os.RemoveAll(path) //nolint:errcheck // the first error says more
		return nil, err
	}
	free, known := hold(f.held)
	if _, err := os.Lstat(f.held.Name()); known && !free || err != nil {
		f.held.Close() //nolint:errcheck // it is gone
		return nil, nil
	}
	return f, nil
}

// Close removes the folder with all that is in it.
func (f *Folder) Close() error {
	f.held.Close() //nolint:errcheck // nothing was written to it
	return os.RemoveAll(f.Path)
}

// sweep removes a folder if nobody uses it any more, while it is held by us: no one else
// takes it meanwhile.
func sweep(path string) {
	info, err := os.Lstat(path)
	if err != nil {
		return
	}
	old := time.Since(info.ModTime()) > staleAfter
	f, err := open(filepath.Join(path, heldName))
	if err == nil {
		defer f.Close() //nolint:errcheck // it was only read
		if free, known := hold(f); known {
			old = free
		}
	} // else it was made a moment ago, or is another's
	if old {
		os.RemoveAll(path) //nolint:errcheck // another one may sweep as well
	}
}
