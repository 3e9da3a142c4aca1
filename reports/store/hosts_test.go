package store

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

func TestNamesOfServers(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]string{
		"postgres://u:Secret1@db1.internal/watch":                                                   "postgres://u@db1.internal:5432/watch",
		"postgres://u:Secret1@db1:5433,db2:5434/watch?target_session_attrs=read-write":              "postgres://u@db1:5433,db2:5434/watch",
		"postgres://u:Secret1@[2001:db8::1]:5433,db2:5434/watch":                                    "postgres://u@[2001:db8::1]:5433,db2:5434/watch",
		"postgres://u:Secret1@/watch?host=/run/a,/run/b&target_session_attrs=primary":               "postgres://u@/watch?host=/run/a,/run/b",
		"postgres://u:Secret1@db1:5432,db2:5432/watch?sslmode=require&target_session_attrs=primary": "postgres://u@db1:5432,db2:5432/watch",
	} {
		if got := Name(dsn); got != want {
			t.Errorf("%s: %s, want %s", dsn, got, want)
		}
	}
}

// Of several servers the one is used that can be written to, for reading as well,
// whichever stands first and whatever the address asks for; when it dies, nothing is read
// or written until another one has taken its place.
func TestSeveralServers(t *testing.T) {
	t.Parallel()
	primary, standby := pgtest.NewPair(t)
	ctx := context.Background()
	var stores []*Store
	for i, which := range []string{"", "&target_session_attrs=read-write", "&target_session_attrs=primary"} {
		s := openPG(t, standby.DSN("test", primary)+which)
		if i == 0 {
			if err := s.CreateRun(ctx, runOf("run", reports.RunActive)); err != nil {
				t.Fatal(err)
			}
			put(t, s, filled("run", "a.cn"))
		}
		if n, err := s.Count(ctx, "run"); n != 1 || err != nil {
			t.Errorf("%q: %d, %v", which, n, err)
		}
		if n := count(t, s, `SELECT COUNT(*) WHERE pg_is_in_recovery()`); n != 0 {
			t.Errorf("%q: the standby is read", which)
		}
		stores = append(stores, s)
	}
	if s, err := Open(ctx, standby.DSN("test")); err == nil || !strings.Contains(err.Error(), "name the primary") {
		t.Errorf("a standby alone: %v, %v", s, err)
	}
	if err := primary.Halt(); err != nil {
		t.Fatal(err)
	}
	for i, s := range stores {
		_, read := s.Count(ctx, "run")
		err := storeResults(ctx, s, []Result{filled("run", "b.cn")})
		for range 2 { // the first word may be of a connection that was there
			_, read = s.Count(ctx, "run")
			err = storeResults(ctx, s, []Result{filled("run", "b.cn")})
		}
		if !Unavailable(read) || !Unavailable(err) || !strings.Contains(err.Error(), "promoted") {
			t.Errorf("%d, while there is none: %v; %v", i, read, err)
		}
	}
	if err := standby.Promote(); err != nil {
		t.Fatal(err)
	}
	for i, s := range stores {
		put(t, s, filled("run", "b.cn"))
		if n, err := s.Count(ctx, "run"); n != 2 || err != nil {
			t.Errorf("%d: %d, %v", i, n, err)
		}
	}
}

// A server that takes connections and says nothing, as a machine that hangs, does not
// keep us from the next one.
func TestSilentServer(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	dsn := pgtest.DSN(t)
	s := openPG(t, strings.Replace(dsn, "host=", "host=127.0.0.1,", 1)+"&port="+strings.TrimPrefix(silent.Addr().String(), "127.0.0.1:")+",5432")
	if n := count(t, s, `SELECT 1`); n != 1 {
		t.Error(n)
	}
}
