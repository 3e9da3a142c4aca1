package inventory

import (
	"net/netip"
	"strings"
	"unicode"

	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/width"

	"github.com/beianwatch/beianwatch/crawler/dns"
)

// maxNames bounds the domains of one cell: what has more is a list in the
// wrong place.
const maxNames = 200

// A named is one domain of a cell, or a part of it that cannot be one.
type named struct {
	text string  // as written
	name string  // the A-label or IP address; "" if it cannot be used
	why  Message // why it cannot
}

// splitNames finds the domains in a cell as people write them: URLs, several
// names with any separator, remarks beside a name, numbering, quotation marks.
// rest is what else stands there. A cell without any domain gives one entry
// that says why.
func splitNames(s string) (names []named, rest string) {
	s = strings.TrimSpace(s)
	if name, err := dns.Name(s); err == nil && (bareHost(s) || isAddress(name)) {
		return []named{{text: s, name: name}}, ""
	}
	c := newCellScanner(s)
	c.scan()
	names = c.judged()
	if len(names) == 0 {
		_, err := dns.Name(s)
		return []named{{text: s, why: nameFault(s, err)}}, ""
	}
	return names, strings.Join(c.rest, " ")
}

// bareHost reports whether s is a name of plain letters and nothing else, as
// nearly all cells are.
func bareHost(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	return !strings.Contains(s, "..") && !strings.HasSuffix(s, "-")
}

// isAddress reports whether name is an IP address.
func isAddress(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil
}

// known reports whether the name ends in a public suffix of ICANN, or is one
// (ha.cn is a province's).
func known(name string) bool {
	suffix, icann := publicsuffix.PublicSuffix(name)
	for !icann && strings.Contains(suffix, ".") { // a private suffix, such as github.io, stands below one of ICANN
		_, suffix, _ = strings.Cut(suffix, ".")
		suffix, icann = publicsuffix.PublicSuffix("x." + suffix)
	}
	return icann
}

// complete returns the A-label of a text that is a whole name by itself.
func complete(s string) (string, bool) {
	if strings.IndexByte(s, '.') < 0 {
		return "", false
	}
	name, err := dns.Name(s)
	return name, err == nil && (known(name) || isAddress(name))
}

// Runes that stand for a separator or for a part of a name, according to what
// stands on both sides. Both are in no name.
const (
	softDot  = '。' // 。 may be typed for the dot, and may end a sentence
	softDash = '—' // － may be typed for the hyphen, and may lead from one name to the next
)

// joiners are the words that people put between two names; each can be a
// character of a Chinese domain as well.
const joiners = "和及与或跟并至到"

// A cellScanner reads the domains of a cell.
type cellScanner struct {
	in    []rune
	at    int
	found []named
	rest  []string
}

// plainMarks undoes what people do to keep a name from being a link, and marks
// the soft separators before full-width characters are folded. A replacer
// builds its tables at its first use, so it is made once.
var plainMarks = strings.NewReplacer("[.]", ".", "(.)", ".", "{.}", ".", "hxxp", "http", "HXXP", "http", "．", ".", "－", string(softDash), "–", string(softDash), "｡", string(softDot))

func newCellScanner(s string) *cellScanner {
	s = plainMarks.Replace(s)
	in := []rune(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) { // zero-width characters
			return -1
		}
		return r
	}, width.Fold.String(s)))
	return &cellScanner{in: in}
}

