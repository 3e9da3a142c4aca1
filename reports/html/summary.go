package html

import (
	"cmp"
	"html/template"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A summaryView is the overview of a run, ready to be laid out.
type summaryView struct {
	frame
	Heading   detect.Text
	About     []detect.Text
	Tone      string
	Verdict   detect.Text
	Coverage  detect.Text
	Tiles     []tileView
	Share     template.HTML
	Changes   *changesView
	Liveness  []barView
	Causes    []barView
	Rules     []ruleView
	All       []ruleView // every rule, for the table without an empty box
	Trend     template.HTML
	TrendRows []trendRow
	Owners    []reports.OwnerCount
	Listed    []listedView
	Rejects   []reports.Reject
	Reasons   []barView
	Rejected  int
	MoreLeft  detect.Text // rejected lines that are not listed
}

// A tileView is one figure.
type tileView struct {
	Tone  string
	Name  detect.Text
	N     int
	Share string
}

// A barView is one row of a bar chart.
type barView struct {
	Name detect.Text
	N    int
	Pct  string
	Bar  template.HTML
}

// A ruleView is one rule over all domains.
type ruleView struct {
	reports.RuleCount
	Title detect.Text
	Bar   template.HTML
	List  []sampleView
	More  detect.Text
}

// A sampleView is one domain under a rule or a change.
type sampleView struct {
	Domain, Link, Owner, Tone string
	Word, Saw                 detect.Text
	Rule                      detect.Text
	Was, Now                  detect.Text
}

// A changesView tells what changed since the run before.
type changesView struct {
	Since detect.Text
	Kinds []changeView
	Same  detect.Text
}

type changeView struct {
	Kind reports.ChangeKind
	Name detect.Text
	Note detect.Text
	N    int
	List []sampleView
	More detect.Text
	Open bool // unfolded from the start
}

type trendRow struct {
	When string
	reports.Point
}

type listedView struct {
	Domain, Link, Title, Tone string
	Verdict, Liveness         detect.Text
}

func (h Writer) summaryView(s *reports.Summary) *summaryView {
	v := &summaryView{}
	for _, o := range s.Owners {
		o.Owner = wording.Clean(o.Owner, 60)
		v.Owners = append(v.Owners, o)
	}
	for _, r := range s.Rejects {
		v.Rejects = append(v.Rejects, reports.Reject{Line: r.Line, Text: wording.Clean(r.Text, 120), Reason: wording.Clean(r.Reason, 200)})
	}
	run := cmp.Or(s.Run, &reports.Run{})
	v.Heading = wording.Say("备案检查总览", "ICP filing overview")
	title := wording.Joined(wording.Same(" · "), v.Heading, wording.Same(wording.Clean(run.Inventory, 120)))
	v.frame = frame{Lang: h.Lang, PageTitle: title.In(h.Lang), Subtitle: v.Heading, Foot: wording.Footer(run.Ruleset)}
	v.About = wording.RunFacts(run)
	v.Verdict, v.Tone = wording.Summary(s)
	v.Coverage = wording.Coverage(s)
	for _, seg := range wording.Segments(s.Points) {
		v.Tiles = append(v.Tiles, tileView{seg.Class, seg.Name, seg.N, wording.Percent(seg.N, s.Points.Domains)})
	}
	v.Share = bar("bar thick", wording.Segments(s.Points), s.Points.Domains)
	v.Liveness = livenessBars(s)
	v.Causes = causeBars(s)
	h.rules(v, s)
	h.changes(v, s)
	v.trend(s)
	for _, l := range s.Listed {
		link := pageLink(s, l.Domain, reports.Rank(detect.Severity(l.Tone)) > 0)
		v.Listed = append(v.Listed, listedView{Domain: wording.Clean(l.Domain, 260), Link: link, Title: wording.Clean(l.Title, 80), Tone: l.Tone,
			Verdict: wording.VerdictOf(l.Tally, l.Liveness), Liveness: wording.LivenessText(l.Liveness, l.Cause)})
	}
	for _, c := range s.Reasons {
		v.Reasons = append(v.Reasons, barView{Name: wordOrOther(c.Word, func(w string) detect.Text { return wording.Same(wording.Clean(w, 200)) }), N: c.N})
	}
	for _, c := range s.Reasons {
		v.Rejected += c.N
	}
	if n := v.Rejected - len(s.Rejects); n > 0 {
		v.MoreLeft = wording.Counted(n, "行未列出", "more line not listed", "more lines not listed")
	}
	return v
}

func livenessBars(s *reports.Summary) []barView {
	most := 0
	for _, c := range s.Liveness {
		most = max(most, c.N)
	}
	var bars []barView
	for _, c := range s.Liveness {
		class := c.Word
		if class == string(detect.Unseen) {
			class = "unseen"
		}
		bars = append(bars, barView{
			Name: wording.Word(wording.LivenessWords, detect.Liveness(c.Word)), N: c.N, Pct: wording.Percent(c.N, s.Points.Domains),
			Bar: bar("bar", []wording.Segment{{Class: class, N: c.N}}, most),
		})
	}
	return bars
}

func causeBars(s *reports.Summary) []barView {
	most := 0
	for _, c := range s.Causes {
		most = max(most, c.N)
	}
	var bars []barView
	for _, c := range s.Causes {
		bars = append(bars, barView{Name: wordOrOther(c.Word, detect.CauseText), N: c.N, Bar: bar("bar", []wording.Segment{{Class: "down", N: c.N}}, most)})
	}
	return bars
}

// wordOrOther puts a counted word into words; the empty word stands for all
// that was not counted one by one.
func wordOrOther(w string, text func(string) detect.Text) detect.Text {
	if w == "" {
		return wording.Say("其他", "others")
	}
	return text(w)
}

// pageLink is the relative address of a domain's report, "" if there is none.
func pageLink(s *reports.Summary, domain string, found bool) string {
	if s.Page == nil {
		return ""
	}
	return s.Page(domain, found)
}
