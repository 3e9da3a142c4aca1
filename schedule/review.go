package schedule

import (
	"context"
	"errors"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
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
	since, err := w.since(ctx, c.Target.Domain, outs)
	if err != nil {
		return nil, err
	}
	return detect.Review(c, outs, rules.All, since), nil
}

// since returns when each thing that is found now was first found, as far as
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
