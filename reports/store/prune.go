package store

import (
	"context"
	"database/sql"
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

// Prune keeps the newest keep runs of each inventory whole. Of older ones
// only the results remain that differ, in state or outcomes, from the one
// that stood before them: so every change and the latest state of every
// domain stay for ever. A run that is not finished is left alone.
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
	for _, run := range prunable(runs, keep) {
		n, err := s.thin(ctx, run)
		done.Results += n
		if err != nil {
			return done, err
		}
		done.Runs = append(done.Runs, run.ID)
	}
	return done, nil
}

// prunable picks the runs to thin, the oldest first: a run is compared with
// what is left of those before it. runs are newest first within each
// inventory.
func prunable(runs []*reports.Run, keep int) []*reports.Run {
	var old []*reports.Run
	inventory, newer := "", 0 // finished runs of the inventory seen so far
	for i, run := range runs {
		if i == 0 || run.Inventory != inventory {
			inventory, newer = run.Inventory, 0
		}
		if run.State != reports.RunDone && run.State != reports.RunFailed {
			continue
		}
		if newer++; newer > keep && !run.Thinned {
			old = append(old, run)
		}
	}
	slices.Reverse(old)
	return old
}

// thin deletes the results of a run that say what the one before said, batch
// by batch in the order of domains.
func (s *Store) thin(ctx context.Context, run *reports.Run) (int, error) {
	total, from := 0, ""
	for {
		last, n, err := s.thinBatch(ctx, run, from)
		total += n
		if err != nil {
			return total, s.explain("pruning", err)
		}
		if last == "" {
			break
		}
		from = last
	}
	_, err := s.writer.ExecContext(ctx, `UPDATE run SET thinned = 1 WHERE id = $1`, run.ID)
	if err != nil {
		return total, s.explain("pruning", err)
	}
	return total, nil
}

// A state is what makes a result the same as the one before.
type state struct {
	domain   string
	ruleset  int64
	outcomes string
	liveness string
	cause    string
}

// thinBatch handles the domains behind from; last is the last of them, empty
// at the end of the run.
func (s *Store) thinBatch(ctx context.Context, run *reports.Run, from string) (last string, deleted int, err error) {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return "", 0, err
	}
	defer tx.Rollback()
	batch, err := states(ctx, tx, run.ID, from)
	if err != nil || len(batch) == 0 {
		return "", 0, err
	}
	before, err := tx.PrepareContext(ctx, `SELECT r.ruleset, r.outcomes, r.liveness, r.cause FROM result r JOIN run ON run.id = r.run
		WHERE r.domain = $1 AND r.run < $2 AND run.inventory = $3 ORDER BY r.run DESC LIMIT 1`)
	if err != nil {
		return "", 0, err
	}
	for _, now := range batch {
		was := state{domain: now.domain}
		err := before.QueryRowContext(ctx, now.domain, run.ID, run.Inventory).Scan(&was.ruleset, &was.outcomes, &was.liveness, &was.cause)
		if errors.Is(err, sql.ErrNoRows) || err == nil && was != now {
			continue // a change: it stays
		}
		if err != nil {
			return "", 0, err
		}
		for _, table := range []string{"finding", "result"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE run = $1 AND domain = $2`, run.ID, now.domain); err != nil {
				return "", 0, err
			}
		}
		deleted++
	}
	if err := tx.Commit(); err != nil {
		return "", 0, err
	}
	return batch[len(batch)-1].domain, deleted, nil
}

func states(ctx context.Context, tx *sql.Tx, run, from string) ([]state, error) {
	rows, err := tx.QueryContext(ctx, `SELECT domain, ruleset, outcomes, liveness, cause FROM result
		WHERE run = $1 AND domain > $2 ORDER BY domain LIMIT $3`, run, from, pruneBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []state
	for rows.Next() {
		var st state
		if err := rows.Scan(&st.domain, &st.ruleset, &st.outcomes, &st.liveness, &st.cause); err != nil {
			return nil, err
		}
		list = append(list, st)
	}
	return list, rows.Err()
}
