package inventory

import (
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"
)

// Bounds of what stands behind the rows of a sheet.
const (
	maxMerges = 100_000
	maxLists  = 1000
)

// A tail is what a sheet says behind its rows.
type tail struct {
	merges []mergeRange
	lists  []pickList
}

// A mergeRange is a merged range: rows from 1, columns from 0, both ends included.
type mergeRange struct{ top, left, bottom, right int }

// A pickList says that the cells of a column are picked from another sheet.
type pickList struct {
	column int
	sheet  string
}

// readTail reads what stands behind the rows. The rows are stepped over without
// being taken apart.
func (w *workbook) readTail(s bookSheet) (tail, error) {
	var t tail
	x, err := openXML(s.part)
	if err != nil {
		return t, err
	}
	defer x.close()
	rest, err := afterRows(x.in)
	if err != nil || rest == nil {
		return t, err
	}
	x = newXMLPart(x.in, rest)
	x.dec.Strict = false
	column := -1
	for {
		token, err := x.token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return t, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "mergeCell":
			if m, ok := rangeOf(attr(start, "ref")); ok && len(t.merges) < maxMerges {
				t.merges = append(t.merges, m)
			}
		case "dataValidation":
			column = -1
			if m, ok := rangeOf(attr(start, "sqref")); ok && attr(start, "type") == "list" {
				column = m.left
			}
		case "formula1":
			text, err := x.plainText("formula1")
			if err != nil {
				return t, err
			}
			if sheet, _, ok := strings.Cut(text, "!"); ok && column >= 0 && len(t.lists) < maxLists {
				t.lists = append(t.lists, pickList{column, strings.ReplaceAll(strings.Trim(strings.TrimSpace(sheet), "'="), "''", "'")})
			}
		}
	}
	slices.SortStableFunc(t.merges, func(a, b mergeRange) int { return a.top - b.top })
	return t, nil
}

// plainText is the text of an element up to its end.
func (x *xmlPart) plainText(end string) (string, error) {
	var b strings.Builder
	for {
		token, err := x.token()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.EndElement:
			if e.Name.Local == end {
				return b.String(), nil
			}
		case xml.CharData:
			if b.Len() < 4<<10 {
				b.Write(e)
			}
		}
	}
}

// afterRows steps to behind the end of the rows: </sheetData> or <sheetData/>,
// whatever their prefix. nil if there is none.
func afterRows(in io.Reader) (io.Reader, error) {
	const keep = 128 // longer than the tag with any prefix
	buf := make([]byte, 0, 256<<10)
	word := []byte("sheetData")
	for {
		n, err := io.ReadFull(in, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		for at := 0; ; {
			i := bytes.Index(buf[at:], word)
			if i < 0 {
				break
			}
			from, to := at+i, at+i+len(word)
			at = to
			open := bytes.LastIndexByte(buf[:from], '<')
			if open < 0 || from-open > keep || bytes.IndexByte(buf[open:from], '>') >= 0 {
				continue
			}
			closing := buf[open+1 : from]
			if bytes.HasPrefix(buf[to:], []byte(">")) && bytes.HasPrefix(closing, []byte("/")) {
				return io.MultiReader(bytes.NewReader(buf[to+1:]), in), nil
			}
			if bytes.HasPrefix(buf[to:], []byte("/>")) {
				return io.MultiReader(bytes.NewReader(buf[to+2:]), in), nil
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil, nil
		}
		if err != nil {
			return nil, fault(bookFault, err)
		}
		copy(buf, buf[len(buf)-keep:])
		buf = buf[:keep]
	}
}

// rangeOf reads A2:C4, or a single cell; of several ranges the first.
func rangeOf(ref string) (mergeRange, bool) {
	ref, _, _ = strings.Cut(strings.TrimSpace(ref), " ")
	from, to, two := strings.Cut(ref, ":")
	if !two {
		to = from
	}
	left, top, ok1 := cellName(from)
	right, bottom, ok2 := cellName(to)
	return mergeRange{top, left, bottom, min(right, maxColumns-1)}, ok1 && ok2 && top <= bottom && left <= right && left < maxColumns
}

// merged spreads the values of merged cells over all cells that they cover.
type merged struct {
	left   []mergeRange // not begun, by their first row
	active []spread     // begun and not ended
}

// A spread is a merged range with its value.
type spread struct {
	mergeRange
	value cell
}

// fill fills the cells of a row. Rows must come in order.
func (m *merged) fill(line int, cells []cell) []cell {
	m.active = slices.DeleteFunc(m.active, func(s spread) bool { return s.bottom < line })
	for len(m.left) > 0 && m.left[0].top <= line {
		next := m.left[0]
		m.left = m.left[1:]
		if next.bottom < line || slices.ContainsFunc(m.active, func(s spread) bool { return s.left <= next.right && next.left <= s.right }) {
			continue // Excel has no overlapping ranges, and each would cost its width in every row
		}
		s := spread{mergeRange: next}
		if next.top == line && next.left < len(cells) {
			s.value = cells[next.left]
		}
		m.active = append(m.active, s)
	}
	for _, s := range m.active {
		if s.value.text == "" {
			continue
		}
		for len(cells) <= s.right {
			cells = append(cells, cell{})
		}
		for i := s.left; i <= s.right; i++ {
			if cells[i].text == "" && cells[i].flaw == sound {
				cells[i] = s.value
			}
		}
	}
	return cells
}
