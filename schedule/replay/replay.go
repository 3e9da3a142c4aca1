// Package replay judges the kept evidence of a run again, by the rules and the
// policy of today. It visits nothing and stores nothing.
package replay

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule"
	"github.com/beianwatch/beianwatch/schedule/packed"
)

// A Coverage says how much of a run could be judged again.
type Coverage struct {
	Results  int // of the run
	Judged   int // again
	NotKept  int // no evidence was kept of them
	Older    int // an older version kept it, without what they were judged by
	Faulty   int // it cannot be read …
	FirstBad error
}

// A Run is what is judged again.
type Run struct {
	Store  *store.Store
	Dir    string // the data folder, below which the evidence lies
	Run    *reports.Run
	Policy *detect.Policy // of today
}

// Pairs hands over what the run said and what the rules of today say, domain by
// domain in the order of the store; domains without evidence are left out and
// counted. cover is whole when the sequence has ended. Memory does not grow with
// the run.
func (r *Run) Pairs(ctx context.Context, cover *Coverage) iter.Seq2[reports.Pair, error] {
	today := *r.Run
	today.Ruleset = detect.Ruleset()
	return func(yield func(reports.Pair, error) bool) {
		*cover = Coverage{}
		err := r.Store.Results(ctx, r.Run.ID, func(res store.Result) error {
			cover.Results++
			now, err := r.judge(&today, &res, cover)
			if err != nil || now == nil {
				return err
			}
			cover.Judged++
			if !yield(reports.Pair{Was: res.Record, Now: now}, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(reports.Pair{}, err)
		}
	}
}

// errEnough ends a reading whose reader has had enough.
var errEnough = errors.New("enough")

// judge judges one result again; nil if it cannot be.
func (r *Run) judge(today *reports.Run, res *store.Result, cover *Coverage) (*reports.Record, error) {
	if res.Evidence.File == "" {
		cover.NotKept++
		return nil, nil
	}
	in, err := r.input(res)
	switch {
	case err != nil:
		cover.Faulty++
		if cover.FirstBad == nil {
			cover.FirstBad = err
		}
		return nil, nil
	case in == nil:
		cover.Older++
		return nil, nil
	}
	c := detect.NewCase(*in, nil)
	outs := detect.Judge(c, rules.All)
	c = detect.Review(c, outs, rules.All, since(res.Record))
	now := reports.NewRecord(today, c, outs)
	now.Domain, now.Owner = res.Record.Domain, res.Record.Owner // of a result that was kept, the line may have changed
	return now, nil
}

// input is what the case of a result is made of; nil if the evidence does not say.
func (r *Run) input(res *store.Result) (*detect.Input, error) {
	obs, judged, err := schedule.ReadJudged(r.Dir, r.Run.ID, res.Evidence)
	if err != nil || judged == nil {
		return nil, err
	}
	in, err := packed.ReadJudged(judged, obs, r.Policy)
	if err != nil {
		return nil, fmt.Errorf("reading what %s was judged by: %w", res.Record.Domain, err)
	}
	return &in, nil
}

// since is when what a record tells of was first found: judging it again does not
// make it new.
func since(was *reports.Record) map[string]time.Time {
	dates := map[string]time.Time{}
	for i := range was.Outcomes {
		if o := &was.Outcomes[i]; o.Verdict == detect.Found && !o.Since.IsZero() {
			dates[o.Rule] = o.Since
		}
	}
	return dates
}
