package page

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// enter moves into the element: what stands in it stands in its zone.
func (r *reader) enter(t *tag, a *attrs) {
	c := &r.c
	foot, nav, friends := false, false, false
	footer, quotes := false, false // the markup names the foot, or a place of others' words
	switch t.atom {
	case atom.Footer:
		foot = !c.deep
		footer = foot
	case atom.Nav:
		nav = true
	case atom.H1, atom.H2, atom.H3:
		if c.zone == ZoneBody {
			c.zone = ZoneHeading
		}
	case atom.Article, atom.Blockquote:
		c.deep, quotes = true, true
	case atom.Li, atom.Dialog:
		c.deep = true
	case atom.Form, atom.Main:
		return // their classes speak of the whole page
	}
	if a.class != "" || a.id != "" || a.role != "" {
		w := r.memo.words(a.class) | r.memo.words(a.id)
		foot = foot || w&wordFoot != 0 && !c.deep || a.role == "contentinfo"
		footer = footer || w&wordFooter != 0 && !c.deep || a.role == "contentinfo"
		quotes = quotes || w&wordQuote != 0
		nav = nav || w&wordNav != 0 || a.role == "navigation"
		friends = w&wordFriends != 0
	}
	if footer && !c.foot && !c.dark && len(r.feet) < maxFeet {
		r.feet = append(r.feet, len(r.out.raw))
	}
	if quotes && !foot && !c.foot && !void(t.atom) && len(r.quotes) < maxQuotes {
		r.quotes = append(r.quotes, quote{outer: c.quote, start: len(r.out.raw), end: -1})
		c.quote = len(r.quotes)
	}
	switch {
	case foot:
		c.foot, c.zone, c.quote = true, ZoneFooter, 0
	case nav && c.zone == ZoneBody:
		c.zone = ZoneNav
	}
	c.friends = c.friends || friends
}

// Words that class and id use for the parts of a page.
const (
	wordFoot = 1 << iota
	wordNav
	wordFriends
	wordFooter // it says foot, not only copyright or bottom
	wordQuote  // others' words: see quotes
)

// longestClass is how many bytes of a class are read. isFoot looks back to the
// beginning of a name, which on a hostile page has no end.
const longestClass = 1000

// A zoneMemo keeps what words found in the names that a page repeats: most
// elements of a list have the classes of the one before.
type zoneMemo [64]struct {
	name string
	said int
}

// words is the same as words of a name.
func (m *zoneMemo) words(name string) int {
	if name == "" {
		return 0
	}
	e := &m[(len(name)*7+int(name[0])*3+int(name[len(name)-1])*5+int(name[len(name)/2]))%len(m)]
	if e.name != name {
		e.name, e.said = name, words(name)
	}
	return e.said
}

// words finds the words of zones in a class or an id.
func words(s string) int {
	found := 0
	s = s[:min(len(s), longestClass)]
	for i := 0; i < len(s); i++ {
		if quotes(s, i) {
			found |= wordQuote
		}
		switch s[i] | 0x20 {
		case 'f':
			if at(s, i, "foot") && isFoot(s, i) {
				found |= wordFoot | wordFooter
			} else if at(s, i, "friend") || at(s, i, "flink") {
				found |= wordFriends
			}
		case 'c':
			if at(s, i, "copyright") || at(s, i, "copy-right") || at(s, i, "copy_right") || part(s, i, "copy") {
				found |= wordFoot
			} else if at(s, i, "crumb") {
				found |= wordNav
			}
		case 'b':
			if at(s, i, "beian") || token(s, i, "bottom") || token(s, i, "btm") {
				found |= wordFoot
			} else if at(s, i, "blogroll") {
				found |= wordFriends
			}
		case 'i':
			if part(s, i, "icp") {
				found |= wordFoot
			}
		case 'n':
			if part(s, i, "nav") || at(s, i, "navbar") || at(s, i, "navi") {
				found |= wordNav
			}
		case 'm':
			if part(s, i, "menu") {
				found |= wordNav
			}
		case 'y':
			if at(s, i, "youqing") || at(s, i, "yqlj") {
				found |= wordFriends
			}
		case 0xE7 | 0x20:
			if strings.HasPrefix(s[i:], "版权") {
				found |= wordFoot
			}
		}
	}
	return found
}

