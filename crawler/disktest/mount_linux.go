package disktest

import (
	"fmt"
	"syscall"
)

func mount(path string, kB int) error {
	return syscall.Mount("tmpfs", path, "tmpfs", 0, fmt.Sprintf("size=%dk", kB))
}

// unmount lets go of it though a file in it may be open still.
func unmount(path string) error { return syscall.Unmount(path, syscall.MNT_DETACH) }
