package industry

import (
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect/page"
)

// A segment is a part of the visible text that stands for itself: the text of
// a link, or a line outside of links.
type segment struct {
	start, end int
	place      place // places (beyond the last) if it is not to be read
	number     int32 // from 1; 0 outside the body
}

// segments steps through the visible text.
type segments struct {
	p     *page.Page
	span  int // index of the span that now is in
	now   segment
	count int32 // segments that are to be read
	prose int   // bytes of running text among them
	bytes int   // of them all
}

func newSegments(p *page.Page) *segments {
	return &segments{p: p, span: -1, now: segment{place: places}}
}

// next goes to the next segment; false at the end.
func (s *segments) next() bool {
	text, spans := s.p.Text, s.p.Spans
	at := s.now.end
	for s.span < 0 || s.span < len(spans) && at >= spans[s.span].End {
		if s.span++; s.span < len(spans) {
			at = spans[s.span].Start
		}
	}
	if s.span >= len(spans) {
		s.now = segment{len(text), len(text) + 1, places, 0}
		return false
	}
	span := &spans[s.span]
	end := span.End
	if i := strings.IndexByte(text[at:end], '\n'); i >= 0 {
		end = at + i + 1
	}
	s.now = segment{start: at, end: end, place: s.place(span, at, end)}
	if s.now.place < places && end-at > 1 {
		s.count++
		s.now.number = s.count
		s.bytes += end - at
		if s.now.place == inProse {
			s.prose += end - at
		}
	}
	return true
}

// place tells where the text from at to end stands, which is in span.
func (s *segments) place(span *page.Span, at, end int) place {
	switch span.Zone {
	case page.ZoneFooter:
		if span.Link < 0 && ownsUp(s.p.Text[at:end]) {
			return inFoot
		}
		return places
	case page.ZoneFriends:
		return places
	case page.ZoneHeading:
		return inHeading
	}
	n := end - at
	if span.Link < 0 {
		// The sentence goes on before and after a link within it.
		n = lineLength(s.p.Text, at, end)
	}
	switch {
	case n <= maxName && (span.Link >= 0 || span.Zone == page.ZoneNav):
		return inName
	case n <= maxLabel:
		return inLabel
	}
	return inProse
}

// lineLength returns the length of the line that text[at:end] is part of; no
// longer than it takes to tell a sentence from a label.
func lineLength(text string, at, end int) int {
	start := strings.LastIndexByte(text[max(0, at-maxLabel):at], '\n')
	if start < 0 {
		start = max(0, at-maxLabel)
	} else {
		start += max(0, at-maxLabel)
	}
	if text[end-1] == '\n' {
		return end - start
	}
	if i := strings.IndexByte(text[end:min(len(text), end+maxLabel)], '\n'); i >= 0 {
		return end + i - start
	}
	return min(len(text), end+maxLabel) - start
}

// ownsUp tells whether a line of the foot says whose site it is.
func ownsUp(line string) bool {
	for _, mark := range [...]string{"©", "版权所有", "opyright", "OPYRIGHT"} {
		if strings.Contains(line, mark) {
			return true
		}
	}
	return false
}

// A part is a text with the place at which its words count.
type part struct {
	text  string
	place place
}

// titleParts parts a title at its separators. A part that names the site counts
// as title; one that is a headline, a whole sentence about something, only as a
// heading: 某银行被罚_某某网 is no bank.
func titleParts(title string) []part {
	var parts []part
	for _, text := range strings.FieldsFunc(title, func(r rune) bool { return strings.ContainsRune("-_|—–·»>", r) }) {
		at := inTitle
		if headline(text) {
			at = inHeading
		}
		parts = append(parts, part{text, at})
	}
	return parts
}

// maxSiteName is the longest name of a site or firm, in characters; longer
// parts of a title are headlines, unless they are lists of search words.
const maxSiteName = 18

func headline(text string) bool {
	if utf8.RuneCountInString(text) <= maxSiteName {
		return strings.ContainsAny(text, "?!;:") || strings.ContainsAny(text, "“”《》")
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", 、/", r) })
	for _, w := range words {
		if utf8.RuneCountInString(w) > maxSiteName-4 {
			return true
		}
	}
	return len(words) < 3
}

// maxSqueezed bounds the spaced texts of a page that is made of them.
const maxSqueezed = 500

// squeezed returns the texts of which each character stands alone (理 财 产 品,
// 首 页), closed up. Justified menu entries are written so, and so are words
// that want not to be found.
func squeezed(p *page.Page) []part {
	var all []part
	text := p.Text
	s := newSegments(p)
	for at := 3; at < len(text) && len(all) < maxSqueezed; at++ {
		if !gap[text[at]] || text[at-1] < 0x80 {
			continue
		}
		run, end := closeUp(text, at)
		if run == "" {
			continue
		}
		for s.now.end <= at && s.next() {
		}
		if s.now.place < places {
			all = append(all, part{run, s.now.place})
		}
		at = end
	}
	return all
}

// gap marks the bytes that stand between the characters of a spaced word; 0xC2
// begins the middle dot.
var gap = [256]bool{' ': true, '*': true, '.': true, '-': true, '_': true, '~': true, '^': true, '/': true, 0xC2: true}

// gapLength returns the length of the gap at the beginning of s, 0 if there is
// none.
func gapLength(s string) int {
	switch {
	case s == "" || !gap[s[0]]:
		return 0
	case s[0] != 0xC2:
		return 1
	case strings.HasPrefix(s, "·"):
		return len("·")
	}
	return 0
}

// closeUp reads the run of single Han characters around the gap at offset at of
// text: at least one before and one after it, each alone between gaps. It
// returns the run without gaps and where it ends, or "".
func closeUp(text string, at int) (run string, end int) {
	r, n := utf8.DecodeLastRuneInString(text[:at])
	if before, _ := utf8.DecodeLastRuneInString(text[:at-n]); !han(r) || han(before) {
		return "", 0
	}
	var b []byte
	for end = at; ; {
		g := gapLength(text[end:])
		next, n := utf8.DecodeRuneInString(text[end+g:])
		after, _ := utf8.DecodeRuneInString(text[end+g+n:])
		if g == 0 || !han(next) || han(after) {
			break
		}
		if b == nil {
			b = utf8.AppendRune(b, r)
		}
		b = utf8.AppendRune(b, next)
		end += g + n
	}
	return string(b), end
}

func han(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF }
