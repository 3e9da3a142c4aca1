package text

import (
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// Waivers lists waivers; now decides what has expired.
func (t *Terminal) Waivers(list []*reports.Waiver, now time.Time) error {
	var b strings.Builder
	if len(list) == 0 {
		t.lines(&b, "", t.tr("没有豁免。", "There are no waivers."))
		return t.print(&b)
	}
	rows := make([][]string, len(list))
	for i, w := range list {
		rows[i] = []string{wording.Clean(w.Domain, 260), wording.Clean(w.Rule, 80), wording.Clean(w.Until, 20), t.tell(wording.WaiverState(w, now)),
			wording.Clean(w.Who, 80), wording.Clean(w.Reason, 400), t.tell(wording.WaiverSource(w))}
	}
	columns := []textColumn{
		{name: t.tr("域名", "Domain"), flex: true}, {name: t.tr("规则", "Rule"), flex: true}, {name: t.tr("豁免至", "Until")}, {name: t.tr("状态", "State")},
		{name: t.tr("批准人", "Who"), flex: true}, {name: t.tr("豁免原因", "Reason"), flex: true, wrap: true}, {name: t.tr("来源", "Source"), flex: true},
	}
	b.WriteString(t.grid(columns, rows, func(row, col int) string {
		if col == 3 && !list[row].InForce(now) {
			return "warning"
		}
		return ""
	}))
	return t.print(&b)
}
