package lifecycle

import (
	"context"
	"database/sql"
	"errors"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// Step is the name of the step of a run that takes it into account.
const Step = "findings"

// domainsInPass is how many domains are taken into account in one transaction:
// others wait for the writer of SQLite no longer than some tens of milliseconds,
// but for the first run of an inventory.
const domainsInPass = 2000

// A Tx carries out a function in one transaction; a caller that does a job holds it
// there. The function may be given more than once.
type Tx func(context.Context, func(*sql.Tx) error) error

// A Pass takes one run into account.
type Pass struct {
	s       *Store
	run     *reports.Run
	waivers *Waivers
}

// Begin begins to take a run into account, whose results are whole, or goes on with it.
// Only one process may do so at a time for one inventory.
func (s *Store) Begin(ctx context.Context, run *reports.Run) (*Pass, error) {
	waivers, err := s.Waivers(ctx)
	return &Pass{s: s, run: run, waivers: waivers}, err
}

// Behind returns the oldest run of the inventory that is done, whole and not taken
// into account, and older than a run; [store.ErrNoRun] if there is none. A database of an
// older version has some.
func (s *Store) Behind(ctx context.Context, run *reports.Run) (*reports.Run, error) {
	c, err := s.scope(ctx, run.Inventory)
	if err != nil {
		return nil, err
	}
	before := run.ID
	var oldest *reports.Run
	for range maxBehind {
		r, err := s.results.LastDone(ctx, run.Inventory, before)
		if errors.Is(err, store.ErrNoRun) {
			break
		}
		if err != nil {
			return nil, err
		}
		if r.ID < c.run || r.Thinned {
			break
		}
		at, err := s.results.Step(ctx, r.ID, Step)
		if err != nil {
			return nil, err
		}
		if at.Done {
			break
		}
		oldest, before = r, r.ID
	}
	if oldest == nil {
		return nil, store.ErrNoRun
	}
	return oldest, nil
}

// maxBehind bounds the runs that are taken into account later.
const maxBehind = 30

// errMoved says that another process has taken domains into account meanwhile.
var errMoved = errors.New("another process takes this run into account")

// Next takes the next domains into account, and reports whether there are more.
func (p *Pass) Next(ctx context.Context, tx Tx) (more bool, err error) {
	at, err := p.s.results.Step(ctx, p.run.ID, Step)
	if err != nil || at.Done {
		return false, err
	}
	c, err := p.s.scope(ctx, p.run.Inventory)
	if err != nil {
		return false, err
	}
	if c.run > p.run.ID {
		return false, nil // it is older than what is known
	}
	if at.Place == theEnd {
		return p.end(ctx, tx, &c)
	}
	part, err := p.read(ctx, &c, at.Place)
	if err != nil {
		return false, err
	}
	err = tx(ctx, func(tx *sql.Tx) error {
		if err := p.mustBeAt(ctx, tx, at.Place); err != nil {
			return err
		}
		if err := p.enter(ctx, tx, &c); err != nil {
			return err
		}
		if err := p.s.write(ctx, tx, c.id, p.run.ID, part); err != nil {
			return err
		}
		to := part.to
		if part.last {
			to = theEnd
		}
		return p.s.results.SetStepTx(ctx, tx, p.run.ID, Step, store.Step{Place: to})
	})
	if errors.Is(err, errMoved) {
		err = nil
	}
	return err == nil, err
}

// theEnd is the place behind all domains: it sorts behind what they begin with.
const theEnd = "~"

// end counts what the run has left.
func (p *Pass) end(ctx context.Context, tx Tx, c *scope) (more bool, err error) {
	counts, err := p.s.counted(ctx, c.id, p.run)
	if err != nil {
		return false, err
	}
	err = tx(ctx, func(tx *sql.Tx) error {
		if err := p.mustBeAt(ctx, tx, theEnd); err != nil {
			return err
		}
		if err := p.s.putCounts(ctx, tx, p.run, counts); err != nil {
			return err
		}
		return p.s.results.SetStepTx(ctx, tx, p.run.ID, Step, store.Step{Place: theEnd, Done: true})
	})
	if errors.Is(err, errMoved) {
		return true, nil
	}
	return false, err
}

// mustBeAt returns [errMoved] unless the run is taken into account up to a place.
func (p *Pass) mustBeAt(ctx context.Context, tx *sql.Tx, place string) error {
	now, err := p.place(ctx, tx)
	if err == nil && now != place {
		err = errMoved
	}
	return err
}

// place is how far the run is taken into account, in the transaction.
func (p *Pass) place(ctx context.Context, tx *sql.Tx) (place string, err error) {
	err = tx.QueryRowContext(ctx, `SELECT place FROM run_step WHERE run = $1 AND step = $2`, p.run.ID, Step).Scan(&place)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return place, err
}

// Reset has the next pass take the run into account from its first domain: its
// results are not what they were.
func (s *Store) Reset(ctx context.Context, tx *sql.Tx, run string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM run_step WHERE run = $1 AND step = $2`, run, Step)
	return err
}

// enter makes the run the newest one of its scope, which is made if it is not
// there.
func (p *Pass) enter(ctx context.Context, tx *sql.Tx, c *scope) error {
	if c.run == p.run.ID {
		return nil
	}
	at := millis(p.run.StartedAt)
	if c.id != 0 {
		_, err := tx.ExecContext(ctx, `UPDATE finding_scope SET run_was = run, at_was = at, run = $2, at = $3 WHERE id = $1`, c.id, p.run.ID, at)
		return err
	}
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) + 1 FROM finding_scope`).Scan(&c.id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO finding_scope (id, inventory, run, at, run_was, at_was) VALUES ($1, $2, $3, $4, '', 0)`, c.id, p.run.Inventory, p.run.ID, at)
	return err
}
