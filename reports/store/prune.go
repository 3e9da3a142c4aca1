package store

import (
	"context"
	"errors"
	"slices"

	"github.com/beianwatch/beianwatch/reports"
)

// Pruned says what a pruning did.
type Pruned struct {
	Runs    []string // runs that were thinned, oldest first
	Results int      // results deleted, with their findings
}

// pruneBatch is how many domains are looked at in one transaction: others
// wait for the writer no longer than some tens of milliseconds.
const pruneBatch = 2000

// Prune keeps the newest keep runs of each inventory whole. Of an older run
// those results remain that the next run did not repeat, in state and
// outcomes: so the last night before every change, and the latest state of
// every domain, stay for ever. A run that is not finished is left alone.
//
// It can be stopped at any time and goes on where it was the next time.
func (s *Store) Prune(ctx context.Context, keep int) (Pruned, error) {
	if keep < 1 {
		return Pruned{}, errors.New("pruning: at least one night must be kept")
	}
	var done Pruned
	runs, err := s.runs(ctx, `ORDER BY inventory, id DESC`)
	if err != nil {
		return done, err
	}
	for _, p := range prunable(runs, keep) {
		n, err := s.engine.thin(ctx, p)
		done.Results += n
		if err != nil {
			return done, s.explain("pruning", err)
		}
		done.Runs = append(done.Runs, p.run)
	}
	return done, nil
}

// A pair is a run to thin and the one that came after it.
type pair struct{ run, next string }

// prunable picks the runs to thin, the oldest first: each is compared with
// the next one, which must still be whole. runs are newest first within each
// inventory.
func prunable(runs []*reports.Run, keep int) []pair {
	var old []pair
	inventory, next, newer := "", "", 0 // newer: finished runs of the inventory seen so far
	for i, run := range runs {
		if i == 0 || run.Inventory != inventory {
			inventory, next, newer = run.Inventory, "", 0
		}
		if run.State != reports.RunDone && run.State != reports.RunFailed {
			continue
		}
		if newer++; newer > keep && !run.Thinned {
			old = append(old, pair{run: run.ID, next: next})
		}
		next = run.ID
	}
	slices.Reverse(old)
	return old
}

// repeatedBy tells of a row of result whether the run $2 says the same.
const repeatedBy = `EXISTS (SELECT 1 FROM result later WHERE later.run = $2 AND later.domain = result.domain AND later.ruleset = result.ruleset
	AND later.outcomes = result.outcomes AND later.liveness = result.liveness AND later.cause = result.cause)`

// thinInSteps deletes the results of a run that the next one repeats, batch by
// batch in the order of domains.
func (s *Store) thinInSteps(ctx context.Context, p pair) (int, error) {
	total := 0
	for from, done := "", false; !done; {
		to, n, err := s.thinBatch(ctx, p, from)
		if err != nil {
			return total, err
		}
		from, total, done = to, total+n, to == ""
	}
	if _, err := s.writer.ExecContext(ctx, `UPDATE run SET thinned = 1 WHERE id = $1`, p.run); err != nil {
		return total, err
	}
	return total, nil
}

// thinBatch handles the domains behind from; to is the last of them, empty
// at the end of the run.
func (s *Store) thinBatch(ctx context.Context, p pair, from string) (to string, deleted int, err error) {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return "", 0, err
	}
	defer tx.Rollback()
	err = tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(domain), '') FROM (SELECT domain FROM result
		WHERE run = $1 AND domain > $2 ORDER BY domain LIMIT $3) AS batch`, p.run, from, pruneBatch).Scan(&to)
	if err != nil || to == "" {
		return "", 0, err
	}
	res, err := tx.ExecContext(ctx, `DELETE FROM result WHERE run = $1 AND domain > $3 AND domain <= $4 AND `+repeatedBy, p.run, p.next, from, to)
	if err != nil {
		return "", 0, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return "", 0, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM finding WHERE run = $1 AND domain > $2 AND domain <= $3 AND NOT EXISTS (
		SELECT 1 FROM result WHERE result.run = finding.run AND result.domain = finding.domain)`, p.run, from, to)
	if err != nil {
		return "", 0, err
	}
	return to, int(n), tx.Commit()
}
