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

	"github.com/beianwatch/beianwatch/crawler/message"
)

// readers is how many reads run side by side; each connection has a page cache
// of about 2 MB.
const readers = 4

// pragmas are set on every connection. With WAL and synchronous NORMAL a
// killed process loses nothing that was committed; a power cut may lose the
// last transactions, never the file.
const pragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"

// writing are the pragmas of the writer. Domains come in the order of addresses,
// so every batch touches pages all over the indexes: 32 MB of cache and a log
// of up to 16 MB before it is folded in save a quarter of the work at 200,000
// results (BenchmarkPutResults).
const writing = pragmas + "&_txlock=immediate&_pragma=cache_size(-32768)&_pragma=wal_autocheckpoint(4000)"

// sqliteEngine keeps a store in a file of this machine.
type sqliteEngine struct{ s *Store }

func (s *Store) openSQLite(_ context.Context, dsn string) error {
	s.engine, s.dialect = sqliteEngine{s}, sqliteDialect
	path, err := pathOf(dsn)
	if err != nil {
		return err
	}
	s.name = path
	if err := ownFile(path); err != nil {
		return err
	}
	if s.writer, err = sql.Open("sqlite", uri(path, writing)); err != nil {
		return s.Explain("opening", err)
	}
	s.writer.SetMaxOpenConns(1)
	if s.reader, err = sql.Open("sqlite", uri(path, pragmas+"&_pragma=query_only(1)")); err != nil {
		return s.Explain("opening", err)
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	if s.side, err = sql.Open("sqlite", uri(path, pragmas+"&_pragma=query_only(1)")); err != nil {
		return s.Explain("opening", err)
	}
	s.side.SetMaxOpenConns(1)
	return nil
}

// unwritable reports whether a file could not be opened because it, or what SQLite keeps
// beside it, cannot be written.
func unwritable(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	code := e.Code() & 0xff
	return code == sqlite3.SQLITE_READONLY || code == sqlite3.SQLITE_CANTOPEN
}

// openStill opens a file that nobody writes while it is open: immutable, in SQLite's words,
// so nothing is locked and nothing is made beside it. What a killed process left in its log
// would not be seen, so there must be none.
func openStill(ctx context.Context, dsn string) (*Store, error) {
	path, err := pathOf(dsn)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		return nil, fmt.Errorf("%s-wal holds what is not in the file yet", path)
	}
	s := &Store{name: path, dialect: sqliteDialect}
	s.engine = sqliteEngine{s}
	for _, db := range []**sql.DB{&s.writer, &s.reader, &s.side} {
		if *db, err = sql.Open("sqlite", uri(path, "mode=ro&immutable=1")); err != nil {
			break
		}
	}
	return s.opened(ctx, err)
}

// pathOf takes a path or a "file:" address; other schemes belong to
// databases that are not supported.
func pathOf(dsn string) (string, error) {
	path := strings.TrimPrefix(dsn, "file:")
	switch {
	case path == "":
		return "", message.Errorf("没有指定结果数据库：请用 --db 给出文件路径", "no results database named: give the path of a file with --db")
	case schemeOf(path) != "":
		return "", message.Errorf("结果数据库 %q：请用 --db 给出 SQLite 文件的路径，或 PostgreSQL 数据库的地址 postgres://用户@主机/数据库", "the results database %q: give the path of a SQLite file or the address of a PostgreSQL database, postgres://USER@HOST/DATABASE, with --db", Name(path))
	case strings.ContainsRune(path, 0):
		return "", message.Errorf("结果数据库的路径含有空字符：请用 --db 换一个", "the path of the results database holds a NUL character: give another one with --db")
	}
	return path, nil
}

// schemeOf returns what stands before "://" in an address; "" for a path.
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

var sqliteDialect = dialect{
	folder: "sqlite", goose: goose.DialectSQLite3,
	tables: `SELECT COUNT(CASE WHEN name = $1 THEN 1 END), COUNT(*) FROM sqlite_master WHERE type = 'table'`,
	state:  `SELECT state FROM run WHERE id = $1`,
	anyOf:  `IN (SELECT value FROM json_each($2))`,
	list: func(texts []string) any {
		list, _ := json.Marshal(texts) // texts can always be written
		return string(list)
	},
}

// lock: SQLite lets one process write at a time, so the tables themselves are
// the lock, and Migrate looks again where it came second.
func (sqliteEngine) lock(context.Context) (func(), error) { return func() {}, nil }

