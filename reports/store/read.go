package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/reports"
)

// ErrNoResult says that a run has no result for a domain.
var ErrNoResult = message.Errorf("没有该结果", "no such result")

// The columns of a result with its findings, one row a finding, one row for
// a domain without any.
const (
	resultColumns = `r.run, r.domain, r.line, r.at, r.owner, r.ruleset, r.outcomes, r.reasons, r.liveness, r.cause, r.kind, r.final_url,
		r.body_digest, r.inputs, r.evidence_file, r.evidence_offset, r.etag, r.modified, r.fetched_at, r.judged_at, r.good_until, COALESCE(f.rule, ''), COALESCE(f.texts, '')`
	fromResult = ` FROM result r LEFT JOIN finding f ON f.run = r.run AND f.domain = r.domain`
	inOrder    = ` ORDER BY r.domain, f.seq`
)

// Results hands over every result of the run in the order of domains (byte
// by byte), one at a time: memory does not grow with the run. An error of
// each ends the reading and is returned.
func (s *Store) Results(ctx context.Context, run string, each func(Result) error) error {
	return s.results(ctx, `SELECT `+resultColumns+`, r.record`+fromResult+` WHERE r.run = $1`+inOrder, each, run)
}

// Records is [Store.Results] as a sequence of records, for the writers of
// package reports.
func (s *Store) Records(ctx context.Context, run string) iter.Seq2[*reports.Record, error] {
	return s.sequence(ctx, `SELECT `+resultColumns+`, r.record`+fromResult+` WHERE r.run = $1`+inOrder, run)
}

// partRecords is how many records [Store.RecordsInParts] reads at once.
const partRecords = 2000

// RecordsInParts is [Store.Records] for one who writes while the sequence goes on: nothing
// is being read between two parts, so that SQLite can take back what was logged.
func (s *Store) RecordsInParts(ctx context.Context, run string) iter.Seq2[*reports.Record, error] {
	return func(yield func(*reports.Record, error) bool) {
		for after := ""; ; {
			var to string
			err := s.reader.QueryRowContext(ctx, `SELECT COALESCE(MAX(domain), '') FROM (SELECT domain FROM result
				WHERE run = $1 AND domain > $2 ORDER BY domain LIMIT $3) AS part`, run, after, partRecords).Scan(&to)
			if err != nil {
				yield(nil, s.Explain("reading", err))
				return
			}
			if to == "" {
				return
			}
			var part []*reports.Record
			err = s.results(ctx, `SELECT `+resultColumns+`, r.record`+fromResult+` WHERE r.run = $1 AND r.domain > $2 AND r.domain <= $3`+inOrder,
				func(r Result) error { part = append(part, r.Record); return nil }, run, after, to)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range part {
				if !yield(r, nil) {
					return
				}
			}
			after = to
		}
	}
}

// ByOwner is [Store.Records] of the domains on which something was found, owner
// by owner; with a name, of that owner alone.
func (s *Store) ByOwner(ctx context.Context, run, owner string) iter.Seq2[*reports.Record, error] {
	query := `SELECT ` + resultColumns + `, r.record FROM result r JOIN finding f ON f.run = r.run AND f.domain = r.domain WHERE r.run = $1`
	args := []any{run}
	if owner != "" {
		query += ` AND r.owner = $2`
		args = append(args, owner)
	}
	return s.sequence(ctx, query+` ORDER BY r.owner, r.domain, f.seq`, args...)
}

// Verdicts is [Store.Records] without what only a report of the domain needs:
// the records have identity, owner, liveness and cause, outcomes and findings. It is what comparing two runs takes.
func (s *Store) Verdicts(ctx context.Context, run string) iter.Seq2[*reports.Record, error] {
	return s.sequence(ctx, `SELECT `+resultColumns+`, NULL`+fromResult+` WHERE r.run = $1`+inOrder, run)
}

// Result returns the result of one domain; [ErrNoResult] if there is none.
func (s *Store) Result(ctx context.Context, run, domain string) (*Result, error) {
	var found *Result
	err := s.results(ctx, `SELECT `+resultColumns+`, r.record`+fromResult+` WHERE r.run = $1 AND r.domain = $2`+inOrder, func(r Result) error {
		found = &r
		return nil
	}, run, domain)
	if err == nil && found == nil {
		err = message.Errorf("批次 %[2]q 中的 %[1]s：%[3]w", "%s in run %q: %w", domain, run, ErrNoResult)
	}
	return found, err
}

// Verdict is [Store.Result] as [Store.Verdicts] reads it; [ErrNoResult] if there
// is none.
func (s *Store) Verdict(ctx context.Context, run, domain string) (*reports.Record, error) {
	for r, err := range s.sequence(ctx, `SELECT `+resultColumns+`, NULL`+fromResult+` WHERE r.run = $1 AND r.domain = $2`+inOrder, run, domain) {
		return r, err
	}
	return nil, message.Errorf("批次 %[2]q 中的 %[1]s：%[3]w", "%s in run %q: %w", domain, run, ErrNoResult)
}

