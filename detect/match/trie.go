package match

// A trie holds the words under construction. Children of a node are a list of
// siblings: few nodes have more than one.
type trie struct {
	nodes []node
	own   map[int32][]int32 // by node: the words that end exactly there
}

// A node is reached by one byte from its parent. Node 0 is the root and nobody's
// child, so 0 means none.
type node struct {
	class   uint8
	child   int32
	sibling int32
}

// add enters one word.
func (t *trie) add(m *Matcher, word string, index int32) {
	at := int32(0)
	for i := 0; i < len(word); i++ {
		at = t.step(at, m.class[word[i]])
	}
	t.own[at] = append(t.own[at], index)
}

// step returns the child of a node by class, made if it is not there.
func (t *trie) step(at int32, class uint8) int32 {
	for k := t.nodes[at].child; k != 0; k = t.nodes[k].sibling {
		if t.nodes[k].class == class {
			return k
		}
	}
	k := int32(len(t.nodes))
	t.nodes = append(t.nodes, node{class: class, sibling: t.nodes[at].child})
	t.nodes[at].child = k
	return k
}

// link turns the trie into the table. States are numbered breadth first: the
// state a node falls back to (its longest proper suffix in the trie) is then
// complete before the node itself, and the states that a text visits most, those
// of one or two characters, lie side by side. A row is the fallback's row with
// the node's own children in it, which leaves one look-up per byte and no
// backing up.
func (m *Matcher) link(t *trie) {
	n, width := len(t.nodes), int(m.width)
	if n == 1 {
		return // no words: Scan returns at once
	}
	m.next = make([]uint32, n*width)
	fall := make([]uint32, n)    // by state
	order := make([]int32, 1, n) // state → node
	for state := 0; state < len(order); state++ {
		row := m.next[state*width : (state+1)*width]
		if state != 0 {
			copy(row, m.next[int(fall[state])*width:])
		}
		for c := t.nodes[order[state]].child; c != 0; c = t.nodes[c].sibling {
			child := uint32(len(order))
			if state != 0 {
				fall[child] = row[t.nodes[c].class]
			}
			row[t.nodes[c].class] = child
			order = append(order, c)
		}
	}
	m.collect(t, order, fall)
	for i, state := range m.next {
		m.next[i] = state * m.width
		if o := m.outs[state]; o.from != o.to {
			m.next[i] |= hit
		}
	}
}

// collect lays out for each state the words that end there: its own, then
// those of the state it falls back to, which are shorter.
func (m *Matcher) collect(t *trie, order []int32, fall []uint32) {
	m.outs = make([]outs, len(order))
	for state, node := range order {
		from := uint32(len(m.words))
		m.words = append(m.words, t.own[node]...)
		if state != 0 {
			inherited := m.outs[fall[state]]
			m.words = append(m.words, m.words[inherited.from:inherited.to]...)
		}
		m.outs[state] = outs{from, uint32(len(m.words))}
	}
}
