package lifecycle

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// A row is one finding as it is stored, but for its key and what it was before.
// Its JSON form is kept in the database.
type row struct {
	State     reports.State `json:"s"` // "": there is no such row
	Severity  int           `json:"v"` // as [reports.Rank]
	FirstAt   int64         `json:"f"`
	OpenedAt  int64         `json:"o"`
	OpenedRun string        `json:"or,omitempty"`
	SeenAt    int64         `json:"n,omitempty"`
	SeenRun   string        `json:"nr,omitempty"`
	Due       int64         `json:"d,omitempty"`
	Owner     string        `json:"w,omitempty"`
	Team      string        `json:"t,omitempty"`
	Province  string        `json:"p,omitempty"`
	Waiver    int64         `json:"x,omitempty"`
}

// A stored is a row with its key.
type stored struct {
	domain, rule string
	row                 // as it is now
	run          string // which changed it last
	was          row    // before that run
}

// before is the row as it was before a run.
func (s *stored) before(run string) row {
	if s.run == run {
		return s.was
	}
	return s.row
}

const rowColumns = `domain, rule, state, severity, run, was, first_at, opened_at, opened_run, seen_at, seen_run, due, owner, team, province, waiver`

// scanRow reads a row of rowColumns; what it was before its last run is read if
// that is the run given.
func scanRow(rows *sql.Rows, run string) (*stored, error) {
	var s stored
	var was sql.RawBytes
	err := rows.Scan(&s.domain, &s.rule, &s.State, &s.Severity, &s.run, &was, &s.FirstAt, &s.OpenedAt, &s.OpenedRun, &s.SeenAt, &s.SeenRun,
		&s.Due, &s.Owner, &s.Team, &s.Province, &s.Waiver)
	if err == nil && len(was) > 0 && s.run == run {
		err = json.Unmarshal(was, &s.was)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the life of findings: %w", err)
	}
	return &s, nil
}

// args are those of a row in the statement of putRows.
func (s *stored) args(scope int64) ([]any, error) {
	was := ""
	if s.was.State != "" {
		text, err := json.Marshal(&s.was)
		if err != nil {
			return nil, err
		}
		was = string(text)
	}
	open := 0
	if s.State.Open() {
		open = 1
	}
	return []any{scope, s.domain, s.rule, string(s.State), open, s.Severity, s.run, was, s.FirstAt, s.OpenedAt, s.OpenedRun,
		s.SeenAt, s.SeenRun, s.Due, s.Owner, s.Team, s.Province, s.Waiver}, nil
}

// putRows is the statement that stores n rows.
func putRows(n int) string {
	return `INSERT INTO finding_life (scope, domain, rule, state, is_open, severity, run, was, first_at, opened_at, opened_run, seen_at, seen_run, due, owner, team, province, waiver)
		VALUES ` + marks(n, 18) + ` ON CONFLICT (scope, domain, rule) DO UPDATE SET state = excluded.state, is_open = excluded.is_open, severity = excluded.severity,
		run = excluded.run, was = excluded.was, first_at = excluded.first_at, opened_at = excluded.opened_at, opened_run = excluded.opened_run,
		seen_at = excluded.seen_at, seen_run = excluded.seen_run, due = excluded.due, owner = excluded.owner, team = excluded.team,
		province = excluded.province, waiver = excluded.waiver`
}

// putEvents is the statement that stores n events.
func putEvents(n int) string {
	return `INSERT INTO finding_event (scope, run, domain, rule, state, severity) VALUES ` + marks(n, 6)
}

// marks are n rows of parameters.
func marks(n, columns int) string {
	var b strings.Builder
	for i := range n * columns {
		switch {
		case i%columns > 0:
			b.WriteByte(',')
		case i > 0:
			b.WriteString("),(")
		default:
			b.WriteByte('(')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i + 1))
	}
	return b.String() + ")"
}

// severityOf is the word of a stored severity.
func severityOf(rank int) detect.Severity {
	for _, s := range []detect.Severity{detect.Violation, detect.Warning, detect.Notice} {
		if reports.Rank(s) == rank {
			return s
		}
	}
	return ""
}
