package text

import (
	"cmp"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// The most that a run's summary lists on a terminal; the rest is in the
// reports.
const (
	maxTextRules   = 25
	maxTextRejects = 10
	maxTextChanges = 20
)

// idWidth is the width from which a table has room for rule ids beside titles.
const idWidth = 100

// Summary writes what came of a run. dir is where its reports lie, "" if none
// were written.
func (t *Terminal) Summary(s *reports.Summary, dir string) error {
	var b strings.Builder
	if s.Run != nil {
		var about []string
		for _, a := range wording.RunFacts(s.Run) {
			about = append(about, t.tell(wording.Capital(a)))
		}
		t.lines(&b, "soft", strings.Join(about, t.tr("；", "; ")))
	}
	sentence, tone := wording.Summary(s)
	t.headline(&b, tone, t.tell(sentence))
	for _, line := range t.Wrap(t.tell(wording.Coverage(s)), min(t.Width, maxProse)-2) {
		b.WriteString("  " + line + "\n")
	}
	t.tally(&b, s)
	t.rules(&b, s)
	t.life(&b, s)
	if s.Changes != nil {
		b.WriteByte('\n')
		t.lines(&b, "", t.tr("与上次相比：", "Since the last run: ")+t.kinds(s.Changes))
	}
	t.rejects(&b, s)
	if dir != "" {
		b.WriteString("\n" + t.tr("报告：", "Reports: ") + t.paint("link", dir) + "\n")
	}
	return t.print(&b)
}

// tally draws the domains by most severe finding and by state, side by side where
// there is room.
func (t *Terminal) tally(b *strings.Builder, s *reports.Summary) {
	var rows [][]string
	var tones []string
	for _, seg := range wording.Segments(s.Points) {
		rows = append(rows, []string{t.sign(seg.Class) + " " + t.tell(wording.Capital(seg.Name)), wording.Grouped(seg.N), wording.Percent(seg.N, s.Points.Domains), t.blocks(seg.N, s.Points.Domains)})
		tones = append(tones, seg.Class)
	}
	columns := []textColumn{{name: t.tr("最高严重级别", "Highest severity")}, {name: t.tr("域名", "Domains"), right: true}, {name: "%", right: true}, {name: "", flex: true}}
	b.WriteString("\n" + t.grid(columns, rows, func(row, col int) string { return tones[row] }))
	rows = nil
	for _, l := range s.Liveness {
		if l.N > 0 {
			name := wording.Word(wording.LivenessWords, detect.Liveness(l.Word))
			rows = append(rows, []string{t.tell(wording.Capital(name)), wording.Grouped(l.N), wording.Percent(l.N, s.Points.Domains), t.blocks(l.N, s.Points.Domains)})
		}
	}
	columns[0].name = t.tr("访问状态", "State")
	b.WriteString("\n" + t.grid(columns, rows, func(row, col int) string { return "" }))
}

// blocks draws a bar of up to 30 columns.
func (t *Terminal) blocks(n, of int) string {
	const most = 30
	if n == 0 || of == 0 {
		return ""
	}
	block := "#"
	if t.Lines {
		block = "━"
	}
	return strings.Repeat(block, max(1, most*n/of))
}

// rules lists the rules that found something, the most severe first.
func (t *Terminal) rules(b *strings.Builder, s *reports.Summary) {
	found := s.FoundRules()
	if len(found) == 0 {
		return
	}
	columns := []textColumn{
		{name: t.tr("问题", "Finding"), flex: true, wrap: true}, {name: t.tell(wording.Capital(wording.SeverityWords["violation"])), right: true},
		{name: t.tell(wording.Capital(wording.SeverityWords["warning"])), right: true}, {name: t.tell(wording.Capital(wording.SeverityWords["notice"])), right: true},
	}
	if t.Width >= idWidth {
		columns = append(columns, textColumn{name: t.tr("规则", "Rule"), flex: true})
	}
	var rows [][]string
	for _, r := range found[:min(len(found), maxTextRules)] {
		row := []string{t.tell(wording.Capital(t.Rules.Title(r.Rule))), blank(r.Violations), blank(r.Warnings), blank(r.Notices), wording.Clean(r.Rule, 80)}
		rows = append(rows, row[:len(columns)])
	}
	colours := []string{"", "violation", "warning", "notice", "soft"}
	b.WriteString("\n" + t.grid(columns, rows, func(row, col int) string { return colours[col] }))
	if n := len(found) - maxTextRules; n > 0 {
		b.WriteString(t.paint("soft", t.tell(wording.Counted(n, "条规则未列出", "more rule", "more rules"))) + "\n")
	}
}

// blank writes nothing for zero: a table of findings is read by its figures.
func blank(n int) string {
	if n == 0 {
		return ""
	}
	return wording.Grouped(n)
}

func (t *Terminal) kinds(c *reports.Changes) string {
	var parts []string
	for _, k := range reports.ChangeKinds {
		if (k == reports.ChangeReopened || k == reports.ChangePassed) && c.Counts.Changes[k] == 0 {
			continue // seldom
		}
		parts = append(parts, t.tell(wording.Change(k))+" "+wording.Grouped(c.Counts.Changes[k]))
	}
	if c.Counts.Waived > 0 {
		parts = append(parts, t.tell(wording.Change(reports.ChangeWaived))+" "+wording.Grouped(c.Counts.Waived))
	}
	return strings.Join(parts, t.tr("，", ", "))
}

func (t *Terminal) rejects(b *strings.Builder, s *reports.Summary) {
	if len(s.Rejects) == 0 {
		return
	}
	total := 0
	for _, c := range s.Reasons {
		total += c.N
	}
	b.WriteString("\n" + t.paint("bold", t.tr("无效行", "Rejected lines")) + " " + wording.Grouped(total) + "\n")
	for _, r := range s.Rejects[:min(len(s.Rejects), maxTextRejects)] {
		line := t.tr("  第 ", "  line ") + wording.Grouped(r.Line) + t.tr(" 行：", ": ") + wording.Clean(r.Reason, 200)
		if r.Text != "" {
			line += "  " + wording.Clean(r.Text, 120)
		}
		b.WriteString(t.Cut(line, t.Width) + "\n")
	}
	if n := total - maxTextRejects; n > 0 {
		b.WriteString("  " + t.tell(wording.Counted(n, "行未列出", "more line", "more lines")) + "\n")
	}
}

// Diff writes what changed between two runs, kind by kind.
func (t *Terminal) Diff(c *reports.Changes) error {
	var b strings.Builder
	if c.Was != nil && c.Now != nil {
		b.WriteString(t.Cut(wording.Clean(c.Was.ID, 80)+" -> "+wording.Clean(c.Now.ID, 80), t.Width) + "\n")
	}
	t.lines(&b, "bold", t.kinds(c))
	t.lines(&b, "", t.tell(wording.Unchanged(c)))
	for _, kind := range append(slices.Clone(reports.ChangeKinds), reports.ChangeWaived) {
		n := c.Counts.Changes[kind]
		if kind == reports.ChangeWaived {
			n = c.Counts.Waived
		}
		if n > 0 {
			b.WriteByte('\n')
			t.lines(&b, "bold", t.tell(wording.Capital(wording.Change(kind)))+" "+wording.Grouped(n)+t.tr("：", ": ")+t.tell(wording.ChangeNotes[kind]))
			t.changes(&b, c, kind, n)
		}
	}
	return t.print(&b)
}

func (t *Terminal) changes(b *strings.Builder, c *reports.Changes, kind reports.ChangeKind, of int) {
	samples := c.Samples(kind)
	samples = samples[:min(len(samples), maxTextChanges)]
	var rows [][]string
	for _, s := range samples {
		rule := t.tr("网站状态", "state of the site")
		if s.Rule != "" {
			rule = t.tell(wording.Capital(t.Rules.Title(s.Rule)))
		}
		rows = append(rows, []string{wording.Domain(s.Domain), rule, t.tell(wording.Side(&s.Was)), t.tell(wording.Side(&s.Now)), cmp.Or(wording.Clean(s.Owner, 60), "-")})
	}
	columns := []textColumn{
		{name: t.tr("域名", "Domain"), flex: true}, {name: t.tr("问题", "Finding"), flex: true, wrap: true}, {name: t.tr("上次", "Before")},
		{name: t.tr("这次", "Now")}, {name: t.tr("负责人", "Owner"), flex: true},
	}
	b.WriteString(t.grid(columns, rows, func(row, col int) string {
		if col == 3 {
			return samples[row].Tone
		}
		return ""
	}))
	if n := of - len(rows); n > 0 {
		more := wording.Counted(n, "项未列出；用 --format csv 查看全部", "more; --format csv lists all", "more; --format csv lists all")
		b.WriteString(t.paint("soft", t.tell(more)) + "\n")
	}
}
