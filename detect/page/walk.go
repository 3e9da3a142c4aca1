package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// A reader goes through the page once, tag by tag, and gathers everything that
// Page holds. It keeps the elements that are open, by the standard's rules for
// what ends what, and builds no tree: to build one costs several times the
// reading, and nothing is asked of a page that needs it. A test compares what is
// read here with goquery's tree of the same pages.
type reader struct {
	p    *Page
	z    scanner
	base base
	out  text // the text that is seen
	alts []string

	links  []Link  // becomes Page.Links …
	asides []Aside // … and Page.Asides

	stack      []entry
	index      index // of the stack
	c          context
	anchor     int    // index into Links of the a element that is open, -1 if none
	floating   bool   // its element was ended by another's end tag; the link goes on
	paragraphs int    // open p elements
	quirks     bool   // no doctype: tables stand in paragraphs
	action     string // where the form that is open sends its visitor
	foreign    int    // depth of the svg or math element plus one, 0 outside of one
	tree       *Tree  // that is read, nil for a page
	unveil     int    // where the tag ends of an element that is read as shown, -1 for none
	veiled     int    // bytes of text in the element that hides most …
	veil       int    // … and where its tag ends

	feet   []int // offsets in Raw at which elements begin that are named for the foot
	quotes []quote
	dark   darkness // the text that is not seen
	frames []frameset
	mounts []int  // visible characters in each possible mount point of a script-drawn page
	empty  int    // foot elements that hold no text
	sizes  []size // of each iframe in Frames

	traces map[TraceKind][]Trace
	host   int // where in the source the next host of the register is
}

// A context is what an element hands down to what stands in it.
type context struct {
	zone    Zone
	quote   int  // the innermost quote, by its place in the list plus one; 0 outside
	link    int  // the link of an element that is no a but opens one, -1 outside
	friends bool // within a list of friend links
	foot    bool // within the foot of the page
	deep    bool // within an article, a list item, a dialog: a footer there is not the page's
	dark    bool // what stands here is not seen, which look says
	look    look
}

// see gives the context a look.
func (c *context) see(l look) { c.look, c.dark = l, l.hidden() }

// A darkness is text that is not seen, gathered until something seen comes.
type darkness struct {
	text strings.Builder
	at   Aside     // where it began
	tag  int       // where the tag ends of the element that hides it …
	of   atom.Atom // … and what that is
	sum  int       // bytes of text that the element has hidden so far
}

// light ends a text that is not seen where what comes is.
func (r *reader) light() {
	d := &r.dark
	if r.c.dark || d.text.Len() == 0 {
		return
	}
	raw := strings.Join(strings.Fields(d.text.String()), " ")
	d.text.Reset()
	if d.sum += len(raw); d.sum > r.veiled && d.of != atom.Template && d.of != atom.Dialog {
		r.veiled, r.veil = d.sum, d.tag
	}
	if raw != "" {
		d.at.Text, d.at.Raw = fold.String(raw), raw
		r.asides = append(r.asides, d.at)
	}
}

// read goes through the page.
func (r *reader) read() {
	r.nextHost(0)
	for {
		switch r.z.next() {
		case tokenText:
			r.text(r.z.text)
		case tokenOpen:
			r.p.Nodes++
			r.p.effort += len(r.stack)
			if r.host < r.z.i {
				r.traceHost(&r.z.tag)
			}
			r.open(&r.z.tag)
		case tokenCode:
			r.trace(TraceTemplate, r.source())
		case tokenClose:
			r.p.effort += len(r.stack)
			if r.tree == nil {
				r.close(&r.z.tag)
			} else {
				r.closeNode(&r.z.tag)
			}
		case tokenComment:
			r.aside(AsideComment, r.z.text)
			if hasPrefixFold(r.z.text, "#include") || hasPrefixFold(r.z.text, "#echo") || hasPrefixFold(r.z.text, "#exec") || hasPrefixFold(r.z.text, "esi") {
				r.trace(TraceTemplate, r.source())
			}
		case tokenEnd:
			r.popTo(0)
			r.light()
			r.closeAnchor()
			return
		}
	}
}

