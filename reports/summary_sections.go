package reports

import (
	"cmp"
	"slices"

	"github.com/beianwatch/beianwatch/detect"
)

// rules fills the table of all rules, and the list of those that found
// something, the gravest and most frequent first.
func (b Book) rules(v *summaryView, s *Summary) {
	most := 0
	for i := range s.Rules {
		most = max(most, s.Rules[i].Found())
	}
	for i := range s.Rules {
		c := &s.Rules[i]
		rv := ruleView{RuleCount: *c, Title: b.title(c.Rule)}
		rv.Rule = clean(c.Rule, 80)
		v.All = append(v.All, rv)
		if c.Found() == 0 {
			continue
		}
		p := Point{Violations: c.Violations, Warnings: c.Warnings, Notices: c.Notices}
		rv.Bar = bar("bar", p.segments(), most)
		for _, sample := range c.Samples() {
			rv.List = append(rv.List, sampleView{
				Domain: clean(sample.Domain, 260), Link: s.link(sample.Domain, true), Owner: sample.Owner, Tone: string(sample.Severity),
				Word: word(severityWords, sample.Severity), Saw: sample.Saw,
			})
		}
		if n := c.Found() - len(rv.List); n > 0 {
			rv.More = counted(n, "个域名未列出，见 results.csv", "more domain, in results.csv", "more domains, in results.csv")
		}
		v.Rules = append(v.Rules, rv)
	}
	slices.SortStableFunc(v.Rules, func(x, y ruleView) int {
		return cmp.Or(y.Violations-x.Violations, y.Warnings-x.Warnings, y.Notices-x.Notices)
	})
}

var changeNotes = map[ChangeKind]detect.Text{
	ChangeNew:    say("上次没有，这次发现", "found now, not before"),
	ChangeWorse:  say("上次就有，这次更重", "found before, graver now"),
	ChangeFixed:  say("上次有，这次确认没有", "found before, seen to be right now"),
	ChangeGone:   say("域名或规则不再适用", "the domain or the rule no longer applies"),
	ChangeUnseen: say("上次能判断，这次没看清；不算已整改", "judged before, not seen now; not counted as fixed"),
}

func (h HTML) changes(v *summaryView, s *Summary) {
	if s.Changes == nil {
		return
	}
	c := &changesView{Same: unchangedText(s.Changes)}
	if was := s.Changes.Was; was != nil {
		c.Since = sayf(say("与 %[1]s 的运行相比", "against the run of %[1]s"), stamp(was.StartedAt))
	}
	for _, kind := range ChangeKinds {
		cv := changeView{Kind: kind, Name: kind.Text(), Note: changeNotes[kind], N: s.Changes.Counts.Changes[kind]}
		for _, sample := range s.Changes.Samples(kind) {
			rule := say("网站状态", "state of the site")
			if sample.Rule != "" {
				rule = h.Rules.title(sample.Rule)
			}
			link := ""
			if sample.Present {
				link = s.link(sample.Domain, sample.Found)
			}
			cv.List = append(cv.List, sampleView{Domain: clean(sample.Domain, 260), Link: link, Owner: sample.Owner, Tone: sample.Tone,
				Rule: rule, Was: sample.Was, Now: sample.Now, Saw: sample.Saw})
		}
		if n := cv.N - len(cv.List); n > 0 {
			cv.More = counted(n, "项未列出", "more not listed", "more not listed")
		}
		cv.Open = kind == ChangeNew && cv.N > 0 && cv.N <= 15 // about half a screen
		c.Kinds = append(c.Kinds, cv)
	}
	v.Changes = c
}

// trend draws the earlier runs and this one; one run alone is no trend.
func (v *summaryView) trend(s *Summary) {
	if len(s.Past) == 0 {
		return
	}
	points := append(slices.Clone(s.Past), s.Points)
	slices.SortStableFunc(points, func(a, b Point) int { return a.At.Compare(b.At) })
	points = points[max(0, len(points)-maxTrend):]
	v.Trend = trend(points)
	for _, p := range points {
		v.TrendRows = append(v.TrendRows, trendRow{p.At.Format("2006-01-02 15:04"), p})
	}
}
