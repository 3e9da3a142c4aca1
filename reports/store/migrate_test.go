package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
)

// TestMigratesFromEachSchema opens a database as each older program left it.
// A folder schema-N has the dump of one by both engines, made when N was the
// newest migration, and the records that it held. It has three runs over one
// inventory: a pruned one, a whole one, and one that was under way.
func TestMigratesFromEachSchema(t *testing.T) {
	t.Parallel()
	dumps, err := filepath.Glob("testdata/schema-*/*.sql")
	if err != nil || len(dumps) < 2 {
		t.Fatalf("dumps %v, %v", dumps, err)
	}
	for _, dump := range dumps {
		dir := filepath.Dir(dump)
		t.Run(filepath.Base(dir)+"/"+filepath.Base(dump), func(t *testing.T) {
			dsn := load(t, dump)
			s, err := Open(context.Background(), dsn)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			holds(t, s, readLines(t, filepath.Join(dir, "records.jsonl")))
			goesOn(t, s)
		})
	}
}

// load makes a database of the dump's engine.
func load(t *testing.T, dump string) (dsn string) {
	t.Helper()
	text, err := os.ReadFile(dump)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range engines {
		if e.name+".sql" == filepath.Base(dump) {
			dsn = e.dsn(t)
		}
	}
	if IsPostgres(dsn) {
		ctx := context.Background()
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		if _, err := conn.PgConn().Exec(ctx, string(text)).ReadAll(); err != nil {
			t.Fatal(err)
		}
		return dsn
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(string(text)); err != nil {
		t.Fatal(err)
	}
	return dsn
}

func readLines(t *testing.T, path string) (records []map[string]any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		records = append(records, fields(t, []byte(line)))
	}
	return records
}

func fields(t *testing.T, line []byte) map[string]any {
	t.Helper()
	var f map[string]any
	if err := json.Unmarshal(line, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// holds compares what the database holds with the records of old, which may
// have fewer fields than those of this program.
func holds(t *testing.T, s *Store, want []map[string]any) {
	t.Helper()
	ctx := context.Background()
	runs, err := s.Runs(ctx, 0)
	if err != nil || len(runs) != 3 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	for _, run := range runs {
		for rec, err := range s.Records(ctx, run.ID) {
			if err != nil {
				t.Fatal(err)
			}
			line, err := export.Line(rec, "zh")
			if err != nil {
				t.Fatal(err)
			}
			if len(want) == 0 {
				t.Fatalf("%s was not there", line)
			}
			got := fields(t, line)
			for key, value := range want[0] {
				if !contains(got[key], value) {
					t.Errorf("%s of %s in %s is %v, want %v", key, rec.Domain, rec.Run, got[key], value)
				}
			}
			want = want[1:]
		}
	}
	if len(want) > 0 {
		t.Errorf("%d records are gone", len(want))
	}
}

// contains reports whether got is want, but for fields that want has not.
func contains(got, want any) bool {
	g, ok1 := got.(map[string]any)
	w, ok2 := want.(map[string]any)
	if ok1 && ok2 {
		for key, value := range w {
			if !contains(g[key], value) {
				return false
			}
		}
		return true
	}
	gs, ok1 := got.([]any)
	ws, ok2 := want.([]any)
	if !ok1 || !ok2 || len(gs) != len(ws) {
		return reflect.DeepEqual(got, want)
	}
	for i := range ws {
		if !contains(gs[i], ws[i]) {
			return false
		}
	}
	return true
}

// goesOn finishes the run that was under way and prunes the one before.
func goesOn(t *testing.T, s *Store) {
	t.Helper()
	ctx := context.Background()
	under, err := s.Unfinished(ctx)
	if err != nil || len(under) != 1 {
		t.Fatalf("%d runs under way, %v", len(under), err)
	}
	run := under[0]
	put(t, s, filled(run.ID, "a.cn"), filled(run.ID, "z.cn"))
	if one, err := s.Result(ctx, run.ID, "a.cn"); err != nil || text(t, *one) != text(t, filled(run.ID, "a.cn")) {
		t.Errorf("%+v, %v", one, err)
	}
	run.State = reports.RunDone
	if err := s.UpdateRun(ctx, run); err != nil {
		t.Error(err)
	}
	if err := s.CreateRun(ctx, runOf("20261124T020000-dddd", reports.RunActive)); err != nil {
		t.Error(err)
	}
	thinAll(t, s, 1, 1000)
	if n, err := s.Count(ctx, run.ID); n != 4 || err != nil {
		t.Errorf("%d results, %v", n, err)
	}
}

// TestTablesOfOthers keeps tables that another part of the program owns in the
// same database, and brings them from one version to the next.
func TestTablesOfOthers(t *testing.T) { forEachEngine(t, testTablesOfOthers) }

func testTablesOfOthers(t *testing.T, s *Store) {
	ctx := context.Background()
	files := fstest.MapFS{
		"migrations/sqlite/00001_a.sql":   {Data: []byte("-- +goose Up\nCREATE TABLE thing (name TEXT NOT NULL PRIMARY KEY);\n-- +goose Down\nDROP TABLE thing;\n")},
		"migrations/postgres/00001_a.sql": {Data: []byte("-- +goose Up\nCREATE TABLE thing (name TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, CHECK (name <> 'x'));\n-- +goose Down\nDROP TABLE thing;\n")},
	}
	mine := Tables{Scripts: files, Version: "thing_version"}
	if err := s.Migrate(ctx, mine); err != nil {
		t.Fatal(err)
	}
	second := &fstest.MapFile{Data: []byte("-- +goose Up\nALTER TABLE thing ADD COLUMN colour TEXT NOT NULL DEFAULT '';\n-- +goose Down\nALTER TABLE thing DROP COLUMN colour;\n")}
	files["migrations/sqlite/00002_b.sql"], files["migrations/postgres/00002_b.sql"] = second, second
	sqlExec(t, s, `INSERT INTO thing VALUES ('b')`)
	for range 2 {
		if err := s.Migrate(ctx, mine); err != nil {
			t.Fatal(err)
		}
	}
	sqlExec(t, s, `INSERT INTO thing VALUES ('B', 'red'), ('ä', 'blue')`)
	first := ""
	if err := s.Reader().QueryRow(`SELECT name || colour FROM thing ORDER BY name LIMIT 1`).Scan(&first); err != nil || first != "Bred" {
		t.Errorf("%q comes first, %v", first, err)
	}
	_, err := s.Writer().Exec(`INSERT INTO thing VALUES ('x', '')`)
	if (err != nil) != s.Postgres() {
		t.Errorf("what is PostgreSQL's alone: %v", err)
	}
	delete(files, "migrations/sqlite/00002_b.sql")
	delete(files, "migrations/postgres/00002_b.sql")
	if err := s.Migrate(ctx, mine); err == nil || !strings.Contains(err.Error(), "update the program") {
		t.Errorf("tables of a newer program: %v", err)
	}
}
