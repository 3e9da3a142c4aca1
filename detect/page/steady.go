package page

import (
	"bytes"
	"slices"
	"strings"
)

// Steady gives a page without what differs at each request and tells a reader
// nothing: the values of tokens (nonce, CSRF token, session, time stamp) in
// scripts and hidden fields, whole scripts that set nothing else, and the figures
// in a technical comment ("generated in 0.03 s"). Rules read pages in this form
// only, so two answers that are the same in it get the same outcomes whatever
// else differs. A page without such values is given back as it is, not copied.
func Steady(body []byte) []byte {
	var cuts []span
	for _, sign := range []byte{'=', ':'} {
		for at := 0; ; at++ {
			next := bytes.IndexByte(body[at:], sign)
			if next < 0 {
				break
			}
			at += next
			if cut, ok := tokenAt(body, at); ok {
				cuts = append(cuts, cut)
				at = cut.to - 1
			}
		}
	}
	cuts = commentFigures(body, cuts)
	if len(cuts) == 0 {
		return body
	}
	return without(body, cuts)
}

// A span is the part of a text from one index up to another. whole says that it
// is an element, of which nothing stays.
type span struct {
	from, to int
	whole    bool
}

// tokenWords are the ends of names that hold a token, without dashes, in lower
// case. endsLikeToken knows their last letters, and those of content and value.
var tokenWords = []string{"token", "nonce", "csrf", "xsrf", "timestamp", "servertime", "requestid", "traceid", "sessionid", "uuid"}

// Bounds of what is taken for a token, in bytes: a signed session (JWT) has
// some 800.
const (
	maxTokenName = 48
	maxToken     = 2048
)

// tokenAt finds the value that the sign at an index (= or :) gives to a name
// for a token: a quoted word that holds a figure, or a long number.
func tokenAt(body []byte, at int) (value span, ok bool) {
	if !endsLikeToken(body, at) {
		return span{}, false
	}
	name, from := nameBefore(body, at)
	switch string(name) {
	case "content", "value": // <meta name="csrf-token" content="…">, <input name="_token" value="…">
		if name = fieldBefore(body, from); name == nil {
			return span{}, false
		}
	}
	if !forToken(name) || from > 0 && bytes.IndexByte([]byte("?&%/#"), body[from-1]) >= 0 {
		return span{}, false // within an address it may choose the page
	}
	if value, ok = valueAfter(body, at+1); !ok {
		return span{}, false
	}
	if script, ok := loneScript(body, from, value.to); ok {
		return script, true
	}
	return value, true
}

// loneScript gives the script element that holds nothing but the setting of one
// token: a server that hands tokens out adds it to a page and takes it away.
func loneScript(body []byte, name, value int) (element span, ok bool) {
	before := body[max(0, name-64):name]
	for _, word := range []string{"var ", "let ", "const ", "window."} {
		if rest, found := bytes.CutSuffix(before, []byte(word)); found {
			before = rest
			break
		}
	}
	before = bytes.TrimRight(before, " \r\n\t")
	tag := 0
	for _, open := range []string{"<script>", `<script type="text/javascript">`} {
		if bytes.HasSuffix(before, []byte(open)) {
			tag = len(open)
		}
	}
	if tag == 0 {
		return span{}, false
	}
	after := body[value:min(len(body), value+32)]
	rest := bytes.TrimLeft(after, "\"'; \r\n\t")
	if !bytes.HasPrefix(rest, []byte("</script>")) {
		return span{}, false
	}
	from := max(0, name-64) + len(before) - tag
	if from > 0 && body[from-1] != '>' && !isSpace(body[from-1]) {
		return span{}, false // what stands around it would become one
	}
	if inScript(body[:from]) {
		return span{}, false // its end tag is that of another script, which would swallow what follows
	}
	return span{from: from, to: value + len(after) - len(rest) + len("</script>"), whole: true}, true
}

// inScript tells whether a script may be open at the end of a text: the last
// script tag in it is no end tag.
func inScript(before []byte) bool {
	for {
		at := bytes.LastIndexByte(before, '<')
		if at < 0 {
			return false
		}
		rest := before[at+1:]
		end := len(rest) > 0 && rest[0] == '/'
		if end {
			rest = rest[1:]
		}
		if len(rest) >= len("script") && bytes.EqualFold(rest[:len("script")], []byte("script")) {
			return !end
		}
		before = before[:at]
	}
}

// endsLikeToken looks at the last three letters before a sign: a page has
// thousands of signs, and nearly all follow class, href, src or https.
func endsLikeToken(body []byte, at int) bool {
	for i := 0; i < 3 && at > 0 && (body[at-1] == ' ' || body[at-1] == '"' || body[at-1] == '\''); i++ {
		at--
	}
	if at < 4 || !tokenTails[body[at-1]|0x20] {
		return false
	}
	switch string([]byte{body[at-3] | 0x20, body[at-2] | 0x20, body[at-1] | 0x20}) {
	case "ken", "nce", "srf", "amp", "ime", "tid", "eid", "nid", "uid", "-id", "\x7fid", "ent", "lue": // "_id" becomes "\x7fid"
		return true
	}
	return false
}

