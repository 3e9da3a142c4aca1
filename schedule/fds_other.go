//go:build !unix

package schedule

// fileLimit is how many files and sockets this process may have open; systems
// other than Unix set no such limit.
func fileLimit() int { return 1 << 16 }