// open reads a start tag, and the content of elements in which markup is text.
func (r *reader) open(t *tag) {
	if r.foreign > 0 && r.tree == nil && foreignEnds(t) {
		r.popTo(r.foreign - 1)
	}
	if r.foreign > 0 {
		r.openForeign(t)
		return
	}
	a := &t.attrs
	switch t.atom {
	case atom.Html, atom.Head, atom.Body, atom.Link:
		r.handler(a)
		if t.atom == atom.Body && strings.Contains(a.style, "url(") {
			r.p.Media++
		}
		return
	case atom.Script:
		r.script(a, r.z.scriptContent())
		return
	case atom.Xmp:
		r.imply(t.atom)
		r.breakLine()
		r.plain(r.z.content("xmp"))
		r.breakLine()
		return
	case atom.Style, atom.Noembed:
		if code := r.z.content(strings.ToLower(t.name)); strings.Contains(code, "content") && drawsNumber(code) {
			r.trace(TraceDrawn, code)
		}
		return
	case atom.Noscript, atom.Noframes:
		r.aside(AsideNoscript, strip(r.z.content(strings.ToLower(t.name))))
		return
	case atom.Iframe:
		r.frame(a)
		r.z.content("iframe")
		return
	case atom.Title:
		if s := r.z.content("title"); r.p.Title == "" {
			r.p.Title = strings.Join(strings.Fields(html.UnescapeString(s)), " ")
		}
		return
	case atom.Textarea:
		if k := r.reach(atom.Select, kindScope); k >= 0 && r.tree == nil {
			r.popTo(k)
		}
		r.field(a, r.z.content("textarea"))
		return
	case atom.Meta:
		r.meta(a)
		return
	case atom.Base:
		if a.href != "" {
			r.base = newBase(r.base.resolve(a.href))
		}
		return
	case atom.Br:
		r.breakLine()
		return
	case atom.Frame:
		r.frameOf(a)
		return
	case atom.Plaintext:
		r.imply(t.atom)
		r.breakLine()
		r.plain(r.z.s[r.z.i:])
		r.z.i = len(r.z.s)
		return
	}
	r.element(t)
}

// element reads the start tag of an element that holds others or is void.
func (r *reader) element(t *tag) {
	if r.tree == nil && r.foreign == 0 {
		if r.astray(t.atom) {
			return
		}
		r.imply(t.atom)
	}
	a := &t.attrs
	e := entry{atom: t.atom, name: t.name, id: a.id, class: a.class, tagStart: r.z.start, tagEnd: r.z.i, outer: r.c, link: -1, anchor: -1}
	if isBlock(t.atom) {
		r.breakLine()
	}
	r.appear(t, &e)
	switch t.atom {
	case atom.Img, atom.Image:
		r.p.Images++
	case atom.Input:
		r.p.Password = r.p.Password || strings.EqualFold(a.typ, "password") && !r.c.dark
	case atom.Frameset:
		r.frames = append(r.frames, frameset{sizes: firstOf(a.rows, a.cols)})
	case atom.Svg, atom.Math:
		if r.foreign == 0 {
			r.foreign = len(r.stack) + 1
		}
	case atom.A:
		e.anchor = r.anchor
	case atom.Form:
		r.action = a.action
	case atom.Td, atom.Th, atom.Caption, atom.Marquee, atom.Object, atom.Applet, atom.Template:
		if e.anchor = r.anchor; r.floating {
			r.anchor = -1 // a link that was left open does not reach into these
		}
	}
	switch t.atom {
	case atom.Video, atom.Audio, atom.Canvas, atom.Object, atom.Embed, atom.Svg:
		if !e.outer.dark {
			r.p.Media++
		}
	default:
		if a.style != "" && !r.c.dark && strings.Contains(a.style, "url(") {
			r.p.Media++
		}
	}
	r.handler(a)
	r.enter(t, a)
	r.openLink(t.atom, a, &e)
	if a.alt != "" || a.title != "" || a.label != "" {
		r.labels(t.atom, a)
	}
	r.traceTag(t)
	e.start, e.nodes = len(r.out.raw), r.p.Nodes
	if a.id != "" && isMount(a.id) || t.atom == 0 && (t.name == "app-root" || t.name == "flutter-view") || a.include || r.c.foot && a.class+a.id != "" {
		e.watch = true
		if a.include {
			r.empty++
		}
	}
	if r.foreign == 0 && void(t.atom) || t.self && r.foreign > 0 {
		if r.foreign == len(r.stack)+1 {
			r.foreign = 0
		}
		r.endVoid(&e)
		return
	}
	if r.foreign > 0 && integrates(t) {
		e.foreign, r.foreign = r.foreign, 0
	}
	r.push(e)
}

// openForeign reads a start tag in svg or math, where no element is text alone.
func (r *reader) openForeign(t *tag) {
	if t.atom == atom.Script && !t.self {
		z := r.z
		if code := r.z.scriptContent(); strings.IndexByte(code, '<') < 0 && r.z.i > z.i+len(code) {
			r.script(&t.attrs, code)
			return
		}
		r.z = z
	}
	r.element(t)
}

// integrates reports whether HTML stands in the element of svg.
func integrates(t *tag) bool {
	return t.atom == atom.Title || t.atom == atom.Desc || strings.EqualFold(t.name, "foreignObject")
}

// closeNode closes the innermost element where a tree is read: its end tags come
// in order. Elements that are not kept open have theirs too.
func (r *reader) closeNode(t *tag) {
	if k := len(r.stack) - 1; k >= 0 && strings.EqualFold(r.stack[k].name, t.name) {
		r.popTo(k)
	}
}

