package page

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// maxDepth is how deep elements nest, as in browsers and in x/net/html: what is
// nested deeper is read as if it stood on the last level.
const maxDepth = 512

// An entry is an element that is open.
type entry struct {
	atom     atom.Atom
	name     string  // as written
	tagStart int     // where in the source its start tag begins …
	tagEnd   int     // … and ends
	outer    context // what holds around it
	start    int     // offset in Raw at which it began
	link     int     // the link that it opened, -1 if none
	anchor   int     // of a table cell: the link around the table
	hides    bool    // it keeps its text from the visitor
	watch    bool    // what it holds when it ends matters: a mount point, a foot
	id       string
	class    string
	nodes    int // elements up to it
}

// push opens an element.
func (r *reader) push(e entry) {
	if len(r.stack) >= maxDepth {
		r.p.Fault = FaultDeep
		if r.foreign == len(r.stack)+1 {
			r.foreign = 0
		}
		if e.atom != atom.A {
			r.endVoid(&e) // nothing would ever end it
		}
		return
	}
	if e.atom == atom.P {
		r.paragraphs++
	}
	r.stack = append(r.stack, e)
}

// popTo closes the element at depth and all within it.
func (r *reader) popTo(depth int) {
	for k := len(r.stack) - 1; k >= depth; k-- {
		e := r.stack[k]
		r.stack = r.stack[:k]
		r.end(&e)
		r.c = e.outer
	}
}

// drop closes the element at depth, and leaves open what stands within it: the
// end tag of an inline element comes within a block now and then.
func (r *reader) drop(depth int) {
	if depth == len(r.stack)-1 {
		r.popTo(depth)
		return
	}
	e, inner := r.stack[depth], r.c
	r.stack[depth+1].outer = e.outer
	r.stack = append(r.stack[:depth], r.stack[depth+1:]...)
	if r.foreign > depth+1 {
		r.foreign--
	}
	r.end(&e)
	r.c = inner
}

// find returns the depth of the innermost open element that is, before stop
// comes; -1 if there is none.
func (r *reader) find(is, stop func(atom.Atom) bool) int {
	for k := len(r.stack) - 1; k >= 0; k-- {
		a := r.stack[k].atom
		if is(a) {
			return k
		}
		if stop(a) {
			return -1
		}
	}
	return -1
}

func only(a atom.Atom) func(atom.Atom) bool { return func(b atom.Atom) bool { return a == b } }

// scope are the elements that end tags do not reach through.
func scope(a atom.Atom) bool {
	switch a {
	case atom.Applet, atom.Caption, atom.Table, atom.Td, atom.Th, atom.Marquee, atom.Object, atom.Template, atom.Svg, atom.Math:
		return true
	}
	return false
}

func tableScope(a atom.Atom) bool { return a == atom.Table || a == atom.Template }

func cell(a atom.Atom) bool { return a == atom.Td || a == atom.Th || a == atom.Caption }

func isHeading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// imply closes what a start tag closes without being told: a paragraph before a
// block, a list item before the next.
func (r *reader) imply(a atom.Atom) {
	depth := -1
	switch a {
	case atom.A: // links do not nest: the next one ends the last
		r.closeAnchor()
		if k := r.find(only(a), scope); k >= 0 {
			r.drop(k)
		}
	case atom.Li:
		depth = r.find(only(atom.Li), holdsItems)
	case atom.Dd, atom.Dt:
		depth = r.find(func(b atom.Atom) bool { return b == atom.Dd || b == atom.Dt }, holdsItems)
	case atom.Option, atom.Optgroup:
		if k := len(r.stack) - 1; k >= 0 && r.stack[k].atom == atom.Option {
			depth = k
		}
	case atom.Tr:
		depth = r.find(only(atom.Tr), tableScope)
	case atom.Td, atom.Th:
		depth = r.find(cell, func(b atom.Atom) bool { return b == atom.Tr || tableScope(b) })
	case atom.Tbody, atom.Thead, atom.Tfoot:
		depth = r.find(func(b atom.Atom) bool { return b == atom.Tbody || b == atom.Thead || b == atom.Tfoot }, tableScope)
	case atom.Button:
		depth = r.find(only(atom.Button), scope)
	case atom.Select:
		depth = r.find(only(atom.Select), scope)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if k := len(r.stack) - 1; k >= 0 && isHeading(r.stack[k].atom) {
			depth = k
		}
	}
	if depth >= 0 {
		r.popTo(depth)
	}
	if r.paragraphs > 0 && closesParagraph(a) && !(a == atom.Table && r.quirks) {
		if k := r.find(only(atom.P), func(b atom.Atom) bool { return b == atom.Button || scope(b) }); k >= 0 {
			r.popTo(k)
		}
	}
}

// holdsItems are the elements that end the search for an open list item.
func holdsItems(a atom.Atom) bool {
	return special(a) && a != atom.Address && a != atom.Div && a != atom.P
}

// close reads an end tag.
func (r *reader) close(t *tag) {
	switch a := t.atom; {
	case a == atom.A:
		r.closeAnchor()
		if k := r.find(only(a), scope); k >= 0 {
			r.drop(k)
		}
	case a == atom.P:
		if k := r.find(only(a), func(b atom.Atom) bool { return b == atom.Button || scope(b) }); k >= 0 {
			r.popTo(k)
		} else {
			r.breakLine()
		}
	case a == atom.Br:
		r.breakLine()
	case a == atom.Html || a == atom.Body || a == atom.Head:
	case formatting(a) || a == atom.Form:
		if k := r.find(only(a), scope); k >= 0 {
			r.drop(k)
		}
	case isHeading(a):
		if k := r.find(isHeading, scope); k >= 0 {
			r.popTo(k)
		}
	case a == atom.Table || a == atom.Tr || a == atom.Tbody || a == atom.Thead || a == atom.Tfoot || cell(a):
		if k := r.find(only(a), tableScope); k >= 0 {
			r.popTo(k)
		}
	case a == atom.Li:
		if k := r.find(only(a), func(b atom.Atom) bool { return b == atom.Ul || b == atom.Ol || scope(b) }); k >= 0 {
			r.popTo(k)
		}
	case a == atom.Svg || a == atom.Math || a == atom.Template:
		if k := r.find(only(a), tableScope); k >= 0 {
			r.popTo(k)
		}
	case special(a):
		if k := r.find(only(a), scope); k >= 0 {
			r.popTo(k)
		}
	default:
		for k := len(r.stack) - 1; k >= 0 && !special(r.stack[k].atom); k-- {
			if r.stack[k].atom == a && (a != 0 || strings.EqualFold(r.stack[k].name, t.name)) {
				r.popTo(k)
				return
			}
		}
	}
}
