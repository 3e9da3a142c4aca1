package text

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// Lint writes what came of an inventory that was judged without a visit to its
// sites. papers are the rules that need none.
func (t *Terminal) Lint(s *reports.LintSummary, papers []*detect.Rule) error {
	var b strings.Builder
	sentence, tone := lintText(s)
	t.headline(&b, tone, t.tell(sentence))
	about := wording.Counted(s.Points.Domains, "行已检查", "line judged", "lines judged")
	if s.Rejected > 0 {
		about = wording.Joined(wording.Say("，", ", "), about, wording.Counted(s.Rejected, "行无效", "line rejected", "lines rejected"))
	}
	b.WriteString("  " + t.tell(about) + t.tr("；没有访问任何网站", "; no site was visited") + "\n")
	t.lintTally(&b, s)
	t.lintRules(&b, s)
	t.lintUnknown(&b, s, papers)
	t.lintRejects(&b, s)
	return t.print(&b)
}

// lintText is the summary in one sentence.
func lintText(s *reports.LintSummary) (detect.Text, string) {
	p := &s.Points
	found := wording.Counted(p.Found(), "行有问题", "line with a finding", "lines with findings")
	switch {
	case p.Violations > 0:
		return found, string(detect.Violation)
	case p.Warnings > 0:
		return found, string(detect.Warning)
	case p.Notices > 0:
		return found, string(detect.Notice)
	case p.Clean > 0 && s.Rejected+s.Remarks > 0: // what could not be read may be wrong
		n := wording.Counted(s.Rejected+s.Remarks, "处请核对", "place to check", "places to check")
		return wording.Joined(wording.Say("，但清单有 ", ", but the list has "), wording.Say("能读懂的部分没有发现问题", "nothing is wrong with what could be read"), n), string(detect.Warning)
	case p.Clean > 0:
		return wording.Say("清单中的材料没有发现问题", "nothing is wrong with what the inventory says"), string(detect.Pass)
	}
	return wording.Say("清单没有可供检查的内容", "the inventory says nothing that could be judged"), string(detect.Unknown)
}

// lintTally draws the lines by their most severe finding.
func (t *Terminal) lintTally(b *strings.Builder, s *reports.LintSummary) {
	var rows [][]string
	var tones []string
	for _, seg := range wording.Segments(s.Points) {
		rows = append(rows, []string{t.sign(seg.Class) + " " + t.tell(wording.Capital(seg.Name)), wording.Grouped(seg.N), wording.Percent(seg.N, s.Points.Domains), t.blocks(seg.N, s.Points.Domains)})
		tones = append(tones, seg.Class)
	}
	columns := []textColumn{{name: t.tr("最高严重级别", "Highest severity")}, {name: t.tr("行", "Lines"), right: true}, {name: "%", right: true}, {name: "", flex: true}}
	b.WriteString("\n" + t.grid(columns, rows, func(row, col int) string { return tones[row] }))
}

// lintRules lists the rules that found something, each with its first lines.
func (t *Terminal) lintRules(b *strings.Builder, s *reports.LintSummary) {
	for _, r := range s.Found() {
		tone := string(detect.Notice)
		var parts []detect.Text
		for _, c := range []struct {
			n        int
			severity detect.Severity
		}{{r.Notices, detect.Notice}, {r.Warnings, detect.Warning}, {r.Violations, detect.Violation}} {
			if c.n > 0 {
				tone = string(c.severity)
				parts = append([]detect.Text{wording.Joined(wording.Say(" ", " "), wording.Word(wording.SeverityWords, c.severity), wording.Same(wording.Grouped(c.n)))}, parts...)
			}
		}
		b.WriteByte('\n')
		t.headline(b, tone, t.tell(wording.Capital(t.Rules.Title(r.Rule)))+t.tr("：", ": ")+t.tell(wording.Joined(wording.Say("，", ", "), parts...))+"  "+r.Rule)
		for _, sample := range r.Samples {
			text := t.tr("第 ", "line ") + wording.Grouped(sample.Line) + t.tr(" 行 ", " ") + wording.Domain(sample.Domain) + t.tr("：", ": ") + t.tell(wording.CleanText(sample.Saw, 200))
			lead := "  "
			for _, line := range t.Wrap(text, min(t.Width, maxProse)-4) {
				b.WriteString(lead + line + "\n")
				lead = "    "
			}
		}
		if n := r.Found() - len(r.Samples); n > 0 {
			b.WriteString(t.paint("soft", "  "+t.tell(wording.Counted(n, "行未列出", "more line", "more lines"))) + "\n")
		}
	}
	if len(s.Found()) > 0 {
		b.WriteString("\n")
		t.lines(b, "soft", t.tr("整改方法：beianwatch explain 规则；逐行结果：--format csv 或 --format jsonl", "Remedies: beianwatch explain RULE; line by line: --format csv or --format jsonl"))
	}
}

// lintUnknown says what kept the rules about documents from judging: mostly a
// column that is not filled.
func (t *Terminal) lintUnknown(b *strings.Builder, s *reports.LintSummary, papers []*detect.Rule) {
	var rows [][]string
	for _, p := range papers {
		for i := range s.Rules {
			if r := &s.Rules[i]; r.Rule == p.ID && r.Unknown > 0 {
				main := r.Mainly()
				rows = append(rows, []string{r.Rule, wording.Grouped(r.Unknown), t.tell(wording.Capital(main.Reason.Text()))})
			}
		}
	}
	if len(rows) > 0 {
		columns := []textColumn{{name: t.tr("未判定的规则", "Inconclusive rules")}, {name: t.tr("行", "Lines"), right: true}, {name: t.tr("主要原因", "Mostly because"), flex: true, wrap: true}}
		b.WriteString("\n" + t.grid(columns, rows, func(row, col int) string { return "" }))
	}
	if n := len(s.Rules) - len(papers); n > 0 {
		b.WriteString("\n")
		t.lines(b, "soft", t.tell(wording.Sayf(wording.Say("另有 %d 条规则要访问网站才能判定：beianwatch scan 清单", "The other %d rules need a visit to the sites: beianwatch scan INVENTORY"), n)))
	}
}

// lintRejects lists the first lines that could not be used.
func (t *Terminal) lintRejects(b *strings.Builder, s *reports.LintSummary) {
	if s.Rejected == 0 {
		return
	}
	b.WriteString("\n" + t.paint("bold", t.tr("无效行", "Rejected lines")) + " " + wording.Grouped(s.Rejected) + "\n")
	for _, r := range s.Rejects {
		line := t.tr("  第 ", "  line ") + wording.Grouped(r.Line) + t.tr(" 行：", ": ") + wording.Clean(r.Reason, 200)
		if r.Text != "" {
			line += "  " + wording.Clean(r.Text, 120)
		}
		b.WriteString(t.Cut(line, t.Width) + "\n")
	}
	if n := s.Rejected - len(s.Rejects); n > 0 {
		b.WriteString("  " + t.tell(wording.Counted(n, "行未列出；--out DIR 写出全部", "more line; --out DIR writes all", "more lines; --out DIR writes all")) + "\n")
	}
}
