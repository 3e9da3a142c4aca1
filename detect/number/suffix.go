package number

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// suffix reads 号, -N, -N号, -NA and leaves the cursor behind what it took.
func (m *match) suffix(c *cursor) {
	m.tail(c)
	d := *c
	d.blanks(2)
	if d.eat("号") {
		*c = d
		if m.icp.Suffix == 0 {
			m.tail(c)
		}
	}
}

// tail reads -N with the letter of an App, a mini-program or a quick app.
func (m *match) tail(c *cursor) {
	d := *c
	d.blanks(1)
	spaced := d.i > c.i
	behind := c.s[max(0, c.i-len("号")):c.i] == "号"
	dot := false
	if !d.eat("--") && !d.eat("-") && !d.eat("_") && !(behind && d.eat("一")) {
		if dot = behind && !spaced && (d.eat("·") || d.eat("•")); !dot {
			return
		}
	}
	at := d.i
	d.blanks(0)
	spaced = spaced || d.i > at
	n := d.digits()
	if n == "" || len(n) > 5 {
		return
	}
	if next, _ := utf8.DecodeRuneInString(d.s[d.i:]); dot && (spaced || len(n) > 2 || han(next) || next < utf8.RuneSelf && word(byte(next)) || next == '.') {
		return // what a dot parts from the number may be anything
	}
	// A year after a dash is the copyright line that goes on: 号 - 2012-2020.
	if len(n) == 4 && (n[:2] == "19" || n[:2] == "20") && spaced || d.i < len(d.s) && strings.HasPrefix(d.s[d.i:], "年") {
		return
	}
	value, _ := strconv.Atoi(n)
	if value == 0 {
		return
	}
	m.icp.Suffix = value
	if d.i < len(d.s) && strings.IndexByte("AXKaxk", d.s[d.i]) >= 0 && (d.i+1 == len(d.s) || !letter(d.s[d.i+1])) {
		m.icp.Service = strings.ToUpper(d.s[d.i : d.i+1])
		d.i++
	}
	*c = d
}

// blanked reports whether a number's place is held by stars, crosses or a word,
// and moves the cursor behind it. labelled says that 号 stands before it:
// without a province, ICP备案 may be a menu's word, and what follows another's.
func (m *match) blanked(c *cursor, serial string, labelled bool) bool {
	sure := labelled || m.icp.Province != ""
	d := *c
	n := 0
	for d.i < len(d.s) && n < 20 {
		r, size := utf8.DecodeRuneInString(d.s[d.i:])
		if !strings.ContainsRune("xX*×?_某●○■□", r) && !digit(d.s[d.i]) {
			break
		}
		if !digit(d.s[d.i]) {
			n++
		}
		d.i += size
	}
	if n >= 3 {
		d.blanks(0)
		if d.eat("号") || n >= 4 && sure {
			*c = d
			return true
		}
		return false
	}
	if serial != "" || !sure || strings.Contains(c.s[m.start:c.i], "\n") {
		return false
	}
	d = *c
	for _, w := range [...]string{"暂无", "正在申请", "申请中", "正在备案", "备案中", "办理中", "正在办理", "审核中", "待备案"} {
		if d.eat(w) {
			d.shut()
			if rest := d.s[d.i:]; rest != "" {
				if r, _ := utf8.DecodeRuneInString(rest); han(r) || word(rest[0]) {
					continue // 办理中心
				}
			}
			*c = d
			return true
		}
	}
	return false
}
