package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
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
	c          context
	anchor     int  // index into Links of the a element that is open, -1 if none
	floating   bool // its element was ended by another's end tag; the link goes on
	paragraphs int  // open p elements
	quirks     bool // no doctype: tables stand in paragraphs
	foreign    int  // depth of the svg or math element plus one, 0 outside of one
	unveil     int  // where the tag ends of an element that is read as shown, -1 for none
	veiled     int  // bytes of text in the element that hides most …
	veil       int  // … and where its tag ends

	hidden *strings.Builder // text of the hidden element that is being read, nil outside of one
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
	link    int  // the link of an element that is no a but opens one, -1 outside
	friends bool // within a list of friend links
	foot    bool // within the foot of the page
	deep    bool // within an article, a list item, a dialog: a footer there is not the page's
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
			if r.host < r.z.i {
				r.traceHost(&r.z.tag)
			}
			r.open(&r.z.tag)
		case tokenCode:
			r.trace(TraceTemplate, r.source())
		case tokenClose:
			r.close(&r.z.tag)
		case tokenComment:
			r.aside(AsideComment, r.z.text)
			if hasPrefixFold(r.z.text, "#include") || hasPrefixFold(r.z.text, "#echo") || hasPrefixFold(r.z.text, "#exec") || hasPrefixFold(r.z.text, "esi") {
				r.trace(TraceTemplate, r.source())
			}
		case tokenEnd:
			r.popTo(0)
			r.closeAnchor()
			return
		}
	}
}

// open reads a start tag, and the content of elements in which markup is text.
func (r *reader) open(t *tag) {
	if r.foreign > 0 && foreignEnds(t.atom) {
		r.popTo(r.foreign - 1)
	}
	a := &t.attrs
	switch t.atom {
	case atom.Html, atom.Head, atom.Body, atom.Link:
		return
	case atom.Script:
		r.script(a, r.z.scriptContent())
		return
	case atom.Style, atom.Noembed, atom.Xmp:
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
		if s := r.z.content("title"); r.foreign == 0 && r.p.Title == "" {
			r.p.Title = strings.Join(strings.Fields(html.UnescapeString(s)), " ")
		}
		return
	case atom.Textarea:
		r.unseen(html.UnescapeString(r.z.content("textarea")))
		return
	case atom.Video, atom.Audio, atom.Canvas:
		if !t.self {
			r.z.content(strings.ToLower(t.name)) // for browsers that cannot show it
		}
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
		r.out.add(r.z.s[r.z.i:])
		r.z.i = len(r.z.s)
		return
	}
	r.element(t)
}

// element reads the start tag of an element that holds others or is void.
func (r *reader) element(t *tag) {
	r.imply(t.atom)
	a := &t.attrs
	e := entry{atom: t.atom, name: t.name, id: a.id, class: a.class, tagStart: r.z.start, tagEnd: r.z.i, outer: r.c, link: -1, anchor: -1}
	if r.hidden == nil && r.z.i != r.unveil && a.hides(t.atom) {
		r.hidden, e.hides = new(strings.Builder), true
	}
	if isBlock(t.atom) {
		r.breakLine()
	}
	switch t.atom {
	case atom.Img, atom.Image:
		r.p.Images++
	case atom.Input:
		r.p.Password = r.p.Password || strings.EqualFold(a.typ, "password") && r.hidden == nil
	case atom.Frameset:
		r.frames = append(r.frames, frameset{sizes: firstOf(a.rows, a.cols)})
	case atom.Svg, atom.Math:
		if r.foreign == 0 {
			r.foreign = len(r.stack) + 1
		}
	case atom.Td, atom.Th, atom.Caption:
		if e.anchor = r.anchor; r.floating {
			r.anchor = -1 // a link that was left open does not reach into cells
		}
	}
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
	if void(t.atom) || t.self && r.foreign > 0 {
		if r.foreign == len(r.stack)+1 {
			r.foreign = 0
		}
		r.endVoid(&e)
		return
	}
	r.push(e)
}

// endVoid ends an element that has no content.
func (r *reader) endVoid(e *entry) {
	if e.hides {
		r.hidden = nil
	}
	if e.link >= 0 {
		r.links[e.link].End = len(r.out.raw)
	}
	r.c = e.outer
}

// end ends an element that held something.
func (r *reader) end(e *entry) {
	switch {
	case e.atom == atom.P:
		r.paragraphs--
	case e.atom == atom.A && e.link >= 0 && e.link == r.anchor:
		r.floating = true
	case cell(e.atom):
		if r.anchor != e.anchor {
			r.closeAnchor()
			r.anchor = e.anchor
		}
	case e.atom == atom.Frameset:
		r.endFrameset()
	}
	if r.foreign > len(r.stack) {
		r.foreign = 0
	}
	if isBlock(e.atom) {
		r.breakLine()
	}
	if e.link >= 0 && e.atom != atom.A {
		r.links[e.link].End = len(r.out.raw)
	}
	if e.watch && r.hidden == nil {
		r.watched(e)
	}
	if e.start == len(r.out.raw) && e.nodes == r.p.Nodes && r.hidden == nil {
		r.hollow(e)
	}
	if e.hides {
		t := strings.Join(strings.Fields(r.hidden.String()), " ")
		r.hidden = nil
		r.c = e.outer
		if len(t) > r.veiled && e.atom != atom.Template && e.atom != atom.Dialog {
			r.veiled, r.veil = len(t), e.tagEnd
		}
		r.unseen(t)
	}
}

// text adds text where it stands.
func (r *reader) text(s string) {
	if r.hidden != nil {
		if strings.TrimSpace(s) == "" {
			s = " "
		}
		r.hidden.WriteString(html.UnescapeString(s))
		return
	}
	zone := r.c.zone
	if r.c.friends {
		zone = ZoneFriends
	}
	r.out.at(zone, r.c.zone, r.link())
	r.out.add(s)
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
	if r.hidden != nil {
		r.hidden.WriteByte(' ')
		return
	}
	r.out.line = true
}
