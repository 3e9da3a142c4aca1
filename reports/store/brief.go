package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

// A Brief is what a run says of a domain, without what was found in words.
type Brief struct {
	Domain     string
	Owner      string
	Liveness   detect.Liveness
	BodyDigest string // of what is read of the page; "" if there was none
	At         time.Time
	JudgedAt   time.Time // the clock of the rules; zero if the next run must judge again

	set      *ruleset
	outcomes string
}

// Found reports whether any rule found something.
func (b *Brief) Found() bool { return strings.ContainsAny(b.outcomes, foundChars) }

// foundChars are the characters of outcomes that found something.
const foundChars = string(charViolation) + string(charWarning) + string(charNotice)

// Rules calls each with the rules that found something.
func (b *Brief) Rules(each func(rule string)) {
	for i := range b.outcomes {
		if strings.IndexByte(foundChars, b.outcomes[i]) >= 0 {
			each(b.set.rules[i])
		}
	}
}

// Outcome returns the verdict of a rule and, if it found something, the severity;
// false if the rule was not in the rule set.
func (b *Brief) Outcome(rule string) (v detect.Verdict, s detect.Severity, ok bool) {
	i := slices.Index(b.set.rules, rule)
	if i < 0 {
		return "", "", false
	}
	switch b.outcomes[i] {
	case charPass:
		return detect.Pass, "", true
	case charExempt:
		return detect.Exempt, "", true
	case charBroken:
		return detect.Broken, "", true
	case charViolation:
		return detect.Found, detect.Violation, true
	case charWarning:
		return detect.Found, detect.Warning, true
	case charNotice:
		return detect.Found, detect.Notice, true
	}
	return detect.Unknown, "", true
}

const briefColumns = `SELECT domain, owner, ruleset, outcomes, liveness, body_digest, at, judged_at FROM result WHERE run = $1 AND domain `

// Briefs returns the next limit domains of a run behind a domain, in the order of
// domains; none at its end.
func (s *Store) Briefs(ctx context.Context, run, behind string, limit int) ([]*Brief, error) {
	list := make([]*Brief, 0, limit)
	err := s.briefs(ctx, briefColumns+`> $2 ORDER BY domain LIMIT $3`, []any{run, behind, limit}, func(b *Brief) { list = append(list, b) })
	return list, err
}

// BriefsOf returns what a run says of domains, by domain.
func (s *Store) BriefsOf(ctx context.Context, run string, domains []string) (map[string]*Brief, error) {
	known := make(map[string]*Brief, len(domains))
	for part := range slices.Chunk(domains, inPart) {
		among, list := s.Among(part)
		if err := s.briefs(ctx, briefColumns+among, []any{run, list}, func(b *Brief) { known[b.Domain] = b }); err != nil {
			return nil, err
		}
	}
	return known, nil
}

func (s *Store) briefs(ctx context.Context, query string, args []any, each func(*Brief)) error {
	return s.each(ctx, query, args, func(rows *sql.Rows) error {
		var b Brief
		var set, at, judged int64
		err := rows.Scan(&b.Domain, &b.Owner, &set, &b.outcomes, &b.Liveness, &b.BodyDigest, &at, &judged)
		if err != nil {
			return err
		}
		b.At, b.JudgedAt = moment(at), moment(judged)
		if b.set, err = s.ruleset(ctx, set); err == nil && len(b.outcomes) != len(b.set.rules) {
			err = fmt.Errorf("%d outcomes of %s for the %d rules of rule set %s", len(b.outcomes), b.Domain, len(b.set.rules), b.set.version)
		}
		each(&b)
		return err
	})
}

// Dates are the days of a finding, as its run has told them.
type Dates struct{ Since, Due time.Time }

// A Belonging says whose a domain is and when its findings are due.
type Belonging struct {
	Team, Province string
	Dates          map[string]Dates // by rule
}

// Belongings returns what a run says of the domains, by domain.
func (s *Store) Belongings(ctx context.Context, run string, domains []string) (map[string]*Belonging, error) {
	known := make(map[string]*Belonging, len(domains))
	for part := range slices.Chunk(domains, inPart) {
		among, list := s.Among(part)
		err := s.each(ctx, `SELECT domain, record FROM result WHERE run = $1 AND domain `+among, []any{run, list}, func(rows *sql.Rows) error {
			var domain string
			var blob sql.RawBytes
			if err := rows.Scan(&domain, &blob); err != nil {
				return err
			}
			var r struct {
				D struct {
					Team     string `json:"team"`
					Province string `json:"province"`
				} `json:"d"`
			}
			if err := json.Unmarshal(blob, &r); err != nil {
				return fmt.Errorf("the record of %s: %w", domain, err)
			}
			known[domain] = &Belonging{Team: r.D.Team, Province: r.D.Province, Dates: map[string]Dates{}}
			return nil
		})
		if err != nil {
			return nil, err
		}
		err = s.each(ctx, `SELECT domain, rule, texts FROM finding WHERE run = $1 AND domain `+among, []any{run, list}, func(rows *sql.Rows) error {
			var domain, rule string
			var texts sql.RawBytes
			if err := rows.Scan(&domain, &rule, &texts); err != nil {
				return err
			}
			var d Dates
			if err := json.Unmarshal(texts, &d); err != nil {
				return fmt.Errorf("the findings of %s: %w", domain, err)
			}
			if b := known[domain]; b != nil {
				b.Dates[rule] = d
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}
