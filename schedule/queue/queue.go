// Package queue is the job queue: River, over the same SQLite file or
// PostgreSQL database as the results, so that rows and jobs are stored in one
// transaction ([Queue.Do], [Queue.Insert], [Complete]).
//
// On SQLite one process holds the queue and works; others may only insert.
// Which one holds it is decided by a lock file beside the database.
package queue

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/reports/store"
)

// The times of jobs. A job is stopped after Timeout and, if its process is
// gone, handed out again after Rescue. Of the jobs of a run only those that draw ask for more.
const (
	Timeout = 75 * time.Second
	Rescue  = 90 * time.Second
	// Retry is the time from a failed attempt to the next, however many there
	// were: what fails is the database or this machine, and both come back.
	Retry = 2 * time.Second
)

// MaxAttempts is how often a job may fail before River discards it. It is far
// above what an outage of a day costs; what a discarded job was to do is found
// by the job that ends the run.
const MaxAttempts = 20_000

// A Job is to be inserted.
type Job struct {
	Args river.JobArgs
	Opts river.InsertOpts
}

// Unfinished are the states of a job that is still to be done. As
// UniqueOpts.ByState they let a job that has completed be inserted again.
func Unfinished() []rivertype.JobState {
	return []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled}
}

// A Queue hands out jobs. It is safe for many goroutines.
type Queue struct {
	db       *sql.DB // the writer
	postgres bool
	dir      string            // SQLite: where the lock lies
	words    func(error) error // for people: what the database says

	mu     sync.Mutex // over what Start and Take change
	client client
	id     string // of this process among those that work the queue
	lock   *lock  // SQLite: that this process may work; nil: it may only insert
	works  bool
}

// client is River's client over one of the two drivers.
type client interface {
	insert(ctx context.Context, tx *Tx, jobs []river.InsertManyParams) error
	start(ctx context.Context) error
	stop(ctx context.Context) error
}

type riverClient[T any] struct {
	*river.Client[T]
	of func(*Tx) T
}

func (c riverClient[T]) insert(ctx context.Context, tx *Tx, jobs []river.InsertManyParams) error {
	_, err := c.InsertManyTx(ctx, c.of(tx), jobs)
	return err
}

func (c riverClient[T]) start(ctx context.Context) error { return c.Start(ctx) }
func (c riverClient[T]) stop(ctx context.Context) error  { return c.StopAndCancel(ctx) }

// Options say what a process works.
type Options struct {
	Workers  *river.Workers
	Queues   map[string]river.QueueConfig // empty: the process only inserts
	Periodic []*river.PeriodicJob
	// Lead lets the process keep the queue in order (schedule, rescue, clean)
	// where it is elected. It must then know every kind of job.
	Lead bool
	Log  *slog.Logger
}

// Open makes River's tables where they are missing and takes the queue, on
// SQLite for this process alone: [ErrHeld] says that another one has it; then
// the queue returned can insert jobs and nothing else.
func Open(ctx context.Context, st *store.Store, dir string) (*Queue, error) {
	q := &Queue{db: st.Writer(), postgres: st.Postgres(), dir: dir, words: st.InWords}
	if q.postgres {
		return q, q.words(migratePostgres(ctx, st.Pool()))
	}
	err := q.Take(ctx)
	if isHeld(err) {
		if err := migrateSQLite(ctx, q.db, false); err != nil {
			return nil, q.words(err)
		}
		return q, err
	}
	if err != nil {
		return nil, err
	}
	return q, nil
}

// Take takes the queue for this process, if no other one has it now: else [ErrHeld].
// [Queue.Start] then begins to work it. On PostgreSQL all processes have it.
func (q *Queue) Take(ctx context.Context) error {
	if q.Works() {
		return nil
	}
	l, err := takeLock(ctx, q.dir)
	if err != nil {
		return err
	}
	if err := migrateSQLite(ctx, q.db, true); err != nil {
		l.free()
		return q.words(err)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lock = l
	return nil
}

// Start begins to work jobs as the options say. Without queues the process only
// inserts; it may be started again with some.
func (q *Queue) Start(ctx context.Context, st *store.Store, o Options) error {
	id, works := rand.Text(), len(o.Queues) > 0 && q.Works()
	conf := &river.Config{
		ID:     id,
		Queues: o.Queues, Workers: o.Workers, PeriodicJobs: o.Periodic, LeaderElectionDisabled: !o.Lead,
		JobTimeout: Timeout, RescueStuckJobsAfter: Rescue, MaxAttempts: MaxAttempts, RetryPolicy: steady{},
		FetchCooldown: 20 * time.Millisecond, FetchPollInterval: 200 * time.Millisecond,
		CompletedJobRetentionPeriod: 10 * time.Minute, CancelledJobRetentionPeriod: 10 * time.Minute, DiscardedJobRetentionPeriod: 24 * time.Hour,
		SkipUnknownJobCheck: true, Logger: slog.New(riverLog{o.Log.Handler()}),
	}
	if !works {
		conf.Queues, conf.Workers, conf.PeriodicJobs = nil, nil, nil
	}
	var c client
	var err error
	if q.postgres {
		c, err = newClient(riverpgxv5.New(st.Pool()), conf, func(tx *Tx) pgx.Tx { return tx.pg })
	} else {
		c, err = newClient(riversqlite.New(q.db), conf, func(tx *Tx) *sql.Tx { return tx.Tx })
	}
	if err == nil {
		q.set(c, id, works)
		if works {
			err = c.start(ctx)
		}
	}
	if err != nil {
		return q.words(fmt.Errorf("starting the job queue: %w", err))
	}
	return nil
}

func (q *Queue) set(c client, id string, works bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.client, q.id, q.works = c, id, works
}

// inserter is the client that inserts jobs, and the name of this process.
func (q *Queue) inserter() (client, string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.client, q.id
}

func newClient[T any](driver riverdriver.Driver[T], conf *river.Config, of func(*Tx) T) (client, error) {
	c, err := river.NewClient(driver, conf)
	return riverClient[T]{c, of}, err
}

// Stop ends all work: the contexts of jobs under way are cancelled, and their
// rows are retried by whoever works next.
func (q *Queue) Stop() error {
	q.mu.Lock()
	c, works := q.client, q.works
	q.works = false
	q.mu.Unlock()
	if !works {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return c.stop(ctx)
}

// Close frees the queue for another process. It comes after Stop.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lock.free()
	q.lock = nil
}

// Works reports whether this process may work jobs, or can only insert them.
func (q *Queue) Works() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.postgres || q.lock != nil
}

// Postgres reports whether other processes may work on the same queue.
func (q *Queue) Postgres() bool { return q.postgres }

// steady is a retry policy without back-off. River's own waits a second after
// the first attempt and three weeks after the last; a rescued job must not wait
// longer each time.
type steady struct{}

// NextRetry returns the time of the next attempt.
func (steady) NextRetry(*rivertype.JobRow) time.Time { return time.Now().Add(Retry) }
