package store

import (
	"bytes"
	"context"
	"database/sql"
	"time"

	"github.com/beianwatch/beianwatch/crawler/warc"
	"github.com/beianwatch/beianwatch/detect"
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
	Undrawn    bool // there was no time to draw its page
	Keeping
}

// inPart bounds the names in one question.
const inPart = 500

// Last returns what the run knows of the domains, by domain.
func (s *Store) Last(ctx context.Context, run string, domains []string) (map[string]*Last, error) {
	known := make(map[string]*Last, len(domains))
	for len(domains) > 0 {
		part := domains[:min(inPart, len(domains))]
		domains = domains[len(part):]
		among, list := s.Among(part)
		err := s.each(ctx, `SELECT domain, final_url, body_digest, inputs, outcomes, reasons, etag, modified, fetched_at, judged_at, good_until
			FROM result WHERE run = $1 AND domain `+among, []any{run, list}, func(rows *sql.Rows) error {
			var l Last
			var outcomes, reasons sql.RawBytes
			var fetched, judged, good int64
			err := rows.Scan(&l.Domain, &l.FinalURL, &l.BodyDigest, &l.Inputs, &outcomes, &reasons, &l.ETag, &l.Modified, &fetched, &judged, &good)
			l.Found = bytes.IndexByte(outcomes, charViolation) >= 0 || bytes.IndexByte(outcomes, charWarning) >= 0
			l.Undrawn = bytes.Contains(reasons, []byte(detect.ReasonDrawnLate))
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
// here belongs to the new visit; all else is copied as it is stored.
type Kept struct {
	Domain    string
	Line      int       // in the inventory
	At        time.Time // of the new visit
	ETag      string
	Modified  string
	FetchedAt time.Time
	Evidence  warc.Place // the zero Place: that of the run before holds
	Found     bool       // a violation or a warning
	Findings  bool       // any finding
}

// KeepResultsTx copies the results of the domains, findings and all, from one run
// to another inside a transaction of [Store.Writer]. A copy names the evidence of
// the run that has it ("RUN/FILE"), unless the new visit has its own. The rules of
// [Store.PutTx] hold: a later visit is not replaced, and the run must be open. It
// is an error if the run before has no result of a domain.
func (s *Store) KeepResultsTx(ctx context.Context, tx *sql.Tx, run, before string, kept []Kept) error {
	if len(kept) == 0 {
		return nil
	}
	if err := s.mustBeOpen(ctx, tx, run); err != nil {
		return err
	}
	return s.engine.keep(ctx, tx, run, before, kept)
}

// asBefore are the columns of a result that a copy has as they are; resultCopied
// are all that it has.
const (
	asBefore     = `owner, ruleset, outcomes, reasons, liveness, cause, kind, final_url, number, body_digest, inputs, record, judged_at, good_until`
	resultCopied = `run, domain, line, at, etag, modified, fetched_at, evidence_file, evidence_offset, ` + asBefore
)

// copyResult is the statement that copies results from run $2 to run $1; $3 is
// the folder of $2's evidence. k gives the new visit's values, in the order of
// Kept.args; from says which results.
func copyResult(k [8]string, from string) string {
	return `INSERT INTO result (` + resultCopied + `)
		SELECT CAST($1 AS TEXT), r.domain, ` + k[1] + `, ` + k[2] + `, ` + k[3] + `, ` + k[4] + `, ` + k[5] + `,
			CASE WHEN ` + k[6] + ` <> '' THEN ` + k[6] + ` WHEN r.evidence_file = '' OR r.evidence_file LIKE '%/%' THEN r.evidence_file ELSE $3 || r.evidence_file END,
			CASE WHEN ` + k[6] + ` <> '' THEN ` + k[7] + ` ELSE r.evidence_offset END, ` + asBefore + `
		FROM ` + from + ` WHERE r.run = $2 AND r.domain = ` + k[0] + ` ORDER BY r.domain`
}

func (k *Kept) args() []any {
	return []any{k.Domain, int64(k.Line), millis(k.At), clean(k.ETag), clean(k.Modified), millis(k.FetchedAt), clean(k.Evidence.File), k.Evidence.Offset}
}

const copyFindings = `INSERT INTO finding (` + findingStored + `)
	SELECT CAST($1 AS TEXT), domain, seq, rule, severity, texts FROM finding WHERE run = $2 AND domain `
