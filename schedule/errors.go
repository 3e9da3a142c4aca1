package schedule

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/polite"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// firstError keeps the first error of several goroutines. The zero value is
// ready.
type firstError struct {
	mu  sync.Mutex
	err error
}

func (f *firstError) set(err error) {
	if err == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

func (f *firstError) get() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// maxStrikes is how many jobs in a row may fail before a person is told that
// something is wrong with this machine (the disk, as a rule). An outage of the
// database does not count.
const maxStrikes = 5

// told counts what became of a job, and returns its error to River, which tries
// it again.
func (r *Runner) told(err error) error {
	var snooze *rivertype.JobSnoozeError
	switch {
	case errors.As(err, &snooze): // it says neither
		return err
	case err == nil:
		r.mu.Lock()
		r.strikes = 0
		delete(r.failures, "")
		r.mu.Unlock()
		return err
	case errors.Is(err, queue.ErrNotMine):
		// Not to be counted; see [worker.Work].
		return err
	case errors.Is(err, errOver) || store.Unavailable(err) || errors.Is(err, context.Canceled) || errors.Is(err, polite.ErrLost):
		return err
	}
	r.log.Warn("a job failed and is tried again", "err", r.cfg.Store.InWords(err))
	r.strike(err)
	return err
}

// strike counts an error of this machine.
func (r *Runner) strike(err error) {
	r.mu.Lock()
	r.strikes++
	n := r.strikes
	r.mu.Unlock()
	if n >= maxStrikes {
		r.fail("", r.cfg.Store.InWords(err))
	}
}

// How often a database that may have become useless is written to; seldom, once people know.
const (
	probeEvery  = 2 * time.Second
	probeSeldom = 30 * time.Second
)

// probe looks, until the process ends, whether the database can be written to, while somebody
// waits for a run or jobs have failed. Where it cannot, no job is handed out either, so none
// would fail and tell so.
func (r *Runner) probe() {
	for wait := probeEvery; pace.Wait(r.ctx, wait) == nil; {
		r.mu.Lock()
		worth, known := r.strikes > 0 || len(r.attached) > 0, r.strikes >= maxStrikes
		r.mu.Unlock()
		if wait = probeEvery; known {
			wait = probeSeldom
		}
		if !worth || !r.queue.Works() {
			continue
		}
		ctx, cancel := context.WithTimeout(r.ctx, 5*time.Second)
		err := r.sayHeld(ctx)
		cancel()
		if err != nil && !store.Unavailable(err) && r.ctx.Err() == nil {
			r.log.Warn("the database cannot be written to", "err", r.cfg.Store.InWords(err))
			r.strike(err)
		}
	}
}

// sayHeld stores by which settings this process works the jobs of a file, anew each time:
// SQLite writes nothing where a value stays. On PostgreSQL, where many work them, it stores
// something all the same, and changes nothing.
func (r *Runner) sayHeld(ctx context.Context) error {
	if r.queue.Postgres() {
		return r.db.exec(ctx, `UPDATE run_state SET step = step WHERE number = (SELECT MAX(number) FROM run_state)`)
	}
	return r.queue.Do(ctx, func(tx *queue.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM holder`)
		if err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO holder (config) VALUES ($1)`, r.fingerprint)
		}
		return err
	})
}

// fail lets those who wait for a run, or for any ("" ), know that it cannot go
// on here.
func (r *Runner) fail(run string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures[run] = err
}

func (r *Runner) failure(run string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.failures[run]; err != nil {
		return err
	}
	if err := r.failures[""]; err != nil {
		return message.Errorf("%w；重新执行同一命令即可继续", "%w; the same command resumes it", err)
	}
	return nil
}
