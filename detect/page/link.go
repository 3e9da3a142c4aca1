package page

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// A base is where relative addresses start, cut up once for the whole page.
type base struct {
	scheme string // "https:", "" if there is no base
	origin string // scheme://host
	dir    string // origin and path up to the last slash
	page   string // origin and path
	url    *url.URL
}

func newBase(address string) base {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return base{}
	}
	b := base{scheme: u.Scheme + ":", origin: u.Scheme + "://" + u.Host, url: u}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	b.page = b.origin + path
	b.dir = b.origin + path[:strings.LastIndexByte(path, '/')+1]
	return b
}

// unbroken takes out what browsers leave out of an address.
var unbroken = strings.NewReplacer("\t", "", "\r", "", "\n", "")

// resolve makes href absolute; "" if it leads nowhere. Simple addresses, which
// are nearly all, are put together without parsing.
func (b *base) resolve(href string) string {
	href = strings.TrimSpace(href)
	if strings.ContainsAny(href, "\t\r\n") {
		href = unbroken.Replace(href)
	}
	switch {
	case href == "" || href[0] == '#' || placeholder(href):
		return ""
	case hasPrefixFold(href, "http:") || hasPrefixFold(href, "https:"):
		rest, _ := schemeless(href)
		if b.scheme == "" || len(href)-len(rest) != len(b.scheme) || len(rest) > 1 && isSlash(rest[0]) && isSlash(rest[1]) {
			return strings.ReplaceAll(href, "\\", "/")
		}
		// http:a.cn on a page that came by http is no host: it is relative.
		if href = rest; href == "" || href[0] == '#' {
			return ""
		}
	}
	if colon := strings.IndexByte(href, ':'); colon > 0 && !strings.ContainsAny(href[:colon], "/?#.") {
		if hasPrefixFold(href, "javascript:") || hasPrefixFold(href, "about:") || hasPrefixFold(href, "void") {
			return ""
		}
		return href // mailto:, tel:, ftp: …
	}
	href = strings.ReplaceAll(href, "\\", "/")
	switch {
	case b.origin == "":
		if strings.HasPrefix(href, "//") {
			return "https:" + href
		}
		return href
	case strings.HasPrefix(href, "//"):
		return b.scheme + href
	case strings.Contains(href, "./"):
		if u, err := b.url.Parse(href); err == nil {
			return u.String()
		}
		return ""
	case href[0] == '/':
		return b.origin + href
	case href[0] == '?':
		return b.page + href
	}
	return b.dir + href
}

// placeholder reports an address that a template engine was to fill in.
func placeholder(s string) bool {
	return strings.Contains(s, "{{") || strings.Contains(s, "<%") || strings.Contains(s, "<?") || strings.Contains(s, "${") ||
		strings.HasPrefix(s, "{$") || strings.HasPrefix(s, "{%") || strings.HasPrefix(s, "#{") || strings.HasPrefix(s, "[[")
}

// openLink opens the link that the element is, if it is one.
func (r *reader) openLink(tag atom.Atom, a *attrs, e *entry) {
	l, ok := r.target(tag, a)
	if !ok {
		return
	}
	e.link = len(r.links)
	l.Start, l.End = len(r.out.raw), len(r.out.raw)
	if len(r.links) == cap(r.links) && len(r.links) >= manyLinks {
		r.growLinks()
	}
	r.links = append(r.links, l)
	r.alts = append(r.alts, "")
	if tag == atom.A && r.foreign == 0 {
		r.anchor, r.floating = e.link, false
		return
	}
	r.c.link = e.link
	if void(tag) && r.foreign == 0 && r.anchor < 0 {
		r.alts[e.link] = fold.String(a.title)
		if a.alt != "" {
			r.alts[e.link] = "" // labels adds it
		}
	}
}

// manyLinks is a number of links that few pages have: beyond it a scratch is not
// kept.
const manyLinks = maxScratch / 64

// growLinks makes room for the links of a page of very many at once, by how many
// tags could still be one: lists that grow bit by bit are copied over and over,
// which took most of the time that such a page takes.
func (r *reader) growLinks() {
	rest := r.z.s[r.z.i:]
	n := strings.Count(rest, "<a") + strings.Count(rest, "<A") + 1
	r.links = slices.Grow(r.links, n)
	r.alts = slices.Grow(r.alts, n)
	r.out.spans = slices.Grow(r.out.spans, n)
	r.out.under = slices.Grow(r.out.under, n)
	r.out.quoted = slices.Grow(r.out.quoted, n)
}

