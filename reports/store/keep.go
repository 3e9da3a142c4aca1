package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
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
	Findings   bool // any finding
	Keeping
}

// inPart bounds the names in one question.
const inPart = 500

// Last gives what the run knows of the domains, by domain.
func (s *Store) Last(ctx context.Context, run string, domains []string) (map[string]*Last, error) {
	known := make(map[string]*Last, len(domains))
	for len(domains) > 0 {
		part := domains[:min(inPart, len(domains))]
		domains = domains[len(part):]
		among, list := s.engine.among(part)
		err := s.each(ctx, `SELECT domain, final_url, body_digest, inputs, outcomes, etag, modified, fetched_at, judged_at, good_until
			FROM result WHERE run = $1 AND domain `+among, []any{run, list}, func(rows *sql.Rows) error {
			var l Last
			var outcomes sql.RawBytes
			var fetched, judged, good int64
			err := rows.Scan(&l.Domain, &l.FinalURL, &l.BodyDigest, &l.Inputs, &outcomes, &l.ETag, &l.Modified, &fetched, &judged, &good)
			l.Found = bytes.IndexByte(outcomes, charViolation) >= 0 || bytes.IndexByte(outcomes, charWarning) >= 0
			l.Findings = l.Found || bytes.IndexByte(outcomes, charNotice) >= 0
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
	Found     bool       // a violation or a warning
	Findings  bool       // any finding
}

// keptPart is how many results one statement copies where each statement is a
// way to a server and back.
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
	if err := s.keep(ctx, tx, run, before, kept); err != nil {
		return s.explain("writing to", err)
	}
	if err := tx.Commit(); err != nil {
		return s.explain("writing to", err)
	}
	return nil
}

// keep copies results. Nearly always they are new: only where some turn out to
// be there already are all of them replaced.
func (s *Store) keep(ctx context.Context, tx *sql.Tx, run, before string, kept []Kept) error {
	n, err := s.engine.copyResults(ctx, tx, run, before, kept)
	if err == nil && n < len(kept) {
		for i := range kept {
			if err := remove(ctx, tx, run, kept[i].Domain); err != nil {
				return err
			}
		}
		n, err = s.engine.copyResults(ctx, tx, run, before, kept)
	}
	if err != nil {
		return err
	}
	if n < len(kept) {
		return fmt.Errorf("run %s has only %d of %d results to keep", before, n, len(kept))
	}
	var found []string
	for i := range kept {
		if kept[i].Findings {
			found = append(found, kept[i].Domain)
		}
	}
	return s.engine.copyFindings(ctx, tx, run, before, found)
}

// copyResult is the statement that copies results from run $2 to run $1; $3 is
// the folder of $2's evidence. k gives the new look's values, in the order of
// Kept.args; from says which results.
func copyResult(k [8]string, with, from string) string {
	const columns = `owner, ruleset, outcomes, reasons, liveness, cause, kind, final_url, number, body_digest, inputs, record, judged_at, good_until`
	return with + `INSERT INTO result (run, domain, line, at, etag, modified, fetched_at, evidence_file, evidence_offset, ` + columns + `)
		SELECT CAST($1 AS TEXT), r.domain, ` + k[1] + `, ` + k[2] + `, ` + k[3] + `, ` + k[4] + `, ` + k[5] + `,
			CASE WHEN ` + k[6] + ` <> '' THEN ` + k[6] + ` WHEN r.evidence_file = '' OR r.evidence_file LIKE '%/%' THEN r.evidence_file ELSE $3 || r.evidence_file END,
			CASE WHEN ` + k[6] + ` <> '' THEN ` + k[7] + ` ELSE r.evidence_offset END, ` + columns + `
		FROM ` + from + ` WHERE r.run = $2 AND r.domain = ` + k[0] + ` ORDER BY r.domain ON CONFLICT DO NOTHING`
}

func (k *Kept) args() []any {
	return []any{k.Domain, int64(k.Line), millis(k.At), clean(k.ETag), clean(k.Modified), millis(k.FetchedAt), clean(k.Evidence.File), k.Evidence.Offset}
}

const copyFindings = `INSERT INTO finding (` + findingStored + `)
	SELECT CAST($1 AS TEXT), domain, seq, rule, severity, texts FROM finding WHERE run = $2 AND domain `

// copyResults copies one by one: a statement that is made once costs a tenth of
// one for many rows, which SQLite reads anew each time.
func (sqliteEngine) copyResults(ctx context.Context, tx *sql.Tx, run, before string, kept []Kept) (int, error) {
	one, err := tx.PrepareContext(ctx, copyResult([8]string{"$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11"}, "", "result r"))
	if err != nil {
		return 0, err
	}
	n := 0
	for i := range kept {
		fresh, err := inserted(one.ExecContext(ctx, append([]any{run, before, before + "/"}, kept[i].args()...)...))
		if err != nil {
			return n, err
		}
		if fresh {
			n++
		}
	}
	return n, nil
}

func (sqliteEngine) copyFindings(ctx context.Context, tx *sql.Tx, run, before string, domains []string) error {
	if len(domains) == 0 {
		return nil
	}
	one, err := tx.PrepareContext(ctx, copyFindings+`= $3`)
	if err != nil {
		return err
	}
	for _, d := range domains {
		if _, err := one.ExecContext(ctx, run, before, d); err != nil {
			return err
		}
	}
	return nil
}

// copyResults copies many in one statement, in the order of keys, so that two
// workers that keep the same domains do not wait for each other in a circle.
func (postgresEngine) copyResults(ctx context.Context, tx *sql.Tx, run, before string, kept []Kept) (int, error) {
	kept = slices.SortedFunc(slices.Values(kept), func(a, b Kept) int { return strings.Compare(a.Domain, b.Domain) })
	total := 0
	for part := range slices.Chunk(kept, keptPart) {
		args := []any{run, before, before + "/"}
		var rows strings.Builder
		for i := range part {
			if i > 0 {
				rows.WriteString(", ")
			}
			n := len(args)
			fmt.Fprintf(&rows, "($%d::text, $%d::bigint, $%d::bigint, $%d::text, $%d::text, $%d::bigint, $%d::text, $%d::bigint)", n+1, n+2, n+3, n+4, n+5, n+6, n+7, n+8)
			args = append(args, part[i].args()...)
		}
		query := copyResult([8]string{"k.domain", "k.line", "k.at", "k.etag", "k.modified", "k.fetched", "k.file", "k.position"},
			`WITH k (domain, line, at, etag, modified, fetched, file, position) AS (VALUES `+rows.String()+`) `, "k, result r")
		res, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return total, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return total, err
		}
		total += int(n)
	}
	return total, nil
}

func (postgresEngine) copyFindings(ctx context.Context, tx *sql.Tx, run, before string, domains []string) error {
	if len(domains) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, copyFindings+`= ANY($3)`, run, before, domains)
	return err
}
