//go:build unix

package web

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/web/listing"
)

// A crowd is many domains over many nights. A hundredth of the domains change every
// night, each of them once in a hundred nights.
type crowd struct {
	s               *actions.Service
	domains, nights int
	runs            []*reports.Run
}

// crowdInventory is the inventory of its runs.
const crowdInventory = "many.csv"

func (c *crowd) domain(i int) string { return fmt.Sprintf("d%07d.example.cn", i) }

func (c *crowd) owner(i int) string { return fmt.Sprintf("负责人 %05d", i/50) }

// crowdTones are what is found on a hundred domains: a few violations and warnings, some
// that could not be judged, and many on which all is well.
const crowdTones = "VVVWWWWWNNNNNNNN??????"

// record is what night n says of a domain.
func (c *crowd) record(n, i int) *reports.Record {
	r := reporttest.Record()
	run := c.runs[n]
	r.Run, r.Domain, r.Owner, r.At = run.ID, c.domain(i), c.owner(i), run.StartedAt.Add(time.Duration(i%7200)*time.Second)
	r.Detail.Team, r.Detail.Network = fmt.Sprintf("部门 %02d", i/50%60), fmt.Sprintf("AS%d", 4800+i%37)
	r.Filing.Number = string([]rune("京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新")[i%31]) + fmt.Sprintf("ICP备%08d号-1", 10_000_000+i)
	turn := i / 100 // neighbours differ, and one changes while the others stay
	if n >= i%100 {
		turn++
	}
	mark := byte('.')
	if at := (i*37 + turn*11) % 100; at < len(crowdTones) {
		mark = crowdTones[at]
	}
	findings := r.Findings()
	r.Outcomes = make([]detect.Outcome, 0, len(rules.All))
	spoken := i % len(rules.All)
	for j, rule := range rules.All {
		o := detect.Outcome{Rule: rule.ID, Verdict: detect.Pass}
		switch {
		case mark == '?':
			o.Verdict, o.Reason = detect.Unknown, detect.ReasonNotRendered
		case mark != '.' && (j == spoken || j == (spoken+17)%len(rules.All) && i%3 == 0):
			o.Verdict, o.Severity = detect.Found, map[byte]detect.Severity{'V': detect.Violation, 'W': detect.Warning, 'N': detect.Notice}[mark]
			o.Since = run.StartedAt.AddDate(0, 0, -(n-i%100)%60)
			o.Due = o.Since.AddDate(0, 0, 30+i%10)
			o.Findings = []detect.Finding{findings[0].Finding}
		case j%3 == 0:
			o.Verdict = detect.Exempt
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	return r
}

// fill stores the nights: the last two whole, by the ways that a run goes; of the older ones
// what thinning leaves, with what they told of their findings and their figures.
func (c *crowd) fill(t *testing.T) {
	t.Helper()
	for n := range c.nights {
		at := reporttest.At.AddDate(0, 0, n-c.nights)
		run := &reports.Run{ID: at.Format("20060102T150405") + "-aaaa", Inventory: crowdInventory, Entry: "nightly", Tick: at, StartedAt: at, FinishedAt: at.Add(2 * time.Hour),
			State: reports.RunActive, Ruleset: "1", Vantage: "cn-east", Lines: c.domains, Verdicts: c.domains}
		c.runs = append(c.runs, run)
		if err := c.s.Store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		step := 1
		thinned := n < c.nights-2
		if thinned {
			step = 100
		}
		c.put(t, n, step)
		run.State = reports.RunDone
		if thinned {
			run.Thinned = true
		}
		if err := c.s.Store.UpdateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		if !thinned {
			c.finish(t, run)
		}
		t.Logf("night %d of %d is stored", n+1, c.nights)
	}
	for n := range c.nights - 2 {
		c.past(t, c.runs[n])
	}
	if c.s.Store.Postgres() { // as its own daemon does after a night
		c.exec(t, `ANALYZE`)
	}
}

// put stores what a night says of all domains, or of those that change in the next one.
func (c *crowd) put(t *testing.T, n, step int) {
	t.Helper()
	var list []store.Result
	flush := func() {
		batch, err := store.Pack(c.runs[n].ID, list)
		if err == nil {
			err = c.tx(t.Context(), func(tx *sql.Tx) error { return c.s.Store.PutTx(t.Context(), tx, batch) })
		}
		if err != nil {
			t.Fatal(err)
		}
		list = list[:0]
	}
	first := 0
	if step > 1 {
		first = (n + 1) % 100
	}
	for i := first; i < c.domains; i += step {
		r := c.record(n, i)
		list = append(list, store.Result{Record: r, Line: i + 1, BodyDigest: fmt.Sprintf("%064d", i), Inputs: fmt.Sprintf("%032d", i), Keeping: store.Keeping{JudgedAt: r.At}})
		if len(list) == 1000 {
			flush()
		}
	}
	flush()
}

func (c *crowd) tx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := c.s.Store.Writer().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	return errors.Join(do(tx), tx.Commit())
}

// finish takes a run into the life of findings and makes its figures.
func (c *crowd) finish(t *testing.T, run *reports.Run) {
	t.Helper()
	pass, err := c.s.Life.Begin(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	for more := true; more; {
		if more, err = pass.Next(t.Context(), c.tx); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.s.Listings.Finish(t.Context(), run); err != nil {
		t.Fatal(err)
	}
}

// past gives a run of which only changes are left the events, counts and figures that it had
// when it was whole.
func (c *crowd) past(t *testing.T, run *reports.Run) {
	t.Helper()
	last := c.runs[c.nights-1].ID
	c.exec(t, `INSERT INTO finding_event (scope, run, domain, rule, state, severity)
		SELECT s.id, f.run, f.domain, f.rule, 'fixed', 3 FROM finding f, finding_scope s WHERE f.run = $1 ON CONFLICT DO NOTHING`, run.ID)
	c.exec(t, `INSERT INTO finding_count (run, facet, value, severity, n) SELECT CAST($1 AS TEXT), facet, value, severity, n FROM finding_count WHERE run = $2 AND facet = 'state'`, run.ID, last)
	var text string
	if err := c.s.Store.Reader().QueryRowContext(t.Context(), `SELECT digest FROM listing_run WHERE run = $1`, last).Scan(&text); err != nil {
		t.Fatal(err)
	}
	d := listing.Digest{}
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	d.Run, d.Points.Run, d.Points.At = run.ID, run.ID, run.StartedAt
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	points, err := json.Marshal(d.Points)
	if err != nil {
		t.Fatal(err)
	}
	c.exec(t, `INSERT INTO listing_run (run, listed, form, waived, digest, points) SELECT CAST($1 AS TEXT), 0, form, waived, CAST($2 AS TEXT), CAST($3 AS TEXT) FROM listing_run WHERE run = $4`,
		run.ID, string(data), string(points), last)
}

func (c *crowd) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := c.s.Store.Writer().ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}
