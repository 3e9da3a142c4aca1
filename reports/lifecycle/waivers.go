package lifecycle

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/reports"
)

// maxPatterns bounds the waivers whose domain is a pattern, each of which is compared with
// every finding.
const maxPatterns = 1000

// Waivers are the waivers of a database, or of a file.
type Waivers struct {
	all      []*reports.Waiver
	byDomain map[string][]*reports.Waiver
	patterns []*reports.Waiver
}

// NewWaivers makes a set of waivers.
func NewWaivers(list []*reports.Waiver) *Waivers {
	w := &Waivers{all: list, byDomain: map[string][]*reports.Waiver{}}
	for _, one := range list {
		if one.Pattern() {
			w.patterns = append(w.patterns, one)
		} else {
			w.byDomain[one.Domain] = append(w.byDomain[one.Domain], one)
		}
	}
	return w
}

// For returns the waiver for a finding that is in force on the day of at, the one
// that holds longest; nil if there is none.
func (w *Waivers) For(domain, rule string, at time.Time) *reports.Waiver {
	var best *reports.Waiver
	for _, list := range [][]*reports.Waiver{w.byDomain[domain], w.patterns} {
		for _, one := range list {
			if one.InForce(at) && one.Covers(domain, rule) && (best == nil || one.Until > best.Until) {
				best = one
			}
		}
	}
	return best
}

// On is [Waivers.For] of one day.
func (w *Waivers) On(at time.Time) func(domain, rule string) *reports.Waiver {
	return func(domain, rule string) *reports.Waiver { return w.For(domain, rule, at) }
}

// Lapsed returns the waivers that have expired by the day of at, those of late
// first, at most limit.
func (w *Waivers) Lapsed(at time.Time, limit int) []reports.Waiver {
	var list []reports.Waiver
	for _, one := range w.all {
		if !one.InForce(at) {
			list = append(list, *one)
		}
	}
	slices.SortStableFunc(list, func(a, b reports.Waiver) int { return cmp.Compare(b.Until, a.Until) })
	return list[:min(len(list), limit)]
}

// Waivers reads all waivers.
func (s *Store) Waivers(ctx context.Context) (*Waivers, error) {
	list, err := s.ListWaivers(ctx)
	return NewWaivers(list), err
}

// ListWaivers lists all waivers, by domain and rule.
func (s *Store) ListWaivers(ctx context.Context) (list []*reports.Waiver, err error) {
	err = s.each(ctx, `SELECT id, domain, rule, until_day, reason, who, source, added_at FROM waiver ORDER BY domain, rule, source`, nil, func(rows *sql.Rows) error {
		var w reports.Waiver
		var added int64
		err := rows.Scan(&w.ID, &w.Domain, &w.Rule, &w.Until, &w.Reason, &w.Who, &w.Source, &added)
		w.Added = moment(added)
		list = append(list, &w)
		return reading(err)
	})
	return list, err
}

// The bounds of a waiver's texts, in bytes.
const (
	maxReason = 2000
	maxWho    = 200
)

// Fault says what is wrong with a waiver. Its text has no full stop.
type Fault struct{ ZH, EN string }

func (f *Fault) Error() string { return f.EN }

// In returns the text in a language.
func (f *Fault) In(lang string) string {
	if lang == "en" {
		return f.EN
	}
	return f.ZH
}

// Normalize brings a waiver into the form in which it is kept: its domain as A-label or
// pattern. known reports whether there is a rule. The error is a [Fault].
func Normalize(w *reports.Waiver, known func(rule string) bool) error {
	domain, err := Pattern(w.Domain)
	if err != nil {
		return err
	}
	w.Domain, w.Rule = domain, strings.TrimSpace(w.Rule)
	w.Reason, w.Who = strings.TrimSpace(strings.ToValidUTF8(w.Reason, "\uFFFD")), strings.TrimSpace(strings.ToValidUTF8(w.Who, "\uFFFD"))
	if w.Rule != "*" && !known(w.Rule) {
		return &Fault{fmt.Sprintf("没有规则 %q：用 beianwatch explain 查看全部规则，* 表示所有规则", w.Rule), fmt.Sprintf("there is no rule %q: 'beianwatch explain' lists them, * stands for all", w.Rule)}
	}
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(w.Until))
	if err != nil {
		return &Fault{fmt.Sprintf("到期日 %q：请写成 2027-01-31 的形式", w.Until), fmt.Sprintf("until %q: write a date such as 2027-01-31", w.Until)}
	}
	w.Until = day.Format(time.DateOnly)
	switch {
	case w.Reason == "" || len(w.Reason) > maxReason:
		return &Fault{fmt.Sprintf("请写明豁免原因（最多 %d 字节）", maxReason), fmt.Sprintf("give the reason (at most %d bytes)", maxReason)}
	case w.Who == "" || len(w.Who) > maxWho:
		return &Fault{fmt.Sprintf("请写明批准人（最多 %d 字节）", maxWho), fmt.Sprintf("say who accepts it (at most %d bytes)", maxWho)}
	}
	w.Reason, w.Who = strings.ReplaceAll(w.Reason, "\x00", ""), strings.ReplaceAll(w.Who, "\x00", "")
	return nil
}

