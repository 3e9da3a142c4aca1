package lifecycle

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// A Finding is one rule that found something on a domain, and what became of it.
type Finding struct {
	Domain, Rule          string
	State                 reports.State
	Severity              detect.Severity
	First                 time.Time // first found, ever
	Opened                time.Time // first found since it was last fixed or gone
	OpenedRun             string    // "" if that was before findings had a life
	Seen                  time.Time // last found: when that visit or, for the newest run, the run began
	SeenRun               string
	Due                   time.Time // zero for none
	Owner, Team, Province string
	Waiver                int64 // the ID of the waiver in force; 0 for none
}

// A Query picks findings of one inventory, as its newest run has left them. Empty
// fields pick all.
type Query struct {
	Inventory string
	States    []reports.State // none: those that are open
	Severity  detect.Severity
	Rule      string
	Owner     *string // "" are those without one
	Team      *string
	Province  *string
	Waived    *bool
	DueFrom   time.Time // due on this day or later
	DueBefore time.Time // due before this day
	Domain    string    // a part of the domain's A-label
	ByDue     bool      // those that are open and have a due date, in its order, not in that of domains
	After     string    // a [Page]'s Next
	Limit     int       // at most maxLimit; 0: pageSize
}

// The sizes of a page.
const (
	pageSize = 50
	maxLimit = 1000
)

// A Page is some findings in order.
type Page struct {
	Findings []Finding
	Next     string // the After of the page behind; "" behind the last
}

// ErrCursor says that After is none that a page has given.
var ErrCursor = errors.New("the cursor is not one of a page of findings")

// Findings returns a page of findings. Pages are cut by key: a finding that
// appears or goes between two pages moves no other.
func (s *Store) Findings(ctx context.Context, q *Query) (*Page, error) {
	c, err := s.scope(ctx, q.Inventory)
	if err != nil {
		return nil, err
	}
	w := &where{}
	w.add(`scope = `, c.id)
	w.query(q)
	if err := w.after(q); err != nil {
		return nil, err
	}
	order := `domain, rule`
	if q.ByDue {
		order = `due, domain, rule`
	}
	limit := q.Limit
	if limit <= 0 {
		limit = pageSize
	}
	limit = min(limit, maxLimit)
	w.args = append(w.args, limit+1)
	page := &Page{Findings: []Finding{}}
	err = s.each(ctx, `SELECT `+rowColumns+` FROM finding_life`+s.index(q)+` WHERE `+w.text.String()+` ORDER BY `+order+` LIMIT $`+strconv.Itoa(len(w.args)), w.args, func(rows *sql.Rows) error {
		r, err := scanRow(rows, "")
		if err == nil {
			page.Findings = append(page.Findings, r.finding(&c))
		}
		return err
	})
	if err == nil && len(page.Findings) > limit {
		page.Findings = page.Findings[:limit]
		page.Next = cursor(q, &page.Findings[limit-1])
	}
	return page, err
}

// index names the index that narrows a query down most. SQLite, which has no
// statistics of a database that is written every night, would read the findings in
// their order instead; PostgreSQL keeps some.
func (s *Store) index(q *Query) string {
	if s.results.Postgres() {
		return ""
	}
	open := len(q.States) == 0 || q.ByDue
	switch {
	case q.ByDue:
		return ` INDEXED BY finding_life_due`
	case len(q.States) == 1 && q.States[0] != reports.StateStill:
		return ` INDEXED BY finding_life_state`
	case open && q.Owner != nil:
		return ` INDEXED BY finding_life_owner`
	case open && !q.DueBefore.IsZero():
		return ` INDEXED BY finding_life_due`
	case open && q.Team != nil:
		return ` INDEXED BY finding_life_team`
	case open && q.Rule != "":
		return ` INDEXED BY finding_life_rule`
	case open && q.Province != nil:
		return ` INDEXED BY finding_life_province`
	}
	return ""
}

// finding is a row as it is told.
func (s *stored) finding(c *scope) Finding {
	f := Finding{
		Domain: s.domain, Rule: s.rule, State: s.State, Severity: severityOf(s.Severity), First: moment(s.FirstAt), Opened: moment(s.OpenedAt),
		OpenedRun: s.OpenedRun, Seen: moment(s.SeenAt), SeenRun: s.SeenRun, Due: moment(s.Due), Owner: s.Owner, Team: s.Team, Province: s.Province, Waiver: s.Waiver,
	}
	if s.State.Found() {
		f.Seen, f.SeenRun = moment(c.atRun), c.run
	}
	return f
}

// where is a condition with its parameters.
type where struct {
	text strings.Builder
	args []any
}

// add adds a condition that ends in a value.
func (w *where) add(condition string, value any) {
	if w.text.Len() > 0 {
		w.text.WriteString(" AND ")
	}
	w.args = append(w.args, value)
	w.text.WriteString(condition + "$" + strconv.Itoa(len(w.args)))
}

