package lifecycle

import (
	"context"
	"database/sql"
	"time"
)

// A Before is the life of an inventory's findings as a run finds it.
type Before struct {
	s     *Store
	scope int64
	run   string
}

// Before returns the life of findings before a run of the inventory; nil if the
// run with the id last, the one before it, was not taken into account.
func (s *Store) Before(ctx context.Context, inventory, last, run string) (*Before, error) {
	c, err := s.scope(ctx, inventory)
	if err != nil {
		return nil, err
	}
	if known, _ := c.before(run); known == "" || known != last {
		return nil, nil
	}
	return &Before{s: s, scope: c.id, run: run}, nil
}

// Since returns when the open findings of a domain were first found, by rule.
func (b *Before) Since(ctx context.Context, domain string) (map[string]time.Time, error) {
	since := map[string]time.Time{}
	err := b.s.each(ctx, `SELECT `+rowColumns+` FROM finding_life WHERE scope = $1 AND domain = $2`, []any{b.scope, domain}, func(rows *sql.Rows) error {
		r, err := scanRow(rows, b.run)
		if err != nil {
			return err
		}
		if was := r.before(b.run); was.State.Open() {
			since[r.rule] = moment(was.OpenedAt)
		}
		return nil
	})
	return since, err
}
