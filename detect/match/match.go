// Package match finds many words in one pass over a text. It asks at each
// place whether a word can begin with the two characters there, which nearly
// always they do not, and follows a trie where one can: no allocation, all
// occurrences including those that overlap.
//
// An Aho–Corasick automaton reads each byte but once, yet its table for some
// five thousand Chinese words takes fifteen megabytes, and each of its steps
// waits for memory. What is asked here fits the caches.
//
// It knows nothing about what the words mean.
package match

// A Matcher finds a fixed set of words. It never changes after [New] and is
// safe for use by many goroutines.
type Matcher struct {
	trie
	begin
}

// New builds a Matcher for words. ASCII letters match in either case; other
// bytes match exactly. An empty word never matches. A word that occurs twice in
// the list is reported once for each of its places.
func New(words []string) *Matcher {
	m := &Matcher{}
	m.trie = newTrie(words)
	m.begin = newBegin(words, &m.trie)
	return m
}

// A place is one occurrence.
type place struct {
	word int32
	end  int
}

// Scan calls found for every occurrence of every word in text: the index of
// the word and where the occurrence ends. Calls come in order of end; of words
// that end together the longest comes first. Scan stops when found returns
// false.
func (m *Matcher) Scan(text string, found func(word, end int) bool) {
	if len(m.words) == 0 {
		return
	}
	var buf [32]place
	wait := buf[:0] // occurrences that may have to wait for others that end before them
	for i, at := m.next(text, 0); i < len(text); i, at = m.next(text, i+1) {
		n := 0
		for n < len(wait) && wait[n].end <= i {
			if !found(int(wait[n].word), wait[n].end) {
				return
			}
			n++
		}
		wait = append(wait[:0], wait[n:]...)
		wait = m.follow(text, i, at, wait)
	}
	for _, p := range wait {
		if !found(int(p.word), p.end) {
			return
		}
	}
}

// Any reports whether one of the words occurs in text.
func (m *Matcher) Any(text string) bool {
	found := false
	m.Scan(text, func(int, int) bool { found = true; return false })
	return found
}

// follow adds the words that begin at i to those that wait, in order of their
// ends. at is the state to begin with.
func (m *Matcher) follow(text string, i int, at state, wait []place) []place {
	for i += at.depth; ; i++ {
		for _, w := range m.ending(at.node) {
			wait = append(wait, place{w, i})
			for k := len(wait) - 1; k > 0 && wait[k-1].end > i; k-- {
				wait[k-1], wait[k] = wait[k], wait[k-1]
			}
		}
		if i == len(text) {
			return wait
		}
		var ok bool
		if at.node, ok = m.step(at.node, lower(text[i])); !ok {
			return wait
		}
	}
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
