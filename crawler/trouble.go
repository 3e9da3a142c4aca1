package crawler

import (
	"errors"
	"syscall"
)

// OurTrouble reports whether a network error says that this machine could not
// try at all (no file handles, no memory, no local port, a local firewall, no
// such address family), so that nothing follows for the site.
func OurTrouble(err error) bool {
	var no syscall.Errno
	if !errors.As(err, &no) {
		return false
	}
	switch no {
	case syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM,
		syscall.EADDRNOTAVAIL, syscall.EADDRINUSE, syscall.EAGAIN, syscall.EACCES, syscall.EPERM,
		syscall.EAFNOSUPPORT, syscall.ENETDOWN:
		return true
	}
	return false
}