// inName reports whether r can stand within a name or is soft.
func inName(r rune) bool {
	return r == '-' || r == '_' || r == '.' || r == softDot || r == softDash || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// scan takes the cell apart.
func (c *cellScanner) scan() {
	for c.at < len(c.in) {
		scheme := c.scheme()
		if !scheme && !inName(c.in[c.at]) {
			c.at++
			continue
		}
		from := c.at
		for c.at < len(c.in) && inName(c.in[c.at]) {
			if c.at > from && c.schemeAhead() {
				break
			}
			c.at++
		}
		text := string(c.in[from:c.at])
		wild := from > 0 && c.in[from-1] == '*' && strings.HasPrefix(text, ".")
		switch next := c.peek(); {
		case next == '@' && !scheme:
			c.mail(from)
			continue
		case next == '@' || scheme && next == ':' && c.userinfo():
			c.skipUserinfo()
			continue
		case wild:
			c.found = append(c.found, named{text: "*" + text, why: wildcardFault})
		default:
			c.candidate(text)
		}
		c.port()
		c.path(scheme)
	}
}

func (c *cellScanner) peek() rune {
	if c.at < len(c.in) {
		return c.in[c.at]
	}
	return 0
}

// schemeAhead reports whether "http://" or the like begins here.
func (c *cellScanner) schemeAhead() bool {
	i := c.at
	for i < len(c.in) && i < c.at+10 && (c.in[i] >= 'a' && c.in[i] <= 'z' || c.in[i] >= 'A' && c.in[i] <= 'Z') {
		i++
	}
	if i == c.at || i+2 >= len(c.in) || c.in[i] != ':' || c.in[i+1] != '/' || c.in[i+2] != '/' {
		return false
	}
	return true
}

// scheme steps over a scheme.
func (c *cellScanner) scheme() bool {
	if !c.schemeAhead() {
		if c.at == 0 && len(c.in) > 2 && c.in[0] == '/' && c.in[1] == '/' {
			c.at = 2
			return true
		}
		return false
	}
	for c.in[c.at] != ':' {
		c.at++
	}
	c.at += 3
	return true
}

// userinfo reports whether user:password@ begins here.
func (c *cellScanner) userinfo() bool {
	for i := c.at + 1; i < len(c.in) && i < c.at+200; i++ {
		switch c.in[i] {
		case '@':
			return true
		case '/', ' ', ',', ';', '、':
			return false
		}
	}
	return false
}

func (c *cellScanner) skipUserinfo() {
	for c.at < len(c.in) && c.in[c.at] != '@' {
		c.at++
	}
	c.at++
}

// mail takes an e-mail address for what it is.
func (c *cellScanner) mail(from int) {
	c.at++
	for c.at < len(c.in) && inName(c.in[c.at]) {
		c.at++
	}
	c.found = append(c.found, named{text: string(c.in[from:c.at]), why: mailFault})
}

// port steps over :8080.
func (c *cellScanner) port() {
	if c.peek() != ':' {
		return
	}
	i := c.at + 1
	for i < len(c.in) && c.in[i] >= '0' && c.in[i] <= '9' {
		i++
	}
	if i > c.at+1 && (i == len(c.in) || !inName(c.in[i])) {
		c.at = i
	}
}

// path steps over what follows a host. Without a scheme a slash may also part
// two names.
func (c *cellScanner) path(url bool) {
	if next := c.peek(); next != '/' && next != '?' && next != '#' {
		return
	}
	if !url && c.peek() == '/' {
		for c.at+1 < len(c.in) && c.in[c.at+1] == '/' {
			c.at++ // a.cn//b.cn
		}
		i := c.at + 1
		for i < len(c.in) && inName(c.in[i]) {
			i++
		}
		if segment := string(c.in[c.at+1 : i]); !isScript(segment) && (i == len(c.in) || c.in[i] != '?' && c.in[i] != '#') {
			if _, ok := complete(strings.Trim(segment, ".")); ok {
				c.at++
				return
			}
		}
	}
	for ; c.at < len(c.in); c.at++ {
		r := c.in[c.at]
		if unicode.IsSpace(r) || strings.ContainsRune(`,;|<>"'、`, r) || r > unicode.MaxLatin1 && !unicode.IsLetter(r) || c.schemeAhead() {
			return
		}
	}
}

// isScript reports whether the last segment of a path names a program and not a
// domain, although its ending is a country's.
func isScript(segment string) bool {
	i := strings.LastIndexByte(segment, '.')
	switch strings.ToLower(segment[i+1:]) {
	case "do", "pl", "py", "sh", "md", "zip", "so", "ps", "cc", "mov":
		return true
	}
	return false
}
