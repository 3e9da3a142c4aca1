package inventory

import (
	"errors"
	"github.com/beianwatch/beianwatch/crawler/message"
	"io"
	"slices"
	"strings"
)

// Bounds of one record that spans lines. A quote that is never closed would
// otherwise swallow the rest of the file without a word.
const (
	maxRecordLines = 100
	maxRecord      = 64 << 10
)

// maxColumns bounds the cells of one row.
const maxColumns = 1000

// openQuote is said of a quote that is not closed within the bounds.
var openQuote = message.Format("这里有一个引号没有闭合：请补上，或者把属于文字的引号写两遍", "a quotation mark opens here and does not close: close it, or double it if it belongs to the text")

// errOpenQuote says that a quote is not closed within the bounds.
var errOpenQuote = errors.New("open quote")

// readCSV reads rows of cells parted by commas, semicolons, tabs or bars, or
// plain domains one a line.
func (s *sink) readCSV(in *lines) error {
	sep, err := separator(in)
	if err != nil {
		return err
	}
	if in.wideCommas {
		s.warn(message.Format("各列之间是全角逗号，已按逗号读取", "the cells are parted by full-width commas; they are read as commas"))
	}
	t := newTable(s)
	for {
		first, cells, err := record(in, sep)
		switch {
		case err == io.EOF:
			return t.end()
		case errors.Is(err, errOpenQuote):
			if err := s.bad("", first.number, first.text, openQuote); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		}
		if err := t.row(first.number, textCells(cells)); err != nil {
			return err
		}
	}
}

// separator finds what parts the cells: the candidate that the first written
// line has most of, outside quotes. Excel's own "sep=;" line is obeyed.
func separator(in *lines) (byte, error) {
	var read []line
	defer func() { in.back(read) }()
	for {
		l, err := in.next()
		if err == io.EOF {
			return ',', nil
		}
		if err != nil {
			return 0, err
		}
		text := strings.TrimSpace(l.text)
		if s, ok := strings.CutPrefix(strings.ToLower(text), "sep="); ok && len(s) <= 1 {
			if s == "" {
				s = "\t" // a tab at the end was trimmed away
			}
			return s[0], nil // the line itself is not put back: it is no row
		}
		read = append(read, l)
		if (text == "" || text[0] == '#') && len(read) < maxRecordLines {
			continue
		}
		best, most := byte(','), 0
		for _, c := range []byte{',', '\t', ';', '|'} {
			if n := countOutside(l.text, c); n > most {
				best, most = c, n
			}
		}
		if most == 0 && wideHeading(l.text) {
			in.wideCommas = true
			for i := range read {
				read[i].text = in.commas(read[i].text)
			}
		}
		return best, nil
	}
}

// wideHeading reports whether a line is a heading whose cells are parted by
// full-width commas.
func wideHeading(s string) bool {
	cells := strings.Split(s, "，")
	return len(cells) > 1 && len(cells) < maxColumns && slices.ContainsFunc(headings(cells, nil), isDomain)
}

// countOutside counts c outside quotation marks.
func countOutside(s string, c byte) (n int) {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == c && !quoted:
			n++
		}
	}
	return n
}

// record reads one row, which spans lines if a quoted cell does. first is the
// line on which it begins.
func record(in *lines, sep byte) (first line, cells []string, err error) {
	first, err = in.next()
	if err != nil {
		return first, nil, err
	}
	if strings.IndexByte(first.text, '"') < 0 {
		return first, plainCells(first.text, sep), nil
	}
	text := first.text
	var more []line
	for {
		cells, open := quotedCells(text, sep)
		if !open {
			return first, cells, nil
		}
		l, err := in.next()
		if err == io.EOF || err == nil && (len(more) >= maxRecordLines || len(text) > maxRecord) {
			if err == nil {
				more = append(more, l)
			}
			in.back(more)
			return first, nil, errOpenQuote
		}
		if err != nil {
			return first, nil, err
		}
		more = append(more, l)
		text += "\n" + l.text
	}
}

// plainCells splits a line without quotation marks.
func plainCells(s string, sep byte) []string {
	cells := make([]string, 0, 8)
	for len(cells) < maxColumns-1 {
		i := strings.IndexByte(s, sep)
		if i < 0 {
			break
		}
		cells, s = append(cells, s[:i]), s[i+1:]
	}
	return append(cells, s)
}

// quotedCells splits a record with quotation marks. A quote counts only at
// the start of a cell; open says that one is not closed yet.
func quotedCells(s string, sep byte) (cells []string, open bool) {
	for {
		if len(cells) >= maxColumns {
			return cells, false
		}
		lead := strings.TrimLeft(s, " ")
		if !strings.HasPrefix(lead, `"`) {
			i := strings.IndexByte(s, sep)
			if i < 0 {
				return append(cells, s), false
			}
			cells, s = append(cells, s[:i]), s[i+1:]
			continue
		}
		cell, rest, closed := unquote(lead[1:])
		if !closed {
			return cells, true
		}
		// What stands between the closing quote and the separator is kept: it
		// is a mistake of the writer, not a reason to lose words.
		i := strings.IndexByte(rest, sep)
		if i < 0 {
			return append(cells, cell+strings.TrimRight(rest, " ")), false
		}
		cells, s = append(cells, cell+strings.TrimRight(rest[:i], " ")), rest[i+1:]
	}
}

// unquote reads up to the closing quote; a doubled quote is one of the text.
func unquote(s string) (cell, rest string, closed bool) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return "", "", false
		}
		b.WriteString(s[:i])
		if i+1 < len(s) && s[i+1] == '"' {
			b.WriteByte('"')
			s = s[i+2:]
			continue
		}
		return b.String(), s[i+1:], true
	}
}
