package html

import (
	"slices"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// rules fills the table of all rules, and the list of those that found
// something, the most severe and most frequent first.
func (h Writer) rules(v *summaryView, s *reports.Summary) {
	view := func(c *reports.RuleCount, title detect.Text) ruleView {
		rv := ruleView{RuleCount: *c, Title: title}
		rv.Rule = wording.Clean(c.Rule, 80)
		return rv
	}
	for i := range s.Rules {
		c := &s.Rules[i]
		v.All = append(v.All, view(c, h.Rules.Kept(c.Rule)))
	}
	for _, c := range s.FoundRules() {
		rv := view(c, h.Rules.Title(c.Rule))
		rv.Link = v.filterLink("rule", rv.Rule)
		p := reports.Point{Violations: c.Violations, Warnings: c.Warnings, Notices: c.Notices}
		rv.Bar = bar("bar", wording.Segments(p), s.Points.Domains)
		for _, sample := range c.Samples() {
			sv := sampleView{Link: pageLink(s, sample.Domain, string(sample.Severity)), Owner: wording.Clean(sample.Owner, 60), Tone: string(sample.Severity),
				Word: wording.Word(wording.SeverityWords, sample.Severity), Saw: wording.CleanText(sample.Saw, 160)}
			sv.Domain, sv.Name = named(sample.Domain)
			rv.List = append(rv.List, sv)
		}
		if n := c.Found() - len(rv.List); n > 0 {
			rv.More = wording.Counted(n, "个域名未列出，见 results.csv", "more domain, in results.csv", "more domains, in results.csv")
		}
		v.Rules = append(v.Rules, rv)
	}
}

func (h Writer) changes(v *summaryView, s *reports.Summary) {
	v.Since = wording.Since(s)
	if s.Changes == nil {
		return
	}
	c := &changesView{Same: wording.Unchanged(s.Changes)}
	for _, kind := range reports.ChangeKinds {
		cv := changeView{Kind: kind, Tone: changeTones[kind], Name: wording.Change(kind), Note: wording.ChangeNotes[kind], N: s.Changes.Counts.Changes[kind]}
		for _, sample := range s.Changes.Samples(kind) {
			rule := wording.Say("网站状态", "state of the site")
			if sample.Rule != "" {
				rule = h.Rules.Title(sample.Rule)
			}
			sv := sampleView{Owner: wording.Clean(sample.Owner, 60), Tone: sample.Tone,
				Rule: rule, Was: wording.Side(&sample.Was), Now: wording.Side(&sample.Now), Saw: wording.CleanText(sample.Saw, 160)}
			if sv.Saw.ZH != "" && !sample.Found {
				sv.Saw = wording.Joined(wording.Say("：", ": "), wording.Say("上次", "before"), sv.Saw)
			}
			sv.Domain, sv.Name = named(sample.Domain)
			if sample.Present {
				sv.Link = pageLink(s, sample.Domain, string(sample.Now.Severity))
			}
			cv.List = append(cv.List, sv)
		}
		if n := cv.N - len(cv.List); n > 0 {
			cv.More = wording.Counted(n, "项未列出", "more not listed", "more not listed")
		}
		cv.Open = kind == reports.ChangeNew && cv.N > 0 && cv.N <= 15 // about half a screen
		c.Kinds = append(c.Kinds, cv)
	}
	v.Changes = c
}

// changeTones are the looks of the kinds of change.
var changeTones = map[reports.ChangeKind]string{
	reports.ChangeNew: "violation", reports.ChangeReopened: "violation", reports.ChangeFirst: "warning", reports.ChangeWorse: "violation",
	reports.ChangePassed: "unknown", reports.ChangeFixed: "pass", reports.ChangeGone: "exempt", reports.ChangeUnseen: "unknown",
}

// maxTrend is how many runs are drawn.
const maxTrend = 30

// trend draws the earlier runs and this one; one run alone is no trend.
func (v *summaryView) trend(s *reports.Summary) {
	if len(s.Past) == 0 {
		return
	}
	points := append(slices.Clone(s.Past), s.Points)
	slices.SortStableFunc(points, func(a, b reports.Point) int { return a.At.Compare(b.At) })
	points = points[max(0, len(points)-maxTrend):]
	v.Trend = trend(points)
	for _, p := range points {
		v.TrendRows = append(v.TrendRows, trendRow{wording.Minute(p.At), p})
	}
}
