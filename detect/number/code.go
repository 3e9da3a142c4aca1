package number

import (
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// nearby returns the register's address in a script or a piece of markup.
func nearby(code string) (string, LinkKind) {
	code = strings.ReplaceAll(code, `\/`, "/")
	for _, h := range [...]string{"beian.miit.gov.cn", "miitbeian.gov.cn", "miibeian.gov.cn"} {
		i := strings.Index(code, h)
		if i < 0 {
			continue
		}
		start := i
		for start > 0 && strings.IndexByte(" \t\n\"'`(=,<>", code[start-1]) < 0 {
			start--
		}
		end := i
		for end < len(code) && strings.IndexByte(" \t\n\"'`),<>\\", code[end]) < 0 {
			end++
		}
		return code[start:end], KindOf(code[start:end])
	}
	return "", LinkNone
}

// A code of more than wholeCode bytes is read only around the letters of a number, as far
// as a number with its label and the tags and escapes in it may reach, unless there are
// more than maxLettered of them.
const (
	wholeCode   = 16 << 10
	codeReach   = 1 << 10
	maxLettered = 200
)

// codeTexts are the parts of script or markup in which a number may stand, as text.
func codeTexts(code string) (list []string) {
	var places []int
	if len(code) > wholeCode {
		for at := range (&finder{s: code}).together {
			if places = append(places, at); len(places) > maxLettered {
				break
			}
		}
	}
	if len(code) <= wholeCode || len(places) > maxLettered {
		return []string{fold.String(plain(code))}
	}
	slices.Sort(places)
	for k := 0; k < len(places); {
		start, end := places[k]-codeReach, places[k]+codeReach
		for k++; k < len(places) && places[k]-codeReach <= end; k++ {
			end = places[k] + codeReach
		}
		list = append(list, fold.String(plain(strings.ToValidUTF8(code[max(start, 0):min(end, len(code))], ""))))
	}
	return list
}

// plain reads script and markup as text: escapes undone, tags dropped.
func plain(code string) string {
	if strings.Contains(code, `\u`) {
		code = unescape(code)
	}
	if strings.IndexByte(code, '<') < 0 {
		return code
	}
	var b strings.Builder
	b.Grow(len(code))
	for code != "" {
		i := strings.IndexByte(code, '<')
		if i < 0 || i+1 == len(code) {
			b.WriteString(code)
			break
		}
		b.WriteString(code[:i])
		c := code[i+1]
		end := strings.IndexByte(code[i:min(i+400, len(code))], '>')
		if !letter(c) && c != '/' && c != '\\' || end < 0 { // a comparison, not a tag
			b.WriteByte('<')
			code = code[i+1:]
			continue
		}
		code = code[i+end+1:]
	}
	return b.String()
}

// unescape undoes \uXXXX.
func unescape(code string) string {
	var b strings.Builder
	b.Grow(len(code))
	for {
		i := strings.Index(code, `\u`)
		if i < 0 || i+6 > len(code) {
			b.WriteString(code)
			return b.String()
		}
		b.WriteString(code[:i])
		var r rune
		ok := true
		for _, c := range []byte(code[i+2 : i+6]) {
			switch {
			case digit(c):
				r = r<<4 | rune(c-'0')
			case c|0x20 >= 'a' && c|0x20 <= 'f':
				r = r<<4 | rune(c|0x20-'a'+10)
			default:
				ok = false
			}
		}
		if !ok {
			b.WriteString(code[i : i+2])
			code = code[i+2:]
			continue
		}
		b.WriteRune(r)
		code = code[i+6:]
	}
}
