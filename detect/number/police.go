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
var policeTail = regexp.MustCompile(`^\s*(?:案)?\s*(?:编号|序号|号码|号)?\s*[:.]?\s*(?:第)?\s*\(?\s*([0-9][0-9 ]{6,22}[0-9])\s*\)?\s*号?`)

// police finds the public-security numbers in the visible text of the page.
func police(p *page.Page) []Police {
	var out []Police
	text := p.Text
	for at := 0; len(out) < maxNumbers; {
		i := strings.Index(text[at:], "备")
		if i < 0 {
			break
		}
		i += at
		at = i + len("备")
		from := runeStart(text, max(i-60, 0))
		head := text[from:at]
		if !numeral(text[at:]) || !polices(head) {
			continue
		}
		w := lastMatch(head)
		if w == nil || w[4] >= 0 && !strings.HasPrefix(text[at:], "案") {
			continue
		}
		tail := text[at:runeStart(text, min(at+80, len(text)))]
		g := policeTail.FindStringSubmatchIndex(tail)
		if g == nil {
			continue
		}
		digits := strings.ReplaceAll(tail[g[2]:g[3]], " ", "")
		end := at + g[3]
		if len(digits) > 16 && len(tail[g[2]:g[3]]) > len(digits) { // two numbers with a space between
			digits = cut(tail[g[2]:])
			end = at + g[2] + len(digits)
		}
		if len(digits) < 8 || len(digits) > 18 {
			continue
		}
		out = append(out, newPolice(p, from+w[0], end, digits, w[2] >= 0))
	}
	return out
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
	if strings.HasPrefix(p.Text[end:], "号") {
		end += len("号")
	}
	n := Police{Digits: digits, Raw: p.Written(start, end), Place: place(p, start)}
	by := codes[digits[:2]]
	switch {
	case !proper || shown == "":
		n.Malformed = "wording"
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
