package number

import "strings"

// A cursor reads a folded text from left to right.
type cursor struct {
	s string
	i int
}

// blanks skips spaces and at most lines line breaks: numbers are split over
// lines, table cells and nested elements.
func (c *cursor) blanks(lines int) {
	for c.i < len(c.s) {
		switch c.s[c.i] {
		case ' ', '\t', '\r':
		case '\n':
			if lines--; lines < 0 {
				return
			}
		default:
			return
		}
		c.i++
	}
}

// eat skips word if it stands here.
func (c *cursor) eat(word string) bool {
	if strings.HasPrefix(c.s[c.i:], word) {
		c.i += len(word)
		return true
	}
	return false
}

// eatFold is eat for ASCII words in any case.
func (c *cursor) eatFold(word string) bool {
	if len(c.s)-c.i >= len(word) && strings.EqualFold(c.s[c.i:c.i+len(word)], word) {
		c.i += len(word)
		return true
	}
	return false
}

// digits reads a run of digits.
func (c *cursor) digits() string {
	start := c.i
	for c.i < len(c.s) && digit(c.s[c.i]) {
		c.i++
	}
	return c.s[start:c.i]
}

// peek reports whether word comes next, spaces apart, or after a suffix.
func (c *cursor) peek(word string) bool {
	d := *c
	d.blanks(2)
	if d.eat("-") {
		d.blanks(0)
		d.digits()
		d.blanks(0)
	}
	return d.eat(word)
}

// cut returns the digits at the start of s.
func cut(s string) string {
	c := cursor{s, 0}
	return c.digits()
}

// marks skips spaces, at most two line breaks, and what footers set off digits
// with: brackets, quotation marks, dots, low lines.
func (c *cursor) marks() {
	for {
		c.blanks(2)
		if !c.eat("(") && !c.eat("[") && !c.eat("·") && !c.eat("•") && !c.eat("“") && !c.eat("\"") && !c.eat("《") && !c.eat("_") && !c.eat("<") {
			return
		}
	}
}

// shut skips the mark that closes what marks opened.
func (c *cursor) shut() {
	d := *c
	d.blanks(0)
	if d.eat(")") || d.eat("]") || d.eat("”") || d.eat("\"") || d.eat("》") || d.eat(">") {
		*c = d
	}
}
