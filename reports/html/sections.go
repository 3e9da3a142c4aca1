package html

import (
	"slices"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// rules fills the table of all rules, and the list of those that found
// something, the most severe and most frequent first.
func (h Writer) rules(v *summaryView, s *reports.Summary) {
	most := 0
	for i := range s.Rules {
		most = max(most, s.Rules[i].Found())
	}
	view := func(c *reports.RuleCount) ruleView {
		rv := ruleView{RuleCount: *c, Title: h.Rules.Title(c.Rule)}
		rv.Rule = wording.Clean(c.Rule, 80)
		return rv
	}
	for i := range s.Rules {
		v.All = append(v.All, view(&s.Rules[i]))
	}
	for _, c := range s.FoundRules() {
		rv := view(c)
		p := reports.Point{Violations: c.Violations, Warnings: c.Warnings, Notices: c.Notices}
		rv.Bar = bar("bar", wording.Segments(p), most)
		for _, sample := range c.Samples() {
			rv.List = append(rv.List, sampleView{
				Domain: wording.Clean(sample.Domain, 260), Link: pageLink(s, sample.Domain, true), Owner: wording.Clean(sample.Owner, 60), Tone: string(sample.Severity),
				Word: wording.Word(wording.SeverityWords, sample.Severity), Saw: wording.CleanText(sample.Saw, 160),
			})
		}
		if n := c.Found() - len(rv.List); n > 0 {
			rv.More = wording.Counted(n, "个域名未列出，见 results.csv", "more domain, in results.csv", "more domains, in results.csv")
		}
		v.Rules = append(v.Rules, rv)
	}
}

func (h Writer) changes(v *summaryView, s *reports.Summary) {
	if s.Changes == nil {
		return
	}
	c := &changesView{Same: wording.Unchanged(s.Changes)}
	if was := s.Changes.Was; was != nil {
		c.Since = wording.Sayf(wording.Say("与 %[1]s 的检查相比", "compared with the run of %[1]s"), wording.Timestamp(was.StartedAt))
	}
	for _, kind := range reports.ChangeKinds {
		cv := changeView{Kind: kind, Name: wording.Change(kind), Note: wording.ChangeNotes[kind], N: s.Changes.Counts.Changes[kind]}
		for _, sample := range s.Changes.Samples(kind) {
			rule := wording.Say("网站状态", "state of the site")
			if sample.Rule != "" {
				rule = h.Rules.Title(sample.Rule)
			}
			link := ""
			if sample.Present {
				link = pageLink(s, sample.Domain, sample.Found)
			}
			cv.List = append(cv.List, sampleView{Domain: wording.Clean(sample.Domain, 260), Link: link, Owner: wording.Clean(sample.Owner, 60), Tone: sample.Tone,
				Rule: rule, Was: wording.Side(&sample.Was), Now: wording.Side(&sample.Now), Saw: wording.CleanText(sample.Saw, 160)})
		}
		if n := cv.N - len(cv.List); n > 0 {
			cv.More = wording.Counted(n, "项未列出", "more not listed", "more not listed")
		}
		cv.Open = kind == reports.ChangeNew && cv.N > 0 && cv.N <= 15 // about half a screen
		c.Kinds = append(c.Kinds, cv)
	}
	v.Changes = c
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
		v.TrendRows = append(v.TrendRows, trendRow{wording.InZone(p.At).Format("2006-01-02 15:04"), p})
	}
}
