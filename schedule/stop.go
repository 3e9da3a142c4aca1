package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// stoppedConfig stands in the place of a run's fingerprint while a person has it
// stopped: no process works with such rules and settings.
const stoppedConfig = "stopped"

// stopped reports whether a person has stopped the run.
func (i *runInfo) stopped() bool { return i.state.config == stoppedConfig }

// ErrNotOpen reports that a run is over, so that it can be neither stopped nor
// resumed.
var ErrNotOpen = errors.New("the run is over")

// How Stop takes the jobs of a run out of the queue: those that were under way when
// it was called may put others in until their time is over.
const (
	stopEvery = 500 * time.Millisecond
	stopFor   = queue.Rescue
)

// Start begins a run, or takes up an unfinished one, as [Runner.Begin] does, for
// a caller that does not wait for it.
func (r *Runner) Start(ctx context.Context, s Start) (*Run, error) {
	r.beginning.Lock()
	defer r.beginning.Unlock()
	return r.beginPatiently(ctx, s)
}

// Stop ends work on a run until somebody begins its inventory again, which resumes
// the run. Visits under way end; what they have seen is stored.
func (r *Runner) Stop(ctx context.Context, id string) error {
	info, err := r.run(ctx, id)
	if err != nil {
		return err
	}
	if !info.open() {
		return fmt.Errorf("%w: %s", ErrNotOpen, id)
	}
	stop := func() error {
		return r.queue.Do(ctx, func(tx *queue.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE run SET trouble = $2 WHERE id = $1 AND state IN ('planning', 'active')`, id, reports.Stopped)
			if err == nil {
				_, err = tx.ExecContext(ctx, `UPDATE run_state SET config = $2 WHERE run = $1`, id, stoppedConfig)
			}
			return err
		})
	}
	if err := store.Patiently(ctx, stop, func(err error) { r.log.Warn("waiting for the database", "err", err) }); err != nil {
		return err
	}
	r.stopReading(id)
	r.halt(id)
	r.tasks.Go(func() { r.emptyQueue(info) })
	return nil
}

// emptyQueue deletes the jobs of a stopped run until none can be under way, or
// the run goes on.
func (r *Runner) emptyQueue(info *runInfo) {
	for until := time.Now().Add(stopFor); time.Now().Before(until); {
		if !r.emptyOnce(info) {
			return
		}
		if pace.Wait(r.ctx, stopEvery) != nil {
			return
		}
	}
}

// emptyOnce deletes the jobs of a stopped run that are there; false if the run goes
// on. No run begins in this process meanwhile: it would delete the same jobs.
func (r *Runner) emptyOnce(info *runInfo) bool {
	r.beginning.Lock()
	defer r.beginning.Unlock()
	now, err := r.run(r.ctx, info.ID)
	if err != nil || !now.stopped() {
		return false
	}
	if err := r.deleteJobs(r.ctx, info, false); err != nil && !store.Unavailable(err) {
		r.log.Warn("the jobs of a stopped run could not be deleted", "run", info.ID, "err", err)
	}
	return !r.resumedMeanwhile(info.ID)
}

// resumedMeanwhile reports whether a run goes on; the job that it began with may have
// been deleted, and is put in again.
func (r *Runner) resumedMeanwhile(id string) bool {
	now, err := r.run(r.ctx, id)
	if err != nil || now.stopped() {
		return false
	}
	if now.open() {
		if err := r.queue.Do(r.ctx, func(tx *queue.Tx) error { return r.queue.Insert(r.ctx, tx, r.nextJob(now)) }); err != nil {
			r.log.Warn("a resumed run waits for its job", "run", id, "err", err)
		}
	}
	return true
}

// halt cancels the jobs of a run that this process works, and those that come.
func (r *Runner) halt(run string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.halted(run).cancel()
}

// goOn lets a run be worked again.
func (r *Runner) goOn(run string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.halts, run)
}

// A halt is cancelled when a run is stopped.
type halt struct {
	ctx    context.Context
	cancel context.CancelFunc
}

// halted returns the halt of a run; r.mu is held.
func (r *Runner) halted(run string) *halt {
	h := r.halts[run]
	if h == nil {
		h = &halt{}
		h.ctx, h.cancel = context.WithCancel(context.Background())
		r.halts[run] = h
	}
	return h
}

// untilStopped returns a context that ends when the run is stopped, too.
func (r *Runner) untilStopped(ctx context.Context, run string) (context.Context, func()) {
	r.mu.Lock()
	h := r.halted(run)
	r.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	forget := context.AfterFunc(h.ctx, cancel)
	return ctx, func() { forget(); cancel() }
}
