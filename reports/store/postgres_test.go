package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// openPG opens another handle on a PostgreSQL database, as another process
// would have.
func openPG(t testing.TB, dsn string) *Store {
	t.Helper()
	s, err := Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func sqlExec(t testing.TB, s *Store, statements ...string) {
	t.Helper()
	for _, q := range statements {
		if _, err := s.Writer().Exec(q); err != nil {
			t.Fatal(err)
		}
	}
}

func count(t testing.TB, s *Store, query string, args ...any) (n int) {
	t.Helper()
	if err := s.Reader().QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPostgresExplains(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	s := openPG(t, dsn)
	sqlExec(t, s, `CREATE SCHEMA foreigner`, `CREATE TABLE foreigner.songs (name TEXT)`,
		`CREATE SCHEMA newer`, `CREATE TABLE newer.store_version (version_id INT)`, `INSERT INTO newer.store_version VALUES (99)`,
		`CREATE SCHEMA empty`, `CREATE SCHEMA forbidden`, `DROP ROLE IF EXISTS stranger`, `CREATE ROLE stranger LOGIN`, `GRANT USAGE ON SCHEMA forbidden TO stranger`)
	t.Cleanup(func() {
		if _, err := s.Writer().Exec(`DROP OWNED BY stranger; DROP ROLE stranger`); err != nil {
			t.Error(err)
		}
	})
	for name, c := range map[string][2]string{
		"another program": {dsn + "&search_path=foreigner", "another program"},
		"newer":           {dsn + "&search_path=newer", "update the program"},
		"no rights":       {strings.Replace(dsn, "postgres@", "stranger@", 1) + "&search_path=forbidden", "the right to make and write tables"},
		"no schema":       {dsn + "&search_path=nowhere", "search_path"},
		"no database":     {strings.Replace(dsn, "/test", "/nosuch", 1), "createdb"},
		"no user":         {strings.Replace(dsn, "postgres@", "nobody@", 1), "mend the user or password"},
		"no server":       {"postgres://user:Secret1@127.0.0.1:1/db", "start the server"},
		"no host":         {"postgres://user:Secret1@nowhere.invalid/db", "start the server"},
		"no address":      {"postgres://user:Secret1@host:port/db", "cannot be read"},
		"standing still":  {dsn + "&search_path=empty&default_transaction_read_only=on", "name the primary server"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // goose asks several times, a second apart
			s, err := Open(context.Background(), c[0])
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c[1]) || strings.Contains(err.Error(), "Secret1") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestStarters opens an empty database from many handles at once, and each
// creates a run of its own and the one that all want.
func TestStarters(t *testing.T) {
	t.Parallel()
	dsn, ctx := pgtest.DSN(t), context.Background()
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for g := range 6 {
		wg.Go(func() {
			s, err := Open(ctx, dsn)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if err := s.CreateRun(ctx, runOf(fmt.Sprintf("run-%d", g), reports.RunActive)); err != nil {
				t.Error(err)
			}
			switch err := s.CreateRun(ctx, runOf("wanted", reports.RunActive)); {
			case errors.Is(err, ErrTaken):
				mu.Lock()
				taken++
				mu.Unlock()
			case err != nil:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if taken != 5 {
		t.Errorf("%d of 6 came second, want 5", taken)
	}
	s := openPG(t, dsn)
	if n := count(t, s, `SELECT COUNT(*) FROM pg_inherits`); n != 2*7+2+countIndexParts(t, s) {
		t.Errorf("%d parts", n)
	}
}

// countIndexParts is how many of the parts are indexes.
func countIndexParts(t testing.TB, s *Store) int {
	return count(t, s, `SELECT COUNT(*) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE relkind <> 'r'`)
}

// TestWorkersOnTheSameNames lets workers store the same names again and again,
// as a shard that was given out twice does: none may wait for another in a
// circle, and each result keeps the findings that it came with.
func TestWorkersOnTheSameNames(t *testing.T) {
	t.Parallel()
	dsn, ctx := pgtest.DSN(t), context.Background()
	if err := openPG(t, dsn).CreateRun(ctx, runOf("run", reports.RunActive)); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for g := range 6 {
		s := openPG(t, dsn)
		wg.Go(func() {
			for i := range 30 {
				var batch []Result
				for d := range 40 { // each in an order of its own
					domain := fmt.Sprintf("d%02d.cn", (d*(2*g+1)+i)%40)
					batch = append(batch, plainResult("run", domain, []string{"VV", "..", "V.", ".N"}[(g+i+d)%4]))
				}
				if err := storeResults(ctx, s, batch); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s, n := openPG(t, dsn), 0
	for rec, err := range s.Records(ctx, "run") {
		if err != nil {
			t.Fatal(err)
		}
		n++
		for _, o := range rec.Outcomes {
			if (len(o.Findings) > 0) != (o.Severity != "") || len(o.Findings) > 1 {
				t.Errorf("%s: %+v", rec.Domain, o)
			}
		}
	}
	if n != 40 {
		t.Errorf("%d results", n)
	}
}

// TestThinningOfALongRun leaves too much for the rest: the run keeps a partition,
// and others do not see what happens to it.
func TestThinningOfALongRun(t *testing.T) {
	t.Parallel()
	s, ctx := openPG(t, pgtest.DSN(t)), context.Background()
	const names = few + 200
	for n, outs := range []string{"VV", ".V", ".V", ".V"} {
		run := fmt.Sprintf("n%d", n)
		if err := s.CreateRun(ctx, runOf(run, reports.RunDone)); err != nil {
			t.Fatal(err)
		}
		var batch []Result
		for d := range names {
			packed := outs
			if n == 1 && d < 3 {
				packed = "VV"
			}
			batch = append(batch, plainResult(run, fmt.Sprintf("d%05d.cn", d), packed))
		}
		put(t, s, batch...)
	}
	if steps := thinAll(t, s, 2, 500); steps < 6 {
		t.Errorf("%d steps for two runs of %d", steps, names)
	}
	for run, want := range map[string][2]int{"n0": {names - 3, 2 * (names - 3)}, "n1": {3, 6}, "n2": {names, names}} {
		got := [2]int{count(t, s, `SELECT COUNT(*) FROM result WHERE run = $1`, run), count(t, s, `SELECT COUNT(*) FROM finding WHERE run = $1`, run)}
		if got != want {
			t.Errorf("%s keeps %v results and findings, want %v", run, got, want)
		}
	}
	for run, own := range map[string]bool{"n0": true, "n1": false, "n2": true, "n3": true} {
		for _, table := range parted {
			if there := count(t, s, `SELECT COUNT(*) FROM pg_tables WHERE tablename = $1`, partitionOf(table, run)); (there == 1) != own {
				t.Errorf("%s has %d partitions of %s", run, there, table)
			}
		}
	}
	if left := count(t, s, `SELECT COUNT(*) FROM pg_tables WHERE tablename LIKE 'left%'`); left != 0 {
		t.Errorf("%d tables were left behind", left)
	}
	put(t, s, plainResult("n0", "late.cn", "V.")) // a thinned run can still be read and written
	if n, err := s.Count(ctx, "n0"); err != nil || n != names-2 {
		t.Errorf("%d, %v", n, err)
	}
}

// TestThinningWaitsForReaders holds a reader open while a run is thinned.
func TestThinningWaitsForReaders(t *testing.T) {
	t.Parallel()
	s, ctx := openPG(t, pgtest.DSN(t)), context.Background()
	for _, run := range []string{"n0", "n1"} {
		if err := s.CreateRun(ctx, runOf(run, reports.RunDone)); err != nil {
			t.Fatal(err)
		}
		put(t, s, plainResult(run, "a.cn", "VV"), plainResult(run, "b.cn", "VV"))
	}
	tx, err := s.Reader().BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := tx.QueryRow(`SELECT COUNT(*) FROM result WHERE run = 'n1'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	pruned := make(chan error)
	go func() {
		more, err := true, error(nil)
		for more && err == nil {
			more, err = s.Thin(ctx, 1, 1000)
		}
		pruned <- err
	}()
	// While thinning waits for the reader, runs begin and results come in.
	if err := s.CreateRun(ctx, runOf("n2", reports.RunActive)); err != nil {
		t.Error(err)
	}
	put(t, s, plainResult("n2", "a.cn", "VV"))
	if err := tx.Rollback(); err != nil {
		t.Error(err)
	}
	if err := <-pruned; err != nil {
		t.Error(err)
	}
	if got, err := s.Count(ctx, "n0"); err != nil || got != 0 {
		t.Errorf("%d results left, %v", got, err)
	}
}

func TestResultsBeforeTheirRun(t *testing.T) {
	t.Parallel()
	s, ctx := openPG(t, pgtest.DSN(t)), context.Background()
	put(t, s, plainResult("run", "a.cn", "VV"))
	if err := s.CreateRun(ctx, runOf("run", reports.RunActive)); err != nil {
		t.Fatal(err)
	}
	put(t, s, plainResult("run", "b.cn", "VV"))
	if n, err := s.Count(ctx, "run"); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	// A check by hand is a run of no inventory and gets no tables of its own.
	byHand := runOf("by-hand", reports.RunActive)
	byHand.Inventory = ""
	if err := s.CreateRun(ctx, byHand); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, `SELECT COUNT(*) FROM pg_tables WHERE tablename LIKE 'result\_%'`); n != 1 {
		t.Errorf("%d partitions, want the rest alone", n)
	}
}

func TestPartitionNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, run := range []string{"20261123T020000-7f3a", "20261123t020000-7f3a", "20261123T020000_7f3a", "", "'; DROP TABLE run; --", "夜", strings.Repeat("x", 300), strings.Repeat("x", 301)} {
		name := partitionOf("finding", run)
		if len(name) > 63 || seen[name] {
			t.Errorf("%q is named %q", run, name)
		}
		seen[name] = true
	}
	s, ctx := openPG(t, pgtest.DSN(t)), context.Background()
	odd := runOf(`'; DROP TABLE run; --"\`, reports.RunDone)
	if err := s.CreateRun(ctx, odd); err != nil {
		t.Fatal(err)
	}
	put(t, s, plainResult(odd.ID, "a.cn", "VV"))
	if n, err := s.Count(ctx, odd.ID); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// TestServerRestart goes on with the same handle when the server came back.
func TestServerRestart(t *testing.T) {
	t.Parallel()
	server, ctx := pgtest.New(t), context.Background()
	s := openPG(t, server.DSN("test"))
	if err := s.CreateRun(ctx, runOf("run", reports.RunActive)); err != nil {
		t.Fatal(err)
	}
	put(t, s, filled("run", "a.cn"))
	if err := server.Halt(); err != nil {
		t.Fatal(err)
	}
	err := storeResults(ctx, s, []Result{filled("run", "b.cn")})
	if err == nil || !strings.Contains(err.Error(), "start") {
		t.Errorf("while the server is down: %v", err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	put(t, s, filled("run", "b.cn"))
	if n, err := s.Count(ctx, "run"); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}
