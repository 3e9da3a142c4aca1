package inventory

import (
	"fmt"
	"github.com/beianwatch/beianwatch/crawler/message"
	"slices"
	"strings"
)

// guess handles a table in which no row names a domain column: then the first
// column that holds domains in the waiting rows is it. The row above the first
// domain is a heading if it has a word in that column.
func (t *table) guess() error {
	at := domainColumn(t.waiting)
	if at < 0 {
		return t.noDomain()
	}
	rows := t.waiting
	width, first := 0, 0
	for _, r := range rows {
		width = max(width, len(r.cells))
	}
	for !holdsDomain(rows[first].cells, at) {
		first++
	}
	columns, names := make([]*column, width), make([]string, width)
	if head := first - 1; head >= 0 && isWord(rows[head].cells, at) {
		for i, c := range headings(texts(rows[head].cells), nil) {
			columns[i], names[i] = c, strings.TrimSpace(rows[head].cells[i].text)
		}
		t.sink.warn(atLine(t.sheet, rows[head].line, message.Format("没有“域名”列；按内容把“%s”当作域名列（建议把标题改为“域名”）", "no heading says domain; by its content the column %q is taken for it (name it domain)", cut(names[at], 40))))
		if width > 1 && !slices.ContainsFunc(columns, func(c *column) bool { return c != nil }) {
			t.sink.warn(message.Format("其余标题均无法识别，各列记入备注；能识别的标题：%[1]s", "no other heading is understood, the columns are kept as notes; known headings: %[2]s",
				strings.Join(knownHeadings((*column).zh), "、"), strings.Join(knownHeadings(func(c *column) string { return c.name }), ", ")))
		}
		rows = rows[first:]
	} else {
		for i := range names {
			names[i] = fmt.Sprintf("column %d", i+1)
		}
		if width > 1 {
			t.sink.warn(message.Format("没有标题行：第 %d 列是域名，其余 %d 列记入备注（建议第一行写标题，如 域名,备案号）", "there is no heading: column %d holds the domains, the other %d are kept as notes (put a heading line such as domain,filing_number first)", at+1, width-1))
		}
	}
	headed := names[at] != fmt.Sprintf("column %d", at+1)
	columns[at] = byName["domain"]
	t.head(columns, names)
	t.top = nil
	if headed {
		t.tell()
	}
	for _, r := range rows {
		if err := t.target(r.line, r.cells); err != nil {
			return err
		}
	}
	return nil
}

// isWord reports whether the cell at a position is a text that no domain could
// be.
func isWord(cells []cell, at int) bool {
	if at >= len(cells) || len(cells[at].text) > maxHeading {
		return false
	}
	text := strings.TrimRight(strings.TrimSpace(cells[at].text), ".。．:：") // 网站：
	return text != "" && !strings.ContainsAny(text, ".。．/")
}

// maxGuess bounds a cell in which a domain is looked for to find the column.
const maxGuess = 1000

// holdsDomain reports whether the cell at a position names a domain.
func holdsDomain(cells []cell, at int) bool {
	if at >= len(cells) || len(cells[at].text) > maxGuess || !strings.ContainsAny(cells[at].text, ".。．:") {
		return false
	}
	names, _ := splitNames(cells[at].text)
	for _, n := range names {
		if n.name != "" {
			return true
		}
	}
	return false
}

// domainColumn is the column with the most usable domains, at least half of
// the rows that have more than one cell or a domain; -1 if there is none.
func domainColumn(rows []heldRow) int {
	best, most := -1, 0
	for at := range maxColumns {
		n, any := 0, false
		for _, r := range rows {
			if at >= len(r.cells) {
				continue
			}
			any = true
			if holdsDomain(r.cells, at) {
				if n += 2; isAddress(r.cells[at].text) {
					n-- // a column of addresses stands beside one of names
				}
			}
		}
		if !any {
			break
		}
		if n > most {
			best, most = at, n
		}
	}
	if most < len(rows) {
		return -1
	}
	return best
}

// knownHeadings are the usual headings of all columns but those that only people who
// read the manual write.
func knownHeadings(of func(*column) string) []string {
	var list []string
	for _, c := range columns {
		if c.name != "status" {
			list = append(list, of(c))
		}
	}
	return list
}

// noDomain says what was seen where a heading should be.
func (t *table) noDomain() error {
	var seen, zh, en []string
	first := t.waiting[0]
	for _, c := range first.cells {
		if s := strings.TrimSpace(c.text); s != "" && len(seen) < 30 {
			seen = append(seen, fmt.Sprintf("%q", cut(s, 40)))
		}
	}
	row := texts(first.cells)
	for i, c := range headings(row, nil) {
		if c != nil {
			name := cut(strings.TrimSpace(row[i]), 40)
			zh, en = append(zh, fmt.Sprintf("“%s”是%s", name, c.zh())), append(en, fmt.Sprintf("%q as %s", name, c.name))
		}
	}
	if len(en) == 0 {
		zh, en = []string{"无"}, []string{"none of them"}
	}
	said := strings.Join(seen, ", ")
	m := message.Format("没有域名列：第 %[1]d 行是 %[2]s；其中能识别的：%[3]s。请把一列的标题写为“域名”（或 domain、网站域名、网址）。能识别的标题：%[5]s",
		"no column of domains: line %[1]d reads %[2]s; understood: %[4]s. Name one column domain (域名, 网站域名). Known headings: %[6]s", first.line, said, strings.Join(zh, "、"), strings.Join(en, ", "),
		strings.Join(knownHeadings((*column).zh), "、"), strings.Join(knownHeadings(func(c *column) string { return c.name }), ", "))
	for _, c := range first.cells {
		if strings.Contains(c.text, "，") {
			m.ZH += "。各列之间好像是全角逗号，请改为半角逗号 ,"
			m.EN += ". The cells seem to be parted by full-width commas: use plain commas"
			break
		}
	}
	return fault(m, nil)
}
