package lifecycle

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/beianwatch/beianwatch/detect/workday"
	"github.com/beianwatch/beianwatch/reports"
)

// The facets by which open findings are counted; the names are those of columns.
var facets = []string{"owner", "team", "rule", "province"}

// The values of the facet "state" beside the states.
const (
	valueWaived  = "waived"
	valueOverdue = "overdue"
	valueDueSoon = "due-soon"
)

// soonDays is how many days count as soon, the day of the run among them.
const soonDays = 7

// count counts the findings of a scope as a run has left them.
func (s *Store) count(ctx context.Context, tx *sql.Tx, scope int64, run *reports.Run) error {
	day := workday.Day(run.StartedAt)
	today, soon := millis(day), millis(day.AddDate(0, 0, soonDays))
	type statement struct {
		query string
		args  []any
	}
	list := []statement{
		{`DELETE FROM finding_count WHERE run = $1 OR facet <> 'state' AND run IN (SELECT id FROM run WHERE inventory = $2)`, []any{run.ID, run.Inventory}},
		{`SELECT state, severity, COUNT(*) FROM finding_life WHERE scope = $2 AND is_open = 1 AND waiver = 0 GROUP BY state, severity`, nil},
		{`SELECT state, severity, COUNT(*) FROM finding_event WHERE scope = $2 AND run = $1 AND state IN ('fixed', 'gone') GROUP BY state, severity`, nil},
		{`SELECT CAST('` + valueWaived + `' AS TEXT), severity, COUNT(*) FROM finding_life WHERE scope = $2 AND is_open = 1 AND waiver <> 0 GROUP BY severity`, nil},
		{`SELECT CAST('` + valueOverdue + `' AS TEXT), severity, COUNT(*) FROM finding_life WHERE scope = $2 AND is_open = 1 AND waiver = 0 AND due > 0 AND due < $3 GROUP BY severity`, []any{today}},
		{`SELECT CAST('` + valueDueSoon + `' AS TEXT), severity, COUNT(*) FROM finding_life WHERE scope = $2 AND is_open = 1 AND waiver = 0 AND due >= $3 AND due < $4 GROUP BY severity`, []any{today, soon}},
	}
	for i, q := range list {
		if i > 0 {
			q.query = `INSERT INTO finding_count (run, value, severity, n, facet) SELECT CAST($1 AS TEXT), c.*, CAST('state' AS TEXT) FROM (` + q.query + `) AS c`
			q.args = append([]any{run.ID, scope}, q.args...)
		}
		if _, err := tx.ExecContext(ctx, q.query, q.args...); err != nil {
			return fmt.Errorf("counting findings: %w", err)
		}
	}
	for _, f := range facets {
		_, err := tx.ExecContext(ctx, `INSERT INTO finding_count (run, facet, value, severity, n)
			SELECT CAST($1 AS TEXT), CAST('`+f+`' AS TEXT), `+f+`, severity, COUNT(*) FROM finding_life WHERE scope = $2 AND is_open = 1 AND waiver = 0 GROUP BY `+f+`, severity`, run.ID, scope)
		if err != nil {
			return fmt.Errorf("counting findings: %w", err)
		}
	}
	return nil
}

// Counts returns what has become of the findings with a run; nil if it was not
// taken into account.
func (s *Store) Counts(ctx context.Context, run string) (*reports.LifeCounts, error) {
	at, err := s.results.Step(ctx, run, Step)
	if err != nil || !at.Done {
		return nil, err
	}
	c := &reports.LifeCounts{}
	err = s.each(ctx, `SELECT value, severity, n FROM finding_count WHERE run = $1 AND facet = 'state'`, []any{run}, func(rows *sql.Rows) error {
		var value string
		var severity, n int
		if err := rows.Scan(&value, &severity, &n); err != nil {
			return reading(err)
		}
		to := c.Of(reports.State(value))
		switch value {
		case valueWaived:
			to = &c.Waived
		case valueOverdue:
			to = &c.Overdue
		case valueDueSoon:
			to = &c.DueSoon
		}
		if to != nil {
			to.Add(severityOf(severity), n)
		}
		return nil
	})
	return c, err
}

// A Facet is one value by which findings are told apart, with their number.
type Facet struct {
	Value string
	reports.BySeverity
}
