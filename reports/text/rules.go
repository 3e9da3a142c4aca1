package text

import (
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// Explain writes everything that is known of a rule: what is wrong, why it
// matters, what to do, where it is written, and when it speaks.
func (t *Terminal) Explain(r *detect.Rule) error {
	var b strings.Builder
	b.WriteString(t.paint("bold", r.ID) + "  " + t.paint(string(r.Severity), t.sign(string(r.Severity))+" "+t.tell(wording.Capital(wording.Word(wording.SeverityWords, r.Severity)))) + "\n")
	for _, line := range t.Wrap(t.tell(wording.Capital(r.Title)), min(t.Width, maxProse)) {
		b.WriteString(t.paint("bold", line) + "\n")
	}
	b.WriteByte('\n')
	rows := [][3]string{
		{t.tr("遵守时", "Where kept"), "", t.tell(wording.Capital(r.Kept))},
		{t.tr("为什么", "Why"), "", t.tell(wording.Capital(r.Rationale))},
		{t.tr("整改方法", "Remedy"), "bold", t.tell(wording.Capital(r.Remedy))},
		{t.tr("依据", "Source"), "", t.tell(r.Source.Cite())},
		{"", "link", r.Source.Link},
		{t.tr("需要", "Needs"), "", t.tell(wording.Capital(needsText(r.Needs)))},
		{t.tr("备案情况", "Filing status"), "", t.tell(wording.Capital(r.Policy.Filing))},
		{t.tr("访问状态", "State of the site"), "", t.tell(wording.Capital(r.Policy.Liveness))},
		{t.tr("所在地", "Location"), "", t.tell(wording.Capital(r.Policy.Place))},
		{t.tr("不适用", "Exempt"), "", t.tell(wording.Capital(r.Policy.Exempt))},
		{t.tr("未判定", "Inconclusive"), "", t.tell(wording.Capital(r.Policy.Unknown))},
	}
	names := 0
	for _, row := range rows {
		names = max(names, widest(row[0]))
	}
	for _, row := range rows {
		if row[2] != "" {
			t.field(&b, names, row[0], row[1], row[2])
		}
	}
	return t.print(&b)
}

// needsText names the evidence without which a rule is unknown.
func needsText(e detect.Evidence) detect.Text {
	var parts []detect.Text
	for _, need := range []struct {
		bit  detect.Evidence
		text detect.Text
	}{
		{detect.NeedsDNS, wording.Say("域名解析的结果", "an answer of the name servers")},
		{detect.NeedsHome, wording.Say("完整收到的首页", "a home page that was received whole")},
		{detect.NeedsFiling, wording.Say("已知的备案情况", "a filing status that is known")},
	} {
		if e&need.bit != 0 {
			parts = append(parts, need.text)
		}
	}
	return wording.Joined(wording.List, parts...)
}

// RuleList writes a line for each rule.
func (t *Terminal) RuleList(rules []*detect.Rule) error {
	var rows [][]string
	for _, r := range rules {
		rows = append(rows, []string{r.ID, t.sign(string(r.Severity)) + " " + t.tell(wording.Capital(wording.Word(wording.SeverityWords, r.Severity))), t.tell(wording.Capital(r.Title))})
	}
	columns := []textColumn{{name: t.tr("规则", "Rule")}, {name: t.tr("严重程度", "Severity")}, {name: t.tr("检查的问题", "What would be wrong"), flex: true, wrap: true}}
	var b strings.Builder
	b.WriteString(t.grid(columns, rows, func(row, col int) string {
		if col == 1 {
			return string(rules[row].Severity)
		}
		return ""
	}))
	b.WriteString("\n" + t.tr("beianwatch explain 规则 —— 查看一条规则的详情", "beianwatch explain RULE tells all of one rule") + "\n")
	return t.print(&b)
}

// A DemoRow is one site of the demo: what it is made to be, the verdict that
// is stated beside it, and the verdict that came.
type DemoRow struct {
	Site     string
	What     detect.Text
	Expected string
	Got      string
	OK       bool
}

// wideEnough is the width from which the demo's table has room to say what
// each site is.
const wideEnough = 120

// Demo writes the table of the demo's sites, then in full what did not come
// out as stated.
func (t *Terminal) Demo(sites []DemoRow) error {
	columns := []textColumn{{name: t.tr("网站", "Site")}, {name: t.tr("应为", "Expected"), flex: true, wrap: true}, {name: t.tr("结论", "Got"), flex: true, wrap: true}, {name: t.tr("对否", "OK")}}
	if t.Width >= wideEnough {
		columns = slices.Insert(columns, 1, textColumn{name: t.tr("样子", "What it is"), flex: true, wrap: true})
	}
	var rows [][]string
	for _, s := range sites {
		row := []string{wording.Clean(s.Site, 260), wording.Clean(s.Expected, 200), wording.Clean(s.Got, 200), t.sign(toneOfDemo(s))}
		if t.Width >= wideEnough {
			row = slices.Insert(row, 1, t.tell(s.What))
		}
		rows = append(rows, row)
	}
	var b strings.Builder
	b.WriteString(t.grid(columns, rows, func(row, col int) string {
		if sites[row].OK && col < len(columns)-1 {
			return ""
		}
		return toneOfDemo(sites[row])
	}))
	right, tone := 0, "pass"
	for _, s := range sites {
		if s.OK {
			right++
			continue
		}
		tone = "violation"
		b.WriteByte('\n')
		t.headline(&b, tone, wording.Clean(s.Site, 260)+" "+t.tell(s.What))
		expected, got := t.tr("应为", "Expected"), t.tr("结论", "Got")
		t.field(&b, widest(expected, got), expected, "", wording.Clean(s.Expected, wording.MaxText))
		t.field(&b, widest(expected, got), got, "", wording.Clean(s.Got, wording.MaxText))
	}
	b.WriteByte('\n')
	t.headline(&b, tone, t.tell(wording.Sayf(wording.Say("%[1]s 个网站中有 %[2]s 个与所述一致。", "%[2]s of %[1]s sites came out as stated."), wording.Grouped(len(sites)), wording.Grouped(right))))
	return t.print(&b)
}

func toneOfDemo(s DemoRow) string {
	if s.OK {
		return string(detect.Pass)
	}
	return string(detect.Violation)
}
