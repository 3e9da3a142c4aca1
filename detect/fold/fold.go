// Package fold brings the many ways to write one character to a single one:
// full-width forms, dashes, brackets, spaces, look-alike letters, CJK
// radicals, traditional characters. What it leaves is for matching; the text
// as written can be found again with [Offset].
package fold

import "unicode/utf8"

// drop marks a character that stands for nothing: zero width, direction
// marks, variation selectors.
const drop = 0xFFFF

// special are the foldings other than Han characters, blocks by arithmetic.
// Look-alikes are only those of letters that filing numbers use (I C P, A B X
// K): a Russian text stays readable to a human who debugs a rule.
const special = "" +
	"\u2010-\u2011-\u2012-\u2013-\u2014-\u2015-\u2043-\u2212-\u2500-\u2501-\u2796-\u2E3A-\u2E3B-\uFE31-\uFE32-\uFE58-\uFE63-\uFF70-" +
	"〔[【[〖[〕]】]〗]⟦[⟧]﹝[﹞]❲[❳]﹙(﹚)⦅(⦆)" +
	"\u00A0 \u1680 \u2028 \u2029 \u202F \u205F \u3000 \u3164 \uFFA0 " +
	"ІIіiΙIιiСCсcϹCϲcРPрpΡPρpАAаaΑAВBΒBХXхxΧXКKкkΚK" +
	"ⅠIⅰiⅭCⅽcℂCℙPⒾIⒸCⓅP" +
	"﹕:﹔;﹐,﹒."

var table, needs = build()

// build fills the table (folded form of each character of the basic plane, 0
// for itself) and the set of characters that have one.
func build() (*[0x10000]uint16, *[0x10000 / 64]uint64) {
	t, set := new([0x10000]uint16), new([0x10000 / 64]uint64)
	pairs := []rune(special)
	for i := 0; i < len(pairs); i += 2 {
		t[pairs[i]] = uint16(pairs[i+1])
	}
	for r := 0xFF01; r <= 0xFF5E; r++ {
		t[r] = uint16(r - 0xFF01 + '!')
	}
	for r := 0x2000; r <= 0x200A; r++ {
		t[r] = ' '
	}
	for _, span := range [][2]int{{0xAD, 0xAD}, {0x34F, 0x34F}, {0x61C, 0x61C}, {0x180B, 0x180F}, {0x200B, 0x200F},
		{0x202A, 0x202E}, {0x2060, 0x206F}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}} {
		for r := span[0]; r <= span[1]; r++ {
			t[r] = drop
		}
	}
	from, to := []rune(hanFrom), []rune(hanTo)
	for i, r := range from {
		t[r] = uint16(to[i])
	}
	for r, f := range t {
		if f != 0 {
			set[r/64] |= 1 << (r % 64)
		}
	}
	return t, set
}

// Rune folds one character; ok is false if it stands for nothing and is
// dropped.
func Rune(r rune) (folded rune, ok bool) {
	if r < 0x80 {
		return r, true
	}
	if r >= 0x10000 {
		// Tags and the supplementary variation selectors.
		return r, r < 0xE0000 || r > 0xE01EF
	}
	switch f := table[r]; f {
	case 0:
		return r, true
	case drop:
		return 0, false
	default:
		return rune(f), true
	}
}

// String folds s: full-width to ASCII, every dash to -, brackets to [ ] and
// ( ), NBSP and U+3000 to a space, traditional to simplified characters, look-
// alikes of I, C, P to Latin; zero-width characters vanish. Case is kept, and
// so are runs of spaces. Bytes that are not UTF-8 pass unchanged. A text that
// is already folded is returned as it is, without an allocation.
func String(s string) string {
	i := clean(s)
	if i == len(s) {
		return s
	}
	return string(tail(append(make([]byte, 0, len(s)), s[:i]...), s[i:]))
}

// Append appends the folded s to dst.
func Append(dst []byte, s string) []byte {
	i := clean(s)
	return tail(append(dst, s[:i]...), s[i:])
}

// Len returns len(String(s)) without making the text.
func Len(s string) int {
	n := 0
	for {
		k := clean(s)
		n += k
		if s = s[k:]; s == "" {
			return n
		}
		r, size := utf8.DecodeRuneInString(s)
		if f, ok := Rune(r); ok && f != r {
			n += utf8.RuneLen(f)
		} else if ok {
			n += size
		}
		s = s[size:]
	}
}

// Clean reports whether String would return s unchanged.
func Clean(s string) bool { return clean(s) == len(s) }

// clean returns how many bytes at the beginning of s need no folding.
func clean(s string) int {
	i := 0
	for i < len(s) {
		c := s[i]
		if c < 0x80 {
			i++
			continue
		}
		// Han text is three-byte characters: the decoder is inlined for them.
		if c >= 0xE0 && c < 0xF0 && i+2 < len(s) {
			r := uint16(c)<<12 | uint16(s[i+1]&0x3F)<<6 | uint16(s[i+2]&0x3F)
			if needs[r>>6]&(1<<(r&63)) == 0 {
				i += 3
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if f, ok := Rune(r); !ok || f != r {
			return i
		}
		i += n
	}
	return i
}

// tail appends the folded s, whose first character needs folding.
func tail(dst []byte, s string) []byte {
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if f, ok := Rune(r); ok {
			if f == r {
				dst = append(dst, s[:n]...) // as it is, also where it is no UTF-8
			} else {
				dst = utf8.AppendRune(dst, f)
			}
		}
		s = s[n:]
		k := clean(s)
		dst, s = append(dst, s[:k]...), s[k:]
	}
	return dst
}

// Offset returns where in raw the character begins that String(raw) has at
// offset at. Dropped characters before it are left behind it, so that the
// range between two offsets is what was written, and len(raw) stands for the
// end of the folded text.
func Offset(raw string, at int) int {
	folded := 0
	for i := 0; i < len(raw); {
		if k := clean(raw[i:]); k > 0 {
			if folded+k > at {
				return i + at - folded
			}
			folded, i = folded+k, i+k
			continue
		}
		r, n := utf8.DecodeRuneInString(raw[i:])
		if f, ok := Rune(r); ok {
			if folded >= at {
				return i
			}
			folded += utf8.RuneLen(f)
		}
		i += n
	}
	return len(raw)
}