// Lookup hands over the results that the run has for the domains, in no
// order that a caller may rely on.
func (s *Store) Lookup(ctx context.Context, run string, domains []string, each func(Result) error) error {
	for len(domains) > 0 {
		part := domains[:min(inPart, len(domains))]
		domains = domains[len(part):]
		among, list := s.Among(part)
		query := `SELECT ` + resultColumns + `, r.record` + fromResult + ` WHERE r.run = $1 AND r.domain ` + among + inOrder
		if err := s.results(ctx, query, each, run, list); err != nil {
			return err
		}
	}
	return nil
}

// errStop ends a reading whose reader has had enough.
var errStop = errors.New("stop")

func (s *Store) sequence(ctx context.Context, query string, args ...any) iter.Seq2[*reports.Record, error] {
	return func(yield func(*reports.Record, error) bool) {
		err := s.results(ctx, query, func(r Result) error {
			if !yield(r.Record, nil) {
				return errStop
			}
			return nil
		}, args...)
		if err != nil && err != errStop {
			yield(nil, err)
		}
	}
}

// results runs a query over resultColumns and gathers the findings of each
// domain, which follow one another.
func (s *Store) results(ctx context.Context, query string, each func(Result) error, args ...any) error {
	rows, err := s.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return s.Explain("reading", err)
	}
	defer rows.Close()
	var now *joined
	for rows.Next() {
		next, err := s.scan(ctx, rows, now)
		if err != nil {
			return s.Explain("reading", err)
		}
		if next == now {
			continue
		}
		if now != nil {
			if err := each(now.Result); err != nil {
				return err
			}
		}
		now = next
	}
	if err := rows.Err(); err != nil {
		return s.Explain("reading", err)
	}
	if now != nil {
		return each(now.Result)
	}
	return nil
}

// joined is a result that gathers its findings; at is the outcome that the
// last finding went to.
type joined struct {
	Result
	at int
}

// scan reads one row: another finding of now, or the beginning of the next
// result.
func (s *Store) scan(ctx context.Context, rows *sql.Rows, now *joined) (*joined, error) {
	var rec reports.Record
	r := Result{Record: &rec}
	var ms, set, fetched, judged, good int64
	var outs, reasons, liveness, page string
	var rule, texts, blob sql.RawBytes
	err := rows.Scan(&rec.Run, &rec.Domain, &r.Line, &ms, &rec.Owner, &set, &outs, &reasons, &liveness, &rec.Cause, &page, &rec.FinalURL,
		&r.BodyDigest, &r.Inputs, &r.Evidence.File, &r.Evidence.Offset, &r.ETag, &r.Modified, &fetched, &judged, &good, &rule, &texts, &blob)
	if err != nil {
		return nil, err
	}
	if now != nil && now.Record.Domain == rec.Domain {
		return now, now.add(string(rule), texts)
	}
	rs, err := s.ruleset(ctx, set)
	if err != nil {
		return nil, err
	}
	rec.Schema, rec.Ruleset = reports.Schema, rs.version
	rec.Liveness, rec.PageKind = detect.Liveness(liveness), kind.Name(page)
	rec.At = time.UnixMilli(ms)
	r.FetchedAt, r.JudgedAt, r.GoodUntil = moment(fetched), moment(judged), moment(good)
	if blob != nil {
		if err := unpackRest(blob, &rec); err != nil {
			return nil, fmt.Errorf("the record of %s: %w", rec.Domain, err)
		}
		// A result that was kept has the record of an earlier visit; the columns are tonight's.
		rec.At, rec.Detail.Line = time.UnixMilli(ms).In(rec.At.Location()), r.Line
	}
	if rec.Outcomes, err = unpackOutcomes(rs, outs, reasons); err != nil {
		return nil, fmt.Errorf("the result of %s: %w", rec.Domain, err)
	}
	next := &joined{Result: r}
	if len(rule) > 0 {
		err = next.add(string(rule), texts)
	}
	return next, err
}

// add puts a finding to its outcome; findings come in the order of the rules.
func (j *joined) add(rule string, texts []byte) error {
	outs := j.Record.Outcomes
	for j.at < len(outs) && outs[j.at].Rule != rule {
		j.at++
	}
	if j.at == len(outs) {
		return fmt.Errorf("the findings of %s: rule %q is not in rule set %s", j.Record.Domain, rule, j.Record.Ruleset)
	}
	var f dated
	if err := json.Unmarshal(texts, &f); err != nil {
		return fmt.Errorf("the findings of %s: %w", j.Record.Domain, err)
	}
	o := &outs[j.at]
	o.Findings = append(o.Findings, f.Finding)
	o.Since, o.Due = f.Since, f.Due
	return nil
}
