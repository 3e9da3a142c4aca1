package demo

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// A Difference is one thing that a record says otherwise than the list of
// sites does.
type Difference struct {
	Domain string
	What   string // "liveness", "cause", "page_kind", "record", or a rule
	Want   string
	Got    string
}

// String is one line for a person.
func (d Difference) String() string {
	return fmt.Sprintf("%s: %s: expected %s, got %s", d.Domain, d.What, d.Want, d.Got)
}

// Compare lists where a record, made with a browser or without, differs from
// what the site expects: liveness, cause and kind of page first, then the rules
// by name. A nil record is a difference itself.
func Compare(s Site, r *reports.Record, browser bool) []Difference {
	if r == nil {
		return []Difference{{s.Domain, "record", "one record", "none"}}
	}
	var out []Difference
	differ := func(what, want, got string) {
		if want != got {
			out = append(out, Difference{s.Domain, what, want, got})
		}
	}
	e := s.Expect(browser)
	differ("liveness", string(e.Liveness), string(r.Liveness))
	if e.Liveness == detect.Down {
		differ("cause", string(e.Cause), r.Cause)
	}
	if e.Kind != "" {
		differ("page_kind", string(e.Kind), string(r.PageKind))
	}
	return append(out, compareRules(s.Domain, e, r)...)
}

// compareRules compares the rules that the site names, and asks of all others
// that they stay silent.
func compareRules(domain string, e Expected, r *reports.Record) []Difference {
	var out []Difference
	seen := map[string]bool{}
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		seen[o.Rule] = true
		want, named := e.Verdicts[o.Rule]
		switch {
		case !named && o.Verdict != detect.Found && o.Verdict != detect.Broken:
		case !named:
			out = append(out, Difference{domain, o.Rule, "nothing found", got(o)})
		case o.Verdict != want.Verdict || o.Verdict == detect.Found && o.Severity != want.Severity:
			out = append(out, Difference{domain, o.Rule, want.String(), got(o)})
		}
	}
	for rule, want := range e.Verdicts {
		if !seen[rule] {
			out = append(out, Difference{domain, rule, want.String(), "no outcome"})
		}
	}
	slices.SortFunc(out, func(a, b Difference) int { return cmp.Compare(a.What, b.What) })
	return out
}

// String is the verdict in words: "found (warning)", "pass".
func (v Verdict) String() string {
	if v.Verdict == detect.Found {
		return fmt.Sprintf("%s (%s)", v.Verdict, v.Severity)
	}
	return string(v.Verdict)
}

// got says what an outcome is, with its reason or what it saw.
func got(o *detect.Outcome) string {
	s := Verdict{o.Verdict, o.Severity}.String()
	if o.Reason != "" {
		s += ", " + string(o.Reason)
	}
	if len(o.Findings) > 0 {
		s += ": " + o.Findings[0].Saw.EN
	}
	return s
}
