package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrBusy says that another process works in the data folder. What to do about
// it depends on how the folder was named.
var ErrBusy = errors.New("another beianwatch is at work here")

// openSQLiteQueue opens the file at path and takes it for this process alone:
// the lock is SQLite's own (exclusive locking mode), so the system lifts it
// however the process ends, and it works wherever SQLite does. The jobs that a
// killed process left behind are dropped rather than waited for: River has no
// heartbeat and would take them for running until its rescue.
func openSQLiteQueue(ctx context.Context, path string) (queue, error) {
	dsn := "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() +
		"?_pragma=busy_timeout(1000)&_pragma=locking_mode(EXCLUSIVE)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // as riversqlite asks; a second connection would wait for our own lock
	if err := emptyQueue(ctx, db); err != nil {
		db.Close()
		return nil, explainQueue(path, err)
	}
	return &riverQueue[*sql.Tx]{driver: local{riversqlite.New(db)}, adapt: localPolls, free: db.Close}, nil
}

// localPolls: nobody else puts jobs in, so the client wakes the queue itself.
func localPolls(conf *river.Config) { conf.PollOnly, conf.FetchPollInterval = true, 5*time.Second }

// local is the SQLite driver without its listener. That one asks the database
// every 50 ms whether another process has put in a job, which here none can;
// without it River's client wakes the queue itself when it inserts a job.
type local struct{ *riversqlite.Driver }

// SupportsListener is River's question for the above.
func (local) SupportsListener() bool { return false }

// emptyQueue makes River's tables and empties them.
func emptyQueue(ctx context.Context, db *sql.DB) error {
	// The first write takes the lock.
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS taken (at BIGINT)`); err != nil {
		return err
	}
	m, err := rivermigrate.New(riversqlite.New(db), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	for _, table := range []string{"river_job", "river_leader", "river_queue", "river_client_queue", "river_client"} {
		if _, err := db.ExecContext(ctx, `DELETE FROM `+table); err != nil && !noTable(err) {
			return err
		}
	}
	return nil
}

// noTable: which tables River has besides jobs and leader depends on its
// version.
func noTable(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_ERROR
}

// explainQueue turns what SQLite says into what a person can act on.
func explainQueue(path string, err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return fmt.Errorf("%w: it holds %s", ErrBusy, path)
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			return fmt.Errorf("the job queue %s is damaged (%w): delete it, it holds nothing that is not in the results database", path, err)
		}
	}
	return fmt.Errorf("opening the job queue %s: %w", path, err)
}