// at reports whether s has word, lower-case ASCII, at i in any case.
func at(s string, i int, word string) bool {
	return len(s)-i >= len(word) && strings.EqualFold(s[i:i+len(word)], word)
}

// part reports whether word stands at i as a part of a name: main-nav, navBox.
func part(s string, i int, word string) bool {
	if !at(s, i, word) || i > 0 && isLetter(s[i-1]) && !(s[i] < 'a' && s[i-1] >= 'a') {
		return false
	}
	end := i + len(word)
	return end == len(s) || !isLetter(s[end]) || s[end] < 'a' && s[end-1] >= 'a'
}

// token reports whether word is the whole name at i: bottom, not mb-bottom.
func token(s string, i int, word string) bool {
	if !at(s, i, word) || i > 0 && s[i-1] != ' ' {
		return false
	}
	end := i + len(word)
	return end == len(s) || !isLetter(s[end])
}

// inner are the things on a page that have a foot of their own.
var inner = [...]string{"modal", "card", "panel", "box", "dialog", "popup", "popover", "layer", "table", "list", "post", "entry", "article", "item",
	"comment", "widget", "drawer", "msg", "message", "t", "news", "product", "goods", "window", "win", "section"}

// isFoot tells the foot of the page from a football and from the feet of
// smaller things (modal-footer).
func isFoot(s string, i int) bool {
	for _, other := range [...]string{"ball", "print", "age", "wear", "note", "step"} {
		if at(s, i+4, other) {
			return false
		}
	}
	start := strings.LastIndexByte(s[:i], ' ') + 1
	before := strings.ToLower(strings.TrimRight(s[start:i], "-_"))
	for _, w := range inner {
		if strings.HasSuffix(before, w) && (w != "t" || before == "t") {
			return false
		}
	}
	return true
}

// copyrightMarks begin the line that closes a page.
var copyrightMarks = [...]string{"©", "opyright", "OPYRIGHT", "版权所有", "ights Reserved", "ights reserved", "RIGHTS RESERVED", "公网安备", "ICP备", "ICP证", "icp备", "版权归"}

// licenceMarks stand in such lines too, but prove nothing by themselves.
var licenceMarks = [...]string{"增值电信业务", "文化经营许可证", "视听节目许可证", "网文[", "网文("}

// zones corrects what class names said by what the text says: a zone that
// swallowed the page is none, and a page without a marked foot has one where
// its copyright lines begin.
func (r *reader) zones() {
	p := r.p
	r.strangers()
	var share [ZoneFriends + 1]int
	for _, s := range p.Spans {
		share[s.Zone] += s.End - s.Start
	}
	all := len(p.Text)
	for i := range p.Spans {
		s := &p.Spans[i]
		if all > 3000 && (s.Zone == ZoneNav && share[ZoneNav]*10 > all*7 || s.Zone == ZoneFooter && share[ZoneFooter]*10 > all*6 ||
			s.Zone == ZoneFriends && share[ZoneFriends]*10 > all*5) {
			s.Zone = ZoneBody
		}
	}
	r.quoted()
	p.Foot = r.named(share[ZoneFooter]*10 > all*6 && all > 3000)
	if start := footStart(p.Text); start >= 0 {
		start = max(start, p.Foot) // what stands before a foot that the markup names is none
		p.split(start)
		for i := p.SpanAt(start); i < len(p.Spans); i++ {
			if p.Spans[i].Zone != ZoneFriends && !p.Spans[i].Quote {
				p.Spans[i].Zone = ZoneFooter
			}
		}
	}
	for _, s := range p.Spans {
		if s.Link >= 0 {
			p.Links[s.Link].Zone = s.Zone
		}
	}
}

