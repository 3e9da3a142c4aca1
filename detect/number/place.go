package number

import (
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect/page"
)

// footRest is how many bytes of text, some five hundred characters, may follow
// a number that stands at the foot of the page: the foot itself, a floating
// contact box, the texts of pop-ups.
const footRest = 1500

// place says whether an offset of Text is in the foot of the page or before
// it. What is so near to the end that nothing but the foot can follow is in it,
// whatever the page calls it.
func place(p *page.Page, at int) Place {
	i := p.SpanAt(at)
	if i < len(p.Spans) && p.Spans[i].Zone == page.ZoneFooter {
		return Footer
	}
	if rest := len(p.Text) - at; rest <= max(footRest, len(p.Text)/8) && at*2 >= len(p.Text) {
		return Footer
	}
	return Body
}

// quoteLine is how many characters a line of running text has at least; a line
// with a number of the site's own is shorter or is part of the foot.
const quoteLine = 70

// owned decides which of the numbers are the site's own. What stands in the
// foot is, unless it is the text of a friend link or the credit of whoever
// built the site; what stands in the body is, unless it is quoted in running
// text or the foot shows another subject's number.
func owned(p *page.Page, found []match, shown []ICP) {
	footed := false
	for i, m := range found {
		n := &shown[i]
		n.Own = !befriended(p, m) && !(n.Place == Body && quoted(p.Text, m.start, m.end))
		footed = footed || n.Own && n.Place == Footer
	}
	for i, m := range found {
		n := &shown[i]
		switch {
		case n.Own && footed && n.Place == Body && !among(shown, i, Footer):
			n.Own = false
		case n.Own && credited(p.Text, m.start) && others(p.Text, found, shown, i):
			n.Own = false
		}
	}
}

// among reports whether the same base is also shown at the place.
func among(shown []ICP, i int, where Place) bool {
	for k := range shown {
		if k != i && shown[k].Place == where && shown[k].SameBase(shown[i]) {
			return true
		}
	}
	return false
}

// others reports whether another own number, of another base, stands on the
// page without a builder's credit before it.
func others(text string, found []match, shown []ICP, i int) bool {
	for k := range shown {
		if k != i && shown[k].Own && !shown[k].SameBase(shown[i]) && !credited(text, found[k].start) {
			return true
		}
	}
	return false
}

// befriended reports whether the number is the text of a friend link.
func befriended(p *page.Page, m match) bool {
	i := p.SpanAt(m.from)
	if i >= len(p.Spans) || p.Spans[i].Zone != page.ZoneFriends || p.Spans[i].Link < 0 {
		return false
	}
	l := p.Links[p.Spans[i].Link]
	return l.URL != "" && KindOf(l.URL) == LinkOther
}

// credits are the words before the name of whoever built the site or its theme.
var credits = [...]string{"技术支持", "技术服务", "网站建设", "建站", "主题", "模板", "设计制作", "Theme", "theme", "Powered by"}

// credited reports whether the number follows a builder's credit on its line,
// with no copyright mark between.
func credited(text string, start int) bool {
	line := text[strings.LastIndexByte(text[:start], '\n')+1 : start]
	if len(line) > 90 {
		line = line[runeStart(line, len(line)-90):]
	}
	for _, w := range credits {
		if i := strings.LastIndex(line, w); i >= 0 {
			return !strings.Contains(line[i:], "版权") && !strings.Contains(line[i:], "©")
		}
	}
	return false
}

// quoted reports whether the number stands within running text.
func quoted(text string, start, end int) bool {
	from := strings.LastIndexByte(text[:start], '\n') + 1
	to := len(text)
	if i := strings.IndexByte(text[end:], '\n'); i >= 0 {
		to = end + i
	}
	line := text[from:to]
	return utf8.RuneCountInString(line) >= quoteLine && (strings.Contains(line, "。") || strings.Contains(line, ",") || strings.Contains(line, "，")) &&
		!strings.Contains(line, "©") && !strings.Contains(line, "版权所有")
}
