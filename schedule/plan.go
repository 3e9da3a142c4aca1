package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// Windows of the plan: lines that are stored in one transaction, with the jobs
// that resolve them. The first ones are small, so that work begins at once.
const (
	firstWindow = 100
	maxWindow   = 4000
)

// planTime is how long one attempt of a plan job stores windows; then it snoozes,
// and goes on after the last line stored.
const planTime = 45 * time.Second

// plan works the job that reads a run's inventory into targets. It can be
// stopped anywhere: the line up to which all is stored is kept with what was
// stored.
func (r *Runner) plan(ctx context.Context, job *river.Job[planArgs]) error {
	info, err := r.run(ctx, job.Args.Run)
	if errors.Is(err, errNoState) || errors.Is(err, store.ErrNoRun) || err == nil && (!info.open() || info.stopped()) {
		return nil
	}
	if err != nil {
		return r.told(err)
	}
	if info.state.planned { // by an attempt that ended while this one was put in: the jobs that it put in may be gone
		return r.told(r.queue.Do(ctx, func(tx *queue.Tx) error {
			if err := queue.Complete(ctx, r.queue, tx, job); err != nil {
				return err
			}
			if err := r.holdOurs(ctx, tx, info.ID); err != nil {
				return err
			}
			return r.queue.Insert(ctx, tx, r.finishJob(info))
		}))
	}
	p := r.reading(info)
	defer r.leaveReading(p)
	until := time.After(planTime)
	for {
		select {
		case w, ok := <-p.windows:
			if !ok {
				return r.told(r.planned(ctx, job, info, p))
			}
			if err := r.storeWindow(ctx, job, info, w); err != nil {
				r.stopReading(info.ID)
				return r.told(err)
			}
			r.mu.Lock()
			p.stored = info.state.line
			r.mu.Unlock()
		case <-until:
			return river.JobSnooze(busyWait)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// A window is lines of an inventory that are stored together.
type window []planned

// A planned line is a target or a rejection.
type planned struct {
	target   crawler.Target
	data     []byte
	rejected *inventory.Rejection
}

// entry is its number in the inventory: a line with several domains has several.
func (p *planned) entry() int {
	if p.rejected != nil {
		return p.rejected.Seq
	}
	return p.target.Seq
}

// storeWindow stores a window and the jobs that resolve it.
func (r *Runner) storeWindow(ctx context.Context, job *river.Job[planArgs], info *runInfo, w window) error {
	s := info.state
	err := r.queue.Do(ctx, func(tx *queue.Tx) error {
		if err := r.queue.Hold(ctx, tx, job.JobRow); err != nil {
			return err
		}
		if err := r.holdOurs(ctx, tx, info.ID); err != nil {
			return err
		}
		pw, err := newPlanWriter(ctx, tx.Tx, r, info)
		if err != nil {
			return err
		}
		s = info.state
		var waiting []string // names that are to be visited again
		for i := range w {
			m, waits, err := pw.put(ctx, &w[i], s.first+s.targets)
			if err != nil {
				return err
			}
			s.lines, s.line = s.lines+1, w[i].entry()
			if s.count(m); waits {
				waiting = append(waiting, w[i].target.Domain)
			}
		}
		res, err := tx.ExecContext(ctx, `UPDATE run_state SET line = $2, line_count = $3, rejected = $4, targets = $5, added = $6, altered = $7 WHERE run = $1 AND first_seq = $8`,
			info.ID, s.line, s.lines, s.rejected, s.targets, s.added, s.altered, s.first)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errReread)
		}
		jobs, err := r.windowJobs(ctx, info, s.targets, waiting)
		if err != nil {
			return err
		}
		return r.queue.Insert(ctx, tx, jobs...)
	})
	if err != nil {
		return fmt.Errorf("storing the plan: %w", err)
	}
	info.state = s
	return nil
}

// windowJobs are the jobs that follow from the targets of a window, up to the
// place to: names that were visited in vain before are visited again.
func (r *Runner) windowJobs(ctx context.Context, info *runInfo, to int, waiting []string) (jobs []queue.Job, err error) {
	s := &info.state
	if to > s.targets {
		jobs = append(jobs, r.resolveJob(info, s.first+s.targets, s.first+to-1))
	}
	if len(waiting) == 0 {
		return jobs, nil
	}
	judged, err := r.cfg.Store.Stored(ctx, info.ID, waiting)
	waiting = slices.DeleteFunc(waiting, func(domain string) bool { return judged[domain] })
	for part := range slices.Chunk(waiting, confirmNames) {
		jobs = append(jobs, r.confirmJob(info, 0, slices.Clone(part)))
	}
	return jobs, err
}

// planned notes that the inventory was read to its end, and lets the run end
// when its other jobs have. An inventory that cannot be read ends the run.
func (r *Runner) planned(ctx context.Context, job *river.Job[planArgs], info *runInfo, p *reading) error {
	r.stopReading(info.ID)
	var bad *unreadable
	switch {
	case errors.As(p.err, &bad):
		if err := r.close(ctx, info, bad.Error()); err != nil {
			return err
		}
		r.fail(info.ID, bad.error)
		return nil
	case p.err != nil:
		return p.err
	}
	if err := r.dropVanished(ctx, info); err != nil {
		return err
	}
	said := make([]string, len(p.counts.Warnings))
	for i, w := range p.counts.Warnings {
		said[i] = inventory.Stored(w)
	}
	warnings := strings.Join(said, "\n")
	return r.queue.Do(ctx, func(tx *queue.Tx) error {
		if err := queue.Complete(ctx, r.queue, tx, job); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE run_state SET planned = 1, warnings = $2 WHERE run = $1 AND first_seq = $3`, info.ID, warnings, info.state.first); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE run SET state = $2 WHERE id = $1 AND state = $3`, info.ID, string(reports.RunActive), string(reports.RunPlanning)); err != nil {
			return err
		}
		return r.queue.Insert(ctx, tx, r.finishJob(info))
	})
}

