package schedule

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// TestTablesOfVersion1 brings a run that was under way when its program knew
// only the first migration to the tables of today: what was left to do is
// still left, under the same names.
func TestTablesOfVersion1(t *testing.T) { onBothStores(t, testTablesOfVersion1) }

func testTablesOfVersion1(t *testing.T, st *store.Store) {
	ctx := context.Background()
	migrateTo(t, st, 1)
	for _, q := range []string{
		`INSERT INTO round (id, run, size, modified, planned, line, lines, rejected, targets, next_window, next_part, warnings, controls)
			VALUES (7, 'run', 100, 200, 1, 60003, 60002, 2, 60000, 1, 3, 'w', 'c.cn'), (8, 'other', 1, 2, 0, 3, 4, 0, 4, 0, 0, '', '')`,
		`INSERT INTO rejection VALUES (7, 5, 'bad name', 'no domain')`,
		`INSERT INTO target VALUES (7, 'a.cn', 0, 2, 'x'), (7, 'b.cn', 1, 3, 'y')`,
		`INSERT INTO waiting VALUES (7, 2, '192.0.2.1', 1, 'z'), (7, 3, '192.0.2.1', 12000, 'z'), (7, 3, '192.0.2.2', 13000, 'z'), (7, 3, '192.0.2.2', 49999, 'z')`,
		`INSERT INTO shard VALUES (7, 4, 2, '192.0.2.1', '192.0.2.9', 1, 9, 8), (7, 9, 2, '192.0.3.1', '192.0.3.9', 0, 9, 5)`,
		`INSERT INTO pending VALUES (7, 'a.cn', 1000, 1, 55, 'p')`,
		`INSERT INTO calendar VALUES ('nightly', '0 2 * * *', 99)`,
		`INSERT INTO tick VALUES ('nightly', 98, 'run', 'started', '')`,
	} {
		if _, err := st.Writer().Exec(q); err != nil {
			t.Fatal(q, err)
		}
	}
	db, err := openTables(ctx, st)
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		`SELECT run, planned, lines, next_seq, next_part, next_task, warnings, controls FROM round WHERE id = 7`: "run 1 60002 50000 4 20 w c.cn",
		`SELECT run, next_seq, next_part, next_task FROM round WHERE id = 8`:                                     "other 0 1 1",
		`SELECT from_seq, to_seq, part, kind FROM task WHERE round = 7 AND id = 10`:                              "0 4999 0 resolve",
		`SELECT from_seq, to_seq, part, kind FROM task WHERE round = 7 AND id = 12`:                              "10000 14999 0 resolve",
		`SELECT from_seq, to_seq, part, kind FROM task WHERE round = 7 AND id = 19`:                              "45000 49999 0 resolve",
		`SELECT COUNT(*), SUM(names), MAX(given), MIN(again) FROM task WHERE round = 7`:                          "3 15000 0 1",
		`SELECT domain, due, held, batch FROM pending WHERE round = 7`:                                           "a.cn 1000 1 0",
		`SELECT COUNT(*), MIN(domain) FROM target WHERE round = 7`:                                               "2 a.cn",
		`SELECT COUNT(*) FROM waiting`:                                                                           "0",
		`SELECT text FROM rejection WHERE round = 7`:                                                             "bad name",
		`SELECT last_planned FROM calendar`:                                                                      "99",
		`SELECT run FROM tick`:                                                                                   "run",
	} {
		if got := oneRow(t, db, query); got != want {
			t.Errorf("%s gives %q, want %q", query, got, want)
		}
	}
}

// TestTablesOfVersion4 is the same for a run under way when each name that waited
// had a row of its own.
func TestTablesOfVersion4(t *testing.T) { onBothStores(t, testTablesOfVersion4) }

