// Package match finds many words in one pass over a text. It is an
// Aho–Corasick automaton laid out as a table of byte classes: one table look-up
// per byte, no allocation, all occurrences including those that overlap.
//
// It knows nothing about what the words mean.
package match

// A Matcher finds a fixed set of words. It never changes after [New] and is
// safe for use by many goroutines.
type Matcher struct {
	class [256]uint8 // byte → column of the table; ASCII letters share a column in both cases
	next  []uint32   // row (state × width) + column → row of the next state; hit is set if a word ends there
	width uint32     // columns in a row
	outs  []outs     // by state: the words that end there
	words []int32    // the storage behind outs
}

// outs is a part of Matcher.words.
type outs struct{ from, to uint32 }

// hit marks a transition into a state where at least one word ends, so that
// the inner loop looks at outs only then.
const hit = 1 << 31

// New builds a Matcher for words. ASCII letters match in either case; other
// bytes match exactly. An empty word never matches. A word that occurs twice in
// the list is reported once for each of its places.
func New(words []string) *Matcher {
	m := &Matcher{}
	m.classify(words)
	t := &trie{nodes: make([]node, 1), own: map[int32][]int32{}}
	for i, w := range words {
		if w != "" {
			t.add(m, w, int32(i))
		}
	}
	m.link(t)
	return m
}

// Scan calls found for every occurrence of every word in text: the index of
// the word and where the occurrence ends. Calls come in order of end; of words
// that end together the longest comes first. Scan stops when found returns
// false.
func (m *Matcher) Scan(text string, found func(word, end int) bool) {
	if len(m.next) == 0 {
		return
	}
	var row uint32
	for i := 0; i < len(text); i++ {
		row = m.next[row+uint32(m.class[text[i]])]
		if row&hit == 0 {
			continue
		}
		row &^= hit
		o := m.outs[row/m.width]
		for _, w := range m.words[o.from:o.to] {
			if !found(int(w), i+1) {
				return
			}
		}
	}
}

// States returns the number of states, a measure of memory: each takes
// 4 bytes × the number of distinct bytes in the words.
func (m *Matcher) States() int { return len(m.outs) }

// classify gives each byte that occurs in words a column of its own; all other
// bytes share column 0, which leads back to the start.
func (m *Matcher) classify(words []string) {
	var seen [256]bool
	for _, w := range words {
		for i := 0; i < len(w); i++ {
			seen[lower(w[i])] = true
		}
	}
	m.width = 1
	for b := range 256 {
		if seen[b] {
			m.class[b] = uint8(m.width) // at most 230: upper-case letters have none of their own
			m.width++
		}
	}
	for b := 'A'; b <= 'Z'; b++ {
		m.class[b] = m.class[lower(byte(b))]
	}
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
