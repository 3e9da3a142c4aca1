package number

import (
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect/page"
)

// A trace is a range of the text in which words of a filing number stand.
type trace struct{ start, end int }

// maxTraces is how many places of one word are looked at, the last ones.
const maxTraces = 32

// traceWords are the labels of filing numbers, besides ICP. numbered: only
// digits behind it make it a trace, for other registers use the word too.
var traceWords = [...]struct {
	word     string
	numbered bool
}{{"备案号", false}, {"备案编号", false}, {"备案序号", false}, {"备案证号", false}, {"网站备案", true}, {"许可证号", true}, {"许可证编号", true}}

// traces lists the words that may be a filing number's and belong to none that
// was read. words are the places of ICP among them. A label with a word
// in the number's place is not among them; each is told once.
func (s *Shown) traces(p *page.Page, words []trace, at *anchors, read ...[]match) {
	var out []Trace
	var vacancies []match
	kept := func(w trace) bool {
		if near(w.start, w.end, vacancies) {
			return false
		}
		m, filled, ok := vacancy(p, w)
		if !ok || near(m.start, m.end, read...) {
			return true
		}
		vacancies = append(vacancies, m)
		n := m.icp
		n.Raw, n.Place = p.Written(m.start, m.end), place(p, m.start)
		n.Link, n.Kind = linkOf(p, m.start, m.end, m.from, m.to)
		n.Own = !befriended(p, m) && n.Place == Footer && !quoted(p.Text, m.start, m.end)
		switch {
		case !n.Own:
		case filled:
			s.Blanks = append(s.Blanks, n)
		default:
			s.Vacant = append(s.Vacant, n)
			return true // a number may stand there that is no text
		}
		return false
	}
	for _, w := range words {
		if kept(w) {
			out = appendTrace(out, p, w, false, read)
		}
	}
	for k, w := range traceWords {
		for _, i := range slices.Backward(at.traces[k]) { // from the end: the foot is what matters
			if polices(p.Text[runeStart(p.Text, max(0, i-45)):i]) || others(p.Text, i) {
				continue
			}
			if at := (trace{i, i + len(w.word)}); w.numbered || kept(at) {
				out = appendTrace(out, p, at, w.numbered, read)
			}
		}
	}
	for _, i := range at.slips {
		out = appendTrace(out, p, trace{i, i + len("备")}, true, read)
	}
	s.Traces = out
}

// near reports whether one of the matches stands at a range or close to it.
func near(start, end int, read ...[]match) bool {
	for _, list := range read {
		for _, m := range list {
			if m.start < end+traceNear && start < m.end+traceNear {
				return true
			}
		}
	}
	return false
}

// appendTrace adds the words and the digits behind them, unless a number that
// was read stands there. numbered: only if there are digits.
func appendTrace(out []Trace, p *page.Page, w trace, numbered bool, read [][]match) []Trace {
	digits, end := behind(p.Text, w.end)
	if numbered && (len(digits) < 8 || len(digits) > 10) {
		return out
	}
	if near(w.start, end, read...) {
		return out
	}
	return append(out, Trace{Raw: p.Written(w.start, end), Digits: digits, Place: place(p, w.start)})
}

// traceNear is how many bytes from its label a number may begin: 备案号为.
const traceNear = 24

// traceReach is how many bytes behind the words digits are looked for.
const traceReach = 60

// behind returns the digits that follow a label on its line or the next, put
// together where spaces and marks part them, and where they end. A word of two
// and more Han characters or of letters other than ICP and B2 ends the search.
func behind(s string, at int) (digits string, end int) {
	c := cursor{s[:runeStart(s, min(len(s), at+traceReach))], at}
	han, lines := 0, 0
	var b strings.Builder
	last := at
	for c.i < len(c.s) && b.Len() < 14 {
		ch := c.s[c.i]
		switch {
		case digit(ch):
			b.WriteByte(ch)
			c.i++
			last, han = c.i, 0
			continue
		case ch == '\n':
			lines++
		case ch >= 0xE4 && ch < 0xEA: // Han: 证号, 京, 备, 许可
			if han++; b.Len() > 0 || han > 4 {
				c.s = c.s[:c.i]
				continue
			}
			c.i += 2
		case b.Len() > 0 && letter(ch):
			c.s = c.s[:c.i]
			continue
		}
		if lines > 2 {
			break
		}
		c.i++
	}
	if b.Len() < 4 {
		return "", at
	}
	return b.String(), last
}
