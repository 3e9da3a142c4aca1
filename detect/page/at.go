package page

import "github.com/beianwatch/beianwatch/detect/fold"

// LinkAt returns the index of the link that covers the range of Text, -1 if
// none does.
func (p *Page) LinkAt(start, end int) int {
	for i := p.SpanAt(start); i < len(p.Spans) && p.Spans[i].Start < end; i++ {
		if p.Spans[i].Link >= 0 {
			return p.Spans[i].Link
		}
	}
	return -1
}

// SpanAt returns the index of the span in which the offset in Text lies;
// len(p.Spans) if the offset is beyond the end.
func (p *Page) SpanAt(at int) int {
	lo, hi := 0, len(p.Spans)
	for lo < hi {
		if m := (lo + hi) / 2; p.Spans[m].End <= at {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// spanRaw is SpanAt for an offset in Raw.
func (p *Page) spanRaw(at int) int {
	lo, hi := 0, len(p.Spans)
	for lo < hi {
		if m := (lo + hi) / 2; p.Spans[m].RawEnd <= at {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// Written returns what stands in Raw for the range of Text.
func (p *Page) Written(start, end int) string {
	return p.Raw[p.rawAt(start):p.rawAt(end)]
}

func (p *Page) rawAt(at int) int {
	i := p.SpanAt(at)
	if i >= len(p.Spans) {
		return len(p.Raw)
	}
	s := p.Spans[i]
	return s.RawStart + fold.Offset(p.Raw[s.RawStart:s.RawEnd], at-s.Start)
}
