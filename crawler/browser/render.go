package browser

import (
	"bytes"
	"context"
	"html"
	"strings"

	"github.com/chromedp/cdproto/domsnapshot"
)

const (
	maxDOM   = 8 << 20 // bytes of serialised DOM, as the static limit
	maxDepth = 1000    // elements in elements, frames and shadow roots included
)

// render writes a page as HTML that a reader without style sheets reads as a
// visitor sees it, and reports whether it was cut. It is the contract with who
// judges drawn pages:
//
//   - What no visitor sees has the attribute hidden: an element that shows
//     nothing at all, or a span around a text in an element that shows more.
//   - What is seen has no hidden attribute and no inline style but its
//     background: nothing in it says otherwise.
//   - Shadow roots, open or closed, stand in their hosts with the slots filled;
//     the body of a frame stands in a div with the frame's address in
//     data-frame; text of ::before and ::after stands in a span with
//     data-pseudo; fields hold what stands in them now.
//
// Its work grows with the size of the page alone, however the page is made. It ends
// with ctx, and the page is cut then.
func render(ctx context.Context, s *snapshot) (body []byte, cut bool) {
	w := &writer{ctx: ctx, shot: s}
	w.document(0, 0, true)
	return w.out.Bytes(), w.cut
}

// A writer serialises a snapshot.
type writer struct {
	ctx   context.Context
	shot  *snapshot
	out   bytes.Buffer
	cut   bool
	nodes int  // begun
	ended bool // ctx is over
}

// A place is where in the output a node is written.
type place struct {
	doc    *document
	sight  []seen
	hidden bool // an ancestor is marked
	depth  int
	frame  bool // in a frame: only the body is written
}

// document writes the tree of one frame. A document stands in one frame: tables that
// say otherwise are no browser's.
func (w *writer) document(n, depth int, shown bool) {
	d := w.shot.docs[n]
	if d.written {
		return
	}
	d.written = true
	at := place{doc: d, sight: d.sight(), hidden: !shown, depth: depth, frame: n > 0}
	if !at.frame {
		w.children(0, at)
		return
	}
	for root := d.first[0]; root >= 0; root = d.next[root] {
		for i := d.first[root]; i >= 0; i = d.next[i] {
			if name := d.name(i); name == "BODY" || name == "FRAMESET" {
				w.children(i, at)
			}
		}
	}
}

// full reports, and notes, that no more is written.
func (w *writer) full(depth int) bool {
	if w.nodes++; w.nodes%1024 == 0 && w.ctx.Err() != nil {
		w.ended = true
	}
	full := w.ended || w.out.Len() > maxDOM || depth > maxDepth
	w.cut = w.cut || full
	return full
}

// children writes what a node holds: its shadow root, if there is one, else
// its children.
func (w *writer) children(i int32, at place) {
	d := at.doc
	for c := d.first[i]; c >= 0; c = d.next[c] {
		if kind, root := d.shadow[c]; root && kind != "user-agent" && d.kind(c) == fragmentNode {
			w.list(d.first[c], at)
			w.unslotted(i, c, at)
			return
		}
	}
	w.list(d.first[i], at)
}

// list writes a node and its siblings.
func (w *writer) list(i int32, at place) {
	for ; i >= 0; i = at.doc.next[i] {
		w.node(i, at)
	}
}

// unslotted writes the children of a host that no slot took.
func (w *writer) unslotted(host, root int32, at place) {
	for c := at.doc.first[host]; c >= 0; c = at.doc.next[c] {
		if _, done := at.doc.slotted[c]; c != root && !done {
			w.node(c, at)
		}
	}
}

// slot writes the children of the host that the slot takes, or its own.
func (w *writer) slot(i int32, at place) {
	d := at.doc
	taken := false
	if host := d.host[i]; host >= 0 {
		name, _ := d.attribute(i, "name")
		for _, c := range d.take(host, name) {
			d.slotted[c], taken = struct{}{}, true
			w.node(c, at)
		}
	}
	if !taken {
		w.list(d.first[i], at)
	}
}

// node writes one node with all that it holds.
func (w *writer) node(i int32, at place) {
	d := at.doc
	if at.depth++; w.full(at.depth) {
		return
	}
	switch d.kind(i) {
	case doctypeNode:
		w.out.WriteString("<!doctype html>")
	case commentNode:
		if v := d.value(i); !strings.Contains(v, "--") && !strings.HasPrefix(v, ">") {
			w.out.WriteString("<!--" + v + "-->")
		}
	case textNode:
		w.text(d.value(i), at.sight[i] != seenNot, at)
	case elementNode:
		if kind, ok := d.pseudo[i]; ok {
			w.pseudo(i, kind, at)
			return
		}
		w.element(i, at)
	}
}

// text writes text, marked where no one sees it.
func (w *writer) text(s string, shown bool, at place) {
	if shown || at.hidden || strings.TrimSpace(s) == "" {
		w.out.WriteString(html.EscapeString(s))
		return
	}
	w.out.WriteString(`<span hidden="">` + html.EscapeString(s) + `</span>`)
}

