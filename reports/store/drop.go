package store

import (
	"context"
	"database/sql"
)

// DropTx deletes the results and findings of domains from a run that is not
// over, and returns how many results there were and how many of them had a
// finding. What stays of them is their evidence, until it is swept.
func (s *Store) DropTx(ctx context.Context, tx *sql.Tx, run string, domains []string) (dropped, found int, err error) {
	for len(domains) > 0 {
		part := domains[:min(inPart, len(domains))]
		domains = domains[len(part):]
		among, list := s.Among(part)
		n := 0
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(DISTINCT domain) FROM finding WHERE run = $1 AND severity <> 'notice' AND domain `+among, run, list).Scan(&n); err != nil {
			return dropped, found, s.Explain("reading", err)
		}
		found += n
		if _, err := tx.ExecContext(ctx, `DELETE FROM finding WHERE run = $1 AND domain `+among, run, list); err != nil {
			return dropped, found, s.Explain("writing", err)
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM result WHERE run = $1 AND domain `+among, run, list)
		if err != nil {
			return dropped, found, s.Explain("writing", err)
		}
		deleted, err := res.RowsAffected()
		if err != nil {
			return dropped, found, err
		}
		dropped += int(deleted)
	}
	return dropped, found, nil
}
