package inventory

import (
	"slices"
	"strings"
)

// How many rows may stand above the heading: titles, remarks, instructions.
// After enoughRows without a heading a column that holds domains decides that
// there is none.
const (
	enoughRows = 10
	headRows   = 50
	headBytes  = 4 << 20 // of their texts: titles have a few words
)

// A table turns rows of cells into targets, once it knows which column is
// which.
type table struct {
	sink    *sink
	sheet   string    // its name, where several are read
	epoch   bool      // days count from 1904
	columns []*column // by position; nil for a heading that is not understood
	names   []string  // the headings as written
	second  []bool    // by position: an earlier column means the same
	top     []string  // the heading's first row, while its second may follow
	waiting []heldRow // rows seen before the heading was found
	held    int       // bytes of their texts
	ready   bool
	rows    int // rows read below the heading
}

// A heldRow is a row that was read before it was known what it is.
type heldRow struct {
	line  int
	cells []cell
}

func newTable(s *sink) *table { return &table{sink: s} }

// row takes one row. Rows without a word in them count for nothing.
func (t *table) row(line int, cells []cell) error {
	if blank(cells) {
		return nil
	}
	if t.ready {
		if t.headed(cells) {
			return nil
		}
		return t.target(line, cells)
	}
	if comment(cells) {
		return nil
	}
	if columns := headings(texts(cells), t.above()); isHeading(columns, cells) {
		t.head(columns, texts(cells))
		return nil // what stood above the heading is a title
	}
	t.waiting = append(t.waiting, heldRow{line, slices.Clone(cells)})
	for _, c := range cells {
		t.held += len(c.text)
	}
	if n := len(t.waiting); n >= headRows || t.held >= headBytes || n >= enoughRows && domainColumn(t.waiting) >= 0 {
		return t.guess()
	}
	return nil
}

// end is called after the last row.
func (t *table) end() error {
	if t.ready || len(t.waiting) == 0 {
		return nil
	}
	return t.guess()
}

// target makes targets of a row.
func (t *table) target(line int, cells []cell) error {
	t.rows++
	r := &row{sink: t.sink, sheet: t.sheet, line: line, epoch: t.epoch, ordinal: t.rows}
	r.t.Line, r.t.Sheet = line, t.sheet
	for i, c := range cells {
		c.text = strings.TrimSpace(c.text)
		switch {
		case c.text == "" && c.flaw == sound:
		case i >= len(t.columns) || t.columns[i] == nil:
			name := ""
			if i < len(t.names) {
				name = t.names[i]
			}
			if c.text != "" {
				r.note(name, c.text)
			}
		default:
			if t.second != nil && t.second[i] {
				r.note(t.names[i], c.text)
			}
			r.set(t.columns[i], c)
		}
	}
	if comment(cells) && (!r.asked || t.domainText(cells)[0] == '#') {
		return nil
	}
	return r.finish(t.rejected(cells))
}

// domainText is the text of the domain cell, a blank if there is none.
func (t *table) domainText(cells []cell) string {
	for i, c := range t.columns {
		if isDomain(c) && i < len(cells) && cells[i].text != "" {
			return cells[i].text
		}
	}
	return " "
}

// rejected is what a rejection of the row quotes.
func (t *table) rejected(cells []cell) string {
	if s := t.domainText(cells); s != " " {
		return s
	}
	return strings.TrimSpace(strings.Join(texts(cells), " "))
}

func isDomain(c *column) bool { return c != nil && c.name == "domain" }

func blank(cells []cell) bool {
	for _, c := range cells {
		if strings.TrimSpace(c.text) != "" || c.flaw != sound {
			return false
		}
	}
	return true
}

// comment reports whether a row is a remark: its first cell begins with #.
func comment(cells []cell) bool {
	return len(cells) > 0 && strings.HasPrefix(strings.TrimSpace(cells[0].text), "#")
}
