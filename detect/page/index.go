package page

import (
	"hash/maphash"
	"strings"

	"golang.org/x/net/html/atom"
)

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
