package number

import "strings"

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
// ICP备, ICP证 and blanks. Text that looks like a number but holds no digits is
// passed over.
func scan(s string, each func(match)) {
	f := finder{s: s}
	for at, n := 0, 0; n < maxNumbers; {
		i := f.from(at)
		if i < 0 {
			return
		}
		at = i + 3
		if m, ok := around(s, i); ok {
			n++
			each(m)
			at = max(at, m.end)
		}
	}
}

// around reads the number whose letters ICP stand at i.
func around(s string, i int) (match, bool) {
	l := before(s, i)
	c := cursor{s, i + 3}
	c.blanks(2)
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
		case c.eat("编号"), c.eat("序号"), c.eat("号"), c.eat("第"), c.eat("字"), c.eat(":"), c.eat("-"), c.eat("."), c.eatFold("no."), c.eat("#"):
		case c.domain():
		default:
			return
		}
	}
	c.blanks(2)
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
	c.label()
	m.from = c.i
	serial := c.serial()
	m.to = c.i
	hao := c.peek("号")
	switch {
	case len(serial) < 8 && m.blanked(c, serial):
		m.blank = true
		m.icp.Fake = FakePlaceholder
		m.icp.Number = strings.Join(strings.Fields(c.s[m.start:c.i]), "")
		m.icp.Base, m.to, m.end = m.icp.Number, c.i, c.i
		return true
	case len(serial) < 6 && !(hao && len(serial) >= 3), len(serial) > 14:
		return false
	case m.icp.Province == "" && !hao && len(serial) != 8 && len(serial) != 10:
		return false
	}
	m.icp.Serial = serial
	m.suffix(c)
	m.end = c.i
	if m.icp.Province == "" && parody(l.other) {
		m.start = trimBlanks(c.s, m.start) - len(l.other)
		m.icp.Province, m.icp.Fake = l.other, FakeParody
	}
	if m.icp.Fake == FakeNone {
		m.icp.Fake = implausible(serial)
	}
	m.icp.name(l.written(m.icp.Province))
	return true
}

// serial reads the digits, put together where a space, a line or a cell parts
// them and the parts make a whole number.
func (c *cursor) serial() string {
	first := c.digits()
	if first == "" || len(first) >= 8 {
		return first
	}
	rest := *c
	rest.blanks(2)
	if rest.i == c.i {
		return first
	}
	second := rest.digits()
	whole := first + second
	if (len(whole) == 8 || len(whole) == 10) && rest.peek("号") {
		*c = rest
		return whole
	}
	return first
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
