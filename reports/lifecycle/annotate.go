package lifecycle

import (
	"context"
	"database/sql"
	"iter"
	"time"

	"github.com/beianwatch/beianwatch/reports"
)

// recordsAtOnce is how many records are told apart by one question.
const recordsAtOnce = 200

// Annotate gives the records of a run the life of their findings: their states, if the run was
// taken into account, and the waivers in force on its day. The records may be in
// any order.
func (s *Store) Annotate(ctx context.Context, run *reports.Run, records iter.Seq2[*reports.Record, error]) iter.Seq2[*reports.Record, error] {
	a, err := s.annotating(ctx, run) // now: the records may hold connections of the readers
	return func(yield func(*reports.Record, error) bool) {
		if err != nil {
			yield(nil, err)
			return
		}
		var held []*reports.Record
		flush := func() bool {
			if err := a.annotate(ctx, held); err != nil {
				yield(nil, err)
				return false
			}
			for _, r := range held {
				if !yield(r, nil) {
					return false
				}
			}
			held = held[:0]
			return true
		}
		for r, err := range records {
			if err != nil {
				if flush() {
					yield(nil, err)
				}
				return
			}
			if held = append(held, r); len(held) == recordsAtOnce && !flush() {
				return
			}
		}
		flush()
	}
}

// An annotating knows what the findings of one run are to be compared with.
type annotating struct {
	s       *Store
	run     string
	scope   int64
	taken   bool // the run was taken into account
	changed bool // … and changed something
	at      time.Time
	waivers *Waivers
}

func (s *Store) annotating(ctx context.Context, run *reports.Run) (*annotating, error) {
	a := &annotating{s: s, run: run.ID, at: run.StartedAt}
	step, err := s.results.Step(ctx, run.ID, Step)
	if err != nil {
		return nil, err
	}
	a.taken = step.Done
	c, err := s.scope(ctx, run.Inventory)
	if err != nil {
		return nil, err
	}
	a.scope = c.id
	err = s.each(ctx, `SELECT 1 FROM finding_event WHERE scope = $1 AND run = $2 LIMIT 1`, []any{a.scope, a.run}, func(*sql.Rows) error {
		a.changed = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	a.waivers, err = s.Waivers(ctx)
	return a, err
}

// annotate gives records the life of their findings.
func (a *annotating) annotate(ctx context.Context, records []*reports.Record) error {
	if !a.taken && len(a.waivers.all) == 0 {
		return nil
	}
	states := map[string]map[string]reports.State{}
	if a.taken && a.changed {
		domains := make([]string, len(records))
		for i, r := range records {
			domains[i] = r.Domain
		}
		// Among's list is the second parameter.
		among, list := a.s.results.Among(domains)
		err := eachOf(ctx, a.s.results.Aside(), `SELECT domain, rule, state FROM finding_event WHERE run = $1 AND domain `+among+` AND scope = $3`, []any{a.run, list, a.scope}, func(rows *sql.Rows) error {
			var domain, rule string
			var state reports.State
			if err := rows.Scan(&domain, &rule, &state); err != nil {
				return reading(err)
			}
			if states[domain] == nil {
				states[domain] = map[string]reports.State{}
			}
			states[domain][rule] = state
			return nil
		})
		if err != nil {
			return err
		}
	}
	none := map[string]reports.State{}
	for _, r := range records {
		known := states[r.Domain]
		if known == nil && a.taken {
			known = none
		}
		r.SetLife(known, a.waivers.On(a.at))
	}
	return nil
}
