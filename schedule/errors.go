package schedule

import (
	"context"
	"errors"
	"sync"

	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/crawler/message"
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
	case err == nil || errors.As(err, &snooze):
		r.mu.Lock()
		r.strikes = 0
		r.mu.Unlock()
		return err
	case errors.Is(err, queue.ErrNotMine):
		// Not to be counted; see [worker.Work].
		return err
	case errors.Is(err, errOver) || store.Unavailable(err) || errors.Is(err, context.Canceled) || errors.Is(err, polite.ErrLost):
		return err
	}
	r.mu.Lock()
	r.strikes++
	n := r.strikes
	r.mu.Unlock()
	r.log.Warn("a job failed and is tried again", "err", err)
	if n >= maxStrikes {
		r.fail("", err)
	}
	return err
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
