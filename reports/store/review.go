package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// maxUnseenRuns is how many runs in a row may have failed to see whether a finding
// still stands, without its history being lost: a week of nights.
const maxUnseenRuns = 7

// Review gives the findings of a run their history: since when each has been found.
// Results are stored with findings that are dated by their own visit; where the run
// before found the same, judge is called with the dates of the first time, by rule,
// and sets them and what follows from them (Since, Due, an overdue outcome) in the
// outcomes of the record, whose rules stay as they are. A run that could not judge
// is passed over: a site that hides for a night has fixed nothing.
//
// The record has no more than [Store.Verdicts] gives. One call reviews no more than
// limit domains on which something was found, in the order of domains, and reports
// whether there are more. It can be called again at any time, and goes on behind
// what is stored; a run that was reviewed is not reviewed again.
func (s *Store) Review(ctx context.Context, run *reports.Run, limit int, judge func(r *reports.Record, since map[string]time.Time)) (more bool, err error) {
	at, err := s.Step(ctx, run.ID, stepReview)
	if err != nil || at.Done {
		return false, err
	}
	records, err := s.foundBehind(ctx, run.ID, at.Place, max(limit, 1))
	if err != nil {
		return false, err
	}
	if len(records) == 0 {
		return false, s.SetStep(ctx, run.ID, stepReview, Step{Place: at.Place, Done: true})
	}
	since, err := s.firstFound(ctx, run, records)
	if err != nil {
		return false, err
	}
	var changed []row
	for _, r := range records {
		if len(since[r.Domain]) == 0 {
			continue
		}
		was, err := packVerdict(r)
		if err != nil {
			return false, err
		}
		judge(r, since[r.Domain])
		now, err := packVerdict(r)
		if err != nil {
			return false, err
		}
		if !now.same(&was) {
			changed = append(changed, now)
		}
	}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		if len(changed) > 0 {
			if err := s.engine.amend(ctx, tx, changed); err != nil {
				return err
			}
		}
		return s.SetStepTx(ctx, tx, run.ID, stepReview, Step{Place: records[len(records)-1].Domain})
	})
	return true, err
}

// foundBehind returns the next domains on which something was found.
func (s *Store) foundBehind(ctx context.Context, run, from string, limit int) ([]*reports.Record, error) {
	var records []*reports.Record
	query := `SELECT ` + resultColumns + `, NULL` + fromResult + ` WHERE r.run = $1 AND r.domain IN (
		SELECT DISTINCT domain FROM finding WHERE run = $1 AND domain > $2 ORDER BY domain LIMIT $3)` + inOrder
	for r, err := range s.sequence(ctx, query, run, from, limit) {
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, nil
}

// firstFound returns when each finding of the records was first found, by domain
// and rule, without a run in between that judged and did not find it. A finding
// that is found for the first time has no date.
func (s *Store) firstFound(ctx context.Context, run *reports.Run, records []*reports.Record) (map[string]map[string]time.Time, error) {
	since := map[string]map[string]time.Time{}
	open := map[string]map[string]bool{} // findings of which no run has spoken yet
	for _, r := range records {
		open[r.Domain] = map[string]bool{}
		for i := range r.Outcomes {
			if r.Outcomes[i].Verdict == detect.Found {
				open[r.Domain][r.Outcomes[i].Rule] = true
			}
		}
	}
	before := run.ID
	for n := 0; n < maxUnseenRuns && len(open) > 0 && run.Inventory != ""; n++ {
		earlier, err := s.LastDone(ctx, run.Inventory, before)
		if errors.Is(err, ErrNoRun) {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := s.recall(ctx, earlier, open, since); err != nil {
			return nil, err
		}
		before = earlier.ID
	}
	return since, nil
}

// recall adds what an earlier run says of the open findings. A domain that the
// run does not have is new since, unless the run was thinned: then the run after
// it, which did not settle the finding either, said the same.
func (s *Store) recall(ctx context.Context, earlier *reports.Run, open map[string]map[string]bool, since map[string]map[string]time.Time) error {
	domains := make([]string, 0, len(open))
	for d := range open {
		domains = append(domains, d)
	}
	known := map[string]bool{}
	for len(domains) > 0 {
		part := domains[:min(inPart, len(domains))]
		domains = domains[len(part):]
		among, list := s.Among(part)
		query := `SELECT ` + resultColumns + `, NULL` + fromResult + ` WHERE r.run = $1 AND r.domain ` + among + inOrder
		for was, err := range s.sequence(ctx, query, earlier.ID, list) {
			if err != nil {
				return err
			}
			known[was.Domain] = true
			lookBack(was, open, since)
		}
	}
	for d := range open {
		if len(open[d]) == 0 || !known[d] && !earlier.Thinned {
			delete(open, d)
		}
	}
	return nil
}

// lookBack takes from the open findings of a domain those that an earlier result
// speaks of, and dates those that it found.
func lookBack(was *reports.Record, open map[string]map[string]bool, since map[string]map[string]time.Time) {
	for rule := range open[was.Domain] {
		o, _ := was.Outcome(rule)
		switch o.Verdict {
		case detect.Unknown, detect.Broken:
			continue
		case detect.Found:
			if since[was.Domain] == nil {
				since[was.Domain] = map[string]time.Time{}
			}
			if since[was.Domain][rule] = o.Since; o.Since.IsZero() {
				since[was.Domain][rule] = was.At // stored before findings had dates
			}
		}
		delete(open[was.Domain], rule)
	}
}
