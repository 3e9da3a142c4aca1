package polite

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// A standby that was promoted has never heard of the locks of the server before it: who
// comes only then locks no address for the time of one request, like who has lost one.
func TestGraceAfterAPromotion(t *testing.T) {
	t.Parallel()
	primary, standby := pgtest.NewPair(t)
	dsn := primary.DSN("test", standby)
	const grace = 8 * time.Second
	old := openLocks(t, dsn, 0)
	before, err := old.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for up := 0.0; up < grace.Seconds(); time.Sleep(100 * time.Millisecond) { // the standby has been up for longer
		queryServer(t, standby.DSN("test"), `SELECT EXTRACT(EPOCH FROM now() - pg_postmaster_start_time())::float8`, &up)
	}
	died := time.Now()
	queryServer(t, dsn, `CREATE TABLE written_last ()`)
	if err := primary.Halt(); err != nil {
		t.Fatal(err)
	}
	if err := standby.Promote(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-before.Done():
	case <-t.Context().Done():
	}
	came, err := openLocks(t, dsn, grace).Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if now := time.Now(); now.Before(died.Add(grace)) && came.from.Before(died.Add(grace)) {
		t.Errorf("%v after the death of the primary an address may be locked in %v", now.Sub(died), came.from.Sub(now))
	} else if left := came.from.Sub(now); left > grace {
		t.Errorf("an address may be locked in %v", left)
	}
}

// queryServer asks a server one thing.
func queryServer(t *testing.T, dsn, sql string, to ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if len(to) == 0 {
		_, err = conn.Exec(t.Context(), sql)
	} else {
		err = conn.QueryRow(t.Context(), sql).Scan(to...)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A server that takes connections and says nothing does not keep the locks from the next.
func TestLocksPassASilentServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	silent, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	l := openLocks(t, strings.Replace(pgtest.DSN(t), "host=", "host="+dir+",", 1), 0)
	if got, _ := l.Take(t.Context(), []string{"192.0.2.1"}); len(got) != 1 {
		t.Errorf("took %v", got)
	}
}
