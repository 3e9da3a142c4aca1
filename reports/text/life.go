package text

import (
	"strings"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// maxTextLapsed bounds the expired waivers that a summary lists.
const maxTextLapsed = 5

// life says what has become of the findings, and which waivers have expired.
func (t *Terminal) life(b *strings.Builder, s *reports.Summary) {
	if s.Life != nil {
		b.WriteByte('\n')
		t.lines(b, "", t.tr("违规与待核实：", "Violations and warnings: ")+t.tell(wording.Life(s.Life)))
	}
	for i := range s.Lapsed[:min(len(s.Lapsed), maxTextLapsed)] {
		t.lines(b, "soft", t.tell(wording.Capital(wording.Lapsed(&s.Lapsed[i]))))
	}
	if n := len(s.Lapsed) - maxTextLapsed; n > 0 {
		t.lines(b, "soft", t.tell(wording.Counted(n, "项过期豁免未列出；用 beianwatch waive list 查看", "more waiver has expired; 'beianwatch waive list' lists it", "more waivers have expired; 'beianwatch waive list' lists them")))
	}
}
