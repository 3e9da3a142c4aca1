package lifecycle

import (
	"context"
	"database/sql"
	"slices"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A part is what some domains in a row change.
type part struct {
	from, to string // the domains behind from, up to to; to "" without an end
	last     bool   // there are none behind
	rows     []*stored
	gone     []*stored // rows that must not be there
	events   []event
}

// An event is what people are told of a finding.
type event struct {
	domain, rule string
	state        reports.State
	severity     int
}

// An item is a finding that may change.
type item struct {
	*stored
	base  row
	brief *store.Brief // nil: the run has not the domain
	look  look
	facts bool // whose it is and when it is due may have changed
}

// read works out what the next domains behind from change.
func (p *Pass) read(ctx context.Context, c *scope, from string) (*part, error) {
	briefs, err := p.s.results.Briefs(ctx, p.run.ID, from, domainsInPass)
	if err != nil {
		return nil, err
	}
	out := &part{from: from, last: len(briefs) < domainsInPass}
	if !out.last {
		out.to = briefs[len(briefs)-1].Domain
	}
	rows, err := p.rows(ctx, c, out)
	if err != nil {
		return nil, err
	}
	items := p.items(briefs, rows)
	if err := p.lookUp(ctx, c, items); err != nil {
		return nil, err
	}
	for _, i := range items {
		p.apply(i, out)
	}
	return out, nil
}

// rows reads the rows of the part, in the order of domains.
func (p *Pass) rows(ctx context.Context, c *scope, part *part) ([]*stored, error) {
	if c.id == 0 {
		return nil, nil
	}
	query, args := `SELECT `+rowColumns+` FROM finding_life WHERE scope = $1 AND domain > $2`, []any{c.id, part.from}
	if !part.last {
		query, args = query+` AND domain <= $3`, append(args, part.to)
	}
	var list []*stored
	err := p.s.each(ctx, query+` ORDER BY domain, rule`, args, func(rows *sql.Rows) error {
		r, err := scanRow(rows, p.run.ID)
		list = append(list, r)
		return err
	})
	return list, err
}

// items lists the findings that may change. A finding that is found again on a
// page that was not judged anew is none.
func (p *Pass) items(briefs []*store.Brief, rows []*stored) []*item {
	var list []*item
	for _, b := range briefs {
		for len(rows) > 0 && rows[0].domain < b.Domain {
			list, rows = append(list, p.item(rows[0], nil)), rows[1:]
		}
		known := rows
		for len(rows) > 0 && rows[0].domain == b.Domain {
			if i := p.item(rows[0], b); !p.settled(i) {
				list = append(list, i)
			}
			rows = rows[1:]
		}
		known = known[:len(known)-len(rows)]
		b.Rules(func(rule string) {
			if !slices.ContainsFunc(known, func(s *stored) bool { return s.rule == rule }) {
				list = append(list, p.item(&stored{domain: b.Domain, rule: rule}, b))
			}
		})
	}
	for _, s := range rows {
		list = append(list, p.item(s, nil))
	}
	return list
}

// item makes what the run says of a finding; b is nil where it has not the domain.
func (p *Pass) item(s *stored, b *store.Brief) *item {
	i := &item{stored: s, base: s.before(p.run.ID), brief: b}
	i.look.run, i.look.began = p.run.ID, millis(p.run.StartedAt)
	if b == nil {
		return i
	}
	verdict, severity, ok := b.Outcome(s.rule)
	i.look.at, i.look.present, i.look.verdict, i.look.severity = millis(b.At), ok, verdict, reports.Rank(severity)
	anew := b.JudgedAt.IsZero() || !b.JudgedAt.Before(p.run.StartedAt)
	i.facts = verdict == detect.Found && (anew || i.base.State == "" || !i.base.State.Open())
	return i
}

// settled reports whether an item changes nothing.
func (p *Pass) settled(i *item) bool {
	if i.run == p.run.ID || i.facts || i.look.present && i.base.Owner != i.brief.Owner || i.base.Waiver != p.waiver(i) {
		return false
	}
	if i.look.verdict == detect.Found && i.look.present {
		return i.base.State == reports.StateStill && i.base.Severity == i.look.severity
	}
	return !i.base.State.Open()
}

// waiver is the waiver in force for a finding; 0 for none.
func (p *Pass) waiver(i *item) int64 {
	if w := p.waivers.For(i.domain, i.rule, p.run.StartedAt); w != nil {
		return w.ID
	}
	return 0
}

// lookUp completes what is known of the items.
func (p *Pass) lookUp(ctx context.Context, c *scope, items []*item) error {
	before, atBefore := c.before(p.run.ID)
	ended := map[string][]string{} // by the run in which it was last found
	var fresh, facts []string
	for _, i := range items {
		i.look.first = before == ""
		switch {
		case i.look.present && i.look.verdict == detect.Found && i.base.State == "" && before != "":
			fresh = append(fresh, i.domain)
		case i.base.State.Open() && (!i.look.present || i.look.verdict != detect.Found):
			i.look.seenRun, i.look.seenAt = before, atBefore
			if i.base.SeenRun != "" {
				i.look.seenRun, i.look.seenAt = i.base.SeenRun, i.base.SeenAt
			}
			ended[i.look.seenRun] = append(ended[i.look.seenRun], i.domain)
		}
		if i.facts {
			facts = append(facts, i.domain)
		}
	}
	was, err := p.s.results.BriefsOf(ctx, before, slices.Compact(fresh))
	if err != nil {
		return err
	}
	then := map[string]map[string]*store.Brief{}
	for run, domains := range ended {
		if then[run], err = p.s.results.BriefsOf(ctx, run, slices.Compact(domains)); err != nil {
			return err
		}
	}
	belongs, err := p.s.results.Belongings(ctx, p.run.ID, slices.Compact(facts))
	if err != nil {
		return err
	}
	for _, i := range items {
		i.complete(was[i.domain], then[i.look.seenRun][i.domain], belongs[i.domain])
	}
	return nil
}

// complete adds to an item what the run before said, what the run said in which it
// was last found, and whose it is; each nil where it was not asked or is not known.
func (i *item) complete(was, then *store.Brief, b *store.Belonging) {
	if was != nil && i.base.State == "" {
		v, _, ok := was.Outcome(i.rule)
		i.look.unknownBefore = ok && (v == detect.Unknown || v == detect.Broken)
	}
	if then != nil && i.look.seenRun != "" {
		if i.base.SeenRun == "" {
			i.look.seenAt = millis(then.At)
		}
		if i.brief != nil {
			i.look.changed = i.brief.BodyDigest != "" && i.brief.BodyDigest != then.BodyDigest
			i.look.hidden = then.Liveness == detect.Serving && i.brief.Liveness != detect.Serving
		}
	}
	if b == nil || !i.facts {
		i.facts = false
		return
	}
	dates := b.Dates[i.rule]
	i.look.since = millis(dates.Since)
	i.base.Team, i.base.Province, i.base.Due = b.Team, b.Province, millis(dates.Due)
}

// apply works out what an item becomes.
func (p *Pass) apply(i *item, out *part) {
	now, told := step(i.base, &i.look)
	if i.brief != nil && now.State.Open() {
		now.Owner = i.brief.Owner
	}
	now.Waiver = 0
	if now.State.Open() {
		now.Waiver = p.waiver(i)
	}
	if told {
		out.events = append(out.events, event{i.domain, i.rule, now.State, now.Severity})
	}
	was := i.stored.before(p.run.ID)
	switch {
	case now.State == "":
		if i.stored.State != "" {
			out.gone = append(out.gone, i.stored)
		}
	case now != was:
		out.rows = append(out.rows, &stored{domain: i.domain, rule: i.rule, row: now, run: p.run.ID, was: was})
	case i.run == p.run.ID:
		out.rows = append(out.rows, &stored{domain: i.domain, rule: i.rule, row: now})
	}
}
