// Package charset turns the bytes of a page into UTF-8. Declarations on
// Chinese pages lie often enough (a template saved in another encoding, a
// server that adds its own header) that the bytes are asked first and a
// declaration is believed only where they do not contradict it.
package charset

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// The names that Decode gives, as the WHATWG encoding standard writes them.
// Other declared encodings keep their own WHATWG name ("shift_jis").
const (
	UTF8    = "utf-8"
	GB18030 = "gb18030" // also for pages that say gb2312 or gbk: it contains both
	Big5    = "big5"
	UTF16LE = "utf-16le"
	UTF16BE = "utf-16be"
)

// Decode returns body as UTF-8 and the name of the encoding that it was in.
// contentType is the value of the HTTP header, "" if there was none. The
// ladder: byte order mark, valid UTF-8, UTF-16 by its zero bytes, meta, header,
// and for what is left or is contradicted GB18030 against Big5 by evidence.
// A body that ends in the middle of a character loses that character only.
// ok is false if the text is not to be trusted: text is then the best guess.
// The result shares memory with body if that is UTF-8 already.
func Decode(body []byte, contentType string) (text []byte, name string, ok bool) {
	switch {
	case bytes.HasPrefix(body, []byte("\xEF\xBB\xBF")):
		body = body[3:] // and go on: the mark is also found in front of GBK includes
	case bytes.HasPrefix(body, []byte("\xFF\xFE")):
		return transform(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), body[2:], UTF16LE)
	case bytes.HasPrefix(body, []byte("\xFE\xFF")):
		return transform(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), body[2:], UTF16BE)
	}
	body = whole(body)
	s := survey(body)
	if s.zero > 0 {
		if le, be := utf16(body); le {
			return transform(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), body, UTF16LE)
		} else if be {
			return transform(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), body, UTF16BE)
		}
	}
	if s.broken == 0 { // zero bytes among them: they are no character and say nothing
		return body, UTF8, true
	}
	if s.mostlyUTF8() || s.rather(body, contentType) {
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), UTF8, s.foreign <= maxForeign
	}
	return legacy(body, contentType)
}

// rather reports whether a page with broken bytes is UTF-8 all the same because
// it says so: more of its characters are whole than broken, or next to nothing
// but ASCII is there and what is broken is no Chinese. A page in GBK that says
// UTF-8 has hardly a character that is valid.
func (c count) rather(body []byte, contentType string) bool {
	if c.wide < 2*c.broken && c.high > maxStray {
		return false
	}
	if !isUTF8(fromHeader(contentType)) && !isUTF8(fromMeta(body)) {
		return false
	}
	if c.wide >= 2*c.broken {
		return true
	}
	e := weigh(body)
	return !e.chinese() && !e.big5Likelier()
}

func isUTF8(label string) bool { return label == UTF8 || label == "utf8" }

// legacy decodes a body that is not Unicode.
func legacy(body []byte, contentType string) (text []byte, name string, ok bool) {
	declared := fromMeta(body)
	if _, known := lookup(declared); !known {
		declared = fromHeader(contentType)
	}
	enc, known := lookup(declared)
	if known {
		declared, _ = htmlindex.Name(enc)
	}
	e := weigh(body)
	switch {
	case declared == "gbk" || declared == GB18030:
		if e.big5Likelier() {
			return transform(traditionalchinese.Big5, body, Big5)
		}
		return chinese(body)
	case declared == Big5:
		if e.gbLikelier() {
			return chinese(body)
		}
		return transform(traditionalchinese.Big5, body, Big5)
	case eastern(declared):
		if text, name, ok = transform(enc, body, declared); ok {
			return text, name, true
		}
	case known && declared != UTF8 && declared != UTF16LE && declared != UTF16BE && !e.chinese():
		return transform(enc, body, declared)
	}
	switch {
	case e.big5Likelier():
		return transform(traditionalchinese.Big5, body, Big5)
	case e.chinese():
		return chinese(body)
	}
	// Neither Chinese nor declared: a few stray bytes in an ASCII page are no
	// reason to distrust it, more are.
	text, name, _ = chinese(body)
	return text, name, e.pairs+e.stray <= len(body)/200
}

// eastern reports whether an encoding packs two bytes a character as the
// Chinese ones do, so that the bytes alone cannot contradict it.
func eastern(name string) bool {
	return name == "euc-kr" || name == "euc-jp" || name == "shift_jis" || name == "iso-2022-jp"
}

// chinese decodes GB18030.
func chinese(body []byte) (text []byte, name string, ok bool) {
	text = fromGB(body)
	return text, GB18030, sound(text)
}

// transform decodes body.
func transform(enc encoding.Encoding, body []byte, name string) (text []byte, _ string, ok bool) {
	text, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), name, false
	}
	return text, name, sound(text)
}

// sound reports whether at most one character in fifty came out broken.
func sound(text []byte) bool {
	bad := bytes.Count(text, []byte("\uFFFD"))
	if bad <= 2 {
		return true
	}
	wide := 0
	for _, c := range text {
		if c >= 0xC0 {
			wide++
		}
	}
	return bad*50 <= wide
}

// lookup finds an encoding by its label.
func lookup(label string) (encoding.Encoding, bool) {
	if label == "" {
		return nil, false
	}
	enc, err := htmlindex.Get(label)
	return enc, err == nil && enc != nil
}

// whole drops a UTF-8 character that the end of body cuts in two.
func whole(body []byte) []byte {
	for back := 1; back <= 3 && back <= len(body); back++ {
		c := body[len(body)-back]
		if c >= 0xC0 {
			if !utf8.FullRune(body[len(body)-back:]) && utf8.Valid(body[max(0, len(body)-back-64):len(body)-back]) {
				return body[:len(body)-back]
			}
			break
		}
		if c < 0x80 {
			break
		}
	}
	return body
}
