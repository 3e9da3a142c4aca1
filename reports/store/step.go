package store

import (
	"context"
	"database/sql"
	"errors"
)

// A Step is how far one of the steps after a run has come. Steps are done piece by
// piece: each piece stores its place in the transaction of its work, so that one
// that was stopped goes on where it was.
type Step struct {
	Place string // up to which it is done, as the step itself counts; "" at its beginning
	Done  bool
}

// The steps of this package.
const (
	stepThin     = "thin"
	stepEvidence = "evidence"
)

const setStep = `INSERT INTO run_step (run, step, place, done) VALUES ($1, $2, $3, $4)
	ON CONFLICT (run, step) DO UPDATE SET place = excluded.place, done = excluded.done`

// Step returns how far a step of a run has come; the zero Step if it has not begun.
func (s *Store) Step(ctx context.Context, run, step string) (Step, error) {
	var at Step
	var done int64
	err := s.reader.QueryRowContext(ctx, `SELECT place, done FROM run_step WHERE run = $1 AND step = $2`, run, step).Scan(&at.Place, &done)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return at, s.Explain("reading", err)
	}
	at.Done = done != 0
	return at, nil
}

// SetStepTx stores how far a step of a run has come; a step of a name that this
// package does not use is the caller's.
func (s *Store) SetStepTx(ctx context.Context, tx *sql.Tx, run, step string, at Step) error {
	_, err := tx.ExecContext(ctx, setStep, run, step, clean(at.Place), flag(at.Done))
	return err
}
