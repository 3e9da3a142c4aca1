// Package disktest gives tests a disk that is full when they say so: a small file system
// of their own. Only tests import it.
package disktest

import (
	"os"
	"path/filepath"
	"testing"
)

// serversEnv makes it a failure that root cannot mount: else such tests are skipped.
const serversEnv = "BEIANWATCH_SERVERS"

// A Disk is a small file system.
type Disk struct {
	Path string // where it is mounted
	t    testing.TB
}

// New mounts a file system of so many kB to the end of the test, which is skipped where
// this process may not.
func New(t testing.TB, kB int) *Disk {
	t.Helper()
	d := &Disk{t.TempDir(), t}
	if err := mount(d.Path, kB); err != nil {
		if os.Getuid() == 0 && os.Getenv(serversEnv) != "" {
			t.Fatalf("mounting a small file system: %v", err)
		}
		t.Skipf("a disk that is full needs a small file system, which this process may not mount (root on Linux may): %v", err)
	}
	t.Cleanup(func() {
		if err := unmount(d.Path); err != nil {
			t.Error(err)
		}
	})
	return d
}

// ballast is what takes the room.
func (d *Disk) ballast() string { return filepath.Join(d.Path, "ballast") }

// Fill takes all room that there is, whatever else goes on.
func (d *Disk) Fill() {
	f, err := os.Create(d.ballast())
	if err != nil {
		d.t.Error(err)
		return
	}
	defer f.Close()
	for size := 64 << 10; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}

// MakeRoom gives it back.
func (d *Disk) MakeRoom() {
	if err := os.Remove(d.ballast()); err != nil {
		d.t.Error(err)
	}
}
