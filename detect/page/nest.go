package page

import (
	"hash/maphash"
	"strings"

	"golang.org/x/net/html/atom"
)

// maxDepth is how deep elements nest, as in browsers and in x/net/html: what is
// nested deeper is read as if it stood on the last level.
const maxDepth = 512

// An entry is an element that is open.
type entry struct {
	atom     atom.Atom
	name     string      // as written
	tagStart int         // where in the source its start tag begins …
	tagEnd   int         // … and ends
	outer    context     // what holds around it
	own      *appearance // what it makes of the look, nil if nothing
	start    int         // offset in Raw at which it began
	link     int         // the link that it opened, -1 if none
	anchor   int         // of a table cell: the link around the table
	foreign  int         // of an element of svg that holds HTML: Reader.foreign around it
	watch    bool        // what it holds when it ends matters: a mount point, a foot
	ended    bool        // its end tag came within what it holds, which is still open
	id       string
	class    string
	nodes    int // elements up to it

	key  uint32       // of its name
	same int16        // the open element below it in its bucket
	kin  [kinds]int16 // … and in each list that it is in
	in   uint16       // the lists, a bit each
}

// A kind is a set of elements that the standard's rules look for together, or
// that end such a search. The open ones of each are a list, innermost first, so
// that no tag costs more for the depth at which it comes.
type kind uint8

const (
	kindScope   kind = iota // end tags do not reach through it
	kindTable               // a table or a template
	kindSpecial             // see special
	kindItems               // it ends the search for an open list item
	kindHeading
	kindCell
	kindTerm  // dd, dt
	kindGroup // tbody, thead, tfoot
	kinds     = iota
)

// buckets is how many lists the open elements are spread over by their names.
const buckets = 1024

// spread is a multiplier under which no two elements of HTML share a bucket.
const spread = 2654437755

// bucket is the list for a key.
func bucket(key uint32) uint32 { return key * spread >> 22 }

// An index finds open elements by name and by kind.
type index struct {
	named [buckets]int16
	heads [kinds]int16
	seed  maphash.Seed
	ended int // entries that have ended and wait for what they hold
	steps int // entries that were looked at, for the test of the bound
}

func (x *index) reset() {
	for i := range x.named {
		x.named[i] = -1
	}
	for i := range x.heads {
		x.heads[i] = -1
	}
	x.ended, x.steps = 0, 0
}

// keyOf gives equal keys for equal names, in any case.
func (x *index) keyOf(a atom.Atom, name string) uint32 {
	if a != 0 {
		return uint32(a)
	}
	return uint32(maphash.String(x.seed, strings.ToLower(name)))
}

func kindsOf(a atom.Atom) (in uint16) {
	if a == 0 {
		return 0
	}
	if special(a) {
		in |= 1 << kindSpecial
		if a != atom.Address && a != atom.Div && a != atom.P {
			in |= 1 << kindItems
		}
	}
	if scope(a) {
		in |= 1 << kindScope
	}
	switch {
	case a == atom.Table || a == atom.Template:
		in |= 1 << kindTable
	case isHeading(a):
		in |= 1 << kindHeading
	case cell(a):
		in |= 1 << kindCell
	case a == atom.Dd || a == atom.Dt:
		in |= 1 << kindTerm
	case a == atom.Tbody || a == atom.Thead || a == atom.Tfoot:
		in |= 1 << kindGroup
	}
	return in
}

// enlist puts the entry at depth k into its lists.
func (r *reader) enlist(k int) {
	e, x := &r.stack[k], &r.index
	head := &x.named[bucket(e.key)]
	e.same, *head = *head, int16(k)
	for i, in := kind(0), e.in; in != 0; i, in = i+1, in>>1 {
		if in&1 != 0 {
			e.kin[i], x.heads[i] = x.heads[i], int16(k)
		}
	}
}

// delist takes the innermost entry, at depth k, out of its lists.
func (r *reader) delist(k int) {
	e, x := &r.stack[k], &r.index
	if head := &x.named[bucket(e.key)]; *head == int16(k) {
		*head = e.same
	}
	for i, in := kind(0), e.in; in != 0; i, in = i+1, in>>1 {
		if in&1 != 0 && x.heads[i] == int16(k) {
			x.heads[i] = e.kin[i]
		}
	}
}

// innermost returns the depth of the innermost open element of a kind, -1 if
// there is none.
func (r *reader) innermost(of kind) int {
	head := &r.index.heads[of]
	for *head >= 0 && r.stack[*head].ended {
		r.index.steps++
		*head = r.stack[*head].kin[of]
	}
	r.index.steps++
	return int(*head)
}

