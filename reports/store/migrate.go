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

// migrate brings the tables up to date. Two processes may open a new file at
// the same time: the one that comes second finds the tables made and looks
// again.
func (s *Store) migrate(ctx context.Context) error {
	for try := 0; ; try++ {
		version, err := s.version(ctx)
		switch {
		case err != nil:
			return s.explain("opening", err)
		case version == schema:
			return nil
		case version > schema:
			return fmt.Errorf("the results database %s was written by a newer beianwatch (its tables are version %d, this program knows %d): update the program, or name another file with --db", s.path, version, schema)
		case version < 0:
			return fmt.Errorf("%s is a database of another program: name another file with --db", s.path)
		}
		err = s.up(ctx)
		if err == nil {
			return nil
		}
		if try == 5 || ctx.Err() != nil {
			return s.explain("making the tables of", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
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
