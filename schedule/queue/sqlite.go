package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"

	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// ErrHeld reports that another process works on the database.
var ErrHeld = message.Errorf("另一个 beianwatch 进程正在使用该数据库", "another beianwatch is at work on this database")

func isHeld(err error) bool { return errors.Is(err, ErrHeld) }

// lockName is the lock file's name in the data folder.
const lockName = "work.lock"

// A lock says that this process works the queue of a SQLite database. It is a
// SQLite file of its own in exclusive locking mode: the system lifts it however
// the process ends, and it works wherever SQLite does.
type lock struct{ db *sql.DB }

// takeLock takes the lock of a data folder; [ErrHeld] if another process has it.
func takeLock(ctx context.Context, dir string) (*lock, error) {
	path := filepath.Join(dir, lockName)
	// SQLite would let others read it. A file that is there is left alone: to close
	// it would free a lock that this process has.
	if f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
		f.Close() //nolint:errcheck // nothing was written
	}
	dsn := "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() +
		"?_pragma=busy_timeout(300)&_pragma=locking_mode(EXCLUSIVE)&_txlock=immediate"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	// The first write takes the lock, and this connection keeps it.
	if _, err = db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS taken (pid BIGINT); DELETE FROM taken`); err == nil {
		_, err = db.ExecContext(ctx, `INSERT INTO taken (pid) VALUES ($1)`, os.Getpid())
	}
	if err == nil {
		return &lock{db}, nil
	}
	db.Close()
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return nil, ErrHeld
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
			return nil, message.Errorf("写入锁文件 %[1]s：磁盘已满或有故障：请腾出空间后重新开始", "writing the lock file %s: %w; the disk is full or failing: make room, then start again", path, err)
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
			return nil, message.Errorf("写入锁文件 %[1]s：它和所在的文件夹须可写：请修改权限，或用 --dir 换一个文件夹", "writing the lock file %s: %w; it and its folder must be writable: mend their permissions, or name another folder with --dir", path, err)
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			return nil, message.Errorf("锁文件 %[1]s 已损坏：请删除，其中没有数据", "the lock file %s is damaged (%w): delete it, it holds nothing", path, err)
		}
	}
	return nil, message.Errorf("锁定文件 %s：%w", "taking the lock file %s: %w", path, err)
}

func (l *lock) free() {
	if l != nil {
		l.db.Close()
	}
}

// migrateSQLite makes River's tables. The holder puts back the jobs that a
// killed process left running: nobody else can have them, and River, which has
// no heartbeat, would take them for running until their rescue.
func migrateSQLite(ctx context.Context, db *sql.DB, holder bool) error {
	m, err := rivermigrate.New(riversqlite.New(db), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err == nil && holder {
		_, err = db.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`)
	}
	if err == nil && holder {
		_, err = db.ExecContext(ctx, `DELETE FROM river_leader`) // of a process that is gone
	}
	if err != nil {
		return fmt.Errorf("making the job queue's tables: %w", err)
	}
	return nil
}
