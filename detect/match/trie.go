package match

import "slices"

// A trie holds the words by what they begin with, breadth first: the children
// of a node stand side by side, in the order of their parents, and so do the
// words that end at a node. Where those of one node end those of the next
// begin.
type trie struct {
	nodes []node // the last one only ends the one before
	label []byte // by node: the byte that leads to it
	words []int32
}

// A node is what all words with one beginning share. Node 0 is the root.
type node struct {
	child uint32 // its first child
	word  uint32 // its first word in trie.words
}

// A state is a node that a text has reached, and how many bytes that took.
type state struct {
	node  uint32
	depth int
}

// newTrie sorts the words and cuts the sorted list, level by level, into runs
// with the same beginning.
func newTrie(words []string) trie {
	sorted := make([]entry, 0, len(words))
	for i, w := range words {
		if w != "" {
			sorted = append(sorted, entry{folded(w), int32(i)})
		}
	}
	slices.SortStableFunc(sorted, func(a, b entry) int { return slices.Compare(a.word, b.word) })
	t := trie{label: []byte{0}}
	level := [][]entry{sorted}
	for depth := 0; len(level) > 0; depth++ {
		var below [][]entry
		for _, run := range level {
			t.nodes = append(t.nodes, node{uint32(len(t.label)), uint32(len(t.words))})
			for len(run) > 0 && len(run[0].word) == depth {
				t.words = append(t.words, run[0].index)
				run = run[1:]
			}
			for len(run) > 0 {
				n := 1
				for n < len(run) && run[n].word[depth] == run[0].word[depth] {
					n++
				}
				t.label = append(t.label, run[0].word[depth])
				below = append(below, run[:n])
				run = run[n:]
			}
		}
		level = below
	}
	t.nodes = append(t.nodes, node{uint32(len(t.label)), uint32(len(t.words))})
	return t
}

// An entry is a word on its way into the trie.
type entry struct {
	word  []byte
	index int32
}

// folded is a word with its ASCII letters in lower case.
func folded(word string) []byte {
	b := []byte(word)
	for i := range b {
		b[i] = lower(b[i])
	}
	return b
}

// step goes from a node by one byte; ok is false if no word goes on so.
func (t *trie) step(at uint32, by byte) (child uint32, ok bool) {
	to := t.nodes[at+1].child
	for k := t.nodes[at].child; k < to; k++ {
		if t.label[k] == by {
			return k, true
		}
	}
	return 0, false
}

// ending are the words that end at a node.
func (t *trie) ending(at uint32) []int32 { return t.words[t.nodes[at].word:t.nodes[at+1].word] }

// reach goes from the root by a beginning of a word that the trie holds.
func (t *trie) reach(beginning []byte) uint32 {
	at := uint32(0)
	for _, b := range beginning {
		at, _ = t.step(at, b)
	}
	return at
}
