package industry

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/page"
)

// A place is where a word stands.
type place uint8

// The places, from the one that says most about a site to the one that says
// least.
const (
	inTitle   place = iota // the title of the page
	inMeta                 // description and keywords
	inHeading              // h1 to h3
	asName                 // the whole text of a link or a menu entry
	inName                 // part of a short link or menu entry
	inLabel                // a short line: a label, a headline, a table cell
	inFoot                 // the line of the foot that says whose site it is
	inProse                // running text
	places
)

// The bounds of short texts, in bytes; a Han character has three.
const (
	maxName  = 30  // 10 characters: 个人网上银行, 互联网医院预约挂号
	maxLabel = 105 // 35 characters: a headline; sentences of running text are longer
)

// worth is what a word counts by sort and place, in points; see lexicon.go for
// the sorts. Set by hand for a mark of 2.5: a plain sign in the title makes all
// that a page can say of itself, three among the names of its menu make the
// mark, and it takes nine sentences.
var worth = [...][places]float32{
	//        title meta heading name  part  label foot  prose
	strong:  {2.5, 1.0, 1.0, 1.0, 0.9, 0.7, 0.0, 0.3},
	weak:    {0.8, 0.3, 0.3, 0.3, 0.2, 0.15, 0.0, 0.05},
	title:   {3.0, 1.0, 1.0, 0.1, 0.0, 0.0, 1.5, 0.0},
	channel: {0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0},
	button:  {0.8, 0.5, 0.8, 1.0, 0.8, 0.6, 0.0, 0.1},
	against: {3.0, 0.4, 1.5, 1.0, 0.8, 0.6, 0.0, 0.3},
	cancel:  {},
}

// A tally is what one page has of the words of a model.
type tally struct {
	seen     []uint8     // by word: the places where it stands, one bit each
	words    []int32     // the words that are on the page
	anchored []bool      // by trade: a word of it stands in the title, the description or a heading
	covered  []int32     // by trade: the segments of the body with a word of it
	last     []int32     // by trade: the number of the last such segment
	spoken   [][]segment // by trade: the first maxQuotes of them
	segments int32       // segments of the body
	article  bool        // running text is what the page is made of
	pending  []hit       // of the segment being read

	// By group, made by sum: the points for what the page says of itself, for what
	// it does, and what of that stands as a name of its menus.
	said, done, menu []float32
}

// A hit is a word in the segment being read.
type hit struct{ word, start, end int }

func (m *model) read(p *page.Page) *tally {
	t := &tally{
		seen:     make([]uint8, len(m.uses)),
		covered:  make([]int32, len(m.trades)),
		last:     make([]int32, len(m.trades)),
		spoken:   make([][]segment, len(m.trades)),
		anchored: make([]bool, len(m.trades)),
	}
	m.body(t, p)
	for i, part := range titleParts(fold.String(p.Title)) {
		if i == 0 && t.article && strings.Contains(p.Text, part.text) {
			part.place = inHeading // the headline of the article, not a name of the site
		}
		m.line(t, part.text, part.place)
	}
	m.line(t, fold.String(p.Generator), inMeta)
	m.line(t, fold.String(p.Description), inMeta)
	m.line(t, fold.String(p.Keywords), inMeta)
	for _, s := range squeezed(p) {
		m.line(t, s.text, s.place)
	}
	return t
}

// line takes in the words of a text that stands for itself.
func (m *model) line(t *tally, text string, at place) {
	if text == "" {
		return
	}
	s := segment{0, len(text), at, 0}
	m.matcher.Scan(text, func(word, end int) bool {
		m.keep(t, text, s, hit{word, end - m.length[word], end})
		return true
	})
	m.settle(t, text, s)
}

// body takes in the visible text in one pass: words are found over the whole
// text, segments are stepped through beside them.
func (m *model) body(t *tally, p *page.Page) {
	s := newSegments(p)
	m.matcher.Scan(p.Text, func(word, end int) bool {
		for s.now.end < end {
			m.settle(t, p.Text, s.now)
			if !s.next() {
				return false
			}
		}
		// A word across two segments is none: two menu entries side by side.
		if start := end - m.length[word]; start >= s.now.start && s.now.place < places {
			m.keep(t, p.Text, s.now, hit{word, start, end})
		}
		return true
	})
	m.settle(t, p.Text, s.now)
	for s.next() {
	}
	t.segments = s.count
	t.article = s.prose >= minArticle && s.prose*5 >= s.bytes*2
}

// minArticle is the least running text of a page that is an article, in bytes:
// 400 characters, in two fifths of the page or more. A page of a firm that says
// what it does has less, or stands in a larger frame.
const minArticle = 1200

// maxPending is how many hits of one segment wait to be settled together: a
// headline has ten, and a page that is one line of a megabyte must not be kept
// whole.
const maxPending = 1024

func (m *model) keep(t *tally, text string, s segment, h hit) {
	if len(t.pending) == maxPending {
		m.settle(t, text, s)
	}
	t.pending = append(t.pending, h)
}

// settle counts the words of a segment that stand for themselves.
func (m *model) settle(t *tally, text string, s segment) {
	for i, h := range t.pending {
		if m.uses[h.word] == nil || m.swallowed(t.pending, i) || m.foreign(text, s, h) {
			continue
		}
		at := s.place
		if at == inName && whole(text[s.start:s.end], h.start-s.start, h.end-s.start) {
			at = asName
		}
		if t.seen[h.word] == 0 {
			t.words = append(t.words, int32(h.word))
		}
		t.seen[h.word] |= 1 << at
		m.note(t, h.word, at, s)
	}
	t.pending = t.pending[:0]
}

// swallowed tells whether hit i is part of a longer phrase that cancels it. Hits
// are in order of their ends, the longer first, so such a phrase is near: it
// ends with the hit and stands before it, or ends soon after.
func (m *model) swallowed(all []hit, i int) bool {
	h := all[i]
	covers := func(o hit) bool { return m.cancels[o.word] && o.start <= h.start && o.end-o.start > h.end-h.start }
	for j := i - 1; j >= 0 && all[j].end == h.end; j-- {
		if covers(all[j]) {
			return true
		}
	}
	for j := i + 1; j < len(all) && all[j].end <= h.end+m.longest; j++ {
		if covers(all[j]) {
			return true
		}
	}
	return false
}

// note keeps for each trade of a word that it is anchored, and that a segment
// speaks of it.
func (m *model) note(t *tally, word int, at place, s segment) {
	for _, u := range m.uses[word] {
		i := m.owner[u.group]
		if i < 0 || u.sort == against {
			continue
		}
		if at <= inHeading && worth[u.sort][at] > 0 {
			t.anchored[i] = true
		}
		if s.number > 0 && t.last[i] != s.number {
			t.last[i] = s.number
			if t.covered[i]++; t.covered[i] <= maxQuotes {
				t.spoken[i] = append(t.spoken[i], s)
			}
		}
	}
}

// whole tells whether a word is all of a name but for marks around it.
func whole(name string, start, end int) bool {
	const marks = " \t|>»·•:.,-_/()[]*+=!#\n"
	return strings.Trim(name[:start], marks) == "" && strings.Trim(name[end:], marks) == ""
}
