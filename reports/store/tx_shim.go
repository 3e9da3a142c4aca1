package store

import (
	"context"
	"database/sql"
	"encoding/json"
)

func (s *Store) PutResultsTx(ctx context.Context, tx *sql.Tx, run string, results []Result) error {
	if len(results) == 0 {
		return nil
	}
	rows, sets, err := s.pack(results)
	if err != nil {
		return err
	}
	for _, rs := range sets {
		if s.rules.isStored(rs) {
			continue
		}
		if _, err := tx.ExecContext(ctx, insertRuleset, rs.args()...); err != nil {
			return err
		}
	}
	return s.write(ctx, tx, rows)
}

func (s *Store) KeepResultsTx(ctx context.Context, tx *sql.Tx, run, before string, kept []Kept) error {
	if len(kept) == 0 {
		return nil
	}
	if _, err := s.engine.copyResults(ctx, tx, run, before, kept); err != nil {
		return err
	}
	return nil
}

func (s *Store) AmongNumbers(list []int) (string, any) {
	data, _ := json.Marshal(list)
	return `IN (SELECT value FROM json_each($2))`, string(data)
}

func (s *Store) Thin(ctx context.Context, keep int, evidence string) (more bool, err error) { return false, nil }
