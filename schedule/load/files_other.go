//go:build !unix

package load

// MaxFiles is how many files and sockets this process may have open; systems
// other than Unix set no such limit.
func MaxFiles() int { return 1 << 16 }
