package queue

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// noteArgs are the arguments of the tests' jobs.
type noteArgs struct {
	Run string `json:"run"`
	N   int    `json:"n"`
}

func (noteArgs) Kind() string { return "note" }

// A taker works notes by a function; where it is nil, nobody does.
type taker struct {
	river.WorkerDefaults[noteArgs]
	work func(context.Context, *river.Job[noteArgs]) error
}

func (w *taker) Work(ctx context.Context, job *river.Job[noteArgs]) error { return w.work(ctx, job) }

// openQueue opens a queue whose jobs the function works, eight at a time.
func openQueue(t *testing.T, dsn string, work func(context.Context, *Queue, *river.Job[noteArgs]) error) *Queue {
	t.Helper()
	ctx := context.Background()
	st, err := store.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	q, err := Open(ctx, st, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	workers := river.NewWorkers()
	river.AddWorker(workers, &taker{work: func(ctx context.Context, job *river.Job[noteArgs]) error { return work(ctx, q, job) }})
	err = q.Start(ctx, st, Options{Workers: workers, Queues: map[string]river.QueueConfig{worked: {MaxWorkers: 8}}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Stop(); err != nil {
			t.Error(err)
		}
	})
	return q
}

// worked is the queue that is worked; jobs in others stay as they are.
const worked = "worked"

// notes makes n jobs.
func notes(queue, run string, n int) []Job {
	jobs := make([]Job, n)
	for i := range jobs {
		jobs[i] = Job{Args: noteArgs{run, i}, Opts: river.InsertOpts{Queue: queue}}
	}
	return jobs
}

// insert inserts jobs in a transaction of their own.
func insert(t *testing.T, q *Queue, jobs ...Job) {
	t.Helper()
	ctx := context.Background()
	if err := q.Do(ctx, func(tx *Tx) error { return q.Insert(ctx, tx, jobs...) }); err != nil {
		t.Fatal(err)
	}
}

// number reads one number.
func number(t *testing.T, q *Queue, query string, args ...any) (n int) {
	t.Helper()
	if err := q.db.QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// dsns are a database of each engine.
var dsns = map[string]func(*testing.T) string{
	"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "results.db") },
	"postgres": func(t *testing.T) string { return pgtest.DSN(t) },
}