// Pattern makes a written domain, or a pattern of domains in which * stands for any
// text, what domains are compared with. The error is a [Fault].
func Pattern(written string) (string, error) {
	text := strings.ToLower(strings.TrimSpace(written))
	lead, name := "", text
	if strings.HasPrefix(text, "*.") {
		lead, name = "*.", text[2:]
	}
	switch {
	case text == "*":
		return text, nil
	case !strings.Contains(name, "*"):
		label, err := dns.Name(name)
		if err != nil {
			return "", &Fault{fmt.Sprintf("%q 不是域名，也不是 *.example.cn 这样的通配写法", written), fmt.Sprintf("%q is neither a domain nor a pattern such as *.example.cn", written)}
		}
		return lead + label, nil
	case len(text) > 253 || strings.ContainsFunc(text, func(r rune) bool { return r > '~' || r <= ' ' }):
		return "", &Fault{fmt.Sprintf("通配写法 %q：只能含字母、数字、点、连字符和 *（中文域名请写 xn-- 形式）", written), fmt.Sprintf("the pattern %q: write letters, digits, dots, hyphens and * (names in Chinese by their xn-- form)", written)}
	}
	return text, nil
}

const insertWaiver = `INSERT INTO waiver (id, domain, rule, until_day, reason, who, source, added_at)
	SELECT COALESCE(MAX(id), 0) + 1, CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS BIGINT) FROM waiver WHERE true
	ON CONFLICT (domain, rule, source) DO UPDATE SET until_day = excluded.until_day, reason = excluded.reason, who = excluded.who, added_at = excluded.added_at`

// Waive stores a waiver, in place of one for the same domain and rule, and has it
// count for what is open.
func (s *Store) Waive(ctx context.Context, w *reports.Waiver) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error { return addWaiver(ctx, tx, w) })
	if err != nil {
		return err
	}
	return s.Reapply(ctx, w.Domain)
}

func addWaiver(ctx context.Context, tx *sql.Tx, w *reports.Waiver) error {
	_, err := tx.ExecContext(ctx, insertWaiver, w.Domain, w.Rule, w.Until, w.Reason, w.Who, w.Source, millis(w.Added))
	return err
}

// ErrNoWaiver says that there is no such waiver.
var ErrNoWaiver = errors.New("no such waiver")

// Unwaive removes the waivers for a domain (or pattern) and rule that were given by
// the command line; with files those of files too. [ErrNoWaiver] if there is none.
func (s *Store) Unwaive(ctx context.Context, domain, rule string, files bool) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		query := `DELETE FROM waiver WHERE domain = $1 AND rule = $2`
		if !files {
			query += ` AND source = ''`
		}
		res, err := tx.ExecContext(ctx, query, domain, rule)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNoWaiver)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.Reapply(ctx, domain)
}

// Sync makes the waivers that come from files those of the list.
func (s *Store) Sync(ctx context.Context, list []*reports.Waiver) error {
	known, err := s.ListWaivers(ctx)
	if err != nil {
		return err
	}
	known = slices.DeleteFunc(known, func(w *reports.Waiver) bool { return w.Source == "" })
	same := func(a, b *reports.Waiver) bool {
		return a.Domain == b.Domain && a.Rule == b.Rule && a.Until == b.Until && a.Reason == b.Reason && a.Who == b.Who && a.Source == b.Source
	}
	order := func(a, b *reports.Waiver) int {
		return cmp.Or(strings.Compare(a.Domain, b.Domain), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Source, b.Source))
	}
	list = slices.SortedFunc(slices.Values(list), order)
	if slices.EqualFunc(list, known, same) {
		return nil
	}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM waiver WHERE source <> ''`); err != nil {
			return err
		}
		for _, w := range list {
			if err := addWaiver(ctx, tx, w); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.Reapply(ctx, "*")
}

// inTx carries out f in one transaction.
func (s *Store) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.results.Writer().BeginTx(ctx, nil)
	if err != nil {
		return s.results.Explain("writing", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := f(tx); err != nil {
		return s.results.Explain("writing", err)
	}
	if err := tx.Commit(); err != nil {
		return s.results.Explain("writing", err)
	}
	return nil
}