func (w *where) query(q *Query) {
	if len(q.States) == 0 || q.ByDue {
		w.text.WriteString(` AND is_open = 1`)
	}
	if len(q.States) > 0 {
		w.text.WriteString(` AND state IN (`)
		for i, s := range q.States {
			if i > 0 {
				w.text.WriteByte(',')
			}
			w.args = append(w.args, string(s))
			w.text.WriteString("$" + strconv.Itoa(len(w.args)))
		}
		w.text.WriteByte(')')
	}
	if q.Severity != "" {
		w.add(`severity = `, reports.Rank(q.Severity))
	}
	if q.Rule != "" {
		w.add(`rule = `, q.Rule)
	}
	for _, f := range []struct {
		column string
		value  *string
	}{{"owner", q.Owner}, {"team", q.Team}, {"province", q.Province}} {
		if f.value != nil {
			w.add(f.column+` = `, *f.value)
		}
	}
	if q.Waived != nil && *q.Waived {
		w.text.WriteString(` AND waiver <> 0`)
	} else if q.Waived != nil {
		w.text.WriteString(` AND waiver = 0`)
	}
	if !q.DueFrom.IsZero() {
		w.add(`due >= `, millis(q.DueFrom))
	}
	if !q.DueBefore.IsZero() {
		w.text.WriteString(` AND due > 0`)
		w.add(`due < `, millis(q.DueBefore))
	}
	if q.ByDue {
		w.text.WriteString(` AND due > 0`)
	}
	if q.Domain != "" {
		w.args = append(w.args, "%"+likely.Replace(strings.ToLower(q.Domain))+"%")
		w.text.WriteString(` AND domain LIKE $` + strconv.Itoa(len(w.args)) + ` ESCAPE '!'`)
	}
}

// likely escapes what LIKE takes for more than itself.
var likely = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// after adds the condition that rows stand behind the page's cursor.
func (w *where) after(q *Query) error {
	if q.After == "" {
		return nil
	}
	due, rest, ok := strings.Cut(q.After, " ")
	domain, rule, ok2 := strings.Cut(rest, " ")
	at, err := strconv.ParseInt(due, 10, 64)
	if !ok || !ok2 || err != nil {
		return ErrCursor
	}
	columns, values := []string{"domain", "rule"}, []any{domain, rule}
	if q.ByDue {
		columns, values = append([]string{"due"}, columns...), append([]any{at}, values...)
	}
	marks := make([]string, len(values))
	for i, v := range values {
		w.args = append(w.args, v)
		marks[i] = "$" + strconv.Itoa(len(w.args))
	}
	w.text.WriteString(` AND (` + strings.Join(columns, ", ") + `) > (` + strings.Join(marks, ", ") + `)`)
	return nil
}

// cursor names the place behind a finding.
func cursor(q *Query, f *Finding) string {
	due := int64(0)
	if q.ByDue {
		due = millis(f.Due)
	}
	return strconv.FormatInt(due, 10) + " " + f.Domain + " " + f.Rule
}

// Facets counts the open findings that are not waived, by the values of one of
// the facets owner, team, rule or province, as the newest run of the inventory has left
// them: the values with the most findings first, at most limit.
func (s *Store) Facets(ctx context.Context, inventory, facet string, limit int) ([]Facet, error) {
	c, err := s.scope(ctx, inventory)
	if err != nil {
		return nil, err
	}
	list := []Facet{}
	err = s.each(ctx, `SELECT value, SUM(n * CASE severity WHEN 3 THEN 1 ELSE 0 END), SUM(n * CASE severity WHEN 2 THEN 1 ELSE 0 END), SUM(n * CASE severity WHEN 1 THEN 1 ELSE 0 END), SUM(n) AS total
		FROM finding_count WHERE run = $1 AND facet = $2 GROUP BY value ORDER BY total DESC, value LIMIT $3`, []any{c.run, facet, max(1, limit)}, func(rows *sql.Rows) error {
		var f Facet
		total := 0
		err := rows.Scan(&f.Value, &f.Violations, &f.Warnings, &f.Notices, &total)
		list = append(list, f)
		return reading(err)
	})
	return list, err
}

// FacetsOf counts the findings of a query by the values of one of the facets
// owner, team, rule, province, state or severity (3, 2, 1 for violation, warning
// and notice). It reads all of them: what is not narrowed down is counted by
// [Store.Facets].
func (s *Store) FacetsOf(ctx context.Context, q *Query, facet string, limit int) ([]Facet, error) {
	switch facet {
	case "owner", "team", "rule", "province", "state", "severity":
	default:
		return nil, errors.New("no such facet: " + strconv.Quote(facet))
	}
	c, err := s.scope(ctx, q.Inventory)
	if err != nil {
		return nil, err
	}
	w := &where{}
	w.add(`scope = `, c.id)
	w.query(q)
	w.args = append(w.args, max(1, limit))
	list := []Facet{}
	err = s.each(ctx, `SELECT `+facet+`, SUM(CASE severity WHEN 3 THEN 1 ELSE 0 END), SUM(CASE severity WHEN 2 THEN 1 ELSE 0 END), SUM(CASE severity WHEN 1 THEN 1 ELSE 0 END), COUNT(*) AS total
		FROM finding_life WHERE `+w.text.String()+` GROUP BY `+facet+` ORDER BY total DESC, `+facet+` LIMIT $`+strconv.Itoa(len(w.args)), w.args, func(rows *sql.Rows) error {
		var f Facet
		total := 0
		err := rows.Scan(&f.Value, &f.Violations, &f.Warnings, &f.Notices, &total)
		list = append(list, f)
		return reading(err)
	})
	return list, err
}
