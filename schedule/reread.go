package schedule

import (
	"context"
	"database/sql"
	"errors"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/schedule/packed"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// A run whose inventory has changed when it is resumed reads it again from its
// first line. What it meets of the reading before is kept with its verdict or
// its earlier visits, if the line says the same; a line that says something else
// is checked by what it says now; a new one becomes a target. What is not met is
// left out with its verdict: the reports of a run are about the inventory, and
// its owners are not told of names that are no longer theirs.

// Changes are what a run found different when it read its inventory again.
type Changes struct {
	Added   int // names that were not in it before
	Altered int // names of which it says something else now
	Removed int // names that are gone: their verdicts are left out
}

// Changes returns what the run found different in its inventory; complete once
// the inventory is read to its end.
func (rn *Run) Changes(ctx context.Context) (c Changes, err error) {
	err = rn.r.db.reader.QueryRowContext(ctx, `SELECT added, altered, removed FROM run_state WHERE run = $1`, rn.ID()).Scan(&c.Added, &c.Altered, &c.Removed)
	return c, err
}

// mayReread reports whether a run that is resumed can read its inventory again:
// no one else works on it, and what it needs has not begun to be cleared.
func (r *Runner) mayReread(ctx context.Context, info *runInfo) (bool, error) {
	if !r.queue.Works() || info.state.step == stepClear || info.state.step == stepCleared {
		return false, nil
	}
	r.mu.Lock()
	own := r.attached[info.ID] != nil
	r.mu.Unlock()
	if own {
		return false, nil
	}
	free, err := r.locks.TryNamed(ctx, "run "+info.ID)
	if free {
		r.locks.Release("run " + info.ID)
	}
	return free, err
}

// deleteJobs deletes the jobs of a run, and the resolved names that wait for them. Of a run
// that was taken up the jobs go too that another process is at: it can store nothing of
// it any more, and would try for ever.
func (r *Runner) deleteJobs(ctx context.Context, info *runInfo, taken bool) (err error) {
	for more := true; more; {
		if taken {
			more, err = r.queue.DeleteAll(ctx, info.ID)
		} else {
			more, err = r.queue.Delete(ctx, info.ID, "", true)
		}
		if err != nil {
			return err
		}
	}
	_, err = r.db.writer.ExecContext(ctx, `DELETE FROM chunk WHERE run = $1`, info.number)
	return err
}

// reread notes that the inventory is to be read again from its first line.
func (r *Runner) reread(ctx context.Context, tx *queue.Tx, info *runInfo, digest string) error {
	r.stopReading(info.ID)
	if _, err := tx.ExecContext(ctx, `UPDATE run_state SET digest = $2, planned = 0, line = 0, line_count = 0, rejected = 0, first_seq = first_seq + targets, targets = 0,
		warnings = '', step = '', sweeps = 0, added = 0, altered = 0, removed = 0 WHERE run = $1`, info.ID, digest); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM rejected_line WHERE run = $1`, info.number); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE run SET state = $2 WHERE id = $1`, info.ID, string(reports.RunPlanning))
	return err
}

// dropVanished deletes the targets that the new reading did not meet, with
// their verdicts.
func (r *Runner) dropVanished(ctx context.Context, info *runInfo) error {
	if info.state.first == 0 {
		return nil
	}
	for {
		list, err := r.targets(ctx, `WHERE run = $1 AND seq < $2 ORDER BY seq LIMIT $3`, info.number, info.state.first, sweepNames)
		if err != nil || len(list) == 0 {
			return err
		}
		domains := make([]string, len(list))
		pending := 0
		for i := range list {
			domains[i] = list[i].domain
			if len(list[i].attempts) > 0 {
				pending++
			}
		}
		err = r.queue.Do(ctx, func(tx *queue.Tx) error {
			if err := r.forget(ctx, tx.Tx, info, domains, pending); err != nil {
				return err
			}
			among, texts := r.cfg.Store.Among(domains)
			if _, err := tx.ExecContext(ctx, `DELETE FROM target WHERE run = $1 AND domain `+among, info.number, texts); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `UPDATE run_state SET removed = removed + $2 WHERE run = $1`, info.ID, len(domains))
			return err
		})
		if err != nil {
			return err
		}
	}
}

