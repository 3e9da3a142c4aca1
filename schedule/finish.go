package schedule

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// The steps that end a run. Each can be done twice; which one is next is stored
// with the run.
const (
	stepCount    = ""         // every target has its verdict
	stepFindings = "findings" // the run is taken into the life of findings
	stepReports  = "reports"  // reports are written
	stepTell     = "tell"     // people are told
	stepThin     = "thin"     // what is older than is kept goes
	stepClear    = "clear"    // the rows and jobs that the run needed go
)

// finishTime is how long one attempt works on the steps before it lets others
// have its place.
const finishTime = 45 * time.Second

// finish works the job that ends a run: it waits until no other job of the run
// is left, then does the steps and marks the run as done.
func (r *Runner) finish(ctx context.Context, job *river.Job[finishArgs]) error {
	info, err := r.run(ctx, job.Args.Run)
	if errors.Is(err, errNoState) || errors.Is(err, store.ErrNoRun) || err == nil && (!info.open() || info.stopped()) {
		return nil
	}
	if err != nil {
		return r.told(err)
	}
	if !r.ends(info.ID) {
		return river.JobSnooze(othersWait)
	}
	held, err := r.locks.TryNamed(ctx, "finish "+info.ID)
	if err != nil {
		return r.told(err)
	}
	if !held {
		return river.JobSnooze(busyWait)
	}
	defer r.locks.Release("finish " + info.ID)
	f := finishing{r: r, job: job, info: info, until: time.Now().Add(finishTime)}
	return r.told(f.run(ctx))
}

// othersWait is how long a process that ends one run alone leaves the others' to others.
const othersWait = 10 * time.Second

// ends reports whether this process ends a run: one that is there for one run would
// write the reports of others where nobody looks for them.
func (r *Runner) ends(run string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.cfg.Single || r.attached[run] != nil
}

// A finishing is one attempt at ending a run.
type finishing struct {
	r     *Runner
	job   *river.Job[finishArgs]
	info  *runInfo
	until time.Time
}

func (f *finishing) run(ctx context.Context) error {
	r, info := f.r, f.info
	for {
		var err error
		next := ""
		switch info.state.step {
		case stepCount:
			open, err := r.queue.HasOpen(ctx, r.db.reader, info.ID, kindFinish)
			if err != nil {
				return err
			}
			if open {
				return river.JobSnooze(f.patience())
			}
			missing, err := f.count(ctx)
			if err != nil {
				return err
			}
			if missing {
				return river.JobSnooze(f.patience())
			}
			next = stepFindings
		case stepFindings:
			err, next = f.findings(ctx), stepReports
		case stepReports:
			err, next = f.reports(ctx), stepTell
		case stepTell:
			err, next = f.tell(ctx), stepThin
		case stepThin:
			err, next = f.thin(ctx), stepClear
		case stepClear:
			if err := f.clear(ctx); err != nil {
				return err
			}
			return f.done(ctx)
		default:
			return fmt.Errorf("run %s is at the step %q, which this program does not know", info.ID, info.state.step)
		}
		if err != nil {
			return err
		}
		if err := f.store(ctx, next); err != nil {
			return err
		}
	}
}

// patience is how long the job waits before it checks again whether others are
// left: a snooze shorter than the queue's poll would come back at once.
func (f *finishing) patience() time.Duration {
	if f.info.state.targets < 5000 {
		return 300 * time.Millisecond
	}
	return busyWait
}

