package lifecycle

import (
	"context"
	"errors"
	"slices"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// Histories returns how the outcomes of a domain changed over the runs that are
// done, one history for each inventory that has it.
func (s *Store) Histories(ctx context.Context, domain string) ([]*reports.History, error) {
	runs, err := s.results.Runs(ctx, 0)
	if err != nil {
		return nil, err
	}
	slices.Reverse(runs)
	var list []*reports.History
	of := map[string]*reports.History{}
	for _, run := range runs {
		if run.State != reports.RunDone {
			continue
		}
		h := of[run.Inventory]
		if h == nil {
			h = &reports.History{Domain: domain, Inventory: run.Inventory}
			of[run.Inventory] = h
			list = append(list, h)
		}
		r, err := s.record(ctx, run, domain)
		if err != nil {
			return nil, err
		}
		h.Add(run, r)
	}
	return slices.DeleteFunc(list, func(h *reports.History) bool { return h.Runs == 0 }), nil
}

// record is what a run says of a domain; nil if it has no result for it.
func (s *Store) record(ctx context.Context, run *reports.Run, domain string) (*reports.Record, error) {
	r, err := s.results.Verdict(ctx, run.ID, domain)
	if errors.Is(err, store.ErrNoResult) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	a, err := s.annotating(ctx, run)
	if err == nil {
		err = a.annotate(ctx, []*reports.Record{r})
	}
	return r, err
}
