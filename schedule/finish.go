package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/beianwatch/beianwatch/reports"
)

// maxSweeps bounds how often names that have fallen through are taken up
// again.
const maxSweeps = 3

// complete compares verdicts with targets when nothing seems left. A name that
// has fallen through (it should not happen) is looked at after all.
func (rd *Round) complete(ctx context.Context) (bool, error) {
	if err := rd.recount(ctx); err != nil {
		return false, err
	}
	n := int(rd.sum().verdicts)
	rd.mu.Lock()
	targets := rd.targets
	rd.mu.Unlock()
	if n == targets {
		return true, nil
	}
	if rd.sweeps++; rd.sweeps > maxSweeps {
		return false, fmt.Errorf("%d verdicts for %d names", n, targets)
	}
	rd.r.log.Warn("names without a verdict are taken up again", "run", rd.run.ID, "names", targets-n)
	return false, rd.sweep(ctx)
}

// sweep puts names without a verdict among the pending.
func (rd *Round) sweep(ctx context.Context) error {
	last := ""
	for {
		var domains []string
		err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
			var d string
			err := rows.Scan(&d)
			domains = append(domains, d)
			return err
		}, `SELECT domain FROM target WHERE round = $1 AND domain > $2 ORDER BY domain LIMIT 1000`, rd.id, last)
		if err != nil || len(domains) == 0 {
			return err
		}
		last = domains[len(domains)-1]
		if err := rd.sweepSome(ctx, domains); err != nil {
			return err
		}
	}
}

func (rd *Round) sweepSome(ctx context.Context, domains []string) error {
	settled, err := rd.r.settled(ctx, rd.id, rd.run.ID, domains)
	if err != nil {
		return err
	}
	return rd.r.db.tx(ctx, func(tx *sql.Tx) error {
		for _, d := range domains {
			if settled[d] {
				continue
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO pending (round, domain, due, held, batch, attempts) VALUES ($1, $2, 0, 0, 0, $3) ON CONFLICT DO NOTHING`, rd.id, d, []byte("null")); err != nil {
				return err
			}
		}
		return nil
	})
}

// finish closes the run: its figures are stored, what it needed is deleted,
// and the reports are written.
func (rd *Round) finish(ctx context.Context) error {
	run, r := rd.run, rd.r
	run.State, run.FinishedAt = reports.RunDone, r.cfg.Now()
	sum := rd.sum()
	run.Lines, run.Rejected, run.Verdicts = rd.lines, rd.rejected, int(sum.verdicts)
	if run.Lines != run.Verdicts+run.Rejected {
		return fmt.Errorf("%d lines, but %d verdicts and %d rejections", run.Lines, run.Verdicts, run.Rejected)
	}
	seen := strings.Fields(sum.controls + "\n" + rd.given)
	controls := strings.Join(seen[:min(maxControls, len(seen))], "\n")
	if err := r.db.exec(ctx, `UPDATE round SET controls = $2 WHERE id = $1`, rd.id, controls); err != nil {
		return err
	}
	if err := r.cfg.Store.UpdateRun(ctx, run); err != nil {
		return err
	}
	r.log.Info("run done", "run", run.ID, "verdicts", run.Verdicts, "rejected", run.Rejected)
	err := r.clear(ctx, rd.id)
	if r.cfg.Finished != nil {
		err = errors.Join(err, r.cfg.Finished(ctx, run))
	}
	return err
}

// Warnings are what the reader of the inventory remarked.
func (rd *Round) Warnings() []string {
	rd.mu.Lock()
	defer rd.mu.Unlock()
	if rd.warnings == "" {
		return nil
	}
	return strings.Split(rd.warnings, "\n")
}
