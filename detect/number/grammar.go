package number

import (
	"strings"
	"unicode/utf8"
)

// A match is one number in a folded text.
type match struct {
	start, end int // the whole number
	from, to   int // its digits
	icp        ICP // all but Raw, Place, Link
	blank      bool
}

// maxNumbers is how many numbers are read from one text. Lists of numbers
// (a register's own pages) are longer; nothing is judged by their tails.
const maxNumbers = 200

// scan calls each for every filing number in the folded text s, in order:
// ICP备, ICP证 and blanks. Where ICP is no such number, but may speak of one,
// it calls other, unless that is nil.
func scan(s string, each func(match), other func(start, end int)) {
	f := finder{s: s}
	for at, n := 0, 0; n < maxNumbers; {
		i, end := f.from(at)
		if i < 0 {
			return
		}
		at = end
		if m, ok := around(s, i, end); ok {
			n++
			each(m)
			at = max(at, m.end)
		} else if other != nil && (i == 0 || !letter(s[i-1])) && (end == len(s) || !letter(s[end])) {
			other(m.start, end)
		}
	}
}

// around reads the number whose letters ICP stand in [i, end).
func around(s string, i, end int) (match, bool) {
	at := i
	if t := strings.TrimRight(s[:i], " "); strings.HasSuffix(t, "·") {
		at = len(t) - len("·")
	}
	l := before(s, at).sure(s, at)
	if l.start == at {
		l.start = i
	}
	c := cursor{s, end}
	c.blanks(2)
	c.eat("·")
	c.eat("-")
	c.blanks(0)
	m := match{start: l.start}
	m.icp.Latin, m.icp.Alias = l.latin, l.alias != 0
	if l.province != 0 {
		m.icp.Province = string(l.province)
	}
	switch {
	case c.eat("备"):
		m.icp.Form = FormFiling
	case c.eat("证"):
		m.icp.Form = FormICP
		return m, m.licence(&c, l)
	case l.latin:
		m.icp.Form = FormFiling
		c.romanLabel()
	case l.province != 0 && c.i < len(s) && digit(s[c.i]):
		m.icp.Form = FormFiling // 京ICP12345678号: the 备 is forgotten
		if j := c.i + len(cut(s[c.i:])); j-c.i != 8 && j-c.i != 10 || !strings.HasPrefix(s[j:], "号") {
			return m, false
		}
	default:
		return m, false
	}
	return m, m.filing(&c, l)
}

// romanLabel skips what stands between ICP and the digits in Latin letters.
func (c *cursor) romanLabel() {
	for _, w := range [...]string{"bei", "b", "license", "filing", "number", "no", "."} {
		c.blanks(0)
		if c.eatFold(w) {
			c.blanks(0)
		}
	}
	c.eat(":")
	c.blanks(0)
}

// label skips what stands between 备 and the digits: 案号, 第, a colon, the
// domain in brackets.
func (c *cursor) label() {
	c.blanks(2)
	c.eat("案")
	for range 4 {
		c.blanks(2)
		switch {
		case c.domain():
		case c.eat("编号"), c.eat("序号"), c.eat("号"), c.eat("第"), c.eat("字"), c.eat(":"), c.eat("-"), c.eat("."), c.eatFold("no."), c.eat("#"):
		default:
			c.marks()
			return
		}
	}
	c.marks()
}

// domain skips (example.cn).
func (c *cursor) domain() bool {
	if c.i >= len(c.s) || c.s[c.i] != '(' && c.s[c.i] != '[' {
		return false
	}
	end := strings.IndexAny(c.s[c.i:min(c.i+64, len(c.s))], ")]")
	if end < 4 || end > 62 {
		return false
	}
	for _, b := range []byte(c.s[c.i+1 : c.i+end]) {
		if !letter(b) && !digit(b) && b != '.' && b != '-' {
			return false
		}
	}
	if strings.IndexByte(c.s[c.i:c.i+end], '.') < 0 {
		return false
	}
	c.i += end + 1
	return true
}

