package page

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// A text is the visible text as it grows: white space collapsed, lines parted,
// cut into spans of one zone and one link.
type text struct {
	raw    []byte // becomes Page.Raw
	space  string // white space as written that waits for the next character
	line   bool   // a line break waits for the next character
	spans  []Span // offsets in Raw only
	under  []Zone // per span: the zone around a list of friend links …
	quoted []int  // … and the quote that it stands in

	zone, around Zone // where the next character stands …
	link         int  // … in which link …
	quote        int  // … and in which quote
}

// maxSpan is the length in bytes at which a span of one zone and link is closed
// all the same, so that finding a place within a span stays cheap on a page
// that is one endless text.
const maxSpan = 4 << 10

// at says where the text that comes stands.
func (t *text) at(zone, around Zone, link, quote int) {
	t.zone, t.around, t.link, t.quote = zone, around, link, quote
}

// plain reports whether the byte goes into the text as it is: everything but
// white space, entities, NUL and the lead bytes of characters among which are
// spaces and such that stand for nothing. The lead bytes of Han text are plain.
var plain = func() (set [256]bool) {
	for c := range set {
		set[c] = c > ' ' && c < 0x80 && c != '&' || c >= 0x80 && c < 0xC2 || c >= 0xE4 && c < 0xEF || c == 0xF0
	}
	return set
}()

// add appends a text with entities.
func (t *text) add(s string) {
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && plain[s[j]] {
			j++
		}
		if j > i {
			t.emit(s[i:j])
			i = j
			continue
		}
		i += t.other(s[i:])
	}
}

// other takes in what is not plain at the start of s and returns its length.
func (t *text) other(s string) int {
	switch c := s[0]; {
	case c == ' ' || c <= '\r' && c >= '\t':
		if t.space == "" {
			t.space = " "
		}
		return 1
	case c == '&':
		return t.entity(s)
	case c < ' ' || c == 0x7F: // control characters show nothing
		return 1
	}
	r, n := utf8.DecodeRuneInString(s)
	switch f, ok := fold.Rune(r); {
	case f == ' ':
		if t.space == "" {
			t.space = s[:n]
		}
	case !ok && (t.space != "" || t.line): // nothing, between spaces
	default:
		t.emit(s[:n])
	}
	return n
}

// entity takes in a character reference and returns its length.
func (t *text) entity(s string) int {
	n := entity(s)
	switch name := s[:max(n, 1)]; name {
	case "&nbsp;":
		if t.space == "" {
			t.space = "\u00a0"
		}
	case "&copy;":
		t.emit("©")
	case "&", "&amp;":
		t.emit("&")
	case "&quot;":
		t.emit(`"`)
	case "&lt;":
		t.emit("<")
	case "&gt;":
		t.emit(">")
	default:
		decoded := html.UnescapeString(name)
		if decoded == name {
			t.emit("&")
			return 1
		}
		for decoded != "" {
			_, size := utf8.DecodeRuneInString(decoded)
			if decoded[0] == '&' || plain[decoded[0]] {
				t.emit(decoded[:size])
			} else {
				size = t.other(decoded)
			}
			decoded = decoded[size:]
		}
	}
	return max(n, 1)
}

// emit appends a run of characters, after the white space that waits.
func (t *text) emit(s string) {
	for len(s) > maxSpan { // a text without a space, cut where a character begins
		n := maxSpan
		for n > maxSpan-utf8.UTFMax && !utf8.RuneStart(s[n]) {
			n--
		}
		t.put(s[:n])
		s = s[n:]
	}
	t.put(s)
}

func (t *text) put(s string) {
	if k := len(t.spans) - 1; k < 0 || t.spans[k].Zone != t.zone || t.spans[k].Link != t.link || t.under[k] != t.around || t.quoted[k] != t.quote || len(t.raw)-t.spans[k].RawStart >= maxSpan {
		t.closeSpan()
		t.spans = append(t.spans, Span{RawStart: len(t.raw), Zone: t.zone, Link: t.link})
		t.under = append(t.under, t.around)
		t.quoted = append(t.quoted, t.quote)
	}
	if len(t.raw) > 0 {
		if t.line {
			t.raw = append(t.raw, '\n')
		} else {
			t.raw = append(t.raw, t.space...)
		}
	}
	t.line, t.space = false, ""
	t.raw = append(t.raw, s...)
}

func (t *text) closeSpan() {
	if k := len(t.spans) - 1; k >= 0 {
		t.spans[k].RawEnd = len(t.raw)
	}
}

// visible counts the characters that are no white space.
func visible(text string) int {
	return runes(text) - strings.Count(text, " ") - strings.Count(text, "\n")
}

// runes counts the characters of valid UTF-8, eight bytes at a time: each byte
// that goes on with a character is 10xxxxxx.
func runes(text string) int {
	const lows = 0x0101010101010101
	n := len(text)
	for ; len(text) >= 8; text = text[8:] {
		word := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
			uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
		n -= bits.OnesCount64(word >> 7 &^ (word >> 6) & lows)
	}
	for i := range len(text) {
		if text[i]&0xC0 == 0x80 {
			n--
		}
	}
	return n
}
