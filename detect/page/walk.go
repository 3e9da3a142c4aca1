package page

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// A reader walks the tree once and gathers everything that Page holds.
type reader struct {
	p     *Page
	base  base
	raw   []byte   // becomes Page.Raw
	space string   // white space as written that waits for the next character
	line  bool     // a line break waits for the next character
	spans []Span   // offsets in Raw only
	under []Zone   // per span: the zone around a list of friend links
	alts  []string // per link: alt texts within

	hidden *strings.Builder // text of the hidden element that is being read, nil outside of one
	mounts []mount          // possible mount points of a script-drawn page
	feet   []int            // Raw offsets at which an element of the foot begins
	empty  []string         // ids and classes of foot elements that hold no text
}

// A context is what an element hands down to its children.
type context struct {
	zone    Zone
	link    int  // index into Links, -1 outside of one
	friends bool // within a list of friend links
	foot    bool // within the foot of the page
	deep    bool // within an article, a list item, a dialog: a footer there is not the page's
}

func (r *reader) children(n *html.Node, c context) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		switch k.Type {
		case html.TextNode:
			r.text(k.Data, c)
		case html.ElementNode:
			r.p.Nodes++
			r.element(k, c)
		case html.CommentNode:
			r.aside(AsideComment, k.Data, c)
		}
	}
}

// element reads one element and what is in it.
func (r *reader) element(n *html.Node, c context) {
	switch n.DataAtom {
	case atom.Script:
		r.script(n, c)
		return
	case atom.Style:
		return
	case atom.Noscript, atom.Noframes, atom.Noembed, atom.Video, atom.Audio, atom.Canvas:
		r.noscript(n, c)
		return
	case atom.Title:
		if n.Namespace == "" && r.p.Title == "" {
			r.p.Title = strings.Join(strings.Fields(content(n)), " ")
		}
		return
	case atom.Meta:
		r.meta(n, c)
		return
	case atom.Base:
		if href := attr(n, "href"); href != "" {
			r.base = newBase(r.base.resolve(href))
		}
		return
	case atom.Br:
		r.breakLine()
		return
	case atom.Wbr:
		return
	}
	a := attributes(n)
	if r.hidden == nil && a.hides(n.DataAtom) {
		r.hide(n, &a, c)
		return
	}
	r.visit(n, &a, c)
}

// visit reads an element that is not hidden by itself.
func (r *reader) visit(n *html.Node, a *attrs, c context) {
	switch n.DataAtom {
	case atom.Img:
		r.p.Images++
	case atom.Iframe, atom.Frame:
		r.frame(n, a, c)
		return
	case atom.Input:
		r.input(a)
	}
	block := isBlock(n.DataAtom)
	c = r.enter(n, a, c)
	if a.alt != "" || a.title != "" || a.label != "" {
		r.labels(a, c)
	}
	opened := -1
	if link, ok := r.link(n.DataAtom, a, c); ok {
		opened = len(r.p.Links)
		link.Start = len(r.raw)
		r.p.Links = append(r.p.Links, link)
		r.alts = append(r.alts, "")
		c.link = opened
		if n.DataAtom == atom.Area || n.DataAtom == atom.Img || n.DataAtom == atom.Input {
			r.alts[opened] = fold.String(firstOf(a.alt, a.title))
		}
	}
	if block {
		r.breakLine()
	}
	at := len(r.raw)
	if n.FirstChild != nil {
		r.children(n, c)
	}
	if block {
		r.breakLine()
	}
	if opened >= 0 {
		r.p.Links[opened].End = len(r.raw)
	}
	r.leave(n, a, c, at)
}

// text adds text that stands in context c.
func (r *reader) text(s string, c context) {
	if r.hidden != nil {
		if t := strings.TrimSpace(s); t != "" {
			r.hidden.WriteString(s)
		} else {
			r.hidden.WriteByte(' ')
		}
		return
	}
	for i := 0; i < len(s); {
		b := s[i]
		n := 1
		blank := b == ' ' || b <= '\r' && b >= '\t'
		if b >= 0xC2 && (b < 0xE4 || b >= 0xEF) {
			var rr rune
			rr, n = utf8.DecodeRuneInString(s[i:])
			f, ok := fold.Rune(rr)
			blank = f == ' ' || !ok && (r.space != "" || r.line)
		}
		if blank {
			if r.space == "" {
				r.space = s[i : i+n]
				if b < 0x80 {
					r.space = " "
				}
			}
			i += n
			continue
		}
		j := i + n
		for j < len(s) {
			b := s[j]
			if b == ' ' || b <= '\r' && b >= '\t' || b >= 0xC2 && (b < 0xE4 || b >= 0xEF) {
				break
			}
			j++
		}
		r.emit(s[i:j], c)
		i = j
	}
}

