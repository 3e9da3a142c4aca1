//go:build unix && !solaris && !aix

package whole

import (
	"errors"
	"os"
	"syscall"
)

// hold takes the lock on a file, which the system gives back when the process ends or
// closes the file. It is not free where another one has it; not known where the file
// system has no locks.
func hold(f *os.File) (free, known bool) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	return err == nil, err == nil || errors.Is(err, syscall.EWOULDBLOCK)
}

// open opens a file that may be anything: it waits for nobody and follows no link.
func open(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
}
