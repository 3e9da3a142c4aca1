package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports"
)

// ErrClosed says that a run takes no more results: it is done, or failed. What a
// late worker brings is to be dropped.
var ErrClosed = message.Errorf("该批次不再接收结果", "the run takes no more results")

// A Batch is results of one run, encoded and ready to be stored. Making it takes
// longer than storing it, so it is made before the transaction begins: on SQLite
// everybody else waits for a transaction that writes.
type Batch struct {
	run  string
	rows []row
	sets []*ruleset
}

// Pack encodes results of a run. An error names the domain that cannot be stored.
func Pack(run string, results []Result) (*Batch, error) {
	b := &Batch{run: run, rows: make([]row, len(results))}
	var rs *ruleset
	for i := range results {
		r := results[i].Record
		if r.Run == "" || r.Domain == "" || r.Run != run {
			return nil, fmt.Errorf("storing a result of run %q for domain %q in run %q: both must be named, and the run must be that one", r.Run, r.Domain, run)
		}
		if !rs.covers(r.Ruleset, r.Outcomes) {
			rs = newRuleset(r.Ruleset, r.Outcomes)
			b.sets = append(b.sets, rs)
		}
		var err error
		if b.rows[i], err = packRow(&results[i], rs); err != nil {
			return nil, fmt.Errorf("storing the result of %s: %w", r.Domain, err)
		}
	}
	return b, nil
}

// PutTx stores a batch inside a transaction of [Store.Writer]. A result that is
// there already is replaced, findings and all, unless it is of a later visit; so a
// batch can be stored twice, and visits in any order. [ErrClosed] if the run is no
// longer open, [ErrNoRun] if it is not there: then nothing was written, and the
// caller rolls back. Until the transaction ends no one can close the run, so the
// transaction must not change the run itself.
func (s *Store) PutTx(ctx context.Context, tx *sql.Tx, b *Batch) error {
	if len(b.rows) == 0 {
		return nil
	}
	if err := s.mustBeOpen(ctx, tx, b.run); err != nil {
		return err
	}
	return s.write(ctx, tx, b)
}

// mustBeOpen returns [ErrClosed] unless the run is planned or under way, [ErrNoRun]
// if it is not there, and keeps it as it is until the transaction ends.
func (s *Store) mustBeOpen(ctx context.Context, tx *sql.Tx, run string) error {
	var state string
	err := tx.QueryRowContext(ctx, s.state, run).Scan(&state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("run %q: %w", run, ErrNoRun)
	case err != nil:
		return err
	case state != string(reports.RunPlanning) && state != string(reports.RunActive):
		return fmt.Errorf("run %s: %w", run, ErrClosed)
	}
	return nil
}

// write stores a batch in whatever run it is of. The rule sets are stored each
// time: that costs little, and whether the transaction of the last time came
// through is not known here.
func (s *Store) write(ctx context.Context, tx *sql.Tx, b *Batch) error {
	for _, rs := range b.sets {
		if _, err := tx.ExecContext(ctx, insertRuleset, rs.args()...); err != nil {
			return err
		}
	}
	return s.engine.put(ctx, tx, b.rows)
}

// inTx runs f in a transaction, once more if the connection turns out to have been
// broken: after a restart of a server all connections of a pool are.
func (s *Store) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	err := s.once(ctx, f)
	if err != nil && s.pool != nil && broken(err) && ctx.Err() == nil {
		s.pool.Reset()
		err = s.once(ctx, f)
	}
	if err != nil {
		return s.Explain("writing to", err)
	}
	return nil
}

func (s *Store) once(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}
