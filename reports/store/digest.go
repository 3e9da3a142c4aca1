package store

import (
	"context"
	"database/sql"
	"errors"
)

// BodyDigest returns the digest of the body that a run saw for a domain; "" if
// there was none, or the run has no result for it.
func (s *Store) BodyDigest(ctx context.Context, run, domain string) (string, error) {
	digest := ""
	err := s.reader.QueryRowContext(ctx, `SELECT body_digest FROM result WHERE run = $1 AND domain = $2`, run, domain).Scan(&digest)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", s.Explain("reading", err)
	}
	return digest, nil
}