// tokenTails are the last letters that endsLikeToken asks for.
var tokenTails = [256]bool{'n': true, 'e': true, 'f': true, 'p': true, 'd': true, 't': true}

// nameBefore gives the name before a sign, quoted or not, and where it begins.
func nameBefore(body []byte, at int) (name []byte, from int) {
	end := at
	for end > 0 && at-end < 2 && body[end-1] == ' ' {
		end--
	}
	if end > 0 && (body[end-1] == '"' || body[end-1] == '\'') {
		end--
	}
	from = end
	for from > 0 && end-from <= maxTokenName && inName(body[from-1]) {
		from--
	}
	return body[from:end], from
}

// fieldBefore gives the name of a field whose content begins at from, which
// stands right before it: name="csrf-token" content=….
func fieldBefore(body []byte, from int) []byte {
	end := from
	for end > 0 && from-end < 4 && isSpace(body[end-1]) {
		end--
	}
	if end == from || end == 0 || body[end-1] != '"' && body[end-1] != '\'' {
		return nil
	}
	name, start := nameBefore(body, end)
	if start < len(`name="`) || !bytes.EqualFold(body[start-len(`name="`):start-1], []byte("name=")) {
		return nil
	}
	return name
}

// forToken tells whether a name ends in one of the words for a token.
func forToken(name []byte) bool {
	if len(name) < 4 || len(name) > maxTokenName {
		return false
	}
	var buf [maxTokenName]byte
	short := buf[:0]
	for _, c := range name {
		if c != '_' && c != '-' {
			short = append(short, lower(c))
		}
	}
	for _, w := range tokenWords {
		if strings.HasSuffix(string(short), w) {
			return true
		}
	}
	return false
}

// valueAfter gives the value that begins at or shortly after an index.
func valueAfter(body []byte, at int) (value span, ok bool) {
	for i := 0; i < 2 && at < len(body) && body[at] == ' '; i++ {
		at++
	}
	if at == len(body) {
		return span{}, false
	}
	from, figures := at, 0
	quote := body[at]
	if quote == '"' || quote == '\'' {
		from++
	}
	to := from
	for to < len(body) && to-from <= maxToken && inToken(body[to]) {
		if isDigit(body[to]) {
			figures++
		}
		to++
	}
	if to == len(body) || to-from > maxToken || figures == 0 {
		return span{}, false
	}
	if from > at {
		return span{from: from, to: to}, to-from >= 4 && body[to] == quote
	}
	// A bare number of six figures or more: less may be a setting.
	bare := to-from == figures && figures >= 6 && bytes.IndexByte([]byte(",;} \r\n\t)"), body[to]) >= 0
	return span{from: from, to: to}, bare
}

func inName(c byte) bool  { return isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '$' }
func inToken(c byte) bool { return isLetter(c) || isDigit(c) || strings.IndexByte("_-+/=.:~", c) >= 0 }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// maxRemark is the length of a technical comment in bytes.
const maxRemark = 300

// commentFigures adds the figures of technical comments to the cuts: comments
// of plain ASCII words without anything that a script or a number of the
// register is made of.
func commentFigures(body []byte, cuts []span) []span {
	for at := 0; ; {
		next := bytes.IndexByte(body[at:], '!') // far rarer than what begins a tag
		if next < 0 {
			return cuts
		}
		if at += next; at == 0 || body[at-1] != '<' || !bytes.HasPrefix(body[at:], []byte("!--")) {
			at++
			continue
		}
		at += len("!--")
		end := bytes.Index(body[at:min(len(body), at+maxRemark)], []byte("-->"))
		if end < 0 || !remark(body[at:at+end]) {
			continue
		}
		for from := at; from < at+end; from++ {
			to := from
			for isDigit(body[to]) {
				to++
			}
			if to > from {
				cuts = append(cuts, span{from: from, to: to})
				from = to
			}
		}
		at += end
	}
}

// remark tells whether a comment is a technical one.
func remark(text []byte) bool {
	for i, c := range text {
		switch {
		case isDigit(c), isSpace(c), strings.IndexByte(",.:/+()_%", c) >= 0:
		case c == '-':
			if i > 1 && text[i-1] == '2' && text[i-2]|0x20 == 'b' {
				return false // B2-, a licence
			}
		case !isLetter(c):
			return false
		}
	}
	return !bytes.Contains(bytes.ToLower(text), []byte("icp"))
}

// without takes out each cut that is whole and replaces the others by a zero.
// Cuts of the two passes may lie in one another; the first counts.
func without(body []byte, cuts []span) []byte {
	slices.SortFunc(cuts, func(a, b span) int { return a.from - b.from })
	out := make([]byte, 0, len(body))
	last := 0
	for _, c := range cuts {
		if c.from < last {
			continue
		}
		if out = append(out, body[last:c.from]...); !c.whole {
			out = append(out, '0')
		}
		last = c.to
	}
	return append(out, body[last:]...)
}
