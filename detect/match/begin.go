package match

// A begin tells where in a text a word can begin.
type begin struct {
	lead [256]byte // what to look at where a text goes on with the byte

	// Of the words that begin with ASCII: their first two bytes, lower case.
	ascii [1 << 14 / 64]uint64
	// Of the words that begin with a character of three bytes, as nearly all of
	// Han are: where in the trie the first two characters lead, and the
	// characters that need no second one of the same kind.
	pairs pairs
	alone [1 << 16 / 64]uint64
	lone  bool // there are such
	odd   bool // a word begins with other bytes, or within a character
}

const (
	leadNone  = iota // no word begins so
	leadASCII        // at ascii
	leadHan          // at pairs
	leadAny          // at the trie
)

func newBegin(words []string, t *trie) begin {
	b := begin{pairs: newPairs(len(words))}
	for _, w := range words {
		if w != "" {
			b.add(folded(w), t)
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		b.lead[c-'a'+'A'] = b.lead[c]
	}
	return b
}

func (b *begin) add(word []byte, t *trie) {
	switch c := word[0]; {
	case c < 0x80:
		b.lead[c] = max(b.lead[c], leadASCII)
		if len(word) == 1 {
			b.lead[c] = leadAny
		} else if word[1] < 0x80 {
			set(b.ascii[:], uint32(c)<<7|uint32(word[1]))
		}
	case han(string(word)):
		b.lead[c] = max(b.lead[c], leadHan)
		one := code(string(word))
		if rest := string(word[3:]); han(rest) {
			b.pairs.put(one<<16|code(rest), t.reach(word[:6]), thirdOf(rest[3:]))
		} else {
			set(b.alone[:], one)
			b.lone = true
		}
	default:
		b.lead[c], b.odd = leadAny, true
	}
}

// next returns the first place from i on at which a word can begin, and the
// state that its first bytes lead to; the text's end if there is none.
func (b *begin) next(text string, i int) (int, state) {
	for ; i < len(text); i++ {
		switch b.lead[text[i]] {
		case leadNone:
		case leadASCII:
			if i+1 < len(text) && (text[i+1] >= 0x80 || has(b.ascii[:], uint32(lower(text[i]))<<7|uint32(lower(text[i+1])))) {
				return i, state{}
			}
		case leadHan:
			if !han(text[i:]) {
				continue
			}
			at, to, ok := b.run(text, i)
			if ok {
				return at, to
			}
			i = at - 1
		default:
			return i, state{}
		}
	}
	return len(text), state{}
}

// run goes through a run of characters of three bytes, which begins at i, up to
// the first at which a word can begin; ok is false if there is none, and at is
// then the end of the run, or the next byte if words are odd.
func (b *begin) run(text string, i int) (at int, to state, ok bool) {
	for one := code(text[i:]); ; i += 3 {
		if b.lone && has(b.alone[:], one) {
			return i, state{}, true
		}
		if len(text) < i+6 {
			break
		}
		next := bytes3(text[i+3:])
		if next&hanMask != hanBits {
			break
		}
		two := packed(next)
		if s := b.pairs.get(one<<16 | two); s.node != 0 && s.third&thirdOf(text[i+6:]) != 0 {
			return i, state{s.node, 6}, true
		}
		if b.odd {
			return i + 1, state{}, false
		}
		one = two
	}
	if b.odd {
		return i + 1, state{}, false
	}
	return i + 3, state{}, false
}

// A character of three bytes is 1110xxxx 10xxxxxx 10xxxxxx.
const (
	hanMask = 0xF0C0C0
	hanBits = 0xE08080
)

// bytes3 are the first three bytes of s as one number.
func bytes3(s string) uint32 { return uint32(s[0])<<16 | uint32(s[1])<<8 | uint32(s[2]) }

// packed is the number of the character whose bytes are b.
func packed(b uint32) uint32 { return b>>4&0xF000 | b>>2&0xFC0 | b&0x3F }

// han reports whether s begins with a character of three bytes.
func han(s string) bool {
	return len(s) >= 3 && bytes3(s)&hanMask == hanBits
}

// code is the number of the character of three bytes at the beginning of s.
func code(s string) uint32 {
	return packed(bytes3(s))
}

func set(bits []uint64, at uint32)      { bits[at/64] |= 1 << (at % 64) }
func has(bits []uint64, at uint32) bool { return bits[at/64]>>(at%64)&1 != 0 }

// thirdOf is the bit for the character of three bytes at the beginning of s, or
// anyThird if there is none: then nothing is told by it.
func thirdOf(s string) uint32 {
	if !han(s) {
		return anyThird
	}
	return 1 << (hash(code(s)) >> 27)
}

const anyThird = 1<<32 - 1

// pairs leads from two characters to a node: a table of open addressing, and
// before it a bit for each hash, for most pairs that are asked for are not in
// it and the bits fit the first cache.
type pairs struct {
	maybe [1 << 16 / 64]uint64
	slots []slot
	shift uint // of a hash, to the number of a slot
}

// A slot is a pair that words begin with. The third characters of these words
// have their bits: many a word that a text seems to begin ends there.
type slot struct{ pair, node, third uint32 } // node 0: it is free

func newPairs(most int) pairs {
	p := pairs{shift: 32 - 4}
	for 1<<(32-p.shift) < 2*most {
		p.shift--
	}
	p.slots = make([]slot, 1<<(32-p.shift))
	return p
}

func hash(n uint32) uint32 { return n * 0x9E3779B1 }

func (p *pairs) put(pair, node, third uint32) {
	h := hash(pair)
	set(p.maybe[:], h>>16)
	s := p.at(h, pair)
	*s = slot{pair, node, s.third | third}
}

// get returns the slot of a pair; its node is 0 if the pair is not there.
func (p *pairs) get(pair uint32) slot {
	h := hash(pair)
	if !has(p.maybe[:], h>>16) {
		return slot{}
	}
	return *p.at(h, pair)
}

// at is the slot of a pair, or the free one where it belongs.
func (p *pairs) at(h, pair uint32) *slot {
	for k := h >> p.shift; ; k++ {
		s := &p.slots[k&uint32(len(p.slots)-1)]
		if s.pair == pair || s.node == 0 {
			return s
		}
	}
}
