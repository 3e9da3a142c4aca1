package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports"
)

// ErrNoRun says that there is no such run.
var ErrNoRun = message.Errorf("没有该检查批次", "no such run")

// ErrTaken says that a run of the same id, or of the same calendar entry and
// tick, is there already: another planner was first.
var ErrTaken = message.Errorf("该检查批次已存在", "this run is there already")

const runColumns = `id, inventory, entry, tick, started_at, finished_at, state, trouble, ruleset, vantage, lines, rejected, verdicts, options, thinned`

const insertRun = `INSERT INTO run (` + runColumns + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING`

// CreateRun stores a new run; [ErrTaken] if it is there.
func (s *Store) CreateRun(ctx context.Context, run *reports.Run) error {
	err := s.once(ctx, func(tx *sql.Tx) error { return s.AddRun(ctx, tx, run) })
	if err != nil && s.engine.occupied(err) {
		err = s.once(ctx, func(tx *sql.Tx) error { return addRun(ctx, tx, run) }) // it had results before it was created: they stay where they are
	}
	if err != nil && !errors.Is(err, ErrTaken) {
		return s.Explain("storing a run in", err)
	}
	return err
}

// AddRun is CreateRun for a run that has no results yet, as a part of the transaction of
// somebody who stores more of it: nobody sees the one without the other.
func (s *Store) AddRun(ctx context.Context, tx *sql.Tx, run *reports.Run) error {
	if err := addRun(ctx, tx, run); err != nil || run.Inventory == "" {
		return err
	}
	return s.engine.makeRoom(ctx, tx, run.ID)
}

// addRun stores the row of a run.
func addRun(ctx context.Context, tx *sql.Tx, run *reports.Run) error {
	if run.ID == "" {
		return errors.New("storing a run: it has no id")
	}
	fresh, err := inserted(tx.ExecContext(ctx, insertRun, runArgs(run)...))
	if err == nil && !fresh {
		err = message.Errorf("保存批次 %s：%w", "storing run %s: %w", run.ID, ErrTaken)
	}
	return err
}

// UpdateRun stores what changed of a run; its id, calendar entry and tick
// stay. [ErrNoRun] if it is not there.
func (s *Store) UpdateRun(ctx context.Context, run *reports.Run) error {
	res, err := s.writer.ExecContext(ctx, `UPDATE run SET inventory = $2, started_at = $3, finished_at = $4, state = $5, trouble = $6,
		ruleset = $7, vantage = $8, lines = $9, rejected = $10, verdicts = $11, options = $12, thinned = $13 WHERE id = $1`,
		run.ID, clean(run.Inventory), millis(run.StartedAt), millis(run.FinishedAt), string(run.State), clean(run.Trouble),
		run.Ruleset, clean(run.Vantage), run.Lines, run.Rejected, run.Verdicts, clean(run.Options), flag(run.Thinned))
	if err != nil {
		return s.Explain("storing a run in", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return message.Errorf("批次 %q：%w", "run %q: %w", run.ID, ErrNoRun)
}

// Run gives one run by its id; [ErrNoRun] if it is not there.
func (s *Store) Run(ctx context.Context, id string) (*reports.Run, error) {
	return s.oneRun(ctx, id, `WHERE id = $1`, id)
}

// FindRun returns the run that a person means: "latest" or "last" (the newest
// that is done), a whole id, or the beginning of just one.
func (s *Store) FindRun(ctx context.Context, word string) (*reports.Run, error) {
	if word == "latest" || word == "last" {
		return s.oneRun(ctx, word, `WHERE state = $1 ORDER BY id DESC LIMIT 1`, string(reports.RunDone))
	}
	word = clean(word) // it was typed
	run, err := s.Run(ctx, word)
	if err == nil || !errors.Is(err, ErrNoRun) || word == "" {
		return run, err
	}
	// U+FFFF sorts behind everything that an id holds.
	list, err := s.runs(ctx, `WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT 2`, word, word+"\uffff")
	switch {
	case err != nil:
		return nil, err
	case len(list) == 0:
		return nil, message.Errorf("批次 %q：%w", "run %q: %w", word, ErrNoRun)
	case len(list) > 1:
		return nil, message.Errorf("批次 %q：有多个批次号以此开头，如 %s 和 %s：请多写几位", "run %q: several runs begin so, among them %s and %s: give more of the id", word, list[0].ID, list[1].ID)
	}
	return list[0], nil
}

// Runs lists the newest runs first, at most limit; all of them if limit is 0.
func (s *Store) Runs(ctx context.Context, limit int) ([]*reports.Run, error) {
	if limit <= 0 {
		limit = 1 << 30
	}
	return s.runs(ctx, `ORDER BY id DESC LIMIT $1`, limit)
}

// Unfinished lists the runs that were planned or under way when their
// process ended, oldest first.
func (s *Store) Unfinished(ctx context.Context) ([]*reports.Run, error) {
	return s.runs(ctx, `WHERE state IN ($1, $2) ORDER BY id`, string(reports.RunPlanning), string(reports.RunActive))
}

// LastDone returns the newest run of the inventory that is done and older than
// the run with the id before (any, if before is empty); [ErrNoRun] if there
// is none.
func (s *Store) LastDone(ctx context.Context, inventory, before string) (*reports.Run, error) {
	if before == "" {
		before = "\uffff"
	}
	return s.oneRun(ctx, "before "+before, `WHERE inventory = $1 AND id < $2 AND state = $3 ORDER BY id DESC LIMIT 1`, clean(inventory), before, string(reports.RunDone))
}

func (s *Store) oneRun(ctx context.Context, name, where string, args ...any) (*reports.Run, error) {
	list, err := s.runs(ctx, where, args...)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, message.Errorf("批次 %q：%w", "run %q: %w", name, ErrNoRun)
	}
	return list[0], nil
}

func (s *Store) runs(ctx context.Context, where string, args ...any) ([]*reports.Run, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT `+runColumns+` FROM run `+where, args...)
	if err != nil {
		return nil, s.Explain("reading runs from", err)
	}
	defer rows.Close()
	var list []*reports.Run
	for rows.Next() {
		run, err := scanRun(rows)
		if err != nil {
			return nil, s.Explain("reading runs from", err)
		}
		list = append(list, run)
	}
	if err := rows.Err(); err != nil {
		return nil, s.Explain("reading runs from", err)
	}
	return list, nil
}

func scanRun(rows *sql.Rows) (*reports.Run, error) {
	var run reports.Run
	var tick, started, finished, thinned int64
	var state string
	err := rows.Scan(&run.ID, &run.Inventory, &run.Entry, &tick, &started, &finished, &state, &run.Trouble,
		&run.Ruleset, &run.Vantage, &run.Lines, &run.Rejected, &run.Verdicts, &run.Options, &thinned)
	run.Tick, run.StartedAt, run.FinishedAt = moment(tick), moment(started), moment(finished)
	run.State, run.Thinned = reports.RunState(state), thinned != 0
	return &run, err
}

func runArgs(run *reports.Run) []any {
	return []any{run.ID, clean(run.Inventory), clean(run.Entry), millis(run.Tick), millis(run.StartedAt), millis(run.FinishedAt),
		string(run.State), clean(run.Trouble), run.Ruleset, clean(run.Vantage), run.Lines, run.Rejected, run.Verdicts, clean(run.Options), flag(run.Thinned)}
}

// millis is the stored form of a time; 0 stands for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
