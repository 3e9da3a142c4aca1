package reports

import (
	"cmp"
	"html/template"

	"github.com/beianwatch/beianwatch/detect"
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
	Owners    []OwnerCount
	Listed    []listedView
	Rejects   []Reject
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
	RuleCount
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
	Kind ChangeKind
	Name detect.Text
	Note detect.Text
	N    int
	List []sampleView
	More detect.Text
	Open bool // unfolded from the start
}

type trendRow struct {
	When string
	Point
}

type listedView struct {
	Listed
	Link string
}

func (h HTML) summaryView(s *Summary) *summaryView {
	v := &summaryView{Owners: s.Owners, Rejects: s.Rejects}
	run := cmp.Or(s.Run, &Run{})
	v.Heading = say("备案检查总览", "ICP filing overview")
	title := joined(same(" · "), v.Heading, same(clean(run.Inventory, 120)))
	v.frame = frame{Lang: h.Lang, PageTitle: title.In(h.Lang), Subtitle: v.Heading, Foot: footText(run.Ruleset)}
	v.About = aboutRun(run)
	v.Verdict, v.Tone = s.sentence()
	v.Coverage = s.coverage()
	for _, seg := range s.Points.segments() {
		v.Tiles = append(v.Tiles, tileView{seg.Class, seg.Name, seg.N, percent(seg.N, s.Points.Domains)})
	}
	v.Share = bar("bar thick", s.Points.segments(), s.Points.Domains)
	v.Liveness = livenessBars(s)
	v.Causes = causeBars(s)
	h.Rules.rules(v, s)
	h.changes(v, s)
	v.trend(s)
	for _, l := range s.Listed {
		link := s.link(l.Domain, Rank(detect.Severity(l.Tone)) > 0)
		l.Domain = clean(l.Domain, 260)
		v.Listed = append(v.Listed, listedView{l, link})
	}
	for _, c := range s.Reasons {
		v.Reasons = append(v.Reasons, barView{Name: wordOrOther(c.Word, same), N: c.N})
	}
	for _, c := range s.Reasons {
		v.Rejected += c.N
	}
	if n := v.Rejected - len(s.Rejects); n > 0 {
		v.MoreLeft = counted(n, "行未列出", "more line not listed", "more lines not listed")
	}
	return v
}

// sentence sums the run up.
func (s *Summary) sentence() (detect.Text, string) {
	p := s.Points
	parts := []detect.Text{counted(p.Domains, "个域名", "domain", "domains")}
	tone := "pass"
	switch {
	case p.Violations > 0:
		tone = "violation"
		parts = append(parts, counted(p.Violations, "个须整改", "must mend something", "must mend something"))
	case p.Warnings > 0:
		tone = "warning"
	case p.Notices > 0:
		tone = "notice"
	case p.Clean == 0:
		tone = "unknown"
	}
	if p.Warnings > 0 {
		parts = append(parts, counted(p.Warnings, "个须核实", "needs checking", "need checking"))
	}
	if p.Found() == 0 {
		parts = append(parts, say("没有发现问题", "nothing was found"))
	}
	if p.Unknown > 0 {
		parts = append(parts, counted(p.Unknown, "个没有看清", "was not seen clearly", "were not seen clearly"))
	}
	return sentenceOf(parts), tone
}

// coverage is the promise that every line ended in a verdict or a rejection.
func (s *Summary) coverage() detect.Text {
	lines, rejected := s.Points.Domains, 0
	if s.Run != nil && s.Run.Lines > 0 {
		lines, rejected = s.Run.Lines, s.Run.Rejected
	}
	t := sayf(say("读入 %[1]s 行 = 结论 %[2]s + 拒收 %[3]s", "%[1]s lines read = %[2]s verdicts + %[3]s rejected"),
		grouped(lines), grouped(s.Points.Domains), grouped(rejected))
	if gap := lines - rejected - s.Points.Domains; gap != 0 {
		t = sayf(say("读入 %[1]s 行，结论 %[2]s，拒收 %[3]s：还差 %[4]s 行", "%[1]s lines read, %[2]s verdicts, %[3]s rejected: %[4]s still missing"),
			grouped(lines), grouped(s.Points.Domains), grouped(rejected), grouped(gap))
	}
	return t
}

func aboutRun(run *Run) []detect.Text {
	var about []detect.Text
	put := func(name detect.Text, value string) {
		if value != "" {
			about = append(about, joined(say("：", ": "), name, same(clean(value, 160))))
		}
	}
	put(say("清单", "inventory"), run.Inventory)
	put(say("运行", "run"), run.ID)
	if !run.StartedAt.IsZero() {
		put(say("开始", "started"), stamp(run.StartedAt))
	}
	if !run.FinishedAt.IsZero() {
		put(say("用时", "took"), spell(run.FinishedAt.Sub(run.StartedAt)))
	}
	put(say("日程", "calendar entry"), run.Entry)
	put(say("观测点", "vantage"), run.Vantage)
	if run.State != "" && run.State != RunDone {
		about = append(about, joined(say("：", ": "), say("状态", "state"), word(stateWords, run.State)))
		put(say("原因", "because"), run.Trouble)
	}
	return about
}

func livenessBars(s *Summary) []barView {
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
			Name: word(livenessWords, detect.Liveness(c.Word)), N: c.N, Pct: percent(c.N, s.Points.Domains),
			Bar: bar("bar", []segment{{Class: class, N: c.N}}, most),
		})
	}
	return bars
}

func causeBars(s *Summary) []barView {
	most := 0
	for _, c := range s.Causes {
		most = max(most, c.N)
	}
	var bars []barView
	for _, c := range s.Causes {
		bars = append(bars, barView{Name: wordOrOther(c.Word, detect.CauseText), N: c.N, Bar: bar("bar", []segment{{Class: "down", N: c.N}}, most)})
	}
	return bars
}

// wordOrOther puts a counted word into words; the empty word stands for all
// that was not counted one by one.
func wordOrOther(w string, text func(string) detect.Text) detect.Text {
	if w == "" {
		return say("其他", "others")
	}
	return text(w)
}

// link is the relative address of a domain's report, "" if there is none.
func (s *Summary) link(domain string, found bool) string {
	if s.Page == nil {
		return ""
	}
	return s.Page(domain, found)
}
