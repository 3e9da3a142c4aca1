// Package pgtest gives tests a real PostgreSQL: a server of their own with an
// empty folder of data, reached by a socket that no other user can open. Only
// tests import it.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// ServersEnv is the variable that makes a missing server a failure: where it
// is not set, tests that need one are skipped.
const ServersEnv = "BEIANWATCH_SERVERS"

// shared is the server that the tests of one binary share, begun by the first
// that asks.
var shared struct {
	sync.Mutex
	server *Server
	err    error
	made   int // databases
}

// Main runs the tests of a package and stops the shared server after them:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
// Without it, or when the tests are killed, the server stops by itself.
func Main(m *testing.M) int {
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		if err := shared.server.Stop(); err != nil && code == 0 {
			fmt.Fprintln(os.Stderr, "stopping PostgreSQL:", err)
			code = 1
		}
	}
	return code
}

// DSN returns the address of an empty database that is the test's alone, on the
// server that all tests of the binary share. It skips the test where
// PostgreSQL is not installed.
func DSN(t testing.TB) string {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = start()
	}
	if shared.err != nil {
		missing(t, shared.err)
	}
	shared.made++
	name := fmt.Sprintf("test%d", shared.made)
	if err := shared.server.create(name); err != nil {
		t.Fatal(err)
	}
	server := shared.server
	t.Cleanup(func() {
		if err := server.exec(`DROP DATABASE IF EXISTS ` + name + ` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	return server.DSN(name)
}

// New starts a server for one test, which may stop it and start it again; it
// has one empty database, "test".
func New(t testing.TB) *Server {
	t.Helper()
	s := stopped(t, start)
	if err := s.create("test"); err != nil {
		t.Fatal(err)
	}
	return s
}

// NewPair starts a server as [New] does, and a standby of it that has all that was
// committed: nothing is committed before the standby has it.
func NewPair(t testing.TB) (primary, standby *Server) {
	t.Helper()
	primary = New(t)
	standby = stopped(t, func() (*Server, error) { return startStandby(primary) })
	for _, sql := range []string{`ALTER SYSTEM SET synchronous_standby_names = '*'`, `SELECT pg_reload_conf()`} {
		if err := primary.exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	for limit := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		// 1/0 where there is none: an error.
		err := primary.exec(`SELECT 1 / COUNT(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync'`)
		if err == nil {
			return primary, standby
		}
		if time.Now().After(limit) {
			t.Fatalf("the standby does not follow: %v", err)
		}
	}
}

// stopped starts a server that is stopped at the end of the test.
func stopped(t testing.TB, start func() (*Server, error)) *Server {
	t.Helper()
	s, err := start()
	if err != nil {
		missing(t, err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// errMissing says that PostgreSQL is not installed.
var errMissing = errors.New("PostgreSQL is not installed")

// missing skips the test where PostgreSQL is not installed and no servers are
// promised.
func missing(t testing.TB, err error) {
	t.Helper()
	if os.Getenv(ServersEnv) != "" || !errors.Is(err, errMissing) {
		t.Fatal(err)
	}
	t.Skip(err)
}

// DSN is the address of a database of the server, or of the first of several that can
// be reached, as others may write it behind the server.
func (s *Server) DSN(name string, others ...*Server) string {
	hosts := s.socket
	for _, o := range others {
		hosts += "," + o.socket
	}
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + name, RawQuery: url.Values{"host": {hosts}}.Encode()}
	return u.String()
}

func (s *Server) create(name string) error {
	return s.exec(`CREATE DATABASE ` + name)
}

// exec runs one statement as the owner of the server.
func (s *Server) exec(sql string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// find returns the path of one of PostgreSQL's programs, the newest where
// several versions are installed; Debian keeps them off PATH.
func find(program string) (string, error) {
	places, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + program)
	if err != nil {
		return "", err
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if path := filepath.Join(dir, program); len(places) == 0 && runnable(path) {
			return path, nil
		}
	}
	if len(places) == 0 {
		return "", fmt.Errorf("%w: no %s in /usr/lib/postgresql/*/bin nor on PATH", errMissing, program)
	}
	return places[len(places)-1], nil
}

func runnable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
