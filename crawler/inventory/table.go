package inventory

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/dns"
)

// headRows is how many rows may stand above the heading: a title, a remark,
// an empty line.
const headRows = 10

// A table turns rows of cells into targets, once it knows which column is
// which.
type table struct {
	sink    *sink
	columns []*column // by position; nil for a heading that is not understood
	names   []string  // the headings as written
	second  []bool    // by position: an earlier column means the same
	waiting []heldRow // rows seen before the heading was found
	ready   bool
}

// A heldRow is a row that was read before it was known what it is.
type heldRow struct {
	line  int
	cells []string
}

func newTable(s *sink) *table { return &table{sink: s} }

// row takes one row. Rows without a word in them count for nothing.
func (t *table) row(line int, cells []string) error {
	if blank(cells) {
		return nil
	}
	if t.ready {
		return t.target(line, cells)
	}
	if comment(cells) {
		return nil
	}
	if columns := headings(cells); slices.ContainsFunc(columns, isDomain) {
		t.head(columns, cells)
		return nil // what stood above the heading is a title
	}
	t.waiting = append(t.waiting, heldRow{line, slices.Clone(cells)})
	if len(t.waiting) < headRows {
		return nil
	}
	return t.guess()
}

// end is called after the last row.
func (t *table) end() error {
	if t.ready || len(t.waiting) == 0 {
		return nil
	}
	return t.guess()
}

// guess handles a file in which no row names a domain column: then the first
// column that holds domains in the waiting rows is it, and there is no
// heading at all.
func (t *table) guess() error {
	at := domainColumn(t.waiting)
	if at < 0 {
		return t.noDomain()
	}
	width := 0
	for _, r := range t.waiting {
		width = max(width, len(r.cells))
	}
	t.columns, t.names = make([]*column, width), make([]string, width)
	t.columns[at] = byName["domain"]
	for i := range t.names {
		t.names[i] = fmt.Sprintf("column %d", i+1)
	}
	if width > 1 {
		t.sink.warn("there is no heading: column %d holds the domains, the other %d are kept as notes (put a heading line such as domain,filing_number first)", at+1, width-1)
	}
	t.ready = true
	for _, r := range t.waiting {
		if err := t.target(r.line, r.cells); err != nil {
			return err
		}
	}
	t.waiting = nil
	return nil
}

// domainColumn is the column with the most usable domains, at least half of
// the rows; -1 if there is none.
func domainColumn(rows []heldRow) int {
	best, most := -1, 0
	for at := range maxColumns {
		n, any := 0, false
		for _, r := range rows {
			if at >= len(r.cells) {
				continue
			}
			any = true
			if _, err := dns.Name(r.cells[at]); err == nil {
				n++
			}
		}
		if !any {
			break
		}
		if n > most {
			best, most = at, n
		}
	}
	if 2*most < len(rows) {
		return -1
	}
	return best
}

// head takes a row as the heading.
func (t *table) head(columns []*column, cells []string) {
	t.columns, t.names, t.ready, t.waiting = columns, slices.Clone(cells), true, nil
	t.second = make([]bool, len(columns))
	seen := map[*column]string{}
	for i, c := range columns {
		name := strings.TrimSpace(cells[i])
		switch {
		case c == nil && name != "":
			t.sink.counts.Unknown = append(t.sink.counts.Unknown, name)
		case c != nil && seen[c] != "":
			t.second[i] = c.name != "filing_number" // that one knows what to do with a second
			if t.second[i] {
				t.sink.warn("the headings %q and %q both mean %s: the first that is filled counts, the other is kept as a note", seen[c], name, c.name)
			}
		case c != nil:
			seen[c] = name
		}
	}
	if len(t.sink.counts.Unknown) > 0 {
		t.sink.warn("headings that are not understood, kept as notes: %s", strings.Join(t.sink.counts.Unknown, ", "))
	}
}

// noDomain says what was seen where a heading should be.
func (t *table) noDomain() error {
	var seen []string
	for _, c := range t.waiting[0].cells {
		if c = strings.TrimSpace(c); c != "" && len(seen) < 30 {
			seen = append(seen, fmt.Sprintf("%q", cut(c, 40)))
		}
	}
	understood := "none of them"
	var names []string
	for i, c := range headings(t.waiting[0].cells) {
		if c != nil {
			names = append(names, fmt.Sprintf("%q as %s", strings.TrimSpace(t.waiting[0].cells[i]), c.name))
		}
	}
	if len(names) > 0 {
		understood = strings.Join(names, ", ")
	}
	return errors.New("no column of domains: line " + fmt.Sprint(t.waiting[0].line) + " reads " + strings.Join(seen, ", ") +
		"; understood: " + understood + ". Name one column domain (域名, 网站域名)")
}

// target makes a target of a row.
func (t *table) target(line int, cells []string) error {
	r := newRow(t.sink, line)
	for i, text := range cells {
		text = strings.TrimSpace(text)
		switch {
		case text == "":
		case i >= len(t.columns):
			r.note("", text)
		case t.columns[i] == nil:
			r.note(t.names[i], text)
		default:
			if t.second != nil && t.second[i] {
				r.note(t.names[i], text)
			}
			r.set(t.columns[i], text)
		}
	}
	if comment(cells) && (r.given == "" || strings.HasPrefix(r.given, "#")) {
		return nil
	}
	return r.finish(strings.Join(cells, " "))
}

func isDomain(c *column) bool { return c != nil && c.name == "domain" }

// headings maps cells to columns, nil for those that are no known heading.
func headings(cells []string) []*column {
	out := make([]*column, len(cells))
	for i, c := range cells {
		out[i] = columnOf(c)
	}
	return out
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// comment tells whether a row is a remark: its first cell begins with #.
func comment(cells []string) bool {
	return len(cells) > 0 && strings.HasPrefix(strings.TrimSpace(cells[0]), "#")
}
