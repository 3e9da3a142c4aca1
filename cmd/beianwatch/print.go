package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"

	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/text"
	"github.com/beianwatch/beianwatch/schedule"
)

// terminal writes for a person on standard output.
func (p *program) terminal() *text.Terminal {
	t := text.NewTerminal(p.out, p.Lang, rules.All, os.Getenv)
	t.Verbose = p.Verbose
	return t
}

// printRecords writes the text report of each record.
func (p *program) printRecords(records iter.Seq2[*reports.Record, error]) error {
	t := p.terminal()
	for r, err := range records {
		if err != nil {
			return err
		}
		if err := t.Check(r); err != nil {
			return err
		}
	}
	return nil
}

// printSummary writes the overview of a run.
func (p *program) printSummary(ctx context.Context, s *store.Store, run *reports.Run) error {
	summary := reports.NewSummary(run, rules.All)
	for r, err := range p.records(ctx, s, run) {
		if err != nil {
			return err
		}
		summary.Add(r)
	}
	err := schedule.Rejections(ctx, s, run.ID, func(r inventory.Rejection) error {
		summary.Reject(r.Line, r.Text, r.Reason.In(p.Lang))
		return nil
	})
	if err != nil {
		return err
	}
	changes, err := p.changesSinceLast(ctx, s, run)
	if err != nil {
		return err
	}
	summary.Changes = changes
	if summary.Life, summary.Lapsed, err = p.lifeOf(ctx, s, run); err != nil {
		return err
	}
	summary.Close()
	return p.terminal().Summary(summary, "")
}

// changesSinceLast compares run with the finished run of the same inventory
// before it; nil if there is none, or a filter is set.
func (p *program) changesSinceLast(ctx context.Context, s *store.Store, run *reports.Run) (*reports.Changes, error) {
	was, err := s.LastDone(ctx, run.Inventory, run.ID)
	if errors.Is(err, store.ErrNoRun) || !p.filter.Empty() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var counts reports.DiffCounts
	return reports.NewChanges(was, run, reports.Diff(s.Verdicts(ctx, was.ID), lived(ctx, s, run, s.Verdicts(ctx, run.ID)), &counts), &counts)
}

// printDiff writes a comparison for a person.
func (p *program) printDiff(was, now *reports.Run, changes iter.Seq2[reports.Change, error], counts *reports.DiffCounts) error {
	c, err := reports.NewChanges(was, now, changes, counts)
	if err != nil {
		return err
	}
	return p.terminal().Diff(c)
}

// readAtMost reads up to n bytes.
func readAtMost(in io.Reader, n int64) ([]byte, error) { return io.ReadAll(io.LimitReader(in, n)) }
