package wording

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect"
)

// maxMarks is how many combining marks in a row are kept on one letter: more
// than any living script stacks, fewer than it takes to paint over the lines
// above and below.
const maxMarks = 4

// Clean makes text of a stranger safe to show to a person, in HTML and on a
// terminal alike: one line, valid UTF-8, and nothing in it that moves the
// cursor, turns the writing direction or hides. What is invisible becomes
// visible as an escape (\x1b, \u202e), because it is evidence; white space is
// collapsed. A text longer than limit runes ends in "…" (limit ≤ 0: no limit).
//
// It does not escape HTML: html/template does that.
func Clean(s string, limit int) string {
	if plain(s, limit) {
		return s
	}
	var b strings.Builder
	runes, marks, space := 0, 0, true // true: leading white space is dropped
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		piece := s[i : i+size]
		i += size
		switch {
		case r == utf8.RuneError && size == 1:
			piece = "\uFFFD"
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
			if space {
				continue
			}
			piece, space = " ", true
			runes++
			b.WriteString(piece)
			continue
		case Hidden(r):
			piece = escape(r)
		}
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) {
			if marks++; marks > maxMarks {
				continue
			}
		} else {
			marks = 0
		}
		if limit > 0 && runes >= limit {
			return strings.TrimRight(b.String(), " ") + "…"
		}
		space = false
		runes++
		b.WriteString(piece)
	}
	return strings.TrimRight(b.String(), " ")
}

// plain reports whether s can be shown as it is: most texts can, and then
// nothing is copied and no table is asked. Printable ASCII and the common
// blocks of Chinese text hold nothing that hides.
func plain(s string, limit int) bool {
	runes, before := 0, ' '
	for _, r := range s {
		switch {
		case r == ' ' && before == ' ': // at the beginning, or twice
			return false
		case r >= ' ' && r <= '~', r >= 0x4E00 && r <= 0x9FFF, r >= 0x3001 && r <= 0x3011, r >= 0xFF01 && r <= 0xFF5E, r == '“', r == '”', r == '·':
			runes++
		default:
			return false
		}
		before = r
	}
	return s == "" || before != ' ' && (limit <= 0 || runes <= limit)
}

// Hidden reports whether a rune does something other than standing there:
// controls, bidirectional and zero-width characters (Cf), surrogates, and the
// variation selectors, which make a terminal's idea of a width differ from
// ours.
func Hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cs, r) ||
		r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF ||
		r == '\u115F' || r == '\u1160' || r == '\u3164' || r == '\uFFA0' // blank Hangul letters
}

func escape(r rune) string {
	switch {
	case r <= 0xFF:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xFFFF:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// CleanLines cleans a text line by line, each as [Clean] does with the limit, and
// keeps its lines and indents: a snippet is to be pasted as it stands.
func CleanLines(s string, limit int) string {
	if plain(s, limit) {
		return s
	}
	lines := strings.Split(strings.ToValidUTF8(s, "\uFFFD"), "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, " \r\t")
		body := strings.TrimLeft(line, " \t")
		indent := strings.ReplaceAll(line[:len(line)-len(body)], "\t", "    ")
		lines[i] = indent + Clean(body, limit)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// MaxText bounds, in characters, any one text that came from outside.
const MaxText = 2000

// CleanText is [Clean] for both languages: cleaned and cut to limit characters.
func CleanText(t detect.Text, limit int) detect.Text {
	return detect.Text{ZH: Clean(t.ZH, limit), EN: Clean(t.EN, limit)}
}
