// Package store keeps runs and results in SQL: one row a run, one row a
// (run, domain), one row a finding. It runs on SQLite by modernc.org/sqlite;
// its statements keep to what PostgreSQL understands too.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A Store is an open results database. It is safe for many goroutines, and
// for many processes on one machine.
type Store struct {
	path   string
	writer *sql.DB // one connection: SQLite takes one writer at a time
	reader *sql.DB // a pool: in WAL mode readers never wait for the writer
	rules  rulesets
}

// readers is how many reads run side by side; each connection has a page cache
// of about 2 MB.
const readers = 4

// pragmas are set on every connection. With WAL and synchronous NORMAL a
// killed process loses nothing that was committed; a power cut may lose the
// last transactions, never the file.
const pragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"

// writing are the pragmas of the writer. Domains come in the order of lanes,
// so every batch touches pages all over the indexes: 32 MB of cache and a log
// of up to 16 MB before it is folded in save a quarter of the work at 200,000
// results (BenchmarkPutResults).
const writing = pragmas + "&_txlock=immediate&_pragma=cache_size(-32768)&_pragma=wal_autocheckpoint(4000)"

// Open opens the database in the file dsn, makes it (and its folder) if it is
// not there, and brings its tables up to date.
func Open(ctx context.Context, dsn string) (*Store, error) {
	path, err := pathOf(dsn)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("making the folder of the results database: %w; name a folder that can be written with --db", err)
	}
	s := &Store{path: path}
	if s.writer, err = sql.Open("sqlite", uri(path, writing)); err != nil {
		return nil, s.explain("opening", err)
	}
	s.writer.SetMaxOpenConns(1)
	if err := s.migrate(ctx); err != nil {
		s.writer.Close()
		return nil, err
	}
	if s.reader, err = sql.Open("sqlite", uri(path, pragmas+"&_pragma=query_only(1)")); err != nil {
		s.writer.Close()
		return nil, s.explain("opening", err)
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	return s, nil
}

// Close ends all work with the database and folds the write-ahead log into
// the file.
func (s *Store) Close() error {
	return errors.Join(s.reader.Close(), s.writer.Close())
}

// Writer is the one connection that writes; a transaction on it begins
// immediate. Whoever keeps tables of their own in the same file uses a goose
// version table of their own.
func (s *Store) Writer() *sql.DB { return s.writer }

// Reader is the pool for reading; it refuses to write.
func (s *Store) Reader() *sql.DB { return s.reader }

// pathOf takes a path or a "file:" address; other schemes belong to
// databases that are not supported.
func pathOf(dsn string) (string, error) {
	path := strings.TrimPrefix(dsn, "file:")
	scheme, _, ok := strings.Cut(path, "://")
	switch {
	case path == "":
		return "", errors.New("no results database named: give the path of a file with --db")
	case ok && !strings.ContainsAny(scheme, `/\.`):
		return "", fmt.Errorf("the results database %q: only SQLite files are supported; give the path of a file with --db", scheme+"://…")
	case strings.ContainsRune(path, 0):
		return "", errors.New("the path of the results database holds a NUL character: give another one with --db")
	}
	return path, nil
}

// uri makes a SQLite address; the path is escaped because ? and % would end
// it.
func uri(path, query string) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + query
}

// busy tells whether the database was locked by somebody else.
func busy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

// raced tells whether making the tables failed as it does when somebody else
// makes them: the file was locked, or a table was there after all.
func raced(err error) bool {
	var e *sqlite.Error
	return busy(err) || errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_ERROR || e.Code()&0xff == sqlite3.SQLITE_CONSTRAINT)
}

// explain turns what SQLite says into what a person can act on.
func (s *Store) explain(doing string, err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%s the results database %s: %w", doing, s.path, err)
	}
	hint := ""
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		hint = "it is not a database of this program, or it is damaged: name another file with --db, or restore it from a backup"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		hint = "the file and its folder must be writable: mend their permissions, or name another file with --db"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		hint = "another process has been writing for more than 10 s: wait for it, or stop it"
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
		hint = "the disk is full or failing: make room, then start again; what was stored is safe"
	default:
		return fmt.Errorf("%s the results database %s: %w", doing, s.path, err)
	}
	return fmt.Errorf("%s the results database %s: %w; %s", doing, s.path, err, hint)
}
