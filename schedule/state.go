package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// runInfo is a run with what the jobs need to know of it.
type runInfo struct {
	*reports.Run
	number int64    // short, in the keys of the run's rows
	state  runState // as it was when it was read
}

// runState is how far a run has come.
type runState struct {
	config   string // fingerprint of the processes that work on it
	digest   string // of the inventory when the run began
	planned  bool   // the inventory is read to its end
	line     int    // up to which it is read
	lines    int
	rejected int
	targets  int
	first    int    // seq of the first target of the present reading of the inventory
	added    int    // names that the present reading found and the one before did not; 0 while there is only one
	altered  int    // names of which the present reading says something else
	warnings string // what the reader of the inventory remarked, a line each
	controls string // sites seen serving, a line each
	step     string // of finish
	sweeps   int    // times in a row that targets without verdict were put in again, and none got its own
	swept    int    // verdicts at the last time
}

// count counts a line by what became of it.
func (s *runState) count(m meeting) {
	switch m {
	case rejected:
		s.rejected++
		return
	case newName:
		if s.first > 0 {
			s.added++
		}
	case otherLine:
		s.altered++
	}
	s.targets++
}

// priority is that of the run's jobs: runs that a person began come before
// those of the calendar.
func (i *runInfo) priority() int {
	if i.Entry == "" {
		return priorityPerson
	}
	return priorityCalendar
}

// open reports whether the run is still to be worked on.
func (i *runInfo) open() bool {
	return i.State == reports.RunPlanning || i.State == reports.RunActive
}

// errNoState reports that a run has no state: it is of a released version that
// kept it otherwise, or it was closed before it began.
var errNoState = errors.New("the run cannot be resumed")

// run reads a run and its state.
func (r *Runner) run(ctx context.Context, id string) (*runInfo, error) {
	run, err := r.cfg.Store.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	i := &runInfo{Run: run}
	s := &i.state
	err = r.db.reader.QueryRowContext(ctx, `SELECT number, config, digest, planned, line, line_count, rejected, targets, warnings, controls, step, sweeps, swept, first_seq, added, altered
		FROM run_state WHERE run = $1`, id).
		Scan(&i.number, &s.config, &s.digest, &s.planned, &s.line, &s.lines, &s.rejected, &s.targets, &s.warnings, &s.controls, &s.step, &s.sweeps, &s.swept, &s.first, &s.added, &s.altered)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: %s", errNoState, id)
	}
	return i, err
}

// createState stores the state of a new run.
func createState(ctx context.Context, tx *sql.Tx, i *runInfo) error {
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(number), 0) + 1 FROM run_state`).Scan(&i.number); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO run_state (run, number, config, digest, planned, line, line_count, rejected, targets, warnings, controls, step, sweeps)
		VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0, '', $5, '', 0)`, i.ID, i.number, i.state.config, i.state.digest, i.state.controls)
	return err
}

// holdOurs is holdOpen, and keeps the run from being stopped, or taken up with other
// rules or settings, before the transaction ends. [queue.ErrNotMine] if it was taken up:
// jobs that followed would lie in queues that no one works. Of a stopped run what was
// seen is stored, but nothing follows.
func (r *Runner) holdOurs(ctx context.Context, tx *queue.Tx, run string) error {
	if err := r.holdOpen(ctx, tx, run); err != nil {
		return err
	}
	var config string // whoever changes it changes the run's row first, which is held now
	if err := tx.QueryRowContext(ctx, `SELECT config FROM run_state WHERE run = $1`, run).Scan(&config); err != nil {
		return err
	}
	switch config {
	case r.fingerprint:
		return nil
	case stoppedConfig:
		tx.Seal()
		return nil
	}
	return queue.ErrNotMine
}

// holdOpen keeps a run from being closed before the transaction ends; [errOver] if
// it is closed. Without it a job that is late would leave rows in tables that were
// cleared already.
func (r *Runner) holdOpen(ctx context.Context, tx *queue.Tx, run string) error {
	query := `SELECT state FROM run WHERE id = $1`
	if r.queue.Postgres() {
		query += ` FOR SHARE`
	}
	var state reports.RunState
	err := tx.QueryRowContext(ctx, query, run).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) || err == nil && state != reports.RunPlanning && state != reports.RunActive {
		return errOver
	}
	return err
}
