package reports

import (
	"cmp"
	"slices"

	"github.com/beianwatch/beianwatch/detect"
)

// A LintSummary is what is told of an inventory that was judged without a visit
// at its sites. Parts of it are counted apart and merged in the order of the
// inventory; it does not grow with that.
type LintSummary struct {
	Inventory string
	Points    Point // lines by their most severe finding
	Rejected  int
	Remarks   int        // things in the list that look wrong or contradict each other, of which the summary of the list tells
	Rejects   []Reject   // the first ones
	Rules     []LintRule // in the order of the rules
}

// A LintRule is what one rule said of the lines.
type LintRule struct {
	Rule                                                         string
	Violations, Warnings, Notices, Pass, Unknown, Exempt, Broken int
	Why                                                          []LintReason // why it is unknown, as met
	Samples                                                      []LintSample // the first lines found
}

// A LintReason counts the lines for which a rule is unknown for one reason.
type LintReason struct {
	Reason detect.Reason
	N      int
}

// A LintSample is one line with a finding.
type LintSample struct {
	Line     int
	Domain   string
	Severity detect.Severity
	Saw      detect.Text
}

// Found is the number of lines that the rule found.
func (r *LintRule) Found() int { return r.Violations + r.Warnings + r.Notices }

// lintSamples is how many lines of each rule, and how many rejected lines, are
// kept.
const lintSamples = 5

// NewLintSummary begins a summary of the rules' outcomes.
func NewLintSummary(rules []*detect.Rule) *LintSummary {
	s := &LintSummary{Rules: make([]LintRule, len(rules))}
	for i, r := range rules {
		s.Rules[i].Rule = r.ID
	}
	return s
}

// Add counts a judged line; outs are the outcomes of all rules in order.
func (s *LintSummary) Add(c *detect.Case, outs []detect.Outcome) {
	worst, known := detect.Severity(""), false
	for i := range outs {
		o, r := &outs[i], &s.Rules[i]
		switch o.Verdict {
		case detect.Pass:
			r.Pass++
			known = true
		case detect.Unknown:
			r.Unknown++
			r.because(o.Reason, 1)
		case detect.Exempt:
			r.Exempt++
		case detect.Broken:
			r.Broken++
		case detect.Found:
			r.found(c, o)
			if Rank(o.Severity) > Rank(worst) {
				worst = o.Severity
			}
		}
	}
	switch {
	case worst != "":
		s.Points.add(string(worst))
	case known:
		s.Points.add(string(detect.Pass))
	default:
		s.Points.add(string(detect.Unknown))
	}
}

func (r *LintRule) found(c *detect.Case, o *detect.Outcome) {
	switch o.Severity {
	case detect.Violation:
		r.Violations++
	case detect.Warning:
		r.Warnings++
	default:
		r.Notices++
	}
	if len(r.Samples) == lintSamples || len(o.Findings) == 0 {
		return
	}
	saw := o.Findings[0].Saw
	r.Samples = append(r.Samples, LintSample{Line: c.Target.Line, Domain: c.Target.Domain, Severity: o.Severity,
		Saw: shortened(saw)})
}

func (r *LintRule) because(why detect.Reason, n int) {
	for i := range r.Why {
		if r.Why[i].Reason == why {
			r.Why[i].N += n
			return
		}
	}
	r.Why = append(r.Why, LintReason{why, n})
}

// Reject counts a line that could not be used.
func (s *LintSummary) Reject(line int, text, reason string) {
	s.Rejected++
	if len(s.Rejects) < lintSamples {
		s.Rejects = append(s.Rejects, Reject{Line: line, Text: cut(text, maxShort), Reason: cut(reason, maxShort)})
	}
}

// Merge adds what was counted of later lines.
func (s *LintSummary) Merge(later *LintSummary) {
	p, q := &s.Points, &later.Points
	p.Domains, p.Violations, p.Warnings, p.Notices = p.Domains+q.Domains, p.Violations+q.Violations, p.Warnings+q.Warnings, p.Notices+q.Notices
	p.Clean, p.Unknown = p.Clean+q.Clean, p.Unknown+q.Unknown
	s.Rejected += later.Rejected
	s.Rejects = append(s.Rejects, later.Rejects[:min(len(later.Rejects), lintSamples-len(s.Rejects))]...)
	for i := range s.Rules {
		a, b := &s.Rules[i], &later.Rules[i]
		a.Violations, a.Warnings, a.Notices = a.Violations+b.Violations, a.Warnings+b.Warnings, a.Notices+b.Notices
		a.Pass, a.Unknown, a.Exempt, a.Broken = a.Pass+b.Pass, a.Unknown+b.Unknown, a.Exempt+b.Exempt, a.Broken+b.Broken
		for _, w := range b.Why {
			a.because(w.Reason, w.N)
		}
		a.Samples = append(a.Samples, b.Samples[:min(len(b.Samples), lintSamples-len(a.Samples))]...)
	}
}

// Found are the rules that found something, the most severe first.
func (s *LintSummary) Found() []*LintRule {
	var list []*LintRule
	for i := range s.Rules {
		if s.Rules[i].Found() > 0 {
			list = append(list, &s.Rules[i])
		}
	}
	slices.SortStableFunc(list, func(a, b *LintRule) int {
		return cmp.Or(b.Violations-a.Violations, b.Warnings-a.Warnings, b.Notices-a.Notices)
	})
	return list
}

// Mainly is the reason for which a rule is unknown most often.
func (r *LintRule) Mainly() LintReason {
	return slices.MaxFunc(r.Why, func(a, b LintReason) int { return a.N - b.N })
}