// footStart returns where the line of the first copyright mark in the last
// part of the text begins, -1 if there is none. The last part is a quarter of
// the page, and at least its last 600 characters.
func footStart(text string) int {
	tail := len(text) - max(len(text)/4, 1800)
	tail = max(tail, 0)
	first := -1
	for _, mark := range copyrightMarks {
		if i := strings.Index(text[tail:], mark); i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	if first < 0 {
		return -1
	}
	for _, mark := range licenceMarks {
		if i := strings.Index(text[tail:tail+first], mark); i >= 0 {
			first = i
		}
	}
	return strings.LastIndexByte(text[:tail+first], '\n') + 1
}

// split makes the offset, which is a character's beginning, the start of a
// span.
func (p *Page) split(at int) {
	i := p.SpanAt(at)
	if i >= len(p.Spans) || p.Spans[i].Start >= at {
		return
	}
	raw := p.rawAt(at)
	s := p.Spans[i]
	p.Spans = append(p.Spans, Span{})
	copy(p.Spans[i+1:], p.Spans[i:])
	p.Spans[i].End, p.Spans[i].RawEnd = at, raw
	p.Spans[i+1].Start, p.Spans[i+1].RawStart, p.Spans[i+1].Zone, p.Spans[i+1].Link, p.Spans[i+1].Quote = at, raw, s.Zone, s.Link, s.Quote
}

// friendName is how long, in bytes, the name of a friend's site may be.
const friendName = 90

// strangers keeps as friend links only what can be one. Classes speak of
// friend links where the whole foot stands: a text that is no link, a link
// within the site and a number are not names of others.
func (r *reader) strangers() {
	p := r.p
	for i := range p.Spans {
		if s := &p.Spans[i]; s.Zone == ZoneFriends && !r.stranger(s) {
			s.Zone = r.out.under[i]
		}
	}
	for _, i := range friendLists(p.Text) {
		if i < 0 {
			continue
		}
		for k := p.SpanAt(i) + 1; k < len(p.Spans); k++ {
			s := &p.Spans[k]
			if s.Link < 0 {
				if visible(p.Text[s.Start:s.End]) > 8 {
					break // a longer text that is no link ends the list
				}
			} else if r.stranger(s) {
				s.Zone = ZoneFriends
			}
		}
	}
}

// friendLabels stand over lists of friend links.
var friendLabels = [...]string{"友情链接", "友情连接", "友链", "合作网站"}

// friendLists returns where each of friendLabels comes first, -1 if it does not.
func friendLists(text string) (at [len(friendLabels)]int) {
	for k, label := range friendLabels {
		at[k] = indexHan(text, label)
	}
	return at
}

// indexHan is strings.Index for a word of Han. It goes by the third byte of the
// word's first character: the first is that of a quarter of all characters, at
// each of which strings.Index would stop.
func indexHan(text, word string) int {
	for i := 2; i < len(text); i++ {
		n := strings.IndexByte(text[i:], word[2])
		if n < 0 {
			break
		}
		if i += n; strings.HasPrefix(text[i-2:], word) {
			return i - 2
		}
	}
	return -1
}

// stranger reports whether the span can be the name of another site: a link to
// another host. One that bears a number is one if it bears a name too and does
// not lead to a register.
func (r *reader) stranger(s *Span) bool {
	p := r.p
	if s.Link < 0 || s.End-s.Start > friendName {
		return false
	}
	u := p.Links[s.Link].URL
	if !strings.Contains(u, "//") || r.base.origin != "" && strings.HasPrefix(u, r.base.origin) {
		return false
	}
	text := p.Text[s.Start:s.End]
	return digitsIn(text) < 6 || HasName(text) && !onRegister(u) && !onPolice(u)
}
