package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// maxSweeps is how often in a row the names of a run that have fallen through are put
// in again, without a verdict that comes of it, before they are given up. Only trouble
// of this machine's can let a name fall through three times.
const maxSweeps = 3

// sweepNames is how many names one step of a sweep takes.
const sweepNames = 1000

// putIn puts the targets of a run that have no verdict in again: those that are
// being confirmed as confirmations, the others to be resolved. No job of the run
// but finish may be open. What was put in too often is given up as unknown. verdicts is
// how many names have theirs.
func (r *Runner) putIn(ctx context.Context, job *rivertype.JobRow, info *runInfo, verdicts int) error {
	if verdicts != info.state.swept {
		info.state.sweeps = 0
	}
	giveUp := info.state.sweeps >= maxSweeps
	after := -1
	for {
		list, err := r.targets(ctx, `WHERE run = $1 AND seq > $2 ORDER BY seq LIMIT $3`, info.number, after, sweepNames)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		after = list[len(list)-1].seq
		w, err := r.runWorker(ctx, info.ID)
		if err != nil {
			return err
		}
		err = w.putInSome(ctx, job, list, giveUp)
		w.leave()
		if err != nil {
			return err
		}
	}
	info.state.sweeps, info.state.swept = info.state.sweeps+1, verdicts
	return r.db.exec(ctx, `UPDATE run_state SET sweeps = $2, swept = $3 WHERE run = $1`, info.ID, info.state.sweeps, verdicts)
}

func (w *runWorker) putInSome(ctx context.Context, job *rivertype.JobRow, list []target, giveUp bool) error {
	list, err := w.withoutVerdict(ctx, list)
	if err != nil || len(list) == 0 {
		return err
	}
	out := &batch{w: w, job: job}
	var jobs []queue.Job
	var seqs []int
	var names []string
	for i := range list {
		t := &list[i]
		switch {
		case giveUp:
			line, attempts, err := t.read()
			if err == nil {
				err = w.giveUp(ctx, line, attempts, message.CheckLost.Fill(), out)
			}
			if err != nil {
				return err
			}
		case len(t.attempts) > 0:
			names = append(names, t.domain)
		default:
			seqs = append(seqs, t.seq)
		}
	}
	for part := range slices.Chunk(names, confirmNames) {
		jobs = append(jobs, w.r.confirmJob(w.run, 0, slices.Clone(part)))
	}
	if len(seqs) > 0 {
		j := w.r.resolveAgainJob(w.run, seqs)
		j.Opts.Queue = w.r.queueOf(queueResolve)
		jobs = append(jobs, j)
	}
	w.r.log.Warn("names without a verdict are put in again", "run", w.run.ID, "names", len(list))
	return out.commit(ctx, func(tx *queue.Tx) error {
		if err := w.r.queue.Hold(ctx, tx, job); err != nil {
			return err
		}
		return w.r.queue.Insert(ctx, tx, jobs...)
	})
}

// clearStep bounds what one statement deletes, so that others do not wait for
// the writer.
const clearStep = 5000

// clearRun deletes a step of what a run needed; more says that something is
// left.
func (r *Runner) clearRun(ctx context.Context, info *runInfo) (more bool, err error) {
	for _, t := range []struct{ table, key string }{{"chunk", "id"}, {"target", "domain"}} {
		res, err := r.db.writer.ExecContext(ctx, `DELETE FROM `+t.table+` WHERE run = $1 AND `+t.key+` IN
			(SELECT `+t.key+` FROM `+t.table+` WHERE run = $1 LIMIT $2)`, info.number, clearStep)
		if err != nil {
			return false, err
		}
		if n, err := res.RowsAffected(); err != nil || n == clearStep {
			return true, err
		}
	}
	return r.queue.Delete(ctx, info.ID, kindFinish, true)
}

// close ends a run that will not be resumed, with the reason.
func (r *Runner) close(ctx context.Context, info *runInfo, why string) error {
	n, err := r.cfg.Store.Count(ctx, info.ID)
	if err != nil {
		return err
	}
	if info.number == 0 && n == 0 { // its process ended before it began: the entry and time that it stands for are free again
		_, err := r.db.writer.ExecContext(ctx, `DELETE FROM run WHERE id = $1`, info.ID)
		return err
	}
	err = r.queue.Do(ctx, func(tx *queue.Tx) error { return closeRun(ctx, tx.Tx, info, r.cfg.Now().UnixMilli(), n, why) })
	if err != nil {
		return err
	}
	r.log.Info("run closed unfinished", "run", info.ID, "why", why)
	r.closeWorkers(info.ID)
	r.stopReading(info.ID)
	for more := true; more; {
		if more, err = r.clearRun(ctx, info); err != nil {
			return err
		}
	}
	return r.cleared(ctx, r.db.writer, info.number)
}

// stepCleared says that nothing is left of what a run needed.
const stepCleared = "cleared"

// cleared notes it, and drops the sums of what is gone.
func (r *Runner) cleared(ctx context.Context, db execer, run int64) error {
	if _, err := db.ExecContext(ctx, `DELETE FROM progress WHERE run = $1`, run); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, `UPDATE run_state SET step = $2 WHERE number = $1`, run, stepCleared)
	return err
}

// clearOthers clears runs that are over and were not cleared: their process
// ended in between.
func (r *Runner) clearOthers(ctx context.Context) error {
	var list []*runInfo
	err := r.db.rows(ctx, func(rows *sql.Rows) error {
		i := &runInfo{Run: &reports.Run{}}
		err := rows.Scan(&i.number, &i.ID)
		list = append(list, i)
		return err
	}, `SELECT s.number, s.run FROM run_state s JOIN run n ON n.id = s.run WHERE s.step <> $1 AND n.state NOT IN ('planning', 'active')`, stepCleared)
	for more := true; more && err == nil; { // jobs that were being worked when their run was closed
		more, err = r.queue.DeleteEnded(ctx)
	}
	for _, i := range list {
		for more := true; more && err == nil; {
			more, err = r.clearRun(ctx, i)
		}
		if err == nil {
			err = r.cleared(ctx, r.db.writer, i.number)
		}
	}
	return err
}

func closeRun(ctx context.Context, tx *sql.Tx, info *runInfo, at int64, verdicts int, why string) error {
	_, err := tx.ExecContext(ctx, `UPDATE run SET state = 'failed', trouble = $2, finished_at = $3, lines = $4, rejected = $5, verdicts = $6 WHERE id = $1`,
		info.ID, why, at, info.state.lines, info.state.rejected, verdicts)
	if err != nil {
		return fmt.Errorf("closing run %s: %w", info.ID, err)
	}
	return nil
}
