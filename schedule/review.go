package schedule

import (
	"context"
	"errors"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports/store"
)

// unseenRuns is how many runs in a row may have failed to see whether a finding
// still stands, without its history being lost: a week of nights.
const unseenRuns = 7

// review dates what was found by what the runs before found, and gives the Case
// with that history. A name of which nothing is found costs no reading.
func (rd *member) review(c *detect.Case, outs []detect.Outcome, st standing) *detect.Case {
	if st.asked && st.last == nil {
		return detect.Review(c, outs, rules.All, nil) // the run before does not know the name
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	since, err := rd.since(ctx, c.Target.Domain, outs)
	if err != nil {
		rd.fail(err)
	}
	return detect.Review(c, outs, rules.All, since)
}

// since tells when each thing that is found now was first found, as far as the
// run before found it too. Where that could not judge, the one before it
// decides: a site that hides for a night has not mended anything.
func (rd *member) since(ctx context.Context, domain string, outs []detect.Outcome) (map[string]time.Time, error) {
	open := map[string]bool{}
	for i := range outs {
		if outs[i].Verdict == detect.Found {
			open[outs[i].Rule] = true
		}
	}
	since := map[string]time.Time{}
	s := rd.r.cfg.Store
	run := rd.before
	for n := 0; len(open) > 0 && run != "" && n < unseenRuns; n++ {
		was, err := s.Verdict(ctx, run, domain)
		if errors.Is(err, store.ErrNoResult) {
			break
		}
		if err != nil {
			return nil, err
		}
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
		if len(open) == 0 {
			break
		}
		earlier, err := s.LastDone(ctx, rd.run.Inventory, run)
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
