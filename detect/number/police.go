package number

import (
	"regexp"
	"strings"

	"github.com/beianwatch/beianwatch/detect/page"
)

// wordings are the words that a public-security number follows, the right one
// and those that footers use for it (facts 3): letters and order wrong, the
// office spelt out, the character for "net" left out. The office spelt out
// (group 2) counts only before 备案.
var wordings = regexp.MustCompile(`(公\s*网\s*安\s*备)|公安网备|公安备|公网备|网安备|网公安备|安网备|((?:公安|网警|网监|网安)[^。;\n]{0,14}?备)`)

// policeTail is what follows the words up to the digits. A line or a cell may
// lie between.
var policeTail = regexp.MustCompile(`^\s*(?:案)?\s*(?:编号|序号|号码|号)?\s*[:.]?\s*(?:第)?\s*\(?\s*([0-9][0-9\s]{6,22}[0-9])`)

// police finds the public-security numbers in the visible text of the page.
// bei are the places of 备 after a word that speaks of the police.
func police(p *page.Page, bei []int) []Police {
	var out []Police
	text := p.Text
	for _, i := range bei {
		at := i + len("备")
		from := runeStart(text, max(i-60, 0))
		head := text[from:at]
		w := lastMatch(head)
		if w == nil || w[4] >= 0 && !strings.HasPrefix(text[at:], "案") {
			continue
		}
		tail := text[at:runeStart(text, min(at+80, len(text)))]
		g := policeTail.FindStringSubmatchIndex(tail)
		if g == nil {
			continue
		}
		digits, length := joined(tail[g[2]:g[3]])
		end := at + g[2] + length
		if len(digits) < 8 || len(digits) > 18 {
			continue
		}
		out = append(out, newPolice(p, from+w[0], end, digits, w[2] >= 0))
	}
	return out
}

// joined reads the digits at the start of s and how far they reach. Digits that
// a space or a line parts are one number if they are fourteen together; else
// what follows is something else, a telephone mostly.
func joined(s string) (digits string, length int) {
	first := cut(s)
	if len(first) >= 12 {
		return first, len(first)
	}
	whole := 0
	for i := 0; i < len(s); i++ {
		if digit(s[i]) {
			whole++
		}
		if whole == 14 && (i+1 == len(s) || !digit(s[i+1])) {
			return strings.Join(strings.Fields(s[:i+1]), ""), i + 1
		}
	}
	return first, len(first)
}

// polices reports whether a text speaks of the police at all: 设备 and 准备 are
// everywhere.
func polices(s string) bool {
	for _, w := range [...]string{"公安", "公网", "网安", "网警", "网监", "公 网", "安网"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// lastMatch returns the wording that ends with head, nil if none does.
func lastMatch(head string) []int {
	for at := 0; at < len(head); {
		m := wordings.FindStringSubmatchIndex(head[at:])
		if m == nil {
			return nil
		}
		if at+m[1] == len(head) {
			for k := range m {
				if m[k] >= 0 {
					m[k] += at
				}
			}
			return m
		}
		at += m[0] + 3
	}
	return nil
}

// newPolice makes a Police of the range of Text in which the wording begins at
// start; proper says that it is 公网安备.
func newPolice(p *page.Page, start, end int, digits string, proper bool) Police {
	l := before(p.Text, start)
	shown := ""
	if l.province != 0 && !l.latin {
		start = l.start
		shown, _, _ = strings.Cut(p.Text[l.start:], "公")
		shown = strings.TrimSpace(shown)
	}
	if rest := strings.TrimLeft(p.Text[end:min(end+8, len(p.Text))], " "); strings.HasPrefix(rest, "号") {
		end = end + strings.Index(p.Text[end:], "号") + len("号")
	}
	n := Police{Digits: digits, Raw: p.Written(start, end), Place: place(p, start)}
	by := codes[digits[:2]]
	switch {
	case !proper:
		n.Malformed = "wording"
	case shown == "":
		n.Malformed = "province"
	case len(digits) != 14:
		n.Malformed = "length"
	case by == "":
		n.Malformed = "division"
	}
	if proper && len([]rune(shown)) == 1 {
		by = shown
	}
	n.Number = by + "公网安备" + digits + "号"
	n.Link, n.Kind = policeLink(p, start, end, digits)
	n.Code = code(n.Link)
	return n
}

// code returns the number that a link to the register asks for:
// recordcode=11010502030143, #/query/webSearch?code=….
func code(link string) string {
	for _, key := range [...]string{"recordcode=", "code="} {
		if i := strings.Index(strings.ToLower(link), key); i >= 0 {
			return cut(strings.TrimLeft(link[i+len(key):], " "))
		}
	}
	return ""
}
