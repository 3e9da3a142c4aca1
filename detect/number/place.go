package number

import (
	"regexp"
	"slices"
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
// foot is, unless it is the text of a friend link or follows the credit of
// whoever built the site; what stands in the body is, unless it is quoted in
// running text or the foot shows another subject's number. Where the markup
// names the foot, what stands before it is the body, however near to the end.
func owned(p *page.Page, found []match, shown []ICP) {
	footed := false
	for i, m := range found {
		n := &shown[i]
		n.Credited = credited(p.Text, m.start) || !register(n.Link) && (served(p.Text, m.start) || partner(p, m))
		n.Quoted, n.Before = asideOf(p, m.from)
		n.Apart = n.Before && !register(n.Link)
		n.Own = !n.Credited && !n.Quoted && !n.Apart && !befriended(p, m) && !(n.Place == Body && quoted(p.Text, m.start, m.end))
		footed = footed || n.Own && n.Place == Footer
	}
	for i := range shown {
		if n := &shown[i]; n.Own && footed && n.Place == Body && !among(shown, i, Footer) {
			n.Own = false
		}
	}
}

// asideOf reports whether what stands at an offset is quoted, and whether it stands
// between the body and a foot that the markup names.
func asideOf(p *page.Page, at int) (quoted, before bool) {
	i := p.SpanAt(at)
	if i >= len(p.Spans) || p.Spans[i].Zone == page.ZoneFooter {
		return false, false
	}
	return p.Spans[i].Quote, at < p.Foot && place(p, at) == Footer
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

// befriended reports whether the number is part of a friend link's text.
func befriended(p *page.Page, m match) bool {
	i := p.SpanAt(m.from)
	if i >= len(p.Spans) || p.Spans[i].Zone != page.ZoneFriends || p.Spans[i].Link < 0 {
		return false
	}
	l := p.Links[p.Spans[i].Link]
	return l.URL != "" && KindOf(l.URL) == LinkOther
}

// partner reports whether the number is part of the text of a link to another site,
// beside that site's name: a partner, a customer, the host. What leads to an authority
// is a wrong link of the site's own number.
func partner(p *page.Page, m match) bool {
	i := p.LinkAt(m.from, m.to)
	if i < 0 {
		return false
	}
	l := &p.Links[i]
	host, own := page.HostOf(l.URL), page.HostOf(p.URL)
	return host != "" && KindOf(l.URL) == LinkOther && !strings.HasSuffix(host, ".gov.cn") && !sameHost(host, own) && page.HasName(l.Text)
}

// sameHost reports whether two hosts are of one site: one is the other, or within it.
func sameHost(a, b string) bool {
	a, b = strings.TrimPrefix(a, "www."), strings.TrimPrefix(b, "www.")
	return a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a)
}

// credits are the words before the name of whoever built the site or its theme.
var credits = [...]string{"技术支持", "技术服务", "网站建设", "建站", "主题", "模板", "设计制作", "Theme", "theme", "Powered by"}

// lineBefore is what stands before an offset on its line, at most so many bytes.
func lineBefore(text string, at, most int) string {
	line := text[runeStart(text, max(0, at-most)):at]
	return line[strings.LastIndexByte(line, '\n')+1:]
}

// creditLine is how many bytes a credit may stand before a number.
const creditLine = 90

// serves is the credit of who hosts a site or runs its machinery: 由某某云提供计算服务.
var serves = regexp.MustCompile(`(?:^|[ ,.;:|。]|本站|本网站|网站|系统|平台)由[^,.。|丨│]{2,40}?(?:提供|承建|建设|开发|设计|维护|托管|强力驱动|驱动)`)

// creditEnds are what parts a builder's credit from a number that is the
// site's own again.
var creditEnds = [...]string{"版权", "©", "|", "丨", "│", "备案号", "主办", "opyright", "地址", "电话", "邮编", "邮箱", "传真", "Tel"}

// credited reports whether the number follows a builder's credit on its line,
// with nothing between that ends it.
func credited(text string, start int) bool {
	line := lineBefore(text, start, creditLine)
	last := -1
	for _, w := range credits {
		last = max(last, strings.LastIndex(line, w))
	}
	if last < 0 {
		return false
	}
	return !endsCredit(line[last:])
}

// served is credited for who hosts a site or runs its machinery.
func served(text string, start int) bool {
	line := lineBefore(text, start, creditLine)
	at := serves.FindAllStringIndex(line, -1)
	return at != nil && !endsCredit(line[at[len(at)-1][0]:])
}

func endsCredit(words string) bool {
	return slices.ContainsFunc(creditEnds[:], func(w string) bool { return strings.Contains(words, w) })
}

// maxQuote is how many bytes on either side of a number are looked at for
// running text.
const maxQuote = 1200

// quoted reports whether the number stands within running text.
func quoted(text string, start, end int) bool {
	from := runeStart(text, max(0, start-maxQuote))
	from += strings.LastIndexByte(text[from:start], '\n') + 1
	to := runeStart(text, min(len(text), end+maxQuote))
	if i := strings.IndexByte(text[end:to], '\n'); i >= 0 {
		to = end + i
	}
	line := text[from:to]
	return utf8.RuneCountInString(line) >= quoteLine && (strings.Contains(line, "。") || strings.Contains(line, ",") || strings.Contains(line, "，")) &&
		!strings.Contains(line, "©") && !strings.Contains(line, "版权所有")
}