func testTablesOfVersion4(t *testing.T, st *store.Store) {
	ctx := context.Background()
	migrateTo(t, st, 4)
	for _, q := range []string{
		`INSERT INTO round (id, run, size, modified, planned, line, lines, rejected, targets, next_part, next_seq, next_task, warnings, controls)
			VALUES (7, 'run', 100, 200, 1, 30003, 30002, 2, 23456, 9, 23456, 40, 'w', 'c.cn'), (8, 'other', 1, 2, 1, 3, 4, 0, 9000, 3, 5000, 5, '', '')`,
		`INSERT INTO waiting VALUES (7, 2, '192.0.2.1', 1, 'z'), (7, 9, '192.0.2.1', 23455, 'z'), (8, 1, '192.0.2.1', 4999, 'z')`,
		// Held by one that lives, handed out, waiting, put back in the midst of its names, and one that confirms.
		`INSERT INTO task (round, id, kind, part, from_lane, to_lane, from_seq, to_seq, names, turn, given, holder, ready, again) VALUES
			(7, 3, 'visit', 2, '192.0.2.1', '192.0.2.1', 1, 1, 1, 2, 5, 77, 0, 0),
			(7, 30, 'resolve', 0, '', '', 8000, 12999, 5000, 1, 5, 0, 0, 0),
			(7, 31, 'resolve', 0, '', '', 20000, 23455, 3456, 0, 0, 0, 0, 1),
			(7, 35, 'visit', 9, '192.0.2.1', '192.0.2.1', 23455, 23455, 1, 0, 0, 0, 99, 0),
			(7, 36, 'confirm', 0, '', '', 0, 0, 4, 1, 5, 77, 0, 0),
			(8, 4, 'visit', 1, '192.0.2.1', '192.0.2.1', 4999, 4999, 1, 0, 0, 0, 0, 0)`,
		`INSERT INTO pending VALUES (7, 'a.cn', 1000, 1, 36, 'p')`,
	} {
		if _, err := st.Writer().Exec(q); err != nil {
			t.Fatal(q, err)
		}
	}
	db, err := openTables(ctx, st)
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		`SELECT COUNT(*), MIN(again), MAX(given), MAX(holder), MAX(ready) FROM task WHERE round = 7 AND kind = 'resolve'`: "4 1 0 0 0",
		`SELECT from_seq, to_seq FROM task WHERE round = 7 AND id = 40`:                                                   "0 4999",
		`SELECT from_seq, to_seq FROM task WHERE round = 7 AND id = 41`:                                                   "5000 9999",
		`SELECT from_seq, to_seq FROM task WHERE round = 7 AND id = 42`:                                                   "10000 14999",
		`SELECT from_seq, to_seq FROM task WHERE round = 7 AND id = 44`:                                                   "20000 23455",
		`SELECT id, turn, given, holder FROM task WHERE round = 7 AND kind = 'confirm'`:                                   "36 1 5 77",
		`SELECT batch FROM pending WHERE round = 7`:                                                                       "36",
		`SELECT id, kind, from_seq, to_seq, again FROM task WHERE round = 8`:                                              "5 resolve 0 4999 1",
		`SELECT next_task, next_seq, next_part FROM round WHERE id = 7`:                                                   "45 23456 9",
		`SELECT next_task, next_seq, next_part FROM round WHERE id = 8`:                                                   "6 5000 3",
		`SELECT COUNT(*) FROM waiting`:                                                                                    "0",
	} {
		if got := oneRow(t, db, query); got != want {
			t.Errorf("%s gives %q, want %q", query, got, want)
		}
	}
}

// A program that knows other tables has queues of its own: it would take tasks
// and fail at a column that is no more.
func TestOtherTablesOtherQueues(t *testing.T) {
	look := newBed(t, 1).looker(t, nil, time.Second)
	r, same, other := runnerIn(t, t.TempDir(), look, nil, Options{}), runnerIn(t, t.TempDir(), look, nil, Options{}), runnerIn(t, t.TempDir(), look, nil, Options{})
	other.signing = sync.Once{}
	other.db.form += "and one more"
	if q := r.queueOf(kindVisit); q != same.queueOf(kindVisit) || q == other.queueOf(kindVisit) {
		t.Errorf("queues %s, %s of the same program, %s of another", q, same.queueOf(kindVisit), other.queueOf(kindVisit))
	}
}

// onBothStores runs a test on an empty database of each engine.
func onBothStores(t *testing.T, test func(*testing.T, *store.Store)) {
	t.Run("sqlite", func(t *testing.T) { test(t, openStore(t, filepath.Join(t.TempDir(), "results.db"))) })
	t.Run("postgres", func(t *testing.T) { test(t, openStore(t, pgtest.DSN(t))) })
}

// migrateTo makes the tables as they were after the first migrations.
func migrateTo(t *testing.T, st *store.Store, version int) {
	t.Helper()
	scripts, err := migrations.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	old := fstest.MapFS{}
	for _, s := range scripts[:version] {
		name := "migrations/" + s.Name()
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			t.Fatal(err)
		}
		old[name] = &fstest.MapFile{Data: text}
	}
	if err := st.Migrate(context.Background(), store.Tables{Scripts: old, Version: ours.Version}); err != nil {
		t.Fatal(err)
	}
}

// oneRow gives the values of a query's only row, with blanks between.
func oneRow(t *testing.T, db *tables, query string) string {
	t.Helper()
	rows, err := db.reader.Query(query)
	if err != nil {
		t.Fatal(query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil || !rows.Next() {
		t.Fatal(query, "has no row", err, rows.Err())
	}
	values := make([]string, len(columns))
	to := make([]any, len(columns))
	for i := range values {
		to[i] = &values[i]
	}
	if err := rows.Scan(to...); err != nil {
		t.Fatal(query, err)
	}
	line := fmt.Sprint(values)
	return line[1 : len(line)-1]
}