// transient: another process held the file, or a table that was to be made was
// there after all.
func (sqliteEngine) transient(err error, opened bool) bool {
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

func (sqliteEngine) hint(err error) message.Text {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return message.Text{}
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return message.Text{ZH: "不是本程序的数据库，或已损坏：请用 --db 换一个文件，或从备份恢复", EN: "it is not a database of this program, or it is damaged: name another file with --db, or restore it from a backup"}
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return message.Text{ZH: "文件及其文件夹须可写：请修改权限，或把数据库连同 -wal 文件复制到可写的文件夹，再用 --db 指定", EN: "the file and its folder must be writable: mend their permissions, or copy it with its -wal file to a folder that is, and name it with --db"}
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return message.Text{ZH: "另一个进程已写入超过 10 秒：请等待，或停止它", EN: "another process has been writing for more than 10 s: wait for it, or stop it"}
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
		return message.Text{ZH: "磁盘已满或有故障：请腾出空间后重新开始；已保存的结果不受影响", EN: "the disk is full or failing: make room, then start again; what was stored is safe"}
	}
	return message.Text{}
}

// makeRoom: a table has room for any run.
func (sqliteEngine) makeRoom(context.Context, *sql.Tx, string) error { return nil }

func (sqliteEngine) occupied(error) bool { return false }

// put stores row by row: a statement that is made once costs a tenth of one for
// many rows, which SQLite reads anew each time. Nearly all rows are new: only one
// that turns out to be there already costs the work of replacing it.
func (sqliteEngine) put(ctx context.Context, tx *sql.Tx, rows []row) error {
	result, err := tx.PrepareContext(ctx, insertResult+` ON CONFLICT DO NOTHING`)
	if err != nil {
		return err
	}
	finding, err := tx.PrepareContext(ctx, insertFinding)
	if err != nil {
		return err
	}
	for i := range rows {
		w := &rows[i]
		fresh, err := inserted(result.ExecContext(ctx, w.args...))
		if err == nil && !fresh {
			if fresh, err = removeEarlier(ctx, tx, w.run(), w.domain(), w.at()); fresh {
				_, err = result.ExecContext(ctx, w.args...)
			}
		}
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		for _, f := range w.findings {
			if _, err := finding.ExecContext(ctx, f...); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeEarlier deletes a result and its findings unless it is of a later visit
// than at.
func removeEarlier(ctx context.Context, tx *sql.Tx, run, domain string, at int64) (removed bool, err error) {
	removed, err = inserted(tx.ExecContext(ctx, `DELETE FROM result WHERE run = $1 AND domain = $2 AND at <= $3`, run, domain, at))
	if removed && err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM finding WHERE run = $1 AND domain = $2`, run, domain)
	}
	return removed, err
}

// keep copies one by one, as put stores.
func (sqliteEngine) keep(ctx context.Context, tx *sql.Tx, run, before string, kept []Kept) error {
	result, err := tx.PrepareContext(ctx, copyResult([8]string{"$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11"}, "result r")+` ON CONFLICT DO NOTHING`)
	if err != nil {
		return err
	}
	finding, err := tx.PrepareContext(ctx, copyFindings+`= $3`)
	if err != nil {
		return err
	}
	for i := range kept {
		k := &kept[i]
		args := append([]any{run, before, before + "/"}, k.args()...)
		fresh, err := inserted(result.ExecContext(ctx, args...))
		if err == nil && !fresh {
			if fresh, err = removeEarlier(ctx, tx, run, k.Domain, millis(k.At)); fresh && err == nil {
				fresh, err = inserted(result.ExecContext(ctx, args...))
			}
			if err == nil && !fresh {
				err = there(ctx, tx, run, before, k.Domain)
			}
		}
		if err == nil && fresh && k.Findings {
			_, err = finding.ExecContext(ctx, run, before, k.Domain)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// there is an error unless the run has a result of the domain.
func there(ctx context.Context, tx *sql.Tx, run, before, domain string) error {
	one := 0
	err := tx.QueryRowContext(ctx, `SELECT 1 FROM result WHERE run = $1 AND domain = $2`, run, domain).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("run %s has no result of %s to keep", before, domain)
	}
	return err
}

func (e sqliteEngine) thin(ctx context.Context, p pair, limit int) (bool, error) {
	return e.s.thinBatches(ctx, p, limit)
}
