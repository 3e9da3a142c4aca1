package lifecycle

import (
	"context"
	"database/sql"
	"slices"
)

// write stores what a part changes.
func (s *Store) write(ctx context.Context, tx *sql.Tx, scope int64, run string, p *part) error {
	query, args := `DELETE FROM finding_event WHERE scope = $1 AND run = $2 AND domain > $3`, []any{scope, run, p.from}
	if !p.last {
		query, args = query+` AND domain <= $4`, append(args, p.to)
	}
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		return err
	}
	for _, g := range p.gone {
		if _, err := tx.ExecContext(ctx, `DELETE FROM finding_life WHERE scope = $1 AND domain = $2 AND rule = $3`, scope, g.domain, g.rule); err != nil {
			return err
		}
	}
	rows := make([][]any, len(p.rows))
	for i, r := range p.rows {
		var err error
		if rows[i], err = r.args(scope); err != nil {
			return err
		}
	}
	if err := s.insert(ctx, tx, putRows, rows); err != nil {
		return err
	}
	events := make([][]any, len(p.events))
	for i, e := range p.events {
		events[i] = []any{scope, run, e.domain, e.rule, string(e.state), e.severity}
	}
	return s.insert(ctx, tx, putEvents, events)
}

// insert stores rows by the statement for so many of them.
func (s *Store) insert(ctx context.Context, tx *sql.Tx, statement func(int) string, rows [][]any) error {
	var whole *sql.Stmt
	for part := range slices.Chunk(rows, s.batch) {
		args := slices.Concat(part...)
		if len(part) < s.batch {
			if _, err := tx.ExecContext(ctx, statement(len(part)), args...); err != nil {
				return err
			}
			continue
		}
		if whole == nil {
			var err error
			if whole, err = tx.PrepareContext(ctx, statement(s.batch)); err != nil {
				return err
			}
			defer whole.Close()
		}
		if _, err := whole.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}
