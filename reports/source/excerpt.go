package source

import (
	"strings"
	"unicode/utf8"
)

// A Line is a line of an excerpt: the stretch that is told of, and what stands
// before and after it, cut to what a reader takes in. Hit is empty on the lines
// around it.
type Line struct {
	N                  int
	Before, Hit, After string
}

// The most characters of an excerpt's line before and after what it shows.
const (
	maxBefore = 60
	maxHit    = 200
	maxAfter  = 100
)

// Excerpt returns the line of a place and those right before and after it, as far
// as they hold anything. The texts are the page's: who shows them cleans them.
func (s *Source) Excerpt(p Place) []Line {
	start := strings.LastIndexByte(s.Text[:p.Start], '\n') + 1
	end := len(s.Text)
	if i := strings.IndexByte(s.Text[p.Start:], '\n'); i >= 0 {
		end = p.Start + i
	}
	hitEnd := min(p.End, end)
	var lines []Line
	if start > 0 {
		above := s.Text[strings.LastIndexByte(s.Text[:start-1], '\n')+1 : start-1]
		if above = strings.TrimSpace(above); above != "" {
			lines = append(lines, Line{N: p.Line - 1, Before: head(above, maxBefore+maxAfter)})
		}
	}
	lines = append(lines, Line{N: p.Line, Before: tail(s.Text[start:p.Start], maxBefore), Hit: head(s.Text[p.Start:hitEnd], maxHit), After: head(s.Text[hitEnd:end], maxAfter)})
	if end < len(s.Text) {
		below, _, _ := strings.Cut(s.Text[end+1:], "\n")
		if below = strings.TrimSpace(below); below != "" {
			lines = append(lines, Line{N: p.Line + 1, Before: head(below, maxBefore+maxAfter)})
		}
	}
	return lines
}

// head is the first n characters of s.
func head(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// tail is the last n characters of s.
func tail(s string, n int) string {
	i := len(s)
	for ; n > 0 && i > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
	}
	if i > 0 {
		return "…" + strings.TrimLeft(s[i:], " \t")
	}
	return strings.TrimLeft(s, " \t")
}
