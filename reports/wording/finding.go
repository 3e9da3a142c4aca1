package wording

import (
	"slices"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// maxTold bounds the places told of one rule and the numbers told of one page:
// a hostile site can make any list as long as it likes.
const maxTold = 60

// A Finding is one rule that found something, with every place, in words.
type Finding struct {
	Rule     string
	Tone     string
	Severity detect.Text
	Title    detect.Text
	Since    string      // the day in China on which it was first found, "" if not known
	Due      string      // the last day for fixing it, "" if there is none
	State    detect.Text // of its life; empty if not known
	Waived   detect.Text // until when, by whom and why; empty if it is not waived
	Spots    []Spot
	Why      detect.Text
	Law      detect.Text
	LawLink  string
}

// A Spot is one place of a finding. No text is empty: what the finding leaves open
// comes from its rule.
type Spot struct {
	Where, Saw, Fix detect.Text
	Quotes          []string
	Snippet         string // the report's; see [reports.Detail]
}

// Findings lists the rules that found something, the most severe first.
func (b Book) Findings(r *reports.Record) []Finding {
	var views []Finding
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != detect.Found {
			continue
		}
		f := Finding{
			Rule: Clean(o.Rule, 80), Tone: reports.ToneOf(o), Severity: OutcomeWord(o), Title: b.Title(o.Rule),
		}
		f.Since, f.Due = ChinaDay(o.Since), ChinaDay(o.Due)
		life := r.Life[o.Rule]
		f.Waived = WaiverText(life.Waiver)
		if life.State != "" {
			f.State = Word(StateWords, life.State)
		}
		if r.File != "" {
			f.Title = reports.ThisPage(f.Title)
		}
		rule := b[o.Rule]
		if rule == nil {
			rule = &detect.Rule{Rationale: Say("本程序已不含该规则。", "This program no longer has the rule.")}
		}
		f.Why = rule.Rationale
		f.Law, f.LawLink = rule.Source.Cite(), rule.Source.Link
		for _, found := range o.Findings[:min(len(o.Findings), maxTold)] {
			f.Spots = append(f.Spots, spot(found, rule))
		}
		views = append(views, f)
	}
	slices.SortStableFunc(views, func(x, y Finding) int {
		return reports.Rank(detect.Severity(y.Tone)) - reports.Rank(detect.Severity(x.Tone))
	})
	return views
}

// spot fills what a finding leaves empty from its rule, so no box is empty.
func spot(f detect.Finding, rule *detect.Rule) Spot {
	s := Spot{Where: f.Where, Saw: outward(f.Saw), Fix: f.Fix, Snippet: CleanLines(f.Snippet, MaxText)}
	if s.Where.ZH == "" {
		s.Where = Say("网站", "the site")
	}
	if s.Saw.ZH == "" {
		s.Saw = rule.Title
	}
	if s.Fix.ZH == "" {
		s.Fix = rule.Remedy
	}
	for _, q := range f.Quotes[:min(len(f.Quotes), 5)] {
		s.Quotes = append(s.Quotes, Clean(q, 400))
	}
	return s
}
