package schedule

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// maxUnseenRuns is how many runs in a row may have failed to see whether a
// finding still stands, without its history being lost: a week of nights.
const maxUnseenRuns = 7

// review dates what was found by what the runs before found, and returns the
// Case with that history. A name of which nothing is found costs no reading. An
// error leaves the name without a verdict, so a first-found date is never lost
// to an outage of the database: the name's job is tried again.
func (w *runWorker) review(ctx context.Context, c *detect.Case, outs []detect.Outcome, h history) (*detect.Case, error) {
	if h.asked && h.last == nil {
		return detect.Review(c, outs, rules.All, nil), nil // the run before does not know the name
	}
	var since map[string]time.Time
	var err error
	switch {
	case !slices.ContainsFunc(outs, func(o detect.Outcome) bool { return o.Verdict == detect.Found }):
	case w.lived != nil:
		since, err = w.lived.Since(ctx, c.Target.Domain)
	default:
		since, err = w.since(ctx, c.Target.Domain, outs)
	}
	if err != nil {
		return nil, err
	}
	return detect.Review(c, outs, rules.All, since), nil
}

// since is for the first run behind one of an older version, whose findings have no
// life yet. It returns when each thing that is found now was first found, as far as
// the run before found it too. Where that could not judge, the one before it
// decides: a site that hides for a night has not fixed anything.
func (w *runWorker) since(ctx context.Context, domain string, outs []detect.Outcome) (map[string]time.Time, error) {
	open := map[string]bool{}
	for i := range outs {
		if outs[i].Verdict == detect.Found {
			open[outs[i].Rule] = true
		}
	}
	since := map[string]time.Time{}
	s := w.r.cfg.Store
	run := w.before
	for n := 0; len(open) > 0 && run != "" && n < maxUnseenRuns; n++ {
		was, err := s.Verdict(ctx, run, domain)
		switch {
		case err == nil:
			lookBack(was, open, since)
		case !errors.Is(err, store.ErrNoResult):
			return nil, err
		default: // of a thinned run, what the run after it repeats is gone: that one settled nothing either
			info, err := s.Run(ctx, run)
			if err != nil || !info.Thinned {
				return since, err
			}
		}
		if len(open) == 0 {
			break
		}
		earlier, err := s.LastDone(ctx, w.run.Inventory, run)
		if errors.Is(err, store.ErrNoRun) {
			break
		}
		if err != nil {
			return nil, err
		}
		run = earlier.ID
	}
	return since, nil
}

// lookBack takes from the open findings those that an earlier result speaks of,
// and dates those that it found.
func lookBack(was *reports.Record, open map[string]bool, since map[string]time.Time) {
	for rule := range open {
		switch o, _ := was.Outcome(rule); o.Verdict {
		case detect.Unknown, detect.Broken:
			continue
		case detect.Found:
			if since[rule] = o.Since; o.Since.IsZero() {
				since[rule] = was.At // stored before findings had dates
			}
		}
		delete(open, rule)
	}
}

// findings takes the run into the life of findings, after the runs before it that an
// older version has left. Each part is one transaction that holds the job: a late
// attempt changes nothing.
func (f *finishing) findings(ctx context.Context) error {
	f.readWaivers(ctx)
	for {
		run, err := f.r.lives.Behind(ctx, f.info.Run)
		if errors.Is(err, store.ErrNoRun) {
			return f.take(ctx, f.info.Run)
		}
		if err != nil {
			return err
		}
		if err := f.take(ctx, run); err != nil {
			return err
		}
	}
}

// take takes one run into account.
func (f *finishing) take(ctx context.Context, run *reports.Run) error {
	pass, err := f.r.lives.Begin(ctx, run)
	if err != nil {
		return err
	}
	for {
		more, err := pass.Next(ctx, f.holding)
		if err != nil || !more {
			return err
		}
		if time.Now().After(f.until) {
			return river.JobSnooze(busyWait)
		}
	}
}

// holding carries out part of the job in one transaction.
func (f *finishing) holding(ctx context.Context, do func(*sql.Tx) error) error {
	return f.r.queue.Do(ctx, func(tx *queue.Tx) error {
		if err := f.r.queue.Hold(ctx, tx, f.job.JobRow); err != nil {
			return err
		}
		return do(tx.Tx)
	})
}

// readWaivers brings the waivers up to date with their file. One that cannot be
// read now was checked when the process began: what is stored of it holds.
func (f *finishing) readWaivers(ctx context.Context) {
	if f.r.cfg.Waivers == nil {
		return
	}
	list, err := f.r.cfg.Waivers()
	if err == nil {
		err = f.r.lives.Sync(ctx, list)
	}
	if err != nil {
		f.r.log.Warn("the waivers are those of the last run", "run", f.info.ID, "err", err)
	}
}
