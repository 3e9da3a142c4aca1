//go:build unix

package load

import "syscall"

// MaxFiles is how many files and sockets this process may have open. The Go
// runtime has raised it to what the system allows.
func MaxFiles() int {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 1024
	}
	return int(min(uint64(l.Cur), 1<<20))
}
