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

// The River queues. Each has its own bound, so that a host that never answers
// keeps neither the next name nor the next plan waiting.
const (
	queueResolve = "resolve"
	queueVisit   = "visit"
	queueConfirm = "confirm"
	queuePlanner = "planner"
)

// A queue is River over SQLite. What it holds can be lost: our own tables say
// what is left to do, and the jobs that a killed process left behind are
// dropped at the start rather than waited for (River has no heartbeat and
// would take them for running until rescueAfter).
type queue struct {
	db     *sql.DB
	client *river.Client[*sql.Tx]
}

// openQueue opens the file at path and takes it for this process alone: the
// lock is SQLite's own (exclusive locking mode), so the system lifts it
// however the process ends, and it works wherever SQLite does.
func openQueue(ctx context.Context, path string) (*queue, error) {
	dsn := "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() +
		"?_pragma=busy_timeout(1000)&_pragma=locking_mode(EXCLUSIVE)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // as riversqlite asks; a second connection would wait for our own lock
	q := &queue{db: db}
	if err := q.clear(ctx); err != nil {
		db.Close()
		return nil, explainQueue(path, err)
	}
	return q, nil
}

// clear makes River's tables and empties them.
func (q *queue) clear(ctx context.Context) error {
	// The first write takes the lock.
	if _, err := q.db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS taken (at BIGINT)`); err != nil {
		return err
	}
	m, err := rivermigrate.New(riversqlite.New(q.db), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	for _, table := range []string{"river_job", "river_leader", "river_queue", "river_client_queue", "river_client"} {
		if _, err := q.db.ExecContext(ctx, `DELETE FROM `+table); err != nil && !noTable(err) {
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

// start begins to work jobs with the given workers.
func (q *queue) start(ctx context.Context, workers *river.Workers, timeout, rescue time.Duration, log *slog.Logger) error {
	conf := &river.Config{
		Queues: map[string]river.QueueConfig{
			// The conductor feeds no more than it wants done, so these bounds are
			// only a last resort.
			queueResolve: {MaxWorkers: 4},
			queueVisit:   {MaxWorkers: 2000},
			queueConfirm: {MaxWorkers: 500},
			queuePlanner: {MaxWorkers: 1},
		},
		Workers: workers, JobTimeout: timeout, RescueStuckJobsAfter: rescue,
		PollOnly: true, FetchCooldown: 20 * time.Millisecond, FetchPollInterval: 5 * time.Second,
		MaxAttempts: 5, RetryPolicy: retrySoon{},
		CompletedJobRetentionPeriod: 10 * time.Minute, CancelledJobRetentionPeriod: 10 * time.Minute, DiscardedJobRetentionPeriod: 10 * time.Minute,
		Logger: log,
	}
	client, err := river.NewClient(local{riversqlite.New(q.db)}, conf)
	if err != nil {
		return fmt.Errorf("starting the job queue: %w", err)
	}
	q.client = client
	if err := client.Start(ctx); err != nil {
		return fmt.Errorf("starting the job queue: %w", err)
	}
	return nil
}

// local is the SQLite driver without its listener. That one asks the database
// every 50 ms whether another process has put in a job, which here none can;
// without it River's client wakes the queue itself when it inserts a job.
type local struct{ *riversqlite.Driver }

// SupportsListener is River's question for the above.
func (local) SupportsListener() bool { return false }

// insert puts jobs into a queue.
func (q *queue) insert(ctx context.Context, name string, jobs ...river.JobArgs) error {
	params := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		params[i] = river.InsertManyParams{Args: j, InsertOpts: &river.InsertOpts{Queue: name}}
	}
	_, err := q.client.InsertMany(ctx, params)
	return err
}

// close stops the work and frees the file. The jobs' contexts are cancelled.
func (q *queue) close() error {
	var err error
	if q.client != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		err = q.client.StopAndCancel(ctx)
	}
	return errors.Join(err, q.db.Close())
}
