package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// Text returns the summary for a person, in lang "zh" or "en": a few lines, each
// ended. What is wrong with single lines is quoted up to 20 times.
func (s *Summary) Text(lang string) string {
	var b strings.Builder
	put := func(m Message) { b.WriteString(m.In(lang) + "\n") }
	put(message.Format("清单 %s：%d 个域名，无效 %d 行", "inventory %s: %d domains, %d rejected", s.Path, s.Targets, s.Rejected))
	s.textSheets(put)
	s.textStatuses(put)
	s.textColumns(put)
	s.textMissing(put)
	if s.Split > 0 {
		put(message.Format("有 %d 行一个单元格写了多个域名，已逐个读取", "%d lines have several domains in their cell; each is taken", s.Split))
	}
	if s.Duplicates > 0 {
		put(message.Format("重复的域名 %d 个（只检查第一次出现的一行）", "%d duplicates (the first line of each counts)", s.Duplicates))
	}
	if s.Uncompared {
		put(message.Format("超过 %d 个域名，其后的重复在检查时再报告", "more than %d domains: duplicates among the rest are reported by the run", maxCompared))
	}
	s.quoted(put)
	return b.String()
}

// indent marks a quoted line.
func indent(m Message) Message { return Message{ZH: "  " + m.ZH, EN: "  " + m.EN} }

// textSheets says which sheets were read.
func (s *Summary) textSheets(put func(Message)) {
	for _, sheet := range s.Sheets {
		switch {
		case sheet.Left.EN != "":
			put(indent(sheet.Left))
		case len(s.Sheets) > 1:
			put(indent(message.Format("工作表“%s”：%d 个域名", "sheet %q: %d domains", sheet.Name, sheet.Lines-sheet.Rejected)))
		}
	}
}

// textStatuses says what the lines say of filings.
func (s *Summary) textStatuses(put func(Message)) {
	var zh, en []string
	for _, st := range []crawler.FilingStatus{crawler.FilingFiled, crawler.FilingUnfiled, crawler.FilingInReview, crawler.FilingCancelled, crawler.FilingUnknown} {
		if n := s.Statuses[st]; n > 0 {
			zh, en = append(zh, fmt.Sprintf("%s %d", statusZH[st], n)), append(en, fmt.Sprintf("%s %d", st, n))
		}
	}
	if len(zh) > 0 {
		put(Message{ZH: "备案状态：" + strings.Join(zh, "，"), EN: "filing status: " + strings.Join(en, ", ")})
	}
}

// textColumns says which headings were understood. A heading that says the
// column's own name needs no explanation.
func (s *Summary) textColumns(put func(Message)) {
	var zh, en []string
	for _, c := range s.Columns {
		means := c.Means()
		z, e := c.Heading, c.Heading
		if plainHeading(c.Heading) != plainHeading(means.ZH) && plainHeading(c.Heading) != plainHeading(c.Name) {
			z = c.Heading + "→" + means.ZH
		}
		if plainHeading(c.Heading) != plainHeading(c.Name) {
			e = c.Heading + " → " + c.Name
		}
		zh, en = append(zh, z), append(en, e)
	}
	if len(zh) > 0 {
		put(Message{ZH: "已识别的列：" + strings.Join(zh, "、"), EN: "known columns: " + strings.Join(en, ", ")})
	}
	if len(s.Unknown) > 0 {
		put(unknownColumns(s.Unknown))
	}
}

// unknownColumns names headings that are not understood.
func unknownColumns(names []string) Message {
	return Message{ZH: "未识别的列（作为备注保留）：" + strings.Join(names, "、"), EN: "unknown columns (kept as notes): " + strings.Join(names, ", ")}
}

// textMissing says what is not checked for want of columns.
func (s *Summary) textMissing(put func(Message)) {
	if len(s.Missing) == 0 {
		return
	}
	var zh, en, rules []string
	for _, m := range s.Missing {
		zh, en = append(zh, m.ZH), append(en, m.Column)
		for _, r := range m.Rules {
			if !slices.Contains(rules, r) {
				rules = append(rules, r)
			}
		}
	}
	put(Message{ZH: fmt.Sprintf("清单缺少列：%s → %d 条规则未启用或减弱", strings.Join(zh, "、"), len(rules)), EN: fmt.Sprintf("missing columns: %s → %d rules are off or weaker", strings.Join(en, ", "), len(rules))})
	for _, m := range s.Missing {
		put(indent(Message{ZH: m.ZH + "：" + m.Off.ZH, EN: m.Column + ": " + m.Off.EN}))
	}
}

// quoted lists lines that need a person.
func (s *Summary) quoted(put func(Message)) {
	if len(s.Clashes) > 0 {
		put(message.Format("互相矛盾的行：", "lines that disagree:"))
	}
	for _, m := range s.Clashes {
		put(indent(m))
	}
	if s.MoreClash > 0 {
		put(indent(message.Format("另有 %d 处", "and %d more", s.MoreClash)))
	}
	if len(s.Rejections) > 0 {
		put(message.Format("无效的行：", "rejected:"))
	}
	for _, r := range s.Rejections {
		at := Place(r.Sheet, r.Line)
		put(indent(Message{ZH: at.ZH + " " + r.Text + "：" + r.Reason.ZH, EN: at.EN + " " + r.Text + ": " + r.Reason.EN}))
	}
	if n := s.Rejected - len(s.Rejections); n > 0 {
		put(indent(message.Format("另有 %d 行", "and %d more", n)))
	}
	notes := s.notes()
	if len(notes) > 0 {
		put(message.Format("请注意：", "please note:"))
	}
	for _, m := range notes {
		put(indent(m))
	}
	if s.More > 0 {
		put(indent(message.Format("另有 %d 处", "and %d more", s.More)))
	}
}

// notes are the warnings that are told at the end: sheets and unknown columns have
// been told above.
func (s *Summary) notes() []Message {
	return slices.DeleteFunc(slices.Clone(s.Warnings), func(m Message) bool {
		return m == unknownColumns(s.Unknown) || slices.ContainsFunc(s.Sheets, func(sheet Sheet) bool { return sheet.Left == m })
	})
}

// Doubts is how many things in the list look wrong or contradict each other, rejected
// lines apart.
func (s *Summary) Doubts() int { return len(s.Clashes) + s.MoreClash + len(s.notes()) + s.More }
