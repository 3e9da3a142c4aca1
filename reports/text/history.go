package text

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// History writes how the outcomes of a domain changed, oldest first.
func (t *Terminal) History(h *reports.History) error {
	var b strings.Builder
	t.lines(&b, "bold", wording.Clean(h.Domain, 260)+"  "+wording.Clean(h.Inventory, 160))
	t.lines(&b, "soft", t.tell(wording.Sayf(wording.Say("%[1]s 个检查批次，%[2]s 至 %[3]s（北京时间）", "%[1]s runs, %[2]s to %[3]s (China time)"),
		wording.Grouped(h.Runs), wording.ChinaTime(h.From), wording.ChinaTime(h.To))))
	rows := make([][]string, len(h.Turns))
	for i := range h.Turns {
		turn := &h.Turns[i]
		what := t.tr("网站状态", "State of the site")
		if turn.Rule != "" {
			what = t.tell(wording.Capital(t.Rules.Title(turn.Rule)))
		}
		rows[i] = []string{wording.ChinaTime(turn.At), what, t.tell(wording.Side(&turn.Was)), t.tell(wording.Side(&turn.Now)), t.tell(wording.TurnState(turn))}
	}
	columns := []textColumn{
		{name: t.tr("时间", "At")}, {name: t.tr("问题", "Finding"), flex: true, wrap: true}, {name: t.tr("原结论", "Before"), flex: true},
		{name: t.tr("现结论", "Now"), flex: true}, {name: t.tr("进展", "State")},
	}
	b.WriteString(t.grid(columns, rows, func(row, col int) string {
		if now := h.Turns[row].Now; col == 3 && now.Verdict != "" {
			return reports.ToneOf(&detect.Outcome{Verdict: now.Verdict, Severity: now.Severity})
		}
		return ""
	}))
	return t.print(&b)
}
