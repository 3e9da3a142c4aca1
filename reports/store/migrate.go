package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/beianwatch/beianwatch/crawler/message"
)

//go:embed migrations
var migrations embed.FS

// ours are the tables of this package.
var ours = Tables{Scripts: migrations, Version: "store_version", first: true}

// Tables are tables that a part of the program keeps in the results database.
type Tables struct {
	// Scripts has the migrations of each engine in its folders
	// "migrations/sqlite" and "migrations/postgres": goose's SQL files,
	// 00001_name.sql and on, with the same numbers in both. Text that is compared
	// is COLLATE "C" on PostgreSQL: it sorts byte by byte, as on SQLite.
	Scripts fs.FS
	// Version is the table that says which of the migrations ran.
	Version string

	first bool // a database that has other tables but not these belongs to another program
}

// patience is how long opening waits for other processes that open the same
// new file: neither its change to WAL mode nor the making of tables waits by
// itself.
const patience = 10 * time.Second

// Migrate brings tables up to date, under a lock where several processes do
// so at once. Tables of a newer program are an error.
func (s *Store) Migrate(ctx context.Context, t Tables) error {
	var waited time.Duration
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		again, err := s.migrateOnce(ctx, t)
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

// migrateOnce reports with its error whether another try may do better.
func (s *Store) migrateOnce(ctx context.Context, t Tables) (again bool, err error) {
	newest, err := t.newest(s.folder)
	if err != nil {
		return false, err
	}
	version, err := s.version(ctx, t)
	switch {
	case err != nil:
		return s.engine.transient(err, false), s.Explain("opening", err)
	case version == newest:
		return false, nil
	case version > newest:
		return false, message.Errorf("结果数据库 %[1]s 由更新版本的 beianwatch 写入（数据版本 %[3]d，本程序支持到 %[4]d）：请更新程序，或用 --db 指定其他数据库", "the results database %s was written by a newer beianwatch (%s is %d, this program knows %d): update the program, or name another database with --db", s.name, t.Version, version, newest)
	case version < 0:
		return false, message.Errorf("%s 是其他程序的数据库：请用 --db 换一个", "%s is a database of another program: name another one with --db", s.name)
	}
	if err := s.up(ctx, t); err != nil {
		return s.engine.transient(err, true), s.Explain("making the tables of", err)
	}
	if t.first && version > 0 {
		return false, s.removeQueue()
	}
	return false, nil
}

func (s *Store) up(ctx context.Context, t Tables) error {
	unlock, err := s.engine.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	dir, err := fs.Sub(t.Scripts, "migrations/"+s.folder)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(s.goose, s.writer, dir,
		goose.WithTableName(t.Version), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// version is the newest migration that ran: 0 for an empty database, -1 for
// one with tables that are not ours. Asking first spares every later start
// the work of goose.
func (s *Store) version(ctx context.Context, t Tables) (int, error) {
	var mine, all int
	if err := s.writer.QueryRowContext(ctx, s.tables, t.Version).Scan(&mine, &all); err != nil {
		return 0, err
	}
	if mine == 0 {
		if t.first && all > 0 {
			return -1, nil
		}
		return 0, nil
	}
	version := 0
	err := s.writer.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+t.Version).Scan(&version)
	return version, err
}

// Form names the form of this package's tables and of others: the number of the
// last migration of each. Programs that know different forms cannot work on one
// database. It is an error if a script bears no number.
func Form(others ...Tables) (string, error) {
	var form strings.Builder
	for _, t := range append([]Tables{ours}, others...) {
		newest, err := t.newest(postgresDialect.folder)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&form, "%s %d ", t.Version, newest)
	}
	return form.String(), nil
}

// newest is the number of the last migration of an engine.
func (t Tables) newest(folder string) (int, error) {
	files, err := fs.ReadDir(t.Scripts, "migrations/"+folder)
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("the migrations of %s: there are none (%v)", t.Version, err)
	}
	version, err := goose.NumericComponent(files[len(files)-1].Name())
	if err != nil {
		return 0, fmt.Errorf("the migrations of %s: %w", t.Version, err)
	}
	return int(version), nil
}
