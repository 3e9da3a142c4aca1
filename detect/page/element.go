package page

import (
	"strings"

	"golang.org/x/net/html/atom"
)

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
	if !r.c.dark {
		r.picture(t)
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
