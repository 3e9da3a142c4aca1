package page

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// A look is what decides whether the text of an element is seen: what the
// elements around it hand down, and its own.
type look struct {
	gone      bool // display:none or no part of the page: nothing within is seen
	mute      bool // what is within is no text at all
	inert     bool // a template: what is within is no part of the page, scripts do not run
	invisible bool // visibility:hidden, which an element within may undo
	tiny      bool // font-size:0, which an element within may undo
	clipped   bool // in a box of no width or height that shows nothing beside it …
	placed    bool // … which holds positioned elements too
	x, y      int16
	indent    int16
}

// hidden reports whether a text is kept from the visitor.
func (l look) hidden() bool {
	return l.gone || l.invisible || l.tiny || l.clipped || l.x <= farShift || l.y <= farShift || l.indent <= farShift
}

// An appearance is what one element makes of the look.
type appearance struct {
	tag    atom.Atom
	inert  bool // a template
	mute   bool // a style or a title in svg
	never  bool // see unrendered
	closed bool // not shown unless its style says so
	style  style
}

// appearanceOf reads what an element makes of the look, nil if nothing.
// aria-hidden is none of it: it hides from screen readers only. Nor is opacity:
// libraries that fade things in begin with it. shadow says that a template is a
// shadow root that the markup declares.
func appearanceOf(tag atom.Atom, a *attrs, shadow, foreign bool) *appearance {
	p := appearance{
		tag:    tag,
		inert:  tag == atom.Template && !shadow,
		mute:   foreign && mute(tag),
		never:  unrendered(tag),
		closed: a.hidden || tag == atom.Datalist || tag == atom.Dialog && !a.open,
	}
	if a.style != "" {
		p.style = readStyle(a.style)
		if p.style.faded && strings.Contains(a.class, "wow") {
			p.style = style{} // what the animation library left in a saved page: it shows when it is reached
		}
	}
	if !p.inert && !p.mute && !p.never && !p.closed && p.style == (style{}) {
		return nil
	}
	return &p
}

// within is the look of an element that stands where l is.
func (l look) within(p *appearance) look {
	l.inert = l.inert || p.inert
	l.mute = l.mute || p.mute
	l.gone = l.gone || p.inert || p.never || p.mute
	if l.gone {
		return l
	}
	tag, s := p.tag, &p.style
	l.gone = s.display == displayNone || p.closed && s.display == displayUnset
	switch s.visibility {
	case toggleOff:
		l.invisible = true
	case toggleOn:
		l.invisible = false
	}
	switch s.font {
	case fontZero:
		l.tiny = true
	case fontSet:
		l.tiny = false
	}
	l.box(tag, s)
	return l
}

// box takes in what a style says of the box of an element.
func (l *look) box(tag atom.Atom, s *style) {
	if s.display == displayContents {
		return
	}
	out := s.position == positionAbsolute || s.position == positionFixed
	inline := !out && !s.floats && (s.display == displayInline || s.display == displayUnset && !isBlock(tag) && tag != atom.Button && tag != atom.Img)
	if out && (!l.placed || s.position == positionFixed) {
		l.clipped = false // the box is not the one that holds it
	}
	if s.position == positionFixed {
		l.x, l.y = 0, 0
	}
	if s.position != positionStatic {
		l.x, l.y = shift(l.x, s.left), shift(l.y, s.top)
	}
	if inline {
		return
	}
	l.x = shift(l.x, s.margin)
	if s.indent.set {
		l.indent = s.indent.px
	}
	if s.clips && s.flat && !s.padded && !tablePart(tag) {
		l.clipped, l.placed = true, s.position != positionStatic
	}
}

func shift(at int16, by length) int16 {
	return int16(max(-20000, min(20000, int(at)+int(by.px))))
}

// tablePart reports whether the element's height is a least one, whatever its
// style says.
func tablePart(a atom.Atom) bool {
	switch a {
	case atom.Table, atom.Tbody, atom.Thead, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Caption:
		return true
	}
	return false
}

// unrendered reports whether browsers show nothing of what stands in the
// element: it is for those that do not know it.
func unrendered(a atom.Atom) bool {
	switch a {
	case atom.Video, atom.Audio, atom.Canvas, atom.Meter, atom.Progress, atom.Rp:
		return true
	}
	return false
}

// mute reports whether the element holds no text of the page where it stands in
// svg.
func mute(a atom.Atom) bool {
	switch a {
	case atom.Style, atom.Script, atom.Title, atom.Desc:
		return true
	}
	return false
}

// shadowHost reports whether the element may have a shadow root that the
// markup declares (the DOM standard's list, and elements of the site's own).
func shadowHost(a atom.Atom, name string) bool {
	switch a {
	case atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Div, atom.Footer, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Header, atom.Main, atom.Nav, atom.P, atom.Section, atom.Span:
		return true
	}
	return a == 0 && strings.IndexByte(name, '-') > 0
}
