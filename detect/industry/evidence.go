package industry

import (
	"cmp"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/page"
)

// The bounds of the evidence that a finding shows, and of what is gathered to
// choose it from.
const (
	maxEvidence = 5
	maxSentence = 80 // characters
	maxQuotes   = 500
)

// A quote is a piece of the page with the words of a trade in it: a text that
// stands for itself, or a segment.
type quote struct {
	shown  string
	at     segment // of the page's text, if shown is empty
	points float32
	words  []int
}

// text is what to show of the quote, as written.
func (q *quote) text(p *page.Page) string {
	if q.shown == "" {
		return clip(p.Written(q.at.start, min(q.at.end, len(p.Text))))
	}
	return clip(q.shown)
}

// evidence returns the texts that gave the most points to trade i, as written.
// It reads the segments that speak of the trade again: that costs less than
// keeping every hit of all the pages that are in no trade.
func (m *model) evidence(p *page.Page, t *tally, i int) []string {
	c := &collector{m: m, trade: i}
	for _, part := range titleParts(fold.String(p.Title)) {
		c.line(part.text, part.place, quote{shown: p.Title})
	}
	c.line(fold.String(p.Description), inMeta, quote{shown: p.Description})
	c.line(fold.String(p.Keywords), inMeta, quote{shown: p.Keywords})
	for _, s := range t.spoken[i] {
		c.line(p.Text[s.start:min(s.end, len(p.Text))], s.place, quote{at: s})
	}
	return c.best(p)
}

// A collector gathers the quotes for one trade.
type collector struct {
	m       *model
	trade   int
	pending []hit
	quotes  []quote
}

// line takes in a text; q says what to quote of it.
func (c *collector) line(text string, at place, q quote) {
	c.pending = c.pending[:0]
	c.m.matcher.Scan(text, func(word, end int) bool {
		c.pending = append(c.pending, hit{word, end - c.m.length[word], end})
		return len(c.pending) < maxPending
	})
	for i, h := range c.pending {
		if c.m.swallowed(c.pending, i) || c.m.foreign(text, segment{0, len(text), at, 0}, h) {
			continue
		}
		if at == inName && whole(text, h.start, h.end) {
			at = asName
		}
		for _, u := range c.m.uses[h.word] {
			if c.m.owner[u.group] == c.trade && u.sort != against && worth[u.sort][at] > 0 {
				q.points += worth[u.sort][at] * u.worth
				q.words = append(q.words, h.word)
			}
		}
	}
	if q.points > 0 {
		c.quotes = append(c.quotes, q)
	}
}

// best returns the quotes that gave most, each with a word that those before it
// do not have.
func (c *collector) best(p *page.Page) []string {
	slices.SortStableFunc(c.quotes, func(a, b quote) int { return cmp.Compare(b.points, a.points) })
	shown := map[int]bool{}
	out := []string{}
	for i := range c.quotes {
		q := &c.quotes[i]
		if !slices.ContainsFunc(q.words, func(w int) bool { return !shown[w] }) {
			continue
		}
		text := q.text(p)
		if text == "" || slices.Contains(out, text) {
			continue
		}
		for _, w := range q.words {
			shown[w] = true
		}
		if out = append(out, text); len(out) == maxEvidence {
			break
		}
	}
	return out
}

// clip shortens a text for a report.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	n := 0
	for i := range s {
		if n == maxSentence {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
