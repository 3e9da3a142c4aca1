package schedule

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// TestTablesOfVersion1 brings a run that was under way when its program knew
// only the first migration to the tables of today: what was left to do is
// still left, under the same names.
func TestTablesOfVersion1(t *testing.T) {
	for name, dsn := range map[string]func() string{
		"sqlite":   func() string { return filepath.Join(t.TempDir(), "results.db") },
		"postgres": func() string { return pgtest.DSN(t) },
	} {
		t.Run(name, func(t *testing.T) { testTablesOfVersion1(t, openStore(t, dsn())) })
	}
}

func testTablesOfVersion1(t *testing.T, st *store.Store) {
	ctx := context.Background()
	const first = "migrations/00001_schedule.sql"
	text, err := fs.ReadFile(migrations, first)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Migrate(ctx, store.Tables{Scripts: fstest.MapFS{first: {Data: text}}, Version: "schedule_version"}); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		`INSERT INTO round (id, run, size, modified, planned, line, lines, rejected, targets, next_window, next_part, warnings, controls)
			VALUES (7, 'run', 100, 200, 1, 60003, 60002, 2, 60000, 1, 3, 'w', 'c.cn'), (8, 'other', 1, 2, 0, 3, 4, 0, 4, 0, 0, '', '')`,
		`INSERT INTO rejection VALUES (7, 5, 'bad name', 'no domain')`,
		`INSERT INTO target VALUES (7, 'a.cn', 0, 2, 'x'), (7, 'b.cn', 1, 3, 'y')`,
		`INSERT INTO waiting VALUES (7, 2, '192.0.2.1', 1, 'z')`,
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
		`SELECT run, planned, lines, next_seq, next_part, next_task, warnings, controls FROM round WHERE id = 7`: "run 1 60002 50000 4 10 w c.cn",
		`SELECT run, next_seq, next_part, next_task FROM round WHERE id = 8`:                                     "other 0 1 1",
		`SELECT from_lane, to_lane, from_seq, to_seq, names, kind FROM task WHERE round = 7 AND id = 9`:          "192.0.3.1 192.0.3.9 0 9 5 visit",
		`SELECT COUNT(*), SUM(names), MAX(given), MIN(again) FROM task WHERE round = 7`:                          "2 13 0 1",
		`SELECT domain, due, held, batch FROM pending WHERE round = 7`:                                           "a.cn 1000 1 0",
		`SELECT COUNT(*), MIN(domain) FROM target WHERE round = 7`:                                               "2 a.cn",
		`SELECT lane, seq FROM waiting WHERE round = 7`:                                                          "192.0.2.1 1",
		`SELECT text FROM rejection WHERE round = 7`:                                                             "bad name",
		`SELECT last_planned FROM calendar`:                                                                      "99",
		`SELECT run FROM tick`:                                                                                   "run",
	} {
		if got := oneRow(t, db, query); got != want {
			t.Errorf("%s gives %q, want %q", query, got, want)
		}
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
