package detect

import (
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/workday"
)

// An OpenFinding is what was found of a case and has been found in every look
// since.
type OpenFinding struct {
	Rule  string
	Title Text
	Since time.Time // when it was first found; never later than Case.At
	Due   time.Time // the last day for mending it; zero if there is none
}

// Review dates what was found: since when, and until when it is to be mended.
// outs are the outcomes that [Judge] gave for the case by these rules, and since
// gives for a rule when it was first found of this domain without a look in
// between that did not find it; a rule that is not in it is found for the first
// time. Rules that need the history (NeedsHistory), which are about the findings
// of the others, are judged again with it. c is left as it is, and the Case with
// its history is returned.
func Review(c *Case, outs []Outcome, rules []*Rule, since map[string]time.Time) *Case {
	dated := *c
	dated.cache.outcomes = nil
	dated.Open = []OpenFinding{}
	for i := range outs {
		o := &outs[i]
		if o.Verdict != Found || rules[i].Needs&NeedsHistory != 0 {
			continue
		}
		o.Since = c.At
		if first, ok := since[o.Rule]; ok && first.Before(c.At) {
			o.Since = first
		}
		o.Due = c.Policy.due(o.Rule, o.Severity, o.Since)
		dated.Open = append(dated.Open, OpenFinding{Rule: o.Rule, Title: rules[i].Title, Since: o.Since, Due: o.Due})
	}
	for i, r := range rules {
		if r.Needs&NeedsHistory != 0 {
			outs[i] = r.judge(&dated)
		}
	}
	return &dated
}

// due is the last day for mending what was first found at a time; zero if the
// policy sets none.
func (p *Policy) due(rule string, s Severity, since time.Time) time.Time {
	days, ok := p.Rectify[rule]
	if !ok {
		days = p.Rectify[string(s)]
	}
	if days <= 0 {
		return time.Time{}
	}
	return p.Workdays.Add(since, days)
}

// rectify is the default of Policy.Rectify. Ten working days are what a
// provider grants for correcting a filing (Huawei Cloud's documentation); for a
// site that is open without a filing no rule grants any, and one working day is
// time to close it. That a warning, which has to be looked into first, has
// twenty, is a choice of this program.
func rectify() map[string]int {
	return map[string]int{string(Violation): 10, string(Warning): 20, "unfiled-site-serving": 1}
}

// CheckRectify says what is wrong with days by severity or by one of the rules;
// nil if nothing is.
func CheckRectify(days map[string]int, rules []*Rule) error {
	for name, n := range days {
		switch {
		case n < 0 || n > workday.MaxDays:
			return message.Errorf("%s：%d：请给出 0（不设期限）至 %d 个工作日", "%s: %d: give 0 (no date) to %d working days", name, n, workday.MaxDays)
		case name != string(Violation) && name != string(Warning) && name != string(Notice) && !slices.ContainsFunc(rules, func(r *Rule) bool { return r.ID == name }):
			return message.Errorf("%q 既不是严重级别（violation、warning、notice），也不是规则", "%q is neither a severity (violation, warning, notice) nor a rule", name)
		}
	}
	return nil
}
