package page

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// A tokenKind is what a scanner finds next.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenText
	tokenOpen
	tokenClose
	tokenComment
	tokenCode // <?php … ?>
)

// A scanner cuts markup into texts, tags and comments by the rules of the HTML
// standard's tokenizer. It copies nothing: what it gives out are pieces of the
// page. That, and reading only the attributes that are asked for, makes it
// several times as fast as a general tokenizer.
type scanner struct {
	s     string
	i     int
	start int    // where the token begins
	text  string // of a text or a comment; entities as written
	tag   tag
}

// A tag is the last start or end tag.
type tag struct {
	atom  atom.Atom // 0 for names that HTML does not know
	name  string    // as written
	self  bool      // ends in />
	attrs attrs
}

// next moves to the next token.
func (z *scanner) next() tokenKind {
	for z.i < len(z.s) {
		z.start = z.i
		if z.s[z.i] != '<' {
			n := strings.IndexByte(z.s[z.i:], '<')
			if n < 0 {
				n = len(z.s) - z.i
			}
			z.text = z.s[z.i : z.i+n]
			z.i += n
			return tokenText
		}
		rest := z.s[z.i+1:]
		switch {
		case rest != "" && isLetter(rest[0]):
			z.i++
			if !z.readTag(true) {
				return tokenEnd
			}
			return tokenOpen
		case len(rest) > 1 && rest[0] == '/' && isLetter(rest[1]):
			z.i += 2
			if !z.readTag(false) {
				return tokenEnd
			}
			return tokenClose
		case strings.HasPrefix(rest, "!--"):
			z.comment()
			return tokenComment
		case len(rest) > 1 && (rest[0] == '!' || rest[0] == '?' || rest[0] == '/'):
			z.bogus()
			if rest[0] == '?' && !hasPrefixFold(rest, "?xml") {
				return tokenCode
			}
		default:
			z.text = z.s[z.i : z.i+1]
			z.i++
			return tokenText
		}
	}
	return tokenEnd
}

// bogus skips <!doctype>, <?xml?> and </3>: they hold nothing to read.
func (z *scanner) bogus() {
	n := strings.IndexByte(z.s[z.i:], '>')
	if n < 0 {
		z.i = len(z.s)
		return
	}
	z.i += n + 1
}

// comment reads a comment; one that is not closed goes to the end of the page.
func (z *scanner) comment() {
	start := z.i + len("<!--")
	at := start
	if strings.HasPrefix(z.s[at:], ">") || strings.HasPrefix(z.s[at:], "->") { // <!--> and <!---> are empty
		z.text = ""
		z.i = at + strings.IndexByte(z.s[at:], '>') + 1
		return
	}
	for {
		n := strings.Index(z.s[at:], "--")
		if n < 0 {
			z.text, z.i = z.s[start:], len(z.s)
			return
		}
		at += n
		switch after := z.s[at+2:]; {
		case strings.HasPrefix(after, ">"):
			z.text, z.i = z.s[start:at], at+3
			return
		case strings.HasPrefix(after, "!>"):
			z.text, z.i = z.s[start:at], at+4
			return
		}
		at++
	}
}

// readTag reads a tag from its name on; false if the page ends within it.
func (z *scanner) readTag(attributes bool) bool {
	start := z.i
	for z.i < len(z.s) && !ends(z.s[z.i]) {
		z.i++
	}
	z.tag = tag{name: z.s[start:z.i]}
	z.tag.atom = lookup(z.tag.name)
	for {
		for z.i < len(z.s) && (isSpace(z.s[z.i]) || z.s[z.i] == '/') {
			z.i++
		}
		if z.i >= len(z.s) {
			return false
		}
		if z.s[z.i] == '>' {
			z.tag.self = z.s[z.i-1] == '/'
			z.i++
			return true
		}
		name, value := z.attribute()
		if attributes {
			z.tag.attrs.set(name, value)
		}
	}
}

// attribute reads one attribute.
func (z *scanner) attribute() (name, value string) {
	start := z.i
	z.i++ // a leading = belongs to the name
	for z.i < len(z.s) && !ends(z.s[z.i]) && z.s[z.i] != '=' {
		z.i++
	}
	name = z.s[start:z.i]
	at := z.i
	for at < len(z.s) && isSpace(z.s[at]) {
		at++
	}
	if at >= len(z.s) || z.s[at] != '=' {
		return name, ""
	}
	z.i = at + 1
	for z.i < len(z.s) && isSpace(z.s[z.i]) {
		z.i++
	}
	if z.i >= len(z.s) {
		return name, ""
	}
	if q := z.s[z.i]; q == '"' || q == '\'' {
		n := strings.IndexByte(z.s[z.i+1:], q)
		if n < 0 {
			z.i = len(z.s)
			return name, ""
		}
		value = z.s[z.i+1 : z.i+1+n]
		z.i += n + 2
		return name, value
	}
	start = z.i
	for z.i < len(z.s) && !isSpace(z.s[z.i]) && z.s[z.i] != '>' {
		z.i++
	}
	return name, z.s[start:z.i]
}

// content reads the text up to the end tag of the element, which is taken too:
// for elements in which markup is text. Without an end tag it is the rest of
// the page.
func (z *scanner) content(name string) string {
	start := z.i
	for at := z.i; ; {
		n := strings.Index(z.s[at:], "</")
		if n < 0 {
			z.i = len(z.s)
			return z.s[start:]
		}
		at += n
		if named(z.s[at+2:], name) {
			z.leave(at)
			return z.s[start:at]
		}
		at += 2
	}
}

// scriptContent is content for a script, in which <!-- <script> </script> -->
// is no end.
func (z *scanner) scriptContent() string {
	start := z.i
	escaped := -1 // where the comment that began ends, -1 outside of one
	inner := false
	for at := z.i; ; at++ {
		n := strings.IndexByte(z.s[at:], '<')
		if n < 0 {
			z.i = len(z.s)
			return z.s[start:]
		}
		at += n
		if escaped >= 0 && at > escaped {
			escaped, inner = -1, false
		}
		rest := z.s[at+1:]
		switch {
		case escaped < 0 && strings.HasPrefix(rest, "!--"):
			if escaped = strings.Index(rest[1:], "-->"); escaped < 0 {
				escaped = len(z.s)
			} else {
				escaped += at + 2
			}
		case strings.HasPrefix(rest, "/") && named(rest[1:], "script"):
			if escaped < 0 || !inner {
				z.leave(at)
				return z.s[start:at]
			}
			inner = false
		case escaped >= 0 && named(rest, "script"):
			inner = true
		}
	}
}

// leave moves behind the end tag at offset at.
func (z *scanner) leave(at int) {
	z.i = at
	z.bogus()
}

// named reports whether s begins with the tag name, which is lower case.
func named(s, name string) bool {
	return len(s) >= len(name) && strings.EqualFold(s[:len(name)], name) && (len(s) == len(name) || ends(s[len(name)]))
}

// ends reports whether the character ends a name in a tag.
func ends(c byte) bool { return c == '>' || c == '/' || isSpace(c) }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }

// longestName is longer than any name that HTML knows.
const longestName = 24

// lookup finds the atom of a name in any case.
func lookup(name string) atom.Atom {
	var buf [longestName]byte
	if len(name) > len(buf) {
		return 0
	}
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	return atom.Lookup(buf[:len(name)])
}
