package number

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect/page"
)

// telecom is a licence for value-added telecom services, by its classes.
var telecom = regexp.MustCompile(`(?i)(?:(` + province + `|合字)\s*)?((?:[AB][12]\s*[.,、/]\s*)*[AB][12])\s*-\s*(` + year + `)\s*-?\s*(\d{4})`)

// window is how many bytes after its anchor a number may reach.
const window = 160

// licences calls each for every licence number in the folded text but the ICP证
// and B2- numbers, which can be filing numbers too. at are their anchors.
func licences(s string, at []anchor, each func(kind string, start, end int)) {
	for _, a := range at {
		p := &patterns[a.pattern]
		if start, end := p.match(s, a.at); end > 0 {
			each(p.kind, start, end)
		}
	}
}

// match returns the range of the number whose anchor stands at i, 0, 0 if there
// is none.
func (p *pattern) match(s string, i int) (start, end int) {
	from := i
	if p.back > 0 {
		from = runeStart(s, max(i-p.back, 0))
	}
	near := s[from:runeStart(s, min(i+window, len(s)))]
	m := p.expr.FindStringSubmatchIndex(near)
	if m == nil || m[0] > i-from || m[1] <= i-from {
		return 0, 0
	}
	if len(m) > 2 && m[2] >= 0 {
		return from + m[2], from + m[3]
	}
	return from + m[0], from + m[1]
}

// numeral reports whether a digit stands within the next 60 bytes: the words
// of a licence mostly come without its number.
func numeral(s string) bool {
	for i := 0; i < len(s) && i < 60; i++ {
		if digit(s[i]) {
			return true
		}
	}
	return false
}

// telecoms returns the B2- numbers in the folded text.
func telecoms(s string) []match {
	var out []match
	end := 0
	for _, anchor := range classAnchors(s) {
		if anchor < end {
			continue
		}
		from := runeStart(s, max(anchor-24, end))
		near := s[from:runeStart(s, min(anchor+48, len(s)))]
		g := telecom.FindStringSubmatchIndex(near)
		if g == nil || from+g[0] > anchor || g[0] > 0 && word(near[g[0]-1]) && word(near[g[0]]) {
			continue
		}
		group := func(n int) string {
			if g[2*n] < 0 {
				return ""
			}
			return near[g[2*n]:g[2*n+1]]
		}
		c := cursor{s, from + g[1]}
		if c.i < len(s) && digit(s[c.i]) {
			continue
		}
		m := match{start: from + g[0], from: from + g[4], to: from + g[9]}
		m.icp = ICP{Form: FormTelecom, Province: canonical(group(1)), Serial: group(3) + group(4)}
		m.icp.Classes = strings.ToUpper(strings.Join(strings.FieldsFunc(group(2), func(r rune) bool { return strings.ContainsRune(" \n.,、/", r) }), "."))
		m.suffix(&c)
		m.end = c.i
		m.icp.name(group(1))
		end = m.end
		out = append(out, m)
	}
	return out
}

// classAnchors returns where A1, A2, B1, B2 stand before a dash.
func classAnchors(s string) []int {
	var out []int
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '-')
		if i < 0 {
			return out
		}
		i += at
		at = i + 1
		j := trimBlanks(s, i)
		if len(out) == maxNumbers {
			return out
		}
		if j < 2 || s[j-1] != '1' && s[j-1] != '2' || s[j-2]|0x20 != 'a' && s[j-2]|0x20 != 'b' {
			continue
		}
		out = append(out, j-2)
	}
}

// canonical gives the official character of a province, or what is written
// (合字).
func canonical(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	if p, ok := provinces[r]; ok {
		return string(p)
	}
	return s
}

func word(c byte) bool { return letter(c) || digit(c) }

// runeStart moves i back to the beginning of a character.
func runeStart(s string, i int) int {
	for i > 0 && i < len(s) && s[i]&0xC0 == 0x80 {
		i--
	}
	return i
}

// licence makes a Licence of a range of the page's text.
func licence(p *page.Page, kind string, start, end int) Licence {
	text := p.Text[start:end]
	for text != "" && strings.IndexByte(" \n(", text[len(text)-1]) >= 0 {
		text = text[:len(text)-1]
	}
	if c := strings.IndexByte(text, ')'); c > 0 && strings.IndexByte(text[:c], '(') < 0 && start > 0 && p.Text[start-1] == '(' {
		start--
		text = "(" + text
	}
	l := Licence{Kind: kind, Number: strings.Join(strings.Fields(text), ""), Raw: p.Written(start, start+len(text))}
	l.Place = place(p, start)
	return l
}
