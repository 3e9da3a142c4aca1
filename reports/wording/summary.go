package wording

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// A Segment is a part of a bar.
type Segment struct {
	Class string // severity, verdict or state, as in the style sheet
	Name  detect.Text
	N     int
}

// Segments returns the counts of a run or a rule in the order of a bar: the most
// severe first, inconclusive last.
func Segments(p reports.Point) []Segment {
	return []Segment{
		{"violation", Word(SeverityWords, detect.Violation), p.Violations},
		{"warning", Word(SeverityWords, detect.Warning), p.Warnings},
		{"notice", Word(SeverityWords, detect.Notice), p.Notices},
		{"pass", Say("没有发现", "nothing found"), p.Clean},
		{"unknown", Word(VerdictWords, detect.Unknown), p.Unknown},
	}
}

// Summary returns the run in one sentence, and the tone of its most severe finding.
func Summary(s *reports.Summary) (detect.Text, string) {
	p := s.Points
	parts := []detect.Text{Counted(p.Domains, "个域名", "domain", "domains")}
	tone := "pass"
	switch {
	case p.Violations > 0:
		tone = "violation"
		parts = append(parts, Counted(p.Violations, "个须整改", "must mend something", "must mend something"))
	case p.Warnings > 0:
		tone = "warning"
	case p.Notices > 0:
		tone = "notice"
	case p.Clean == 0:
		tone = "unknown"
	}
	if p.Warnings > 0 {
		parts = append(parts, Counted(p.Warnings, "个须核实", "needs checking", "need checking"))
	}
	if p.Found() == 0 {
		parts = append(parts, Say("没有发现问题", "nothing was found"))
	}
	if p.Unknown > 0 {
		parts = append(parts, Counted(p.Unknown, "个没有看清", "was not seen clearly", "were not seen clearly"))
	}
	return sentenceOf(parts), tone
}

// Coverage returns how the lines of the inventory ended: each in a verdict or a
// rejection, and how many are missing if any are.
func Coverage(s *reports.Summary) detect.Text {
	lines, rejected := s.Points.Domains, 0
	if s.Run != nil && s.Run.Lines > 0 {
		lines, rejected = s.Run.Lines, s.Run.Rejected
	}
	t := Sayf(Say("读入 %[1]s 行 = 结论 %[2]s + 拒收 %[3]s", "%[1]s lines read = %[2]s verdicts + %[3]s rejected"),
		Grouped(lines), Grouped(s.Points.Domains), Grouped(rejected))
	if gap := lines - rejected - s.Points.Domains; gap != 0 {
		t = Sayf(Say("读入 %[1]s 行，结论 %[2]s，拒收 %[3]s：还差 %[4]s 行", "%[1]s lines read, %[2]s verdicts, %[3]s rejected: %[4]s still missing"),
			Grouped(lines), Grouped(s.Points.Domains), Grouped(rejected), Grouped(gap))
	}
	return t
}

// RunFacts returns what is known of a run as texts "name: value".
func RunFacts(run *reports.Run) []detect.Text {
	var about []detect.Text
	put := func(name detect.Text, value string) {
		if value != "" {
			about = append(about, Joined(Say("：", ": "), name, Same(Clean(value, 160))))
		}
	}
	put(Say("清单", "inventory"), run.Inventory)
	put(Say("运行", "run"), run.ID)
	if !run.StartedAt.IsZero() {
		put(Say("开始", "started"), Timestamp(run.StartedAt))
	}
	if !run.FinishedAt.IsZero() {
		put(Say("用时", "took"), spell(run.FinishedAt.Sub(run.StartedAt)))
	}
	put(Say("日程", "calendar entry"), run.Entry)
	put(Say("观测点", "vantage"), run.Vantage)
	if run.State != "" && run.State != reports.RunDone {
		about = append(about, Joined(Say("：", ": "), Say("状态", "state"), Word(stateWords, run.State)))
		put(Say("原因", "because"), run.Trouble)
	}
	return about
}

// Footer returns what made a report and what it does not claim.
func Footer(ruleset string) detect.Text {
	return Sayf(Say("由 beianwatch 依规则集 %[1]s 生成。报告只陈述检查当时所见；没有看清的一律记为“无法判断”，不作为问题。",
		"Made by beianwatch with the rule set %[1]s. It tells what was seen at the time; what was not seen clearly counts as unknown, never as a fault."), Clean(ruleset, 80))
}
