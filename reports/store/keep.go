package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/warc"
)

// A Keeping is what lets the next run keep a result. It says nothing of the
// site.
type Keeping struct {
	ETag      string    // of the answer, as the server gave it; "" for none
	Modified  string    // its Last-Modified; "" for none
	FetchedAt time.Time // when the page was last received in full
	JudgedAt  time.Time // the clock of the rules when they judged it
	GoodUntil time.Time // up to which time the clock alone changes no outcome
}

// A Last is what a run knows of a domain, as far as the next one needs it.
type Last struct {
	Domain     string
	FinalURL   string
	BodyDigest string
	Inputs     string
	Found      bool // a violation or a warning
	Keeping
}

// inPart bounds the parameters of a statement, far below the limits of both
// databases.
const inPart = 500

// Last gives what the run knows of the domains, by domain.
func (s *Store) Last(ctx context.Context, run string, domains []string) (map[string]*Last, error) {
	known := make(map[string]*Last, len(domains))
	for len(domains) > 0 {
		part := domains[:min(inPart, len(domains))]
		domains = domains[len(part):]
		args := []any{run}
		for _, d := range part {
			args = append(args, d)
		}
		err := s.each(ctx, `SELECT domain, final_url, body_digest, inputs, outcomes, etag, modified, fetched_at, judged_at, good_until
			FROM result WHERE run = $1 AND domain IN (`+marks(2, len(part))+`)`, args, func(rows *sql.Rows) error {
			var l Last
			var outcomes sql.RawBytes
			var fetched, judged, good int64
			err := rows.Scan(&l.Domain, &l.FinalURL, &l.BodyDigest, &l.Inputs, &outcomes, &l.ETag, &l.Modified, &fetched, &judged, &good)
			l.Found = strings.ContainsAny(string(outcomes), string([]byte{charViolation, charWarning}))
			l.FetchedAt, l.JudgedAt, l.GoodUntil = moment(fetched), moment(judged), moment(good)
			known[l.Domain] = &l
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}

// A Kept says that a domain keeps the result of the run before. What is told
// here belongs to the new look; all else is copied as it is stored.
type Kept struct {
	Domain    string
	Line      int       // in the inventory
	At        time.Time // of the new look
	ETag      string
	Modified  string
	FetchedAt time.Time
	Evidence  warc.Place // the zero Place: that of the run before holds
	Found     bool       // a violation or a warning; it is not stored again
}

// keptColumns are the columns of a result that are copied.
const keptColumns = `owner, ruleset, outcomes, reasons, liveness, cause, kind, final_url, number, body_digest, inputs, record, judged_at, good_until`

// keptPart is how many results one statement copies.
const keptPart = 100

// KeepResults copies the results of the domains, findings and all, from one run
// to another: all of them or none. A copy names the evidence of the run that has
// it ("RUN/FILE"), unless the new look has its own.
func (s *Store) KeepResults(ctx context.Context, run, before string, kept []Kept) error {
	if len(kept) == 0 {
		return nil
	}
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return s.explain("writing to", err)
	}
	defer tx.Rollback()
	for len(kept) > 0 {
		part := kept[:min(keptPart, len(kept))]
		kept = kept[len(part):]
		if err := keepPart(ctx, tx, run, before, part); err != nil {
			return s.explain("writing to", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return s.explain("writing to", err)
	}
	return nil
}

// keepPart copies results. Nearly always they are new: only where some turn out
// to be there already are these replaced.
func keepPart(ctx context.Context, tx *sql.Tx, run, before string, part []Kept) error {
	n, err := copyResults(ctx, tx, run, before, part)
	if err == nil && n < len(part) {
		for i := range part {
			if err := remove(ctx, tx, run, part[i].Domain); err != nil {
				return err
			}
		}
		n, err = copyResults(ctx, tx, run, before, part)
	}
	if err != nil {
		return err
	}
	if n < len(part) {
		return fmt.Errorf("run %s has only %d of %d results to keep", before, n, len(part))
	}
	args := []any{run, before}
	for i := range part {
		args = append(args, part[i].Domain)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO finding (run, domain, seq, rule, severity, texts)
		SELECT CAST($1 AS TEXT), domain, seq, rule, severity, texts FROM finding WHERE run = $2 AND domain IN (`+marks(3, len(part))+`)`, args...)
	return err
}

// copyResults gives the number of results that were not there yet.
func copyResults(ctx context.Context, tx *sql.Tx, run, before string, part []Kept) (int, error) {
	args := []any{run, before, before + "/"}
	var rows strings.Builder
	for i := range part {
		k := &part[i]
		if i > 0 {
			rows.WriteString(", ")
		}
		n := len(args)
		fmt.Fprintf(&rows, "(CAST($%d AS TEXT), CAST($%d AS BIGINT), CAST($%d AS BIGINT), CAST($%d AS TEXT), CAST($%d AS TEXT), CAST($%d AS BIGINT), CAST($%d AS TEXT), CAST($%d AS BIGINT))",
			n+1, n+2, n+3, n+4, n+5, n+6, n+7, n+8)
		args = append(args, k.Domain, int64(k.Line), millis(k.At), clean(k.ETag), clean(k.Modified), millis(k.FetchedAt), k.Evidence.File, k.Evidence.Offset)
	}
	res, err := tx.ExecContext(ctx, `WITH k (domain, line, at, etag, modified, fetched_at, file, position) AS (VALUES `+rows.String()+`)
		INSERT INTO result (run, domain, line, at, etag, modified, fetched_at, evidence_file, evidence_offset, `+keptColumns+`)
		SELECT CAST($1 AS TEXT), k.domain, k.line, k.at, k.etag, k.modified, k.fetched_at,
			CASE WHEN k.file <> '' THEN k.file WHEN r.evidence_file = '' OR r.evidence_file LIKE '%/%' THEN r.evidence_file ELSE $3 || r.evidence_file END,
			CASE WHEN k.file <> '' THEN k.position ELSE r.evidence_offset END, `+keptColumns+`
		FROM k JOIN result r ON r.run = $2 AND r.domain = k.domain WHERE TRUE ORDER BY k.domain ON CONFLICT DO NOTHING`, args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}
