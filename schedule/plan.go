package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/sharing"
)

// planBatch is how many lines are stored in one transaction.
const planBatch = 1000

// plan reads the inventory into the database. It can be stopped anywhere: the
// line up to which all is stored is kept with what was stored.
func (rd *Round) plan(ctx context.Context) error {
	rd.mu.Lock()
	planned, after := rd.planned, rd.line
	rd.mu.Unlock()
	if planned {
		return nil
	}
	index, err := sharers(ctx, rd.inventory, rd.r.cfg.Dir, func() {})
	if err != nil {
		return err
	}
	defer index.Close()
	p := planner{rd: rd, ctx: ctx, after: after, sharers: index}
	counts, err := inventory.Read(rd.inventory, p.target, p.rejection)
	switch {
	case p.failed != nil:
		return p.failed
	case err != nil:
		return &unreadable{err}
	}
	if err := p.flush(); err != nil {
		return err
	}
	rd.mu.Lock()
	defer rd.mu.Unlock()
	rd.warnings = strings.Join(counts.Warnings, "\n")
	err = rd.r.db.exec(ctx, `UPDATE round SET planned = 1, warnings = $2 WHERE id = $1`, rd.id, rd.warnings)
	if err != nil {
		return fmt.Errorf("storing the plan: %w", err)
	}
	rd.planned = true
	return nil
}

// unreadable says that the inventory itself is at fault, so that the run
// cannot be resumed as it is.
type unreadable struct{ error }

func (u *unreadable) Unwrap() error { return u.error }

// A planner gathers lines into batches.
type planner struct {
	rd      *Round
	ctx     context.Context
	after   int            // lines up to here were stored before
	sharers *sharing.Index // who has whose mobile, in the whole inventory
	batch   []planned
	failed  error // why a batch was not stored
}

// A planned line is a target or a rejection.
type planned struct {
	target   crawler.Target
	data     []byte
	rejected *inventory.Rejection
}

func (p *planner) target(t crawler.Target) error {
	if t.Line <= p.after {
		return p.stopped()
	}
	var err error
	if t.Holder.Sharing, err = p.sharers.Of(&t); err != nil {
		p.failed = err
		return err
	}
	data, err := packTarget(&t)
	if err != nil {
		return err
	}
	return p.add(planned{target: t, data: data})
}

func (p *planner) rejection(r inventory.Rejection) error {
	if r.Line <= p.after {
		return p.stopped()
	}
	return p.add(planned{rejected: &r})
}

func (p *planner) add(line planned) error {
	if p.batch = append(p.batch, line); len(p.batch) < planBatch {
		return nil
	}
	p.failed = p.flush()
	return p.failed
}

func (p *planner) stopped() error {
	p.failed = p.ctx.Err()
	return p.failed
}

// flush stores the batch and how far the reading has come.
func (p *planner) flush() error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	if len(p.batch) == 0 {
		return nil
	}
	rd := p.rd
	rd.mu.Lock()
	line, lines, rejected, targets := rd.line, rd.lines+len(p.batch), rd.rejected, rd.targets
	rd.mu.Unlock()
	err := rd.r.db.tx(p.ctx, func(tx *sql.Tx) error {
		w, err := newPlanWriter(p.ctx, tx, rd.id)
		if err != nil {
			return err
		}
		for i := range p.batch {
			added, at, err := w.put(p.ctx, &p.batch[i], targets)
			if err != nil {
				return err
			}
			line = at
			if added {
				targets++
			} else {
				rejected++
			}
		}
		return rd.ours(tx.ExecContext(p.ctx, `UPDATE round SET line = $2, lines = $3, rejected = $4, targets = $5 WHERE id = $1 AND conductor = $6`,
			rd.id, line, lines, rejected, targets, rd.grip.id))
	})
	if err != nil {
		return fmt.Errorf("storing the plan: %w", err)
	}
	p.batch = p.batch[:0]
	rd.mu.Lock()
	rd.line, rd.lines, rd.rejected, rd.targets = line, lines, rejected, targets
	rd.mu.Unlock()
	rd.nudge()
	return nil
}

// A planWriter writes the lines of one batch.
type planWriter struct {
	round                   int64
	insert, reject, earlier *sql.Stmt
}

func newPlanWriter(ctx context.Context, tx *sql.Tx, round int64) (w *planWriter, err error) {
	w = &planWriter{round: round}
	for _, s := range []struct {
		to  **sql.Stmt
		sql string
	}{
		{&w.insert, `INSERT INTO target (round, domain, seq, line, data) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`},
		{&w.reject, `INSERT INTO rejection (round, line, text, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`},
		{&w.earlier, `SELECT line FROM target WHERE round = $1 AND domain = $2`},
	} {
		if *s.to, err = tx.PrepareContext(ctx, s.sql); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// put stores one line. A domain that stands in an earlier line is a
// rejection: the database's unique key knows, not a set in memory.
func (w *planWriter) put(ctx context.Context, p *planned, seq int) (added bool, line int, err error) {
	if r := p.rejected; r != nil {
		_, err := w.reject.ExecContext(ctx, w.round, r.Line, r.Text, r.Reason)
		return false, r.Line, err
	}
	t := &p.target
	res, err := w.insert.ExecContext(ctx, w.round, t.Domain, seq, t.Line, p.data)
	if err != nil {
		return false, t.Line, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return n == 1, t.Line, err
	}
	var first int
	if err := w.earlier.QueryRowContext(ctx, w.round, t.Domain).Scan(&first); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, t.Line, err
	}
	_, err = w.reject.ExecContext(ctx, w.round, t.Line, crawler.Detail(t.Given), fmt.Sprintf("the same domain stands in line %d: delete one of the two", first))
	return false, t.Line, err
}

// Rejections hands over the lines of a run's inventory that could not be
// used, in order. They are kept as long as the run's row.
func Rejections(ctx context.Context, st *store.Store, run string, each func(inventory.Rejection) error) error {
	db := tables{reader: st.Reader()}
	return db.rows(ctx, func(rows *sql.Rows) error {
		var r inventory.Rejection
		if err := rows.Scan(&r.Line, &r.Text, &r.Reason); err != nil {
			return err
		}
		return each(r)
	}, `SELECT j.line, j.text, j.reason FROM rejection j JOIN round ON round.id = j.round WHERE round.run = $1 ORDER BY j.line`, run)
}
