package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// The database of each released schema is brought to today's: its runs are there,
// one that was under way is closed, its rejections stay; the next run knows since
// when each finding has been found, and keeps what has not changed where the old
// schema had what that takes.
func TestMigratesFromEachSchema(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	b.etags, b.pages = true, map[string]string{}
	b.many(2)
	b.pages["site0000.cn"] = bareFooter
	path, dir := inventoryOf(t, "site0000.cn", "site0001.cn"), t.TempDir()
	day := func(d int) time.Time { return time.Date(2026, 10, d, 2, 0, 0, 0, time.UTC) }
	source := filepath.Join(dir, "results.db")
	night := func(t *testing.T, dir string, st *store.Store, at time.Time) (string, map[string]*store.Last) {
		scan := b.scanner(t, nil, time.Second)
		scan.At = at
		r := openRunner(t, Config{Dir: dir, Scanner: scan, Store: st, Now: func() time.Time { return at }})
		defer r.Close()
		id := wait(t, begin(t, r, Start{Inventory: path})).ID
		last, err := st.Last(t.Context(), id, []string{"site0000.cn", "site0001.cn"})
		if err != nil {
			t.Fatal(err)
		}
		return id, last
	}
	first, _ := night(t, dir, openStore(t, source), day(12))
	second, before := night(t, dir, openStore(t, source), day(13))
	for released := 1; released <= 5; released++ { // of schedule; the store had three by then
		for engine, dsn := range map[string]func(t *testing.T) string{
			"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "results.db") },
			"postgres": func(t *testing.T) string { return pgtest.DSN(t) },
		} {
			t.Run(fmt.Sprint(engine, released), func(t *testing.T) {
				dsn := dsn(t)
				old := min(released, 3)
				makeOld(t, engine, dsn, source, old, released)
				st := openStore(t, dsn)
				third, now := night(t, t.TempDir(), st, day(14))
				runs, err := st.Runs(t.Context(), 0)
				if err != nil || len(runs) != 4 {
					t.Fatalf("%d runs, %v", len(runs), err)
				}
				for _, run := range runs {
					want := map[string]reports.RunState{first: reports.RunDone, second: reports.RunDone, third: reports.RunDone, underWay: reports.RunFailed}[run.ID]
					if run.State != want || (run.Trouble == "") != (want == reports.RunDone) {
						t.Errorf("run %s is %s (%s), not %s", run.ID, run.State, run.Trouble, want)
					}
				}
				res, err := st.Verdict(t.Context(), third, "site0000.cn")
				if err != nil {
					t.Fatal(err)
				}
				if o, _ := res.Outcome("footer-number-missing"); !o.Since.Equal(day(12)) {
					t.Errorf("found since %v", o.Since)
				}
				lived(t, st, path, day(12))
				kept := now["site0001.cn"].JudgedAt.Equal(before["site0001.cn"].JudgedAt)
				if kept != (old > 1) {
					t.Errorf("the outcomes of an unchanged page were kept: %v", kept)
				}
				var n int
				if err := st.Reader().QueryRow(`SELECT COUNT(*) FROM rejected_line WHERE text = 'bad name'`).Scan(&n); err != nil || n != 1 {
					t.Errorf("%d rejections, %v", n, err)
				}
			})
		}
	}
}

// lived makes sure that the runs of the old program are in the life of findings.
func lived(t *testing.T, st *store.Store, inventory string, opened time.Time) {
	t.Helper()
	lives, err := lifecycle.Open(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}
	page, err := lives.Findings(t.Context(), &lifecycle.Query{Inventory: inventory, Rule: "footer-number-missing"})
	if err != nil || len(page.Findings) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	if f := page.Findings[0]; f.Domain != "site0000.cn" || f.State != reports.StateStill || !f.First.Equal(opened) || f.OpenedRun == "" {
		t.Errorf("%+v", f)
	}
}

// underWay is a run that the old program had begun, of another inventory.
const underWay = "20261001T020000-aaaa"

// makeOld makes a database of old schemas with the runs of another one.
func makeOld(t *testing.T, engine, dsn, source string, ofStore, ofSchedule int) {
	t.Helper()
	driver, kind := "sqlite", goose.DialectSQLite3
	if engine == "postgres" {
		driver, kind = "pgx", goose.DialectPostgres
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, part := range []struct {
		dir, version string
		n            int
	}{{"../reports/store/migrations/" + engine, "store_version", ofStore}, {"migrations/" + engine, "schedule_version", ofSchedule}} {
		scripts := fstest.MapFS{}
		files, err := fs.Glob(os.DirFS(part.dir), "*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files[:part.n] {
			text, err := os.ReadFile(filepath.Join(part.dir, f))
			if err != nil {
				t.Fatal(err)
			}
			scripts[f] = &fstest.MapFile{Data: text}
		}
		p, err := goose.NewProvider(kind, db, scripts, goose.WithTableName(part.version), goose.WithDisableGlobalRegistry(true))
		if err == nil {
			_, err = p.Up(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	from := openStore(t, source).Reader()
	for _, table := range []string{"run", "ruleset", "result", "finding"} {
		copyRows(t, from, db, table)
	}
	insertRow(t, db, "run", map[string]any{"id": underWay, "inventory": "/other.csv", "state": "active", "started_at": 1})
	insertRow(t, db, "round", map[string]any{"id": 1, "run": underWay, "line": 2, "lines": 2, "rejected": 1, "targets": 1})
	insertRow(t, db, "rejection", map[string]any{"round": 1, "line": 3, "text": "bad name", "reason": "x"})
}

// columnsOf is the names and kinds of a table's columns.
func columnsOf(t *testing.T, db *sql.DB, table string) (names []string, number []bool) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), `SELECT * FROM `+table+` LIMIT 0`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range types {
		names, number = append(names, c.Name()), append(number, strings.Contains(c.DatabaseTypeName(), "INT"))
	}
	return names, number
}

// copyRows copies a table, as far as both databases have its columns.
func copyRows(t *testing.T, from, to *sql.DB, table string) {
	t.Helper()
	names, _ := columnsOf(t, from, table)
	there, _ := columnsOf(t, to, table)
	names = slices.DeleteFunc(names, func(n string) bool { return !slices.Contains(there, n) })
	rows, err := from.QueryContext(t.Context(), `SELECT `+strings.Join(names, ", ")+` FROM `+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		values, places := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		row := map[string]any{}
		for i, n := range names {
			row[n] = values[i]
		}
		insertRow(t, to, table, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// insertRow inserts a row; columns that it does not name are 0 or empty.
func insertRow(t *testing.T, db *sql.DB, table string, row map[string]any) {
	t.Helper()
	names, number := columnsOf(t, db, table)
	places, values := make([]string, len(names)), make([]any, len(names))
	for i, n := range names {
		places[i], values[i] = fmt.Sprint("$", i+1), ""
		if v, ok := row[n]; ok {
			values[i] = v
		} else if number[i] {
			values[i] = 0
		}
	}
	if _, err := db.ExecContext(t.Context(), `INSERT INTO `+table+` VALUES (`+strings.Join(places, ", ")+`)`, values...); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
}