// opened returns the depth of the innermost open element of a name, -1 if
// there is none.
func (r *reader) opened(a atom.Atom, name string) int {
	key := r.index.keyOf(a, name)
	head := &r.index.named[bucket(key)]
	for *head >= 0 && r.stack[*head].ended {
		r.index.steps++
		*head = r.stack[*head].same
	}
	for k := *head; k >= 0; k = r.stack[k].same {
		r.index.steps++
		if e := &r.stack[k]; e.key == key && !e.ended {
			return int(k)
		}
	}
	return -1
}

// reach returns the depth of the innermost open element of a name unless one of
// the kind stands within it; -1 if there is none.
func (r *reader) reach(a atom.Atom, stop kind) int {
	if k := r.opened(a, ""); k >= r.innermost(stop) {
		return k
	}
	return -1
}

// reachKind is reach for an element of a kind.
func (r *reader) reachKind(of, stop kind) int {
	if k := r.innermost(of); k >= r.innermost(stop) {
		return k
	}
	return -1
}

// paragraph returns the depth of the p element that is open in the scope of a
// button, -1 if there is none.
func (r *reader) paragraph() int {
	if k := r.reach(atom.P, kindScope); k >= r.opened(atom.Button, "") {
		return k
	}
	return -1
}

// push opens an element.
func (r *reader) push(e entry) {
	if len(r.stack)-r.index.ended >= maxDepth {
		r.p.Fault = FaultDeep
		if r.foreign == len(r.stack)+1 {
			r.foreign = 0
		}
		if e.atom != atom.A {
			r.endVoid(&e) // nothing would ever end it
		}
		return
	}
	if r.index.ended >= maxDepth {
		r.compact()
	}
	if e.atom == atom.P {
		r.paragraphs++
	}
	e.key, e.in = r.index.keyOf(e.atom, e.name), kindsOf(e.atom)
	r.stack = append(r.stack, e)
	r.enlist(len(r.stack) - 1)
}

// compact takes out the entries that have ended.
func (r *reader) compact() {
	n, foreign := 0, 0
	for k := range r.stack {
		if r.foreign == k+1 {
			foreign = n + 1
		}
		if !r.stack[k].ended {
			r.stack[n] = r.stack[k]
			n++
		}
	}
	steps := r.index.steps + len(r.stack)
	r.stack, r.foreign = r.stack[:n], foreign
	r.index.reset()
	r.index.steps = steps
	for k := range r.stack {
		r.enlist(k)
	}
}

// popTo closes the element at depth and all within it.
func (r *reader) popTo(depth int) {
	for k := len(r.stack) - 1; k >= depth; k-- {
		r.index.steps++
		r.delist(k)
		e := r.stack[k]
		r.stack = r.stack[:k]
		if e.ended {
			r.index.ended--
			continue
		}
		r.end(&e)
		r.c = e.outer
		r.light()
	}
}

// adoption is how many elements within one that ends out of turn are looked at.
const adoption = 64

// drop closes a formatting element whose end tag comes within a block, and
// leaves the block open. Elements between the two end with it, but for those
// that are formatting too: what the standard's adoption agency comes to.
func (r *reader) drop(depth int) {
	if r.innermost(kindSpecial) < depth {
		r.popTo(depth)
		return
	}
	for k := depth + 1; k < min(len(r.stack), depth+adoption) && !special(r.stack[k].atom); k++ {
		if e := &r.stack[k]; !e.ended && e.atom != atom.A && !formatting(e.atom) {
			r.endEarly(k)
		}
	}
	r.endEarly(depth)
}

// endEarly ends an element and leaves open what stands within it.
func (r *reader) endEarly(depth int) {
	e := &r.stack[depth]
	e.ended = true
	r.index.ended++
	inner := r.c
	was := *e
	r.end(&was)
	r.c = inner
	if was.own != nil {
		r.again(depth, was.outer)
	}
}

// again tells what stands in an element that was dropped how it looks now, and
// where.
func (r *reader) again(depth int, outer context) {
	now := outer.look
	for k := depth + 1; k < len(r.stack); k++ {
		r.index.steps++
		e := &r.stack[k]
		e.outer.see(now)
		if e.own != nil && !e.ended {
			now = now.within(e.own)
		}
	}
	r.c.see(now)
	r.light()
}

// scope are the elements that end tags do not reach through.
func scope(a atom.Atom) bool {
	switch a {
	case atom.Applet, atom.Caption, atom.Table, atom.Td, atom.Th, atom.Marquee, atom.Object, atom.Select, atom.Template, atom.Foreignobject, atom.Desc, atom.Title,
		atom.Mi, atom.Mn, atom.Mo, atom.Ms, atom.Mtext:
		return true
	}
	return false
}

func cell(a atom.Atom) bool { return a == atom.Td || a == atom.Th || a == atom.Caption }

