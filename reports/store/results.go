package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler/warc"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// A Result is what one run says of one domain, with what is needed to look
// into it again. Run and Domain are those of its Record.
type Result struct {
	Record     *reports.Record
	Line       int        // in the inventory, 0 for a domain given by hand
	BodyDigest string     // of the answer's body; "" if there was none
	Inputs     string     // digest of what was judged beside the page, and what else was asked; "" if the next run must judge again
	Evidence   warc.Place // the zero Place if no evidence was kept; the file of another run is named RUN/FILE
	Keeping
}

// resultStored are the columns that storing a result fills, in the order of
// row.args.
const resultStored = `run, domain, line, at, owner, ruleset, outcomes, reasons, liveness, cause, kind, final_url, number,
	body_digest, inputs, evidence_file, evidence_offset, record, etag, modified, fetched_at, judged_at, good_until`

const insertResult = `INSERT INTO result (` + resultStored + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`

const findingStored = `run, domain, seq, rule, severity, texts`

const insertFinding = `INSERT INTO finding (` + findingStored + `) VALUES ($1, $2, $3, $4, $5, $6)`

// A row is one result, ready to be bound.
type row struct {
	args     []any // of insertResult: text, int64 and bytes
	findings [][]any
}

func (w *row) run() string    { return w.args[0].(string) }
func (w *row) domain() string { return w.args[1].(string) }
func (w *row) at() int64      { return w.args[3].(int64) }

func packRow(r *Result, rs *ruleset) (row, error) {
	rec := r.Record
	outs, err := packOutcomes(rec.Outcomes)
	if err != nil {
		return row{}, err
	}
	blob, err := packRest(rec)
	if err != nil {
		return row{}, err
	}
	number := ""
	if len(rec.Shown.ICP) > 0 {
		number = rec.Shown.ICP[0].Number
	}
	w := row{args: []any{rec.Run, rec.Domain, int64(r.Line), millis(rec.At), rec.Owner, rs.id, outs, packReasons(rec.Outcomes), string(rec.Liveness), rec.Cause,
		string(rec.PageKind), rec.FinalURL, number, r.BodyDigest, r.Inputs, r.Evidence.File, r.Evidence.Offset, blob,
		r.ETag, r.Modified, millis(r.FetchedAt), millis(r.JudgedAt), millis(r.GoodUntil)}}
	for i, a := range w.args {
		if text, ok := a.(string); ok {
			w.args[i] = clean(text)
		}
	}
	w.findings, err = packFindings(rec)
	return w, err
}

// packFindings encodes the findings of a record.
func packFindings(rec *reports.Record) ([][]any, error) {
	var list [][]any
	for seq, f := range rec.Findings() {
		texts, err := json.Marshal(&dated{f.Finding, f.Since, f.Due})
		if err != nil {
			return nil, err
		}
		list = append(list, []any{rec.Run, rec.Domain, int64(seq), f.Rule, string(f.Severity), string(texts)})
	}
	return list, nil
}

// dated is a finding as it is stored: the days stand with its texts, so that
// a caller that copies a finding copies them.
type dated struct {
	detect.Finding
	Since time.Time `json:"since,omitzero"`
	Due   time.Time `json:"due,omitzero"`
}

// clean makes text that every database takes: PostgreSQL refuses a row for one
// byte of a hostile page that is no UTF-8, or NUL.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

func inserted(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Stored returns which of the domains have a result in the run.
func (s *Store) Stored(ctx context.Context, run string, domains []string) (map[string]bool, error) {
	set := make(map[string]bool, len(domains))
	for len(domains) > 0 {
		part := domains[:min(inPart, len(domains))]
		domains = domains[len(part):]
		among, list := s.Among(part)
		err := s.each(ctx, `SELECT domain FROM result WHERE run = $1 AND domain `+among, []any{run, list}, func(rows *sql.Rows) error {
			var domain string
			err := rows.Scan(&domain)
			set[domain] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return set, nil
}

// Count returns the number of results in the run.
func (s *Store) Count(ctx context.Context, run string) (int, error) {
	n := 0
	err := s.reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM result WHERE run = $1`, run).Scan(&n)
	if err != nil {
		return 0, s.Explain("reading", err)
	}
	return n, nil
}

// each runs a query and calls scan for each row.
func (s *Store) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := s.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return s.Explain("reading", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return s.Explain("reading", err)
		}
	}
	if err := rows.Err(); err != nil {
		return s.Explain("reading", err)
	}
	return nil
}