// appear finds out whether what stands in the element is seen.
func (r *reader) appear(t *tag, e *entry) {
	a := &t.attrs
	if a.style == "" && !a.hidden && t.atom != atom.Template && t.atom != atom.Datalist && t.atom != atom.Dialog && !unrendered(t.atom) && (r.foreign == 0 || !mute(t.atom)) {
		return
	}
	if r.z.i == r.unveil {
		return
	}
	shadow := a.shadow && len(r.stack) > 0 && shadowHost(r.stack[len(r.stack)-1].atom, r.stack[len(r.stack)-1].name)
	if e.own = appearanceOf(t.atom, a, shadow, r.foreign > 0); e.own == nil {
		return
	}
	was := r.c.dark
	r.c.see(r.c.look.within(e.own))
	if r.c.dark && !was {
		r.light()
		r.dark.at = Aside{Kind: AsideHidden, Foot: e.outer.foot, Link: r.link(), At: len(r.out.raw)}
		r.dark.tag, r.dark.of, r.dark.sum = r.z.i, t.atom, 0
	} else if was && !r.c.dark {
		r.light()
	}
}

// plain adds text in which markup and entities are none.
func (r *reader) plain(s string) {
	r.text(strings.ReplaceAll(s, "&", "&amp;"))
}

// endVoid ends an element that has no content.
func (r *reader) endVoid(e *entry) {
	if e.link >= 0 {
		r.links[e.link].End = len(r.out.raw)
	}
	r.c = e.outer
	r.light()
}

// end ends an element that held something.
func (r *reader) end(e *entry) {
	if q := r.c.quote; q != e.outer.quote && q > 0 && r.quotes[q-1].outer == e.outer.quote {
		r.quotes[q-1].end = len(r.out.raw)
	}
	switch {
	case e.atom == atom.P:
		r.paragraphs--
	case e.atom == atom.A && r.tree != nil:
		if e.link >= 0 {
			r.closeAnchor()
			r.anchor = e.anchor
		}
	case e.atom == atom.A && e.link >= 0 && e.link == r.anchor:
		r.floating = true
	case cell(e.atom) || e.atom == atom.Marquee || e.atom == atom.Object || e.atom == atom.Applet || e.atom == atom.Template:
		if r.anchor != e.anchor {
			r.closeAnchor()
			r.anchor = e.anchor
		}
	case e.atom == atom.Frameset:
		r.endFrameset()
	case e.atom == atom.Form:
		r.action = ""
	}
	if e.foreign > 0 {
		r.foreign = e.foreign
	} else if r.foreign > len(r.stack) {
		r.foreign = 0
	}
	if isBlock(e.atom) {
		r.breakLine()
	}
	if e.link >= 0 && e.atom != atom.A {
		r.links[e.link].End = len(r.out.raw)
	}
	if e.watch && !r.c.dark {
		r.watched(e)
	}
	if e.start == len(r.out.raw) && e.nodes == r.p.Nodes && !r.c.dark {
		r.hollow(e)
	}
}

// text adds text where it stands.
func (r *reader) text(s string) {
	if r.floating {
		r.floating = false
		r.push(entry{atom: atom.A, name: "a", tagStart: r.z.start, tagEnd: r.z.i, outer: r.c, link: r.anchor, anchor: -1, start: len(r.out.raw), nodes: r.p.Nodes})
	}
	if r.tree != nil {
		r.tree.texts = append(r.tree.texts, treeText{len(r.out.raw), r.node()})
	}
	if r.c.dark {
		if r.c.look.mute {
			return
		}
		if strings.TrimSpace(s) == "" {
			s = " "
		}
		r.dark.text.WriteString(html.UnescapeString(s))
		return
	}
	zone := r.c.zone
	if r.c.friends {
		zone = ZoneFriends
	}
	link := r.link()
	if link >= 0 && r.links[link].Hidden && strings.TrimSpace(s) != "" {
		r.links[link].Hidden = false // it goes on behind the element that hid it
	}
	r.out.at(zone, r.c.zone, link, r.c.quote)
	r.out.add(s)
}

// node is the innermost element that is open in a tree.
func (r *reader) node() *html.Node {
	if k := len(r.stack) - 1; k >= 0 {
		return r.tree.node(r.stack[k].nodes)
	}
	return nil
}

// link is the link that what comes stands in, -1 if in none.
func (r *reader) link() int {
	if r.anchor >= 0 {
		return r.anchor
	}
	return r.c.link
}

// breakLine parts what comes from what was.
func (r *reader) breakLine() {
	if r.c.dark {
		r.dark.text.WriteByte(' ')
		return
	}
	r.out.line = true
}