// pseudo writes the text that a style sheet puts before or after an element.
func (w *writer) pseudo(i int32, kind string, at place) {
	if kind != "before" && kind != "after" {
		return
	}
	d := at.doc
	var text strings.Builder
	shown := false
	for _, row := range d.pseudoRows[i] {
		text.WriteString(d.shot.text(d.raw.Layout.Text[row]))
		shown = shown || d.inked[row] && d.style(row, styleVisibility) == "visible"
	}
	if strings.TrimSpace(text.String()) == "" {
		return
	}
	w.out.WriteString(`<span data-pseudo="` + kind + `">`)
	w.text(text.String(), shown, at)
	w.out.WriteString("</span>")
}

// element writes an element.
func (w *writer) element(i int32, at place) {
	d := at.doc
	tag := tagOf(d.name(i))
	frame, framed := d.frames[i]
	if framed || tag == "frameset" {
		tag = "div"
	}
	shown := at.sight[i] != seenNot || unseen[tag]
	mark := !shown && !at.hidden
	w.out.WriteString("<" + tag)
	w.attributes(d, i, tag, at.sight[i] == seenYes, mark)
	if framed {
		w.attribute("data-frame", d.shot.text(w.shot.docs[frame].raw.DocumentURL))
	}
	w.out.WriteString(">")
	at.hidden = at.hidden || mark
	switch {
	case framed:
		w.document(frame, at.depth, !at.hidden)
	case void[tag]:
		return
	case rawText[tag]:
		w.raw(i, tag, at)
	case tag == "textarea":
		w.out.WriteString(html.EscapeString(d.values[i]))
	case tag == "slot":
		w.slot(i, at)
	case inert[tag]:
		at.hidden = true // and nothing in it is marked
		w.list(d.first[i], at)
	default:
		w.children(i, at)
	}
	w.out.WriteString("</" + tag + ">")
}

// raw writes the text of an element whose text is no markup.
func (w *writer) raw(i int32, tag string, at place) {
	for c := at.doc.first[i]; c >= 0; c = at.doc.next[c] {
		if v := at.doc.value(c); !containsEnd(v, tag) {
			w.out.WriteString(v)
		}
	}
}

// containsEnd reports whether a text would end the element that holds it.
func containsEnd(text, tag string) bool {
	return strings.Contains(strings.ToLower(text), "</"+tag)
}

// attributes writes the attributes of an element, without those that say of a
// shown one that it is not.
func (w *writer) attributes(d *document, i int32, tag string, shown, mark bool) {
	list := d.raw.Nodes.Attributes[i]
	value, field := d.values[i]
	for k := 0; k+1 < len(list); k += 2 {
		name, v := d.shot.text(domsnapshot.StringIndex(list[k])), d.shot.text(domsnapshot.StringIndex(list[k+1]))
		switch {
		case name == "hidden" && (shown || mark), name == "value" && field:
			continue
		case name == "style" && shown:
			v = background(v)
		}
		w.attribute(name, v)
	}
	if field && tag == "input" {
		w.attribute("value", value)
	}
	if _, open := d.attribute(i, "open"); tag == "dialog" && shown && !open {
		w.attribute("open", "")
	}
	if mark {
		w.attribute("hidden", "")
	}
}

// attribute writes one attribute, if its name can be written.
func (w *writer) attribute(name, value string) {
	if name == "" || strings.ContainsAny(name, " \t\n\f\r\"'<>/=\x00") || name == "style" && value == "" {
		return
	}
	w.out.WriteString(" " + name + `="` + attributeEscaper.Replace(value) + `"`)
}

var attributeEscaper = strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;")

// background keeps the declarations of an inline style that bring a picture.
func background(style string) string {
	if !strings.Contains(style, "url(") {
		return ""
	}
	var kept []string
	for decl := range strings.SplitSeq(style, ";") {
		name, _, _ := strings.Cut(decl, ":")
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(name)), "background") {
			kept = append(kept, strings.TrimSpace(decl))
		}
	}
	return strings.Join(kept, "; ")
}

// tagOf returns the name of an element as it is written. A name that no parser
// would read back as one becomes span.
func tagOf(name string) string {
	for k := range len(name) {
		c := name[k]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || k > 0 && (c >= '0' && c <= '9' || c == '-' || c == '_' || c == ':' || c == '.')) {
			return "span"
		}
	}
	if name == "" {
		return "span"
	}
	return strings.ToLower(name)
}

// void elements have no end tag.
var void = set("area base br col embed hr img input link meta param source track wbr")

// rawText elements hold text that is no markup, noscript too in a page whose
// scripts run.
var rawText = set("script style noscript xmp noembed noframes iframe plaintext")

// inert elements hold what is no part of the page as it is shown.
var inert = set("head title template map datalist option optgroup audio video canvas object")

// unseen elements are never marked: that they show nothing hides nothing.
var unseen = set("html body meta link base script style noscript area param source track br wbr col colgroup head title template map datalist option optgroup")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		m[word] = true
	}
	return m
}
