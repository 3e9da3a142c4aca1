package charset

import "unicode/utf8"

// A count of what the bytes look like as UTF-8.
type count struct {
	high   int // bytes from 0x80 up
	wide   int // valid characters of three and more bytes
	broken int // bytes that begin no valid character
	zero   int // zero bytes among the first thousand

	foreign int // broken bytes in words with several of them: text in another encoding
}

// maxForeign is how many bytes of text in another encoding a UTF-8 page may
// hold and still be trusted: a word or two. More is a part of the page, an
// included foot mostly, that nobody can read. Characters that a template cut
// in two, however many, are no such text: each stands alone.
const maxForeign = 8

// minForeign is how many broken bytes one word has that is no cut character.
const minForeign = 4

// maxStray is how many bytes from 0x80 up a page of ASCII may hold that are no
// text in any encoding.
const maxStray = 8

// survey reads body as UTF-8. Most pages are settled here, so ASCII is passed
// eight bytes at a time.
func survey(body []byte) count {
	var c count
	for i, b := range body {
		if i == 1000 {
			break
		}
		if b == 0 {
			c.zero++
		}
	}
	if utf8.Valid(body) {
		for i := 0; i < len(body); i++ {
			if body[i] >= 0x80 {
				c.high = 1 // there is one: how many does not matter where none is broken
				break
			}
		}
		return c
	}
	for i, word := 0, 0; i < len(body); { // word: broken bytes in this run of high ones
		if body[i] < 0x80 {
			// GBK has trail bytes in ASCII: the run goes on behind one.
			n := ascii(body[i:])
			if i += n; n > 1 {
				word = 0
			}
			continue
		}
		if c.broken > 400 && c.wide < 2*c.broken {
			return c // that is enough: it is something else
		}
		c.high++
		r, n := utf8.DecodeRune(body[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			c.broken++
			if word++; word == minForeign {
				c.foreign += word
			} else if word > minForeign {
				c.foreign++
			}
		case n >= 3:
			c.wide++
			c.high += n - 1
		default:
			c.high++
		}
		i += n
	}
	return c
}

// mostlyUTF8 reports whether the page is UTF-8 with a few broken places (a
// text cut by a template, an include in another encoding). GBK text contains a
// valid three-byte sequence now and then, but far more that is none.
func (c count) mostlyUTF8() bool { return c.wide >= 8 && c.broken*8 <= c.wide }

// utf16 tells UTF-16 without a mark by the zero bytes of its tags: in the odd
// places for little endian, in the even ones for big endian.
func utf16(body []byte) (le, be bool) {
	var even, odd int
	head := body[:min(len(body), 1000)&^1]
	for i, b := range head {
		if b == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	many := len(head) / 8
	return odd > many && even*8 < odd, even > many && odd*8 < even
}

// evidence is what the bytes look like as pairs of a Chinese encoding.
type evidence struct {
	pairs  int // lead and trail byte that GBK and Big5 both might take
	stray  int // high bytes that lead no pair
	gb     int // pairs among the 3,755 everyday characters of GB 2312 (rows 16–55), and its marks
	big    int // pairs among the 5,401 everyday characters of Big5, and its marks
	onlyGB int // pairs that Big5 has nothing for
	lowEnd int // trail bytes below 0x80: two in five in Big5, next to none in everyday GB 2312
}

// weigh reads body as pairs.
func weigh(body []byte) evidence {
	var e evidence
	for i := 0; i < len(body); {
		lead := body[i]
		if lead < 0x80 {
			i += ascii(body[i:])
			continue
		}
		if lead == 0x80 || lead == 0xFF || i+1 == len(body) {
			e.stray++
			i++
			continue
		}
		trail := body[i+1]
		if trail < 0x40 || trail == 0x7F || trail == 0xFF {
			e.stray++
			i++
			continue
		}
		e.pair(lead, trail)
		i += 2
	}
	return e
}

func (e *evidence) pair(lead, trail byte) {
	e.pairs++
	if trail < 0x80 {
		e.lowEnd++
	}
	if trail >= 0xA1 && (lead >= 0xB0 && lead <= 0xD7 || lead >= 0xA1 && lead <= 0xA3) {
		e.gb++
	}
	if (trail < 0x80 || trail >= 0xA1) && lead >= 0xA1 && lead <= 0xC6 {
		e.big++
	}
	if trail >= 0x80 && trail < 0xA1 || lead < 0xA1 || lead > 0xF9 {
		e.onlyGB++
	}
}

// chinese reports whether the bytes are Chinese text in one of the encodings.
// In a Latin page a high byte stands between ASCII letters, which makes pairs
// with a low trail and none of the everyday rows.
func (e evidence) chinese() bool {
	return e.pairs >= 2 && e.stray*5 <= e.pairs && (e.gb*10 >= e.pairs*6 || e.big5Likelier() && e.pairs >= 6 && e.lowEnd*5 <= e.pairs*4)
}

// big5Likelier reports whether Big5 explains the bytes and GBK does not: in
// everyday GB 2312 text nearly every pair lies in its everyday rows.
func (e evidence) big5Likelier() bool {
	return e.pairs > 0 && e.big*10 >= e.pairs*9 && e.gb*10 < e.pairs*7 && e.lowEnd*6 >= e.pairs && e.onlyGB*50 <= e.pairs
}

// gbLikelier reports whether a page that claims Big5 is GBK.
func (e evidence) gbLikelier() bool {
	return e.pairs > 0 && e.gb*10 >= e.pairs*8 && (e.lowEnd*10 <= e.pairs || e.onlyGB*20 >= e.pairs)
}