// closeAnchor ends the a element's link that is open.
func (r *reader) closeAnchor() {
	if r.anchor >= 0 {
		r.links[r.anchor].End = len(r.out.raw)
		r.anchor, r.floating = -1, false
	}
}

// target reads what the element leads to; ok is false if it is no link.
func (r *reader) target(tag atom.Atom, a *attrs) (l Link, ok bool) {
	l = Link{Zone: r.c.zone, Hidden: r.c.dark}
	anchor := tag == atom.A || tag == atom.Area
	switch {
	case anchor:
		if !a.linked && a.onclick == "" && (r.foreign == 0 || a.xlink == "") {
			return l, false
		}
		if r.foreign > 0 && a.href == "" {
			a.href = a.xlink
		}
		l.Href, l.URL = a.href, r.base.resolve(a.href)
		if l.URL == "" {
			if to := opens(a.href); to != "" {
				l.URL, l.OnClick = r.base.resolve(to), true
			}
		}
	case r.link() >= 0:
		return l, false
	case tag == atom.Button && (a.typ == "" || strings.EqualFold(a.typ, "submit")) && firstOf(a.action, r.action) != "":
		l.Href = firstOf(a.action, r.action)
		l.URL = r.base.resolve(l.Href)
	case a.onclick == "":
		return l, false
	}
	if l.URL == "" && a.onclick != "" {
		if to := opens(a.onclick); to != "" {
			l.URL, l.OnClick = r.base.resolve(to), true
			if l.Href == "" {
				l.Href = to
			}
		}
	}
	return l, anchor || l.URL != ""
}

// opens returns the address that a piece of handler code opens: a quoted
// string in it that looks like an address, after window.open, open, location
// or a function of the site's own. "" if there is none.
func opens(code string) string {
	if len(code) > 2000 {
		code = code[:2000]
	}
	for _, call := range [...]string{"window.open", "location", "open(", "jump", "goto", "go("} {
		i := indexFold(code, call)
		if i < 0 {
			continue
		}
		if s := quoted(code[i:]); s != "" && !strings.HasPrefix(s, "#") && !hasPrefixFold(s, "javascript:") && !strings.ContainsAny(s, " +<>{}") {
			return s
		}
	}
	if i := indexFold(code, "http"); i > 0 && (code[i-1] == '\'' || code[i-1] == '"') {
		return quoted(code[i-1:])
	}
	return ""
}

// quoted returns the first quoted string in code.
func quoted(code string) string {
	i := strings.IndexAny(code, "'\"`")
	if i < 0 {
		return ""
	}
	end := strings.IndexByte(code[i+1:], code[i])
	if end < 0 {
		return ""
	}
	return strings.ReplaceAll(code[i+1:i+1+end], `\/`, "/")
}

// indexFold finds word, which is lower-case ASCII, in s in any case.
func indexFold(s, word string) int {
	for i := 0; i+len(word) <= len(s); i++ {
		if s[i]|0x20 == word[0]|0x20 && strings.EqualFold(s[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}

// numberWords are what stands on a link with a number besides digits: the words of numbers,
// of the register, and of copyright. Of two that begin alike the longer one stands first.
var numberWords = strings.NewReplacer(
	"公网安备", "", "公安", "", "网警", "", "网站备案号", "", "备案号", "", "备案", "", "许可证", "", "ICP", "", "备", "", "号", "", "证", "", "编", "", "第", "", "网站", "",
	"工信部", "", "工业和信息化部", "", "管理局", "", "通信", "", "查询", "", "信息", "", "版权所有", "", "版权", "",
)

// HasName reports whether a text with a number holds a name beside it: three Han
// characters and more, for one is the province.
func HasName(text string) bool { return namesBeside(text) >= 3 }

// namesBeside counts the Han characters of a text that are none of numberWords.
func namesBeside(text string) (han int) {
	for _, c := range numberWords.Replace(text) {
		if c >= 0x4E00 && c <= 0x9FFF {
			han++
		}
	}
	return han
}
