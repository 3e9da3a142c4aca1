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
	memo   zoneMemo

	drawn  []Drawn
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
		r.handler(a)
		r.script(a, r.z.scriptContent())
		return
	case atom.Xmp:
		r.imply(t.atom)
		r.breakLine()
		r.plain(r.z.content("xmp"))
		r.breakLine()
		return
	case atom.Style, atom.Noembed:
		r.handler(a)
		if code := r.z.content(strings.ToLower(t.name)); strings.Contains(code, "content") && (drawsNumber(code) || strings.Contains(code, "attr(") && attributeSays(r.z.s)) {
			r.trace(TraceDrawn, code)
		}
		return
	case atom.Noscript, atom.Noframes:
		r.aside(AsideNoscript, strip(r.z.content(strings.ToLower(t.name))))
		return
	case atom.Iframe:
		r.handler(a)
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
