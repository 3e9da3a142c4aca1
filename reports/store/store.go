// Package store keeps runs and results in SQL: one row a run, one row a
// (run, domain), one row a finding. It runs on SQLite by modernc.org/sqlite,
// which needs no set-up, and on PostgreSQL, which many machines can share.
// The statements are common to both; where the two differ stands in engine.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
)

// A Store is an open results database. It is safe for many goroutines, and
// for many processes: on one machine with SQLite, on many with PostgreSQL.
type Store struct {
	name   string  // for people: a path, or an address without its password
	writer *sql.DB // SQLite: one connection, it takes one writer at a time
	reader *sql.DB
	pool   *pgxpool.Pool // under writer; nil on SQLite
	engine engine
	rules  rulesets
}

// An engine is what the two databases do each in a way of its own.
type engine interface {
	// dialect is what goose calls the engine.
	dialect() goose.Dialect
	// script turns a migration, written for both, into the engine's own SQL.
	script(sql string) string
	// lock keeps other processes from changing tables until unlock.
	lock(ctx context.Context) (unlock func(), err error)
	// tables counts our tables: those called name, and all.
	tables() (query string)
	// hint says what a person can do about an error; "" if there is nothing
	// to add to the error itself.
	hint(err error) string
	// again tells whether making the tables failed because another process
	// was at it too; opened says that it failed before anything was changed.
	again(err error, opened bool) bool
	// put stores rows with the rule sets that they need, in one transaction.
	put(ctx context.Context, sets []*ruleset, rows []row) error
	// copyResults copies results from one run to another and gives the number of
	// those that were not there yet; copyFindings copies the findings of domains.
	copyResults(ctx context.Context, tx *sql.Tx, run, before string, kept []Kept) (int, error)
	copyFindings(ctx context.Context, tx *sql.Tx, run, before string, domains []string) error
	// createRun stores a run and makes room for its results; false if the run
	// is there already.
	createRun(ctx context.Context, run string, ofInventory bool, args []any) (bool, error)
	// among is the condition that what stands before it is one of the texts, as
	// parameter $2. It is one statement for any number of them: naming each by a
	// mark of its own takes SQLite longer to read than to carry out.
	among(texts []string) (condition string, parameter any)
	// thin deletes the results of a run that the next one repeats, and marks
	// the run as thinned.
	thin(ctx context.Context, p pair) (deleted int, err error)
}

// Open opens the results database dsn and brings its tables up to date. dsn
// is the path of a SQLite file, which is made (and its folder) if it is not
// there, or the address of a PostgreSQL database, postgres://….
func Open(ctx context.Context, dsn string) (*Store, error) {
	s := &Store{name: Name(dsn)}
	open := s.openSQLite
	if IsPostgres(dsn) {
		open = s.openPostgres
	}
	err := open(ctx, dsn)
	if err == nil {
		err = s.Migrate(ctx, ours)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends all work with the database. On SQLite it folds the write-ahead
// log into the file.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.pool != nil {
		s.pool.Close()
	}
	return errors.Join(errs...)
}

// Writer is what writes. On SQLite it is one connection, and a transaction on
// it begins immediate; on PostgreSQL it is a pool. Whoever keeps tables of
// their own in the same database makes them with [Store.Migrate].
func (s *Store) Writer() *sql.DB { return s.writer }

// Reader is a pool for reading; it refuses to write.
func (s *Store) Reader() *sql.DB { return s.reader }

// Pool is the PostgreSQL pool under [Store.Writer], for those who need
// PostgreSQL itself; nil on SQLite.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Postgres tells whether the database is PostgreSQL, which other machines may
// be working on too.
func (s *Store) Postgres() bool { return s.pool != nil }

// Name is what people may read of a database: its path, or its address
// without the password.
func (s *Store) Name() string { return s.name }

// IsPostgres tells whether dsn is the address of a PostgreSQL database and
// not the path of a file.
func IsPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// explain turns what the database says into what a person can act on.
func (s *Store) explain(doing string, err error) error {
	err = oneLine(err)
	if hint := s.engine.hint(err); hint != "" {
		return fmt.Errorf("%s the results database %s: %w; %s", doing, s.name, err, hint)
	}
	return fmt.Errorf("%s the results database %s: %w", doing, s.name, err)
}

// oneLine keeps a message that the driver spreads over several lines on one.
func oneLine(err error) error {
	if !strings.ContainsAny(err.Error(), "\n\t") {
		return err
	}
	return flat{err}
}

type flat struct{ error }

func (f flat) Error() string { return strings.Join(strings.Fields(f.error.Error()), " ") }
func (f flat) Unwrap() error { return f.error }

// Among is the condition of a statement that the column before it is one of the
// texts, which are its parameter $2.
func (s *Store) Among(texts []string) (condition string, parameter any) {
	return s.engine.among(texts)
}
