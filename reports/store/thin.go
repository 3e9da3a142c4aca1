package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/beianwatch/beianwatch/reports"
)

// thinBatchSize is how many domains are read in one transaction: others wait
// for the writer of SQLite no longer than some tens of milliseconds.
const thinBatchSize = 2000

// Thin keeps the newest keep finished runs of each inventory whole. Of an older run
// those results remain that the next one did not repeat, in state and outcomes: so
// the last run before every change, and the latest state of every domain, stay for
// ever. A run that is not finished is left alone.
//
// One call reads no more than about limit results, and reports whether there
// is more to do. It can be stopped at any time and goes on where it was.
func (s *Store) Thin(ctx context.Context, keep, limit int) (more bool, err error) {
	if keep < 1 {
		return false, errors.New("thinning: at least one run must be kept")
	}
	runs, err := s.runs(ctx, `ORDER BY inventory, id DESC`)
	if err != nil {
		return false, err
	}
	old := thinnable(runs, keep)
	if len(old) == 0 {
		return false, nil
	}
	done, err := s.engine.thin(ctx, old[0], max(limit, 1))
	if err != nil {
		return false, s.Explain("thinning", err)
	}
	return !done || len(old) > 1, nil
}

// A pair is a run to thin and the one that came after it.
type pair struct{ run, next string }

// thinnable picks the runs to thin, the oldest first: each is compared with the
// next one, which must still be whole. runs are newest first within each
// inventory.
func thinnable(runs []*reports.Run, keep int) []pair {
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

// repeatedBy is the condition that the run $2 says the same as a row of result.
const repeatedBy = `EXISTS (SELECT 1 FROM result later WHERE later.run = $2 AND later.domain = result.domain AND later.ruleset = result.ruleset
	AND later.outcomes = result.outcomes AND later.liveness = result.liveness AND later.cause = result.cause)`

// thinBatches deletes the results of a run that the next one repeats, batch by
// batch in the order of domains, until limit results were read.
func (s *Store) thinBatches(ctx context.Context, p pair, limit int) (done bool, err error) {
	at, err := s.Step(ctx, p.run, stepThin)
	if err != nil {
		return false, err
	}
	for looked := 0; looked < limit && !at.Done; looked += thinBatchSize {
		if at, err = s.thinBatch(ctx, p, at, min(limit, thinBatchSize)); err != nil {
			return false, err
		}
	}
	return at.Done, nil
}

// thinBatch handles the next domains. Behind the last the run is marked as thinned.
func (s *Store) thinBatch(ctx context.Context, p pair, at Step, limit int) (Step, error) {
	err := s.once(ctx, func(tx *sql.Tx) error {
		from := at.Place
		var err error
		if at.Place, err = nextPlace(ctx, tx, `result`, p.run, from, limit); err != nil {
			return err
		}
		if at.Place == "" {
			at.Done = true
			return thinned(ctx, tx, p.run)
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM result WHERE run = $1 AND domain > $3 AND domain <= $4 AND `+repeatedBy, p.run, p.next, from, at.Place)
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM finding WHERE run = $1 AND domain > $2 AND domain <= $3 AND NOT EXISTS (
				SELECT 1 FROM result WHERE result.run = finding.run AND result.domain = finding.domain)`, p.run, from, at.Place)
		}
		if err == nil {
			err = s.SetStepTx(ctx, tx, p.run, stepThin, at)
		}
		return err
	})
	return at, err
}

// nextPlace returns the last of the next limit domains of a run behind from; "" at
// its end.
func nextPlace(ctx context.Context, tx *sql.Tx, table, run, from string, limit int) (to string, err error) {
	err = tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(domain), '') FROM (SELECT domain FROM `+table+`
		WHERE run = $1 AND domain > $2 ORDER BY domain LIMIT $3) AS batch`, run, from, limit).Scan(&to)
	return to, err
}

// thinned marks a run as thinned. Which evidence its results name has to be listed
// anew.
func thinned(ctx context.Context, tx *sql.Tx, run string) error {
	for _, q := range []string{
		`UPDATE run SET thinned = 1 WHERE id = $1`,
		`DELETE FROM run_step WHERE run = $1 AND step IN ('` + stepThin + `', '` + stepEvidence + `')`,
		`DELETE FROM run_evidence WHERE run = $1`,
	} {
		if _, err := tx.ExecContext(ctx, q, run); err != nil {
			return err
		}
	}
	return nil
}