// store notes the next step.
func (f *finishing) store(ctx context.Context, step string) error {
	err := f.r.queue.Do(ctx, func(tx *queue.Tx) error {
		if err := f.r.queue.Hold(ctx, tx, f.job.JobRow); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE run_state SET step = $2, controls = $3 WHERE run = $1 AND first_seq = $4`, f.info.ID, step, f.info.state.controls, f.info.state.first)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errReread)
		}
		if step == stepFindings {
			return f.r.lives.Reset(ctx, tx.Tx, f.info.ID)
		}
		return nil
	})
	if err == nil {
		f.info.state.step = step
	}
	return err
}

// count compares verdicts with targets. Names that have neither a verdict nor
// an open job (a job was discarded or deleted) are put in again; missing says
// that there were any.
func (f *finishing) count(ctx context.Context) (missing bool, err error) {
	r, info := f.r, f.info
	n, err := r.cfg.Store.Count(ctx, info.ID)
	if err != nil {
		return false, err
	}
	if n > info.state.targets && info.state.first > 0 {
		return true, r.dropStrays(ctx, info)
	}
	if n < info.state.targets {
		return true, r.putIn(ctx, f.job.JobRow, info, n)
	}
	run := info.Run
	run.Lines, run.Rejected, run.Verdicts = info.state.lines, info.state.rejected, n
	if run.Lines != run.Verdicts+run.Rejected {
		return false, message.Errorf("批次 %s：清单 %d 行，但结论 %d 行、无效 %d 行，数目不符", "run %s: %d lines, but %d verdicts and %d rejections", info.ID, run.Lines, run.Verdicts, run.Rejected)
	}
	seen, err := r.controlsSeen(ctx, info.number)
	if err != nil {
		return false, err
	}
	seen = append(seen, strings.Fields(info.state.controls)...)
	info.state.controls = strings.Join(unique(seen, maxControls), "\n")
	run.FinishedAt = r.cfg.Now()
	if run.FinishedAt.Before(run.StartedAt) { // the clock was set back
		run.FinishedAt = run.StartedAt
	}
	r.closeWorkers(info.ID)
	return false, r.cfg.Store.UpdateRun(ctx, run)
}

// reports lets the caller write reports. They may take longer than an attempt
// has: then the writing goes on and the next attempt waits for it.
func (f *finishing) reports(ctx context.Context) error {
	if f.r.cfg.Finished == nil {
		return nil
	}
	done := f.r.writeReports(f.info)
	select {
	case err := <-done.err:
		f.r.forgetReports(f.info.ID)
		return err
	case <-time.After(time.Until(f.until)):
		return river.JobSnooze(busyWait)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// thinStep is how many results one step of thinning reads.
const thinStep = 10_000

// thin deletes what is older than is kept, in steps: rows, then evidence that no
// row names any more.
func (f *finishing) thin(ctx context.Context) error {
	keep := f.r.opt.Keep
	if keep <= 0 {
		return nil
	}
	for {
		more, err := f.r.cfg.Store.Thin(ctx, keep, thinStep)
		if err == nil && !more {
			more, err = f.r.cfg.Store.SweepEvidence(ctx, evidenceRoot(f.r.cfg.Dir), thinStep)
		}
		if err != nil || !more {
			return err
		}
		if time.Now().After(f.until) {
			return river.JobSnooze(busyWait)
		}
	}
}

// clear deletes the rows and jobs that the run needed. Its rejections and its
// state stay.
func (f *finishing) clear(ctx context.Context) error {
	for {
		more, err := f.r.clearRun(ctx, f.info)
		if err != nil {
			return err
		}
		if !more {
			return f.r.clearOthers(ctx)
		}
		if time.Now().After(f.until) {
			return river.JobSnooze(busyWait)
		}
	}
}

// done marks the run as done, and completes the job with it.
func (f *finishing) done(ctx context.Context) error {
	err := f.r.queue.Do(ctx, func(tx *queue.Tx) error {
		if err := queue.Complete(ctx, f.r.queue, tx, f.job); err != nil {
			return err
		}
		if err := f.r.cleared(ctx, tx, f.info.number); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE run SET state = $2 WHERE id = $1`, f.info.ID, string(reports.RunDone))
		return err
	})
	if err == nil {
		f.r.log.Debug("run done", "run", f.info.ID, "verdicts", f.info.Verdicts, "rejected", f.info.Rejected)
	}
	return err
}

// A writing is the writing of a run's reports in this process.
type writing struct{ err chan error }

// writeReports begins to write the reports of a run, or returns the writing
// that is under way.
func (r *Runner) writeReports(info *runInfo) *writing {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w := r.writings[info.ID]; w != nil {
		return w
	}
	w := &writing{err: make(chan error, 1)}
	r.writings[info.ID] = w
	run := *info.Run
	run.State = reports.RunDone // which it is as soon as they are written
	r.tasks.Go(func() { w.err <- r.cfg.Finished(r.ctx, &run) })
	return w
}

func (r *Runner) forgetReports(run string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.writings, run)
}

// unique returns the first n different texts of a list.
func unique(list []string, n int) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] && len(out) < n {
			seen[s], out = true, append(out, s)
		}
	}
	return out
}