// dropStrays deletes verdicts without a target: a worker that had begun its
// visit before the inventory was read again stored them late.
func (r *Runner) dropStrays(ctx context.Context, info *runInfo) error {
	for {
		var domains []string
		err := r.db.rows(ctx, func(rows *sql.Rows) error {
			var domain string
			err := rows.Scan(&domain)
			domains = append(domains, domain)
			return err
		}, `SELECT v.domain FROM result v WHERE v.run = $1 AND NOT EXISTS (SELECT 1 FROM target t WHERE t.run = $2 AND t.domain = v.domain) LIMIT $3`,
			info.ID, info.number, sweepNames)
		if err != nil || len(domains) == 0 {
			return err
		}
		if err := r.queue.Do(ctx, func(tx *queue.Tx) error { return r.forget(ctx, tx.Tx, info, domains, 0) }); err != nil {
			return err
		}
	}
}

// forget deletes the verdicts of domains, of which pending were to be visited
// again, and counts them off the run's progress.
func (r *Runner) forget(ctx context.Context, tx *sql.Tx, info *runInfo, domains []string, pending int) error {
	dropped, found, err := r.cfg.Store.DropTx(ctx, tx, info.ID, domains)
	if err != nil || dropped == 0 && pending == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO progress (run, worker, verdicts, held, found, kept, pending, controls) VALUES ($1, 0, $2, 0, $3, 0, $4, '')
		ON CONFLICT (run, worker) DO UPDATE SET verdicts = progress.verdicts + excluded.verdicts, found = progress.found + excluded.found, pending = progress.pending + excluded.pending`,
		info.number, -dropped, -found, -pending)
	return err
}

// A meeting is what became of a line when its name was known already.
type meeting int

const (
	newName   meeting = iota
	rejected          // or the name of an earlier line
	sameLine          // of the reading before
	otherLine         // of the reading before, which said something else
)

// meet takes a line whose domain is stored already. waits says that its name is
// to be visited again, after the visits that are stored.
func (w *planWriter) meet(ctx context.Context, p *planned, seq int) (m meeting, waits bool, err error) {
	t := &p.target
	var was target
	was.domain = t.Domain
	if err := w.earlier.QueryRowContext(ctx, w.info.number, t.Domain).Scan(&was.seq, &was.line, &was.data, &was.attempts); err != nil {
		return 0, false, err
	}
	first, err := was.unpack()
	if err != nil {
		return 0, false, err
	}
	if was.seq >= w.info.state.first {
		_, err = w.reject.ExecContext(ctx, w.info.number, t.Line, inSheet(t.Sheet, crawler.Detail(t.Given)), inventory.Stored(inventory.Duplicate(first, t)))
		return rejected, false, err
	}
	now, err := packed.ReadTarget(t.Domain, t.Line, p.data)
	if err != nil {
		return 0, false, err
	}
	waits = len(was.attempts) > 0
	if inventory.Fingerprint(first) == inventory.Fingerprint(now) {
		_, err = w.again.ExecContext(ctx, w.info.number, t.Domain, seq, t.Line, p.data)
		return sameLine, waits, err
	}
	if _, err = w.anew.ExecContext(ctx, w.info.number, t.Domain, seq, t.Line, p.data, []byte{}); err != nil {
		return 0, false, err
	}
	pending := 0
	if waits {
		pending = 1
	}
	return otherLine, false, w.r.forget(ctx, w.tx, w.info, []string{t.Domain}, pending)
}

// errReread reports that the inventory of a run is being read again: what an
// earlier reading of it found is not stored.
var errReread = errors.New("the inventory is being read again")
