package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

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

// sqliteEngine keeps a store in a file of this machine.
type sqliteEngine struct{ s *Store }

func (s *Store) openSQLite(_ context.Context, dsn string) error {
	s.engine = sqliteEngine{s}
	path, err := pathOf(dsn)
	if err != nil {
		return err
	}
	s.name = path
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("making the folder of the results database: %w; name a folder that can be written with --db", err)
	}
	if s.writer, err = sql.Open("sqlite", uri(path, writing)); err != nil {
		return s.explain("opening", err)
	}
	s.writer.SetMaxOpenConns(1)
	if s.reader, err = sql.Open("sqlite", uri(path, pragmas+"&_pragma=query_only(1)")); err != nil {
		return s.explain("opening", err)
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	return nil
}

// pathOf takes a path or a "file:" address; other schemes belong to
// databases that are not supported.
func pathOf(dsn string) (string, error) {
	path := strings.TrimPrefix(dsn, "file:")
	switch {
	case path == "":
		return "", errors.New("no results database named: give the path of a file with --db")
	case schemeOf(path) != "":
		return "", fmt.Errorf("the results database %q: give the path of a SQLite file or the address of a PostgreSQL database, postgres://USER@HOST/DATABASE, with --db", Name(path))
	case strings.ContainsRune(path, 0):
		return "", errors.New("the path of the results database holds a NUL character: give another one with --db")
	}
	return path, nil
}

// schemeOf gives what stands before "://" in an address; "" for a path.
func schemeOf(dsn string) string {
	scheme, _, ok := strings.Cut(dsn, "://")
	if !ok || strings.ContainsAny(scheme, `/\.`) {
		return ""
	}
	return scheme
}

// uri makes a SQLite address; the path is escaped because ? and % would end
// it.
func uri(path, query string) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + query
}

func (sqliteEngine) dialect() goose.Dialect { return goose.DialectSQLite3 }

func (sqliteEngine) script(sql string) string { return onlyPostgres.ReplaceAllString(sql, "") }

// lock: SQLite lets one process write at a time, so the tables themselves are
// the lock, and Migrate looks again where it came second.
func (sqliteEngine) lock(context.Context) (func(), error) { return func() {}, nil }

func (sqliteEngine) tables() string {
	return `SELECT COUNT(CASE WHEN name = $1 THEN 1 END), COUNT(*) FROM sqlite_master WHERE type = 'table'`
}

// again: the file was locked by somebody else, or a table that was to be made
// was there after all.
func (sqliteEngine) again(err error, opened bool) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return true
	case sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT:
		return opened
	}
	return false
}

func (sqliteEngine) hint(err error) string {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return ""
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return "it is not a database of this program, or it is damaged: name another file with --db, or restore it from a backup"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return "the file and its folder must be writable: mend their permissions, or name another file with --db"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "another process has been writing for more than 10 s: wait for it, or stop it"
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
		return "the disk is full or failing: make room, then start again; what was stored is safe"
	}
	return ""
}

func (e sqliteEngine) put(ctx context.Context, sets []*ruleset, rows []row) error {
	tx, err := e.s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, rs := range sets {
		if e.s.rules.isStored(rs) {
			continue
		}
		if _, err := tx.ExecContext(ctx, insertRuleset, rs.args()...); err != nil {
			return err
		}
	}
	if err := e.s.write(ctx, tx, rows); err != nil {
		return err
	}
	return tx.Commit()
}

func (e sqliteEngine) createRun(ctx context.Context, _ string, _ bool, args []any) (bool, error) {
	return inserted(e.s.writer.ExecContext(ctx, insertRun, args...))
}

func (sqliteEngine) among(texts []string) (string, any) {
	list, _ := json.Marshal(texts) // texts can always be written
	return `IN (SELECT value FROM json_each($2))`, string(list)
}

func (e sqliteEngine) thin(ctx context.Context, p pair) (int, error) { return e.s.thinInSteps(ctx, p) }
