package page

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A Difference is what two readings of one page do not agree about.
type Difference struct {
	About string // "text", "link", "foot", "hidden" or "target"; "" if they agree
	Near  string // the text before which they part, at most 90 bytes
}

// Disagree compares two readings of one page: the text that is seen, which link
// each part of it is in, what is in the foot, the text that is hidden, and the
// targets of links. White space does not count.
func Disagree(a, b *Page) Difference {
	x, y := pieces(a), pieces(b)
	for x.next() && y.next() {
		var about string
		switch {
		case x.r != y.r:
			about = "text"
		case x.url() != y.url():
			about = "link"
		case (x.span().Zone == ZoneFooter) != (y.span().Zone == ZoneFooter):
			about = "foot"
		default:
			continue
		}
		return Difference{About: about, Near: near(a.Text, x.at)}
	}
	if x.at < len(a.Text) || y.next() {
		return Difference{About: "text", Near: near(a.Text, min(x.at, len(a.Text)))}
	}
	if h, k := unseen(a), unseen(b); h != k {
		i := 0
		for i < min(len(h), len(k)) && h[i] == k[i] {
			i++
		}
		return Difference{About: "hidden", Near: near(h, i)}
	}
	t, u := targets(a), targets(b)
	for i := range max(len(t), len(u)) {
		switch {
		case i < len(t) && (i >= len(u) || t[i] < u[i]):
			return Difference{About: "target", Near: clip(t[i])}
		case i >= len(t) || t[i] != u[i]:
			return Difference{About: "target", Near: clip(u[i])}
		}
	}
	return Difference{}
}

// A walker goes through the text of a page, character by character, and knows
// the span of each.
type walker struct {
	p        *Page
	at, then int // of the character, and of the next one
	i        int // the span
	r        rune
}

func pieces(p *Page) *walker { return &walker{p: p} }

// next moves to the next character that is no white space.
func (w *walker) next() bool {
	for {
		w.at = w.then
		if w.at >= len(w.p.Text) {
			return false
		}
		r, n := utf8.DecodeRuneInString(w.p.Text[w.at:])
		w.r, w.then = r, w.at+n
		if r != ' ' && r != '\n' {
			break
		}
	}
	for w.i < len(w.p.Spans)-1 && w.p.Spans[w.i].End <= w.at {
		w.i++
	}
	return true
}

func (w *walker) span() Span { return w.p.Spans[w.i] }

func (w *walker) url() string {
	if l := w.span().Link; l >= 0 {
		return w.p.Links[l].URL
	}
	return ""
}

// unseen is the text that is hidden, without white space.
func unseen(p *Page) string {
	var b strings.Builder
	for _, a := range p.Asides {
		if a.Kind == AsideHidden {
			for _, f := range strings.Fields(a.Text) {
				b.WriteString(f)
			}
		}
	}
	return b.String()
}

// targets are the addresses that links which are seen lead to, each once.
func targets(p *Page) []string {
	var list []string
	for i := range p.Links {
		if l := &p.Links[i]; !l.Hidden && l.URL != "" {
			list = append(list, l.URL)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// near is the text before an offset.
func near(s string, at int) string {
	const most = 90
	return strings.ToValidUTF8(s[max(0, at-most):at], "")
}