func isHeading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// astray reports whether a start tag is none: parts of a table outside of one, a
// form in a form.
func (r *reader) astray(a atom.Atom) bool {
	switch a {
	case atom.Tr, atom.Td, atom.Th, atom.Tbody, atom.Thead, atom.Tfoot, atom.Caption, atom.Col, atom.Colgroup:
		return r.innermost(kindTable) < 0
	case atom.Form:
		return r.opened(a, "") >= 0
	}
	return false
}

// imply closes what a start tag closes without being told: a paragraph before a
// block, a list item before the next.
func (r *reader) imply(a atom.Atom) {
	depth := -1
	switch a {
	case atom.A: // links do not nest: the next one ends the last
		r.endLink()
	case atom.Input, atom.Keygen:
		depth = r.reach(atom.Select, kindScope)
	case atom.Nobr:
		if k := r.reach(a, kindScope); k >= 0 {
			r.drop(k)
		}
	case atom.Li:
		depth = r.reach(a, kindItems)
	case atom.Dd, atom.Dt:
		depth = r.reachKind(kindTerm, kindItems)
	case atom.Option, atom.Optgroup:
		if k := len(r.stack) - 1; k >= 0 && r.stack[k].atom == atom.Option {
			depth = k
		}
	case atom.Tr:
		depth = 1 + max(r.innermost(kindTable), r.innermost(kindGroup))
	case atom.Td, atom.Th:
		depth = 1 + max(r.innermost(kindTable), r.innermost(kindGroup), r.opened(atom.Tr, ""))
	case atom.Tbody, atom.Thead, atom.Tfoot, atom.Caption, atom.Colgroup:
		depth = 1 + r.innermost(kindTable)
	case atom.Table: // one that stands in a table but in no cell ends it
		if k := r.innermost(kindTable); k > r.innermost(kindCell) && r.stack[k].atom == atom.Table {
			depth = k
		}
	case atom.Button, atom.Select:
		depth = r.reach(a, kindScope)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if k := len(r.stack) - 1; k >= 0 && isHeading(r.stack[k].atom) {
			depth = k
		}
	}
	if depth >= 0 {
		r.popTo(depth)
	}
	if r.paragraphs > 0 && closesParagraph(a) && !(a == atom.Table && r.quirks) {
		if k := r.paragraph(); k >= 0 {
			r.popTo(k)
		}
	}
}

// endLink ends the link that is open, unless what its a element stands in is
// open still.
func (r *reader) endLink() {
	switch k := r.reach(atom.A, kindScope); {
	case k >= 0:
		r.closeAnchor()
		r.drop(k)
	case r.floating || r.opened(atom.A, "") < 0:
		r.closeAnchor()
	}
}

// close reads an end tag.
func (r *reader) close(t *tag) {
	depth := -1
	if r.foreign > 0 {
		if k := r.opened(t.atom, t.name); k >= r.foreign-1 {
			r.popTo(k)
			return
		}
		if t.atom == atom.P || t.atom == atom.Br {
			r.popTo(r.foreign - 1)
		}
	}
	switch a := t.atom; {
	case a == atom.A:
		r.endLink()
	case a == atom.P:
		if depth = r.paragraph(); depth < 0 {
			r.breakLine()
		}
	case a == atom.Br:
		r.breakLine()
	case a == atom.Html || a == atom.Body || a == atom.Head:
	case a == atom.Form: // what stands in it stays open
		if k := r.reach(a, kindScope); k >= 0 && k < len(r.stack)-1 {
			r.endEarly(k)
		} else {
			depth = k
		}
	case formatting(a):
		if k := r.reach(a, kindScope); k >= 0 {
			r.drop(k)
		}
	case isHeading(a):
		depth = r.reachKind(kindHeading, kindScope)
	case a == atom.Tbody && r.reachKind(kindGroup, kindTable) < 0:
		if k := r.innermost(kindTable); k >= 0 && r.opened(atom.Tr, "") > k { // it began with the row, without being told
			depth = k + 1
		}
	case a == atom.Table || a == atom.Tr || a == atom.Tbody || a == atom.Thead || a == atom.Tfoot || cell(a):
		depth = r.reach(a, kindTable)
	case a == atom.Li:
		if depth = r.reach(a, kindScope); depth < max(r.opened(atom.Ul, ""), r.opened(atom.Ol, "")) {
			depth = -1
		}
	case a == atom.Template:
		depth = r.opened(a, "")
	case special(a) || a == atom.Dialog:
		depth = r.reach(a, kindScope)
	default:
		if k := r.opened(a, t.name); k > r.innermost(kindSpecial) {
			depth = k
		}
	}
	if depth >= 0 {
		r.popTo(depth)
	}
}