// A planWriter writes the lines of one window.
type planWriter struct {
	r                       *Runner
	tx                      *sql.Tx
	info                    *runInfo
	insert, reject, earlier *sql.Stmt
	again, anew             *sql.Stmt // where the inventory is read again
}

func newPlanWriter(ctx context.Context, tx *sql.Tx, r *Runner, info *runInfo) (w *planWriter, err error) {
	w = &planWriter{r: r, tx: tx, info: info}
	statements := []struct {
		to  **sql.Stmt
		sql string
	}{
		{&w.insert, `INSERT INTO target (run, domain, seq, line, data, held, attempts) VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT DO NOTHING`},
		{&w.reject, `INSERT INTO rejected_line (run, line, text, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`},
		{&w.earlier, `SELECT seq, line, data, attempts FROM target WHERE run = $1 AND domain = $2`},
		{&w.again, `UPDATE target SET seq = $3, line = $4, data = $5 WHERE run = $1 AND domain = $2`},
		{&w.anew, `UPDATE target SET seq = $3, line = $4, data = $5, held = 0, attempts = $6 WHERE run = $1 AND domain = $2`},
	}
	if info.state.first == 0 {
		statements = statements[:3] // the others are for an inventory that is read again
	}
	for _, s := range statements {
		if *s.to, err = tx.PrepareContext(ctx, s.sql); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// put stores one line. A domain that stands in an earlier line is a rejection:
// the database's unique key knows, not a set in memory.
func (w *planWriter) put(ctx context.Context, p *planned, seq int) (m meeting, waits bool, err error) {
	if r := p.rejected; r != nil {
		_, err := w.reject.ExecContext(ctx, w.info.number, r.Line, inSheet(r.Sheet, r.Text), inventory.Stored(r.Reason))
		return rejected, false, err
	}
	t := &p.target
	res, err := w.insert.ExecContext(ctx, w.info.number, t.Domain, seq, t.Line, p.data, []byte{})
	if err != nil {
		return 0, false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return newName, false, err
	}
	return w.meet(ctx, p, seq)
}

// inSheet is a text after the sheet in which it stands, where several were
// read: their lines have the same numbers.
func inSheet(sheet, text string) string {
	if sheet == "" {
		return text
	}
	return "[" + sheet + "] " + text
}

// Rejections hands over the lines of a run's inventory that could not be used,
// in order. They are kept as long as the run's row.
func Rejections(ctx context.Context, st *store.Store, run string, each func(inventory.Rejection) error) error {
	db := tables{reader: st.Reader()}
	return db.rows(ctx, func(rows *sql.Rows) error {
		var r inventory.Rejection
		var reason string
		if err := rows.Scan(&r.Line, &r.Text, &reason); err != nil {
			return err
		}
		r.Reason = inventory.StoredMessage(reason)
		return each(r)
	}, `SELECT j.line, j.text, j.reason FROM rejected_line j JOIN run_state s ON s.number = j.run WHERE s.run = $1 ORDER BY j.line`, run)
}
