package match

// A trie is the automaton under construction: rows of children, 0 for none
// (the root is nobody's child).
type trie struct {
	width int
	child []uint32  // node × width + column → node
	own   [][]int32 // by node: the words that end exactly here
}

func newTrie(width int) *trie {
	return &trie{width: width, child: make([]uint32, width), own: make([][]int32, 1)}
}

// add enters one word.
func (t *trie) add(m *Matcher, word string, index int32) {
	node := 0
	for i := 0; i < len(word); i++ {
		at := node*t.width + int(m.class[word[i]])
		if t.child[at] == 0 {
			t.child[at] = uint32(len(t.own))
			t.child = append(t.child, make([]uint32, t.width)...)
			t.own = append(t.own, nil)
		}
		node = int(t.child[at])
	}
	t.own[node] = append(t.own[node], index)
}

// link turns the trie into the table: breadth first, so that the state a node
// falls back to (its longest proper suffix in the trie) is complete before the
// node itself. A missing child is filled with the fallback's, which leaves one
// look-up per byte and no backing up.
func (m *Matcher) link(t *trie) {
	n, width := len(t.own), t.width
	if n == 1 {
		return // no words: Scan returns at once
	}
	fall := make([]uint32, n)
	order := make([]uint32, 0, n)
	order = append(order, 0)
	for k := 0; k < len(order); k++ {
		node := order[k]
		row := t.child[int(node)*width : (int(node)+1)*width]
		back := t.child[int(fall[node])*width : (int(fall[node])+1)*width]
		for c, child := range row {
			switch {
			case child == 0 && node != 0:
				row[c] = back[c]
			case child != 0:
				order = append(order, child)
				if node != 0 {
					fall[child] = back[c]
				}
			}
		}
	}
	m.collect(t, order, fall)
	m.next = t.child
	for i, node := range m.next {
		o := m.outs[node]
		m.next[i] = node * m.width
		if o.from != o.to {
			m.next[i] |= hit
		}
	}
}

// collect lays out for each state the words that end there: its own, then
// those of the state it falls back to, which are shorter.
func (m *Matcher) collect(t *trie, order, fall []uint32) {
	m.outs = make([]outs, len(t.own))
	for _, node := range order {
		from := uint32(len(m.words))
		m.words = append(m.words, t.own[node]...)
		if node != 0 {
			inherited := m.outs[fall[node]]
			m.words = append(m.words, m.words[inherited.from:inherited.to]...)
		}
		m.outs[node] = outs{from, uint32(len(m.words))}
	}
}
