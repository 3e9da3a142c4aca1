//go:build !unix

package pgtest

import "fmt"

const superuser = "postgres"

// A Server is a PostgreSQL server of a test; it needs Unix.
type Server struct{ socket string }

func start() (*Server, error) {
	return nil, fmt.Errorf("%w where tests could start it: they do so on Unix only", errMissing)
}

func startStandby(*Server) (*Server, error) { return start() }

// Promote makes a standby a server of its own.
func (*Server) Promote() error { return nil }

// Start starts a server that was stopped.
func (*Server) Start() error { return nil }

// Halt stops the server as a power cut would.
func (*Server) Halt() error { return nil }

// Stop stops the server and deletes its data.
func (*Server) Stop() error { return nil }