// maxSpan is the length in bytes at which a span of one zone and link is closed
// all the same, so that finding a place within a span stays cheap on a page
// that is one endless text.
const maxSpan = 4 << 10

// emit appends a run of characters, after the white space that waits.
func (r *reader) emit(s string, c context) {
	zone := c.zone
	if c.friends {
		zone = ZoneFriends
	}
	if k := len(r.spans) - 1; k < 0 || r.spans[k].Zone != zone || r.spans[k].Link != c.link || r.under[k] != c.zone || len(r.raw)-r.spans[k].RawStart > maxSpan {
		r.closeSpan()
		r.spans = append(r.spans, Span{RawStart: len(r.raw), Zone: zone, Link: c.link})
		r.under = append(r.under, c.zone)
	}
	if len(r.raw) > 0 {
		if r.line {
			r.raw = append(r.raw, '\n')
		} else {
			r.raw = append(r.raw, r.space...)
		}
	}
	r.line, r.space = false, ""
	r.raw = append(r.raw, s...)
}

// breakLine parts what comes from what was.
func (r *reader) breakLine() {
	if r.hidden != nil {
		r.hidden.WriteByte(' ')
		return
	}
	r.line = true
}

func (r *reader) closeSpan() {
	if k := len(r.spans) - 1; k >= 0 {
		r.spans[k].RawEnd = len(r.raw)
	}
}

// hide reads an element that the visitor does not see: its text becomes one
// aside, its links are marked.
func (r *reader) hide(n *html.Node, a *attrs, c context) {
	var b strings.Builder
	r.hidden = &b
	r.visit(n, a, c)
	r.hidden = nil
	if t := strings.Join(strings.Fields(b.String()), " "); t != "" {
		r.addAside(AsideHidden, t, c)
	}
}

func (r *reader) aside(kind AsideKind, raw string, c context) {
	if raw = strings.TrimSpace(raw); raw != "" {
		r.addAside(kind, raw, c)
	}
}

func (r *reader) addAside(kind AsideKind, raw string, c context) {
	r.p.Asides = append(r.p.Asides, Aside{Kind: kind, Text: fold.String(raw), Raw: raw, Foot: c.foot, Link: c.link, At: len(r.raw)})
}

// labels keeps the texts that stand in attributes.
func (r *reader) labels(a *attrs, c context) {
	for i, s := range [...]string{a.alt, a.title, a.label} {
		if s == "" {
			continue
		}
		r.aside(AsideAlt, s, c)
		if i == 0 && c.link >= 0 {
			if r.alts[c.link] != "" {
				s = r.alts[c.link] + " " + s
			}
			r.alts[c.link] = fold.String(s)
		}
	}
}

// noscript keeps what a browser with scripts does not show.
func (r *reader) noscript(n *html.Node, c context) {
	if n.DataAtom == atom.Noscript || n.DataAtom == atom.Noframes {
		r.aside(AsideNoscript, strip(content(n)), c)
	}
}

// content is the text of an element's direct text children, which is all there
// is in title, script and (with scripting on) noscript.
func content(n *html.Node) string {
	k := n.FirstChild
	if k != nil && k.NextSibling == nil && k.Type == html.TextNode {
		return k.Data
	}
	var b strings.Builder
	for ; k != nil; k = k.NextSibling {
		if k.Type == html.TextNode {
			b.WriteString(k.Data)
		}
	}
	return b.String()
}

// strip drops the tags of a piece of markup; it is for text that is matched,
// never shown.
func strip(s string) string {
	if strings.IndexByte(s, '<') < 0 {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		end := strings.IndexByte(s[i:], '>')
		if end < 0 {
			break
		}
		s = s[i+end+1:]
	}
	return html.UnescapeString(b.String())
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// isBlock reports whether the element stands on lines of its own.
func isBlock(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Big, atom.Cite, atom.Code, atom.Data, atom.Del, atom.Dfn, atom.Em, atom.Font, atom.I,
		atom.Img, atom.Input, atom.Ins, atom.Kbd, atom.Label, atom.Mark, atom.Nobr, atom.Q, atom.S, atom.Samp, atom.Small, atom.Span, atom.Strike,
		atom.Strong, atom.Sub, atom.Sup, atom.Time, atom.Tt, atom.U, atom.Var, atom.Picture, atom.Source, atom.Link, atom.Map, atom.Area, atom.Button, 0:
		return false
	}
	return true
}
