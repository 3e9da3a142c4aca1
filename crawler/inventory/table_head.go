package inventory

import (
	"github.com/beianwatch/beianwatch/crawler/message"
	"slices"
	"strings"
)

// headings maps the texts of a row to columns, nil for those that are no known
// heading. upper are the groups above them, if there are any: 姓名 below 联系人 is
// 联系人姓名.
func headings(row, upper []string) []*column {
	out := make([]*column, len(row))
	for i, text := range row {
		text = strings.TrimSpace(text)
		if i < len(upper) && upper[i] != "" && text != "" && text != upper[i] {
			if out[i] = columnOf(upper[i] + text); out[i] != nil {
				continue
			}
		}
		if out[i] = columnOf(text); out[i] == nil && text == "" && i < len(upper) {
			out[i] = columnOf(upper[i])
		}
	}
	return out
}

// isHeading reports whether a row names a column of domains. A title that ends
// in the word is none: where the word is not alone, other headings must stand
// beside it.
func isHeading(columns []*column, cells []cell) bool {
	kinds := map[*column]bool{}
	sure := false
	for i, c := range columns {
		if c == nil {
			continue
		}
		kinds[c] = true
		if isDomain(c) {
			sure = sure || isDomain(byHeading[plainHeading(cells[i].text)])
		}
	}
	return kinds[byName["domain"]] && (sure || len(kinds) > 1)
}

// above are the texts of the row right above, if it groups columns: several
// different words, none of them a sentence, a date or a number.
func (t *table) above() []string {
	if len(t.waiting) == 0 {
		return nil
	}
	row := texts(t.waiting[len(t.waiting)-1].cells)
	return groups(row)
}

// groups spreads the words of a grouping row over the columns that they stand
// above; nil if the row groups nothing.
func groups(row []string) []string {
	kinds := map[string]bool{}
	out := make([]string, len(row))
	last := ""
	for i, s := range row {
		if s = strings.TrimSpace(s); s != "" {
			if len(s) > 60 || strings.ContainsAny(s, "0123456789:：。.") {
				return nil
			}
			kinds[s], last = true, s
		}
		out[i] = last
	}
	if len(kinds) < 2 {
		return nil
	}
	return out
}

// head takes a row as the heading.
func (t *table) head(columns []*column, row []string) {
	t.columns, t.names, t.ready, t.waiting = columns, slices.Clone(row), true, nil
	t.top = t.names
}

// headed takes the row after the heading, or one further down, as a part of the
// heading or as its repetition, and reports whether it was one.
func (t *table) headed(cells []cell) bool {
	row := texts(cells)
	top := t.top
	if top != nil {
		t.top = nil
		if columns := headings(row, filledRight(top)); secondLevel(columns, row, t.columns) {
			t.columns, t.names = merge(columns, t.columns), joined(top, row)
			t.tell()
			return true
		}
		t.tell()
	}
	if strings.Contains(t.domainText(cells), ".") {
		return false // a line with a domain, as nearly all are
	}
	columns := headings(row, nil)
	for i, c := range columns {
		// A list that was printed by pages repeats its heading.
		if isDomain(c) && isDomain(byHeading[plainHeading(row[i])]) && isHeading(columns, cells) && twoKnown(columns) {
			if !slices.Equal(columns, t.columns) {
				t.columns, t.names = columns, slices.Clone(row)
				t.tell()
			}
			return true
		}
	}
	return false
}

// twoKnown reports whether at least two headings are understood.
func twoKnown(columns []*column) bool {
	n := 0
	for _, c := range columns {
		if c != nil {
			n++
		}
	}
	return n >= 2
}

// secondLevel reports whether a row goes on with the heading above: where the
// domains stand it is empty or says the heading again, and most of what it says
// is a heading.
func secondLevel(columns []*column, row []string, above []*column) bool {
	words, heads := 0, 0
	for i, s := range row {
		switch s = strings.TrimSpace(s); {
		case s == "":
			continue
		case i < len(above) && isDomain(above[i]) && !isDomain(columns[i]):
			return false
		case columns[i] != nil:
			heads++
		}
		words++
	}
	return heads >= 2 && 2*heads >= words
}

// filledRight spreads each word over the empty cells behind it, as a merged
// cell is exported to CSV.
func filledRight(row []string) []string {
	out := make([]string, len(row))
	last := ""
	for i, s := range row {
		if s = strings.TrimSpace(s); s != "" {
			last = s
		}
		out[i] = last
	}
	return out
}

// merge takes the lower heading where there is one.
func merge(lower, upper []*column) []*column {
	out := slices.Clone(lower)
	for len(out) < len(upper) {
		out = append(out, nil)
	}
	for i, c := range upper {
		if isDomain(c) || out[i] == nil && i >= len(lower) {
			out[i] = c
		}
	}
	return out
}

// joined are the headings of two rows as one.
func joined(upper, lower []string) []string {
	out := slices.Clone(filledRight(upper))
	for len(out) < len(lower) {
		out = append(out, "")
	}
	for i, s := range lower {
		if s = strings.TrimSpace(s); s != "" && s != out[i] {
			out[i] = strings.TrimPrefix(out[i]+" / "+s, " / ")
		}
	}
	return out
}

// tell counts the headings, once they are whole.
func (t *table) tell() {
	t.second = make([]bool, len(t.columns))
	seen := map[*column]string{}
	for i, c := range t.columns {
		name := ""
		if i < len(t.names) {
			name = strings.TrimSpace(t.names[i])
		}
		switch {
		case c == nil && name != "":
			t.sink.unknown(name)
		case c != nil && seen[c] != "":
			t.second[i] = c.name != "filing_number" && c.name != "server_ip" && c.name != "also_domains" // these know what to do with a second
			if t.second[i] {
				t.sink.warn(message.Format("标题“%[1]s”和“%[2]s”都表示%[3]s：采用先有内容的一列，另一列记入备注", "the headings %[1]q and %[2]q both mean %[4]s: the first that is filled counts, the other is kept as a note", seen[c], name, c.zh(), c.name))
			}
		case c != nil:
			seen[c] = name
			t.sink.column(name, c)
		}
	}
}

// unknown keeps a heading that is not understood.
func (s *sink) unknown(name string) {
	if name = cut(name, 100); !slices.Contains(s.counts.Unknown, name) && len(s.counts.Unknown) < maxColumns {
		s.counts.Unknown = append(s.counts.Unknown, name)
	}
}

// column keeps a heading that is understood.
func (s *sink) column(heading string, c *column) {
	col := Column{cut(heading, 100), c.name}
	if !slices.Contains(s.counts.Columns, col) && len(s.counts.Columns) < maxColumns {
		s.counts.Columns = append(s.counts.Columns, col)
	}
}
