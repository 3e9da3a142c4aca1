// Package lifecycle keeps the life of findings in the results database: of each
// rule that found something on a domain of an inventory, when it was opened, last
// seen and fixed, until when it is to be fixed, whose it is and whether it is waived.
//
// A run is taken into account once its results are whole ([Store.Begin]). The rows
// say what they were before their last run, so taking a run into account again, in
// part or after its results have changed, comes to the same.
package lifecycle

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/beianwatch/beianwatch/reports/store"
)

//go:embed migrations
var migrations embed.FS

// Tables are the tables of this package.
var Tables = store.Tables{Scripts: migrations, Version: "lifecycle_version"}

// A Store is the life of findings in a results database.
type Store struct {
	results *store.Store
	batch   int // rows in one statement that writes
}

// Rows in one statement: SQLite reads a long one anew each time, and PostgreSQL
// waits for each.
const (
	batchSQLite   = 1
	batchPostgres = 200
)

// Open brings the tables up to date.
func Open(ctx context.Context, results *store.Store) (*Store, error) {
	if err := results.Migrate(ctx, Tables); err != nil {
		return nil, err
	}
	s := &Store{results: results, batch: batchSQLite}
	if results.Postgres() {
		s.batch = batchPostgres
	}
	return s, nil
}

// A scope is the findings of one inventory.
type scope struct {
	id            int64 // 0: no run was taken into account yet
	run, runWas   string
	atRun, atWas  int64
	inventoryName string
}

// before is the run of the scope before a run, which may be its newest, and when
// it began.
func (c *scope) before(run string) (id string, at int64) {
	if c.run == run {
		return c.runWas, c.atWas
	}
	return c.run, c.atRun
}

func (s *Store) scope(ctx context.Context, inventory string) (scope, error) {
	c := scope{inventoryName: inventory}
	err := s.results.Reader().QueryRowContext(ctx, `SELECT id, run, at, run_was, at_was FROM finding_scope WHERE inventory = $1`, inventory).
		Scan(&c.id, &c.run, &c.atRun, &c.runWas, &c.atWas)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return c, reading(err)
}

// each runs a query and calls scan for each row.
func (s *Store) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	return eachOf(ctx, s.results.Reader(), query, args, scan)
}

func eachOf(ctx context.Context, db *sql.DB, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return reading(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return reading(rows.Err())
}

func reading(err error) error {
	if err != nil {
		return fmt.Errorf("reading the life of findings: %w", err)
	}
	return nil
}

// millis is the stored form of a time; 0 stands for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
