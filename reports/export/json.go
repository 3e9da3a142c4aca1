package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/reports/wording"
)

// writeJSON writes v and a line feed. Addresses and snippets stay readable, for this
// is no HTML; what hides or turns the writing on a terminal is escaped, which says the
// same to a program.
func writeJSON(w io.Writer, v any, indent string) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(visible(b.Bytes()))
	return err
}

// visible escapes the hidden characters of a JSON text, all of which stand in its
// strings.
func visible(text []byte) []byte {
	var out []byte
	done := 0
	for i := 0; i < len(text); {
		if c := text[i]; c < 0x7F {
			i++ // encoding/json has escaped the controls; line feeds and blanks are its own
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if (r < 0x4E00 || r > 0x9FFF) && wording.Hidden(r) {
			out = append(out, text[done:i]...)
			if a, b := utf16.EncodeRune(r); a != utf8.RuneError {
				out = fmt.Appendf(out, `\u%04x\u%04x`, a, b)
			} else {
				out = fmt.Appendf(out, `\u%04x`, r)
			}
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return text
	}
	return append(out, text[done:]...)
}
