package lifecycle

import (
	"context"
	"database/sql"

	"github.com/beianwatch/beianwatch/detect/workday"
	"github.com/beianwatch/beianwatch/reports"
)

// The facets by which open findings that are not waived are counted.
var facets = []string{"owner", "team", "rule", "province"}

// The values of the facet "state" beside the states.
const (
	facetState   = "state"
	valueWaived  = "waived"
	valueOverdue = "overdue"
	valueDueSoon = "due-soon"
)

// soonDays is how many days count as soon, the day of the run among them.
const soonDays = 7

// maxValues bounds the values of one facet that are counted: an inventory may have
// an owner for each domain.
const maxValues = 100_000

// A counting is findings by facet, value and severity.
type counting map[string]map[string]*[4]int

// add counts a finding.
func (c counting) add(facet, value string, severity, n int) {
	values := c[facet]
	if values == nil {
		values = map[string]*[4]int{}
		c[facet] = values
	}
	to := values[value]
	if to == nil {
		if len(values) == maxValues {
			return
		}
		to = &[4]int{}
		values[value] = to
	}
	to[severity] += n
}

// counted counts the findings of a scope as a run has left them.
func (s *Store) counted(ctx context.Context, scope int64, run *reports.Run) (counting, error) {
	day := workday.Day(run.StartedAt)
	today, soon := millis(day), millis(day.AddDate(0, 0, soonDays))
	counts := counting{}
	err := s.each(ctx, `SELECT state, severity, waiver, due, owner, team, rule, province FROM finding_life WHERE scope = $1 AND is_open = 1`, []any{scope}, func(rows *sql.Rows) error {
		var state string
		var severity int
		var waiver, due int64
		values := make([]string, len(facets))
		if err := rows.Scan(&state, &severity, &waiver, &due, &values[0], &values[1], &values[2], &values[3]); err != nil {
			return reading(err)
		}
		severity &= 3
		if waiver != 0 {
			counts.add(facetState, valueWaived, severity, 1)
			return nil
		}
		counts.add(facetState, state, severity, 1)
		switch {
		case due == 0:
		case due < today:
			counts.add(facetState, valueOverdue, severity, 1)
		case due < soon:
			counts.add(facetState, valueDueSoon, severity, 1)
		}
		for i, f := range facets {
			counts.add(f, values[i], severity, 1)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.each(ctx, `SELECT state, severity, COUNT(*) FROM finding_event WHERE scope = $1 AND run = $2 AND state IN ('fixed', 'gone') GROUP BY state, severity`, []any{scope, run.ID}, func(rows *sql.Rows) error {
		var state string
		var severity, n int
		err := rows.Scan(&state, &severity, &n)
		counts.add(facetState, state, severity&3, n)
		return reading(err)
	})
	return counts, err
}

// putCounts stores the counts of a run, and drops those by other facets than state
// of the runs before it.
func (s *Store) putCounts(ctx context.Context, tx *sql.Tx, run *reports.Run, counts counting) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM finding_count WHERE run = $1 OR facet <> 'state' AND run IN (SELECT id FROM run WHERE inventory = $2)`, run.ID, run.Inventory)
	if err != nil {
		return err
	}
	var rows [][]any
	for facet, values := range counts {
		for value, by := range values {
			for severity, n := range by {
				if n > 0 {
					rows = append(rows, []any{run.ID, facet, value, severity, n})
				}
			}
		}
	}
	return s.insert(ctx, tx, func(n int) string {
		return `INSERT INTO finding_count (run, facet, value, severity, n) VALUES ` + marks(n, 5)
	}, rows)
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
