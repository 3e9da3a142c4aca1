package charset

import (
	"bytes"
	"encoding/binary"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// pairs is the two-byte part of GB18030: pairs()[lead-0x81][trail-0x40] is the
// character, 0 if there is none. It is read out of x/text's decoder once, on
// the first page that needs it: a table look-up is six times as fast as the
// decoder, and one Chinese page in six is GBK.
var pairs = sync.OnceValue(readPairs)

func readPairs() *[0x7E][0xC0]uint16 {
	t := new([0x7E][0xC0]uint16)
	dec := simplifiedchinese.GB18030.NewDecoder()
	var row []byte // every pair of one lead, a line each
	for lead := range t {
		row = row[:0]
		for trail := range t[lead] {
			row = append(row, byte(lead+0x81), byte(trail+0x40), '\n')
		}
		out, _ := dec.Bytes(row)
		for trail, line := range bytes.Split(out, []byte("\n")) {
			if r, n := utf8.DecodeRune(line); n > 0 && n == len(line) && r != utf8.RuneError && r < 0x10000 {
				t[lead][trail] = uint16(r)
			}
		}
	}
	return t
}

// fromGB decodes GB18030.
func fromGB(body []byte) []byte {
	t := pairs()
	out := make([]byte, 0, len(body)+len(body)/3+16)
	for i := 0; i < len(body); {
		c := body[i]
		if c < 0x80 {
			n := ascii(body[i:])
			out = append(out, body[i:i+n]...)
			i += n
			continue
		}
		if i+1 < len(body) && c >= 0x81 && c <= 0xFE && body[i+1] >= 0x40 {
			if r := t[c-0x81][body[i+1]-0x40]; r >= 0x800 {
				out = append(out, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
				i += 2
				continue
			} else if r != 0 {
				out = utf8.AppendRune(out, rune(r))
				i += 2
				continue
			}
		}
		r, n := rare(body[i:])
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out
}

// rare decodes what is not in the table: four bytes, 0x80 as browsers read it,
// or something broken, of which one byte is given up.
func rare(b []byte) (rune, int) {
	if b[0] == 0x80 {
		return '€', 1
	}
	if len(b) >= 4 && b[0] >= 0x81 && b[0] <= 0xFE && b[1] >= '0' && b[1] <= '9' && b[2] >= 0x81 && b[2] <= 0xFE && b[3] >= '0' && b[3] <= '9' {
		if out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b[:4]); err == nil {
			if r, n := utf8.DecodeRune(out); n == len(out) && r != utf8.RuneError {
				return r, 4
			}
		}
	}
	// A lead byte takes its trail with it, unless that could begin something.
	if len(b) > 1 && b[0] != 0xFF && b[1] >= 0x80 && b[1] != 0xFF {
		return utf8.RuneError, 2
	}
	return utf8.RuneError, 1
}

// ascii returns how many bytes at the start of b are ASCII.
func ascii(b []byte) int {
	i := 0
	for i+8 <= len(b) && binary.LittleEndian.Uint64(b[i:])&0x8080808080808080 == 0 {
		i += 8
	}
	for i < len(b) && b[i] < 0x80 {
		i++
	}
	return i
}
