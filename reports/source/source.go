// Package source finds where in the source of a page stands what a finding tells
// of, so that a reader can look it up: line, column and the lines around it.
package source

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/charset"
)

// A Source is the source of one page as UTF-8. It is not safe for concurrent use.
type Source struct {
	Text  string
	plain string    // what visitors read, without white space; made when it is first asked for
	parts []segment // of plain, in order
	read  bool
}

// A segment is one text of the source: its place there and in plain.
type segment struct{ plain, source, end int }

// Of returns the source of a page that was received or drawn.
func Of(p *crawler.Page) *Source {
	text, _, _ := charset.Decode(p.Body, p.Header.Get("Content-Type"))
	return &Source{Text: strings.ToValidUTF8(string(text), "\uFFFD")}
}

// A Place is a stretch of the source. Line and Column count from 1; a column is a
// character, not a byte.
type Place struct{ Start, End, Line, Column int }

// minWord is the least length, in characters, of words that say where they stand:
// shorter ones stand in many places.
const minWord = 4

// Find returns where the words stand as visitors read them, whatever tags, entities
// and white space stand between their characters; else where they stand as they are
// in an attribute, a comment or a script. Of several places it is the last, since
// what rules tell of stands at the foot.
func (s *Source) Find(words string) (Place, bool) {
	words = strings.TrimSuffix(strings.TrimSpace(words), "…")
	if utf8.RuneCountInString(words) < minWord {
		return Place{}, false
	}
	s.index()
	bare := squeeze(words)
	if at := last(s.plain, bare); at >= 0 {
		start, end := s.sourceAt(at), s.sourceAt(at+len(bare)-1)
		_, size := utf8.DecodeRuneInString(s.Text[end:])
		return s.place(start, max(end+size, start)), true
	}
	if at := last(s.Text, words); at >= 0 {
		return s.place(at, at+len(words)), true
	}
	return Place{}, false
}

// footMarks begin the line that closes a page.
var footMarks = []string{"©", "&copy;", "&COPY;", "版权所有", "Copyright", "copyright", "COPYRIGHT", "</footer", "</FOOTER"}

// Foot returns the last line that closes the page, where a number belongs: that of
// the last copyright mark, else the end of the footer element.
func (s *Source) Foot() (Place, bool) {
	for _, mark := range footMarks {
		if at := last(s.Text, mark); at >= 0 {
			return s.place(at, at+len(mark)), true
		}
	}
	return Place{}, false
}

// index reads the source once for its texts. A page of any bytes costs one pass.
func (s *Source) index() {
	if s.read {
		return
	}
	s.read = true
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s.Text))
	at, hidden := 0, false
	for {
		kind := z.Next()
		raw := z.Raw()
		start := at
		at += len(raw)
		switch kind {
		case html.ErrorToken:
			s.plain = b.String()
			return
		case html.StartTagToken:
			name, _ := z.TagName()
			hidden = string(name) == "script" || string(name) == "style"
		case html.EndTagToken:
			hidden = false
		case html.TextToken:
			if hidden || at > len(s.Text) {
				continue
			}
			if text := squeeze(html.UnescapeString(s.Text[start:at])); text != "" {
				s.parts = append(s.parts, segment{b.Len(), start, at})
				b.WriteString(text)
			}
		}
	}
}

// sourceAt returns where in the source the character stands that is at an offset of
// plain.
func (s *Source) sourceAt(at int) int {
	lo, hi := 0, len(s.parts)
	for lo+1 < hi {
		if m := (lo + hi) / 2; s.parts[m].plain <= at {
			lo = m
		} else {
			hi = m
		}
	}
	if len(s.parts) == 0 {
		return 0
	}
	part := s.parts[lo]
	left := at - part.plain
	text := s.Text[part.source:part.end]
	for i := 0; i < len(text); {
		piece := text[i:]
		size := 1
		if piece[0] == '&' {
			if end := strings.IndexByte(piece[:min(len(piece), 12)], ';'); end > 0 {
				size = end + 1
			}
		} else {
			_, size = utf8.DecodeRuneInString(piece)
		}
		n := len(squeeze(html.UnescapeString(piece[:size])))
		if left < n {
			return part.source + i
		}
		left -= n
		i += size
	}
	return max(part.source, part.end-1)
}

// place counts lines and columns.
func (s *Source) place(start, end int) Place {
	before := s.Text[:start]
	line := strings.LastIndexByte(before, '\n') + 1
	return Place{Start: start, End: min(end, len(s.Text)), Line: strings.Count(before, "\n") + 1, Column: utf8.RuneCountInString(before[line:]) + 1}
}

// last is strings.LastIndex, which is slow where there is nothing to find.
func last(s, words string) int {
	if !strings.Contains(s, words) {
		return -1
	}
	return strings.LastIndex(s, words)
}

// squeeze leaves out white space.
func squeeze(s string) string {
	if strings.IndexFunc(s, unicode.IsSpace) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
