package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// Registration returns what a registry said of a registrable domain when it was
// asked last; nil if it never was.
func (s *Store) Registration(ctx context.Context, domain string) (*crawler.Registration, error) {
	var payload []byte
	err := s.reader.QueryRowContext(ctx, `SELECT payload FROM registration WHERE domain = $1`, domain).Scan(&payload)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, s.Explain("reading", err)
	}
	r := new(crawler.Registration)
	if err := json.Unmarshal(payload, r); err != nil {
		return nil, fmt.Errorf("reading the registration of %s: %w", domain, err)
	}
	return r, nil
}

// PutRegistration keeps what a registry said, in place of what it said before.
func (s *Store) PutRegistration(ctx context.Context, r *crawler.Registration) error {
	payload, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("keeping the registration of %s: %w", r.Domain, err)
	}
	_, err = s.writer.ExecContext(ctx, `INSERT INTO registration (domain, protocol, server, at, payload) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (domain) DO UPDATE SET protocol = excluded.protocol, server = excluded.server, at = excluded.at, payload = excluded.payload`,
		r.Domain, string(r.Protocol), clean(r.Server), r.At.UnixMilli(), payload)
	if err != nil {
		return s.Explain("writing", err)
	}
	return nil
}

// Answer returns what a register answered to a question and when, as the caller
// packed it; nil if it was never asked.
func (s *Store) Answer(ctx context.Context, register, question string) (payload []byte, at time.Time, err error) {
	var ms int64
	err = s.reader.QueryRowContext(ctx, `SELECT payload, at FROM register_answer WHERE register = $1 AND question = $2`, clean(register), clean(question)).Scan(&payload, &ms)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, s.Explain("reading", err)
	}
	return payload, time.UnixMilli(ms), nil
}

// PutAnswer keeps what a register answered, in place of what it answered before.
func (s *Store) PutAnswer(ctx context.Context, register, question string, at time.Time, payload []byte) error {
	_, err := s.writer.ExecContext(ctx, `INSERT INTO register_answer (register, question, at, payload) VALUES ($1, $2, $3, $4)
		ON CONFLICT (register, question) DO UPDATE SET at = excluded.at, payload = excluded.payload`, clean(register), clean(question), at.UnixMilli(), payload)
	if err != nil {
		return s.Explain("writing", err)
	}
	return nil
}
