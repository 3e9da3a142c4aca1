package page

import "sync"

// A scratch is what a reader writes while a page is read, kept for the next
// page: lists that grow from nothing are copied over and over, and took half of
// all the memory that judging asks for.
type scratch struct {
	raw   []byte
	spans []Span
	under []Zone
	quote []int
	links []Link
	aside []Aside
	alts  []string
	stack []entry
	drawn []Drawn
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// maxScratch is how many bytes of text a page may have whose scratch is kept;
// few have more.
const maxScratch = 256 << 10

// lend gives a reader its lists, empty.
func (s *scratch) lend(r *reader) {
	r.out.raw, r.out.spans, r.out.under, r.out.quoted = s.raw[:0], s.spans[:0], s.under[:0], s.quote[:0]
	r.links, r.asides, r.alts, r.stack, r.drawn = s.links[:0], s.aside[:0], s.alts[:0], s.stack[:0], s.drawn[:0]
}

// back takes the lists again; the page has copies of what it keeps.
func (s *scratch) back(r *reader) {
	if cap(r.out.raw) > maxScratch || cap(r.links) > maxScratch/64 || cap(r.asides) > maxScratch/64 || cap(r.out.spans) > maxScratch/64 {
		return
	}
	clear(r.links) // they hold pieces of the page
	clear(r.asides)
	clear(r.alts)
	clear(r.drawn)
	clear(r.stack[:cap(r.stack)])
	s.raw, s.spans, s.under, s.quote = r.out.raw, r.out.spans, r.out.under, r.out.quoted
	s.links, s.aside, s.alts, s.stack, s.drawn = r.links, r.asides, r.alts, r.stack, r.drawn
	scratches.Put(s)
}
