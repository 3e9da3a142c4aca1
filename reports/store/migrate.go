package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// versionTable holds which of our migrations ran. Tables that others keep in
// the same file have a version table of their own.
const versionTable = "store_version"

// schema is the newest migration.
const schema = 1

// patience is how long opening waits for other processes that open the same
// new file: neither its change to WAL mode nor the making of tables waits by
// itself.
const patience = 10 * time.Second

// migrate brings the tables up to date. Of two processes that open a new file
// at the same time, the second finds the file locked or the tables made, and
// looks again.
func (s *Store) migrate(ctx context.Context) error {
	var waited time.Duration
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		again, err := s.migrateOnce(ctx)
		if err == nil || !again || waited >= patience {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		waited += pause
	}
}

// migrateOnce tells with its error whether it may go better the next time.
func (s *Store) migrateOnce(ctx context.Context) (again bool, err error) {
	version, err := s.version(ctx)
	switch {
	case err != nil:
		return busy(err), s.explain("opening", err)
	case version == schema:
		return false, nil
	case version > schema:
		return false, fmt.Errorf("the results database %s was written by a newer beianwatch (its tables are version %d, this program knows %d): update the program, or name another file with --db", s.path, version, schema)
	case version < 0:
		return false, fmt.Errorf("%s is a database of another program: name another file with --db", s.path)
	}
	if err := s.up(ctx); err != nil {
		return raced(err), s.explain("making the tables of", err)
	}
	return false, nil
}

func (s *Store) up(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.writer, dir,
		goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// version is the newest migration that ran: 0 for an empty file, -1 for a
// file with tables that are not ours. Asking first spares every later start
// the work of goose.
func (s *Store) version(ctx context.Context) (int, error) {
	var ours, all int
	err := s.writer.QueryRowContext(ctx,
		`SELECT COUNT(CASE WHEN name = $1 THEN 1 END), COUNT(*) FROM sqlite_master WHERE type = 'table'`, versionTable).Scan(&ours, &all)
	if err != nil {
		return 0, err
	}
	if ours == 0 {
		return max(-1, -all), nil
	}
	version := 0
	err = s.writer.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+versionTable).Scan(&version)
	return version, err
}