// filing reads the digits and what follows them.
func (m *match) filing(c *cursor, l left) bool {
	from := c.i
	c.label()
	if l.province == 0 && l.other == "" || c.i > from && strings.HasSuffix(strings.TrimRight(c.s[from:c.i], " \n"), ":") {
		m.inner(c)
	}
	m.from = c.i
	serial := c.serial()
	m.to = c.i
	hao := c.peek("号")
	labelled := strings.Contains(c.s[from:m.from], "号")
	switch {
	case len(serial) < 8 && m.blanked(c, serial, labelled):
		m.blank = true
		m.icp.Fake = FakeBlank
		m.icp.Number = strings.Join(strings.Fields(c.s[m.start:c.i]), "")
		m.icp.Base, m.to, m.end = m.icp.Number, c.i, c.i
		return true
	case len(serial) < 6 && !(hao && len(serial) >= 3), len(serial) > 14:
		return false
	case m.icp.Province == "" && !hao && !labelled && (strings.Contains(c.s[from:m.from], "案") || implausible(serial) != FakeNone):
		return false // a telephone or a date as well as not
	}
	m.icp.Serial = serial
	m.suffix(c)
	m.end = c.i
	written := l.written(m.icp.Province)
	if name := parody(l.other); m.icp.Province == "" && name != "" {
		m.start = trimBlanks(c.s, m.start) - len(name)
		first, size := utf8.DecodeRuneInString(name)
		if p := slips[first]; p != 0 && size == len(name) {
			m.icp.Province, m.icp.Slip, m.icp.Alias = string(p), true, true
			written = name
		} else {
			m.icp.Province, m.icp.Fake = name, FakeParody
			written = name
		}
	}
	if m.icp.Fake == FakeNone {
		m.icp.Fake = implausible(serial)
	}
	m.icp.name(written)
	return true
}

// inner reads a province that stands behind the label: ICP备案号：京2021…,
// ICP备案：京备2021….
func (m *match) inner(c *cursor) {
	d := *c
	r, n := utf8.DecodeRuneInString(d.s[d.i:])
	p, ok := provinces[r]
	if !ok {
		return
	}
	d.i += n
	d.blanks(0)
	if d.eat("备"); d.i < len(d.s) && digit(d.s[d.i]) {
		m.icp.Province, m.icp.Alias = string(p), p != r
		*c = d
	}
}

// maxParts is how many parts of its digits a number has behind the first: letters that are
// set apart (2 0 2 3 1 2 3 4 号) have the most.
const maxParts = 9

// serial reads the digits, put together where a space, a line, a cell, a comma
// or a bracket parts them and the parts make a whole number.
func (c *cursor) serial() string {
	first := c.digits()
	if first == "" || len(first) >= 8 {
		if first != "" {
			c.shut()
		}
		return first
	}
	rest, whole, far := *c, first, false
	for range maxParts {
		at := rest.i
		rest.shut()
		rest.blanks(2)
		if !rest.eat(",") && !rest.eat("、") && !rest.eat("_") && !rest.eat("-") {
			rest.eat("·")
		}
		rest.blanks(0)
		gap := rest.s[at:rest.i]
		more := rest.digits()
		if gap == "" || more == "" {
			break
		}
		whole, far = whole+more, far || strings.Contains(gap, "\n") || strings.Contains(gap, "-")
		year := len(first) == 4 && len(whole) == 10 && implausible(whole) == FakeNone && !far
		if (len(whole) == 8 || len(whole) == 10) && (year || rest.ends("号")) {
			*c = rest
			c.shut()
			return whole
		}
	}
	if d := *c; d.i < len(d.s) {
		if d.shut(); d.ends("号") {
			*c = d
		}
	}
	return first
}

// ends reports whether word comes next, behind spaces or a closing mark.
func (c *cursor) ends(word string) bool {
	d := *c
	d.shut()
	return d.peek(word)
}

// licence reads the digits of an ICP证 number. Letters occur in made-up ones.
func (m *match) licence(c *cursor, l left) bool {
	c.label()
	m.from = c.i
	for c.i < len(c.s) && c.i-m.from < 16 && (digit(c.s[c.i]) || c.i > m.from && c.s[c.i] == '-' && c.i+1 < len(c.s) && digit(c.s[c.i+1]) && !strings.Contains(c.s[m.from:c.i], "号") ||
		c.i == m.from && (c.s[c.i] == 'B' || c.s[c.i] == 'A')) {
		c.i++
	}
	m.to = c.i
	serial := c.s[m.from:m.to]
	if strings.HasPrefix(serial, "B2-") || strings.HasPrefix(serial, "B1-") || strings.HasPrefix(serial, "A2-") || len(serial) < 5 || l.province == 0 && !c.peek("号") {
		return false
	}
	if dash := strings.IndexByte(serial, '-'); dash >= 5 && digit(serial[0]) { // 030173-1: a suffix before 号
		c.i = m.from + dash
		m.to, serial = c.i, serial[:dash]
	}
	m.icp.Serial = serial
	m.suffix(c)
	m.end = c.i
	m.icp.name(l.written(m.icp.Province))
	return true
}
