package page

import (
	"strings"

	"golang.org/x/net/html"
)

// attrs are the attributes that a page is asked for.
type attrs struct {
	id, class, style, role         string
	href, src, onclick             string
	xlink, action                  string
	alt, title, label              string
	typ, width, height, rows, cols string
	name, property, equiv, content string
	hidden, open                   bool
	shadow                         bool   // a template that is a shadow root
	sized                          bool   // a font element that is no element of svg: it has a color, face or size
	event                          string // code of handlers that run without the visitor's doing
	linked                         bool   // there is an href, if an empty one
	include                        bool   // a script loads a fragment into the element
	bound                          bool   // a script or a server puts the element's text in
	value                          string
}

// set keeps an attribute if it is one that is asked for; of two with the same
// name the first counts.
func (a *attrs) set(name, value string) {
	var buf [longestName]byte
	if len(name) > len(buf) {
		return
	}
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	var to *string
	switch string(buf[:len(name)]) {
	case "id":
		to = &a.id
	case "class":
		to = &a.class
	case "style":
		to = &a.style
	case "role":
		to = &a.role
	case "href":
		to, a.linked = &a.href, true
	case "src":
		to = &a.src
	case "onclick":
		to = &a.onclick
	case "alt":
		to = &a.alt
	case "title":
		to = &a.title
	case "aria-label":
		to = &a.label
	case "type":
		to = &a.typ
	case "width":
		to = &a.width
	case "height":
		to = &a.height
	case "rows":
		to = &a.rows
	case "cols":
		to = &a.cols
	case "name":
		to = &a.name
	case "property":
		to = &a.property
	case "http-equiv":
		to = &a.equiv
	case "content":
		to = &a.content
	case "hidden":
		a.hidden = !strings.EqualFold(value, "until-found")
		return
	case "open":
		a.open = true
		return
	case "shadowrootmode":
		a.shadow = strings.EqualFold(value, "open") || strings.EqualFold(value, "closed")
		return
	case "onload", "onpageshow", "onerror", "onfocus", "ontoggle", "onanimationstart", "onanimationend", "onbegin", "onreadystatechange", "onstart", "onfinish":
		a.event = strings.TrimSpace(a.event + "\n" + unescapeValue(value))
		return
	case "color", "face", "size":
		a.sized = true
		return
	case "xlink:href": // of links in SVG, unless there is an href
		to = &a.xlink
	case "action", "formaction":
		to = &a.action
	case "data-include", "w3-include-html", "include-html", "ng-include", "data-ng-include", "hx-get", "data-load":
		a.include = true
		return
	case "v-text", "v-html", "th:text", "th:utext", "ng-bind", "ng-bind-html", "x-text", "x-html", "data-bind":
		a.bound = true
		return
	case "value":
		to = &a.value
	default:
		return
	}
	if *to == "" {
		*to = unescapeValue(value)
	}
}

// unescapeValue decodes the entities of an attribute. Those without a
// semicolon are left: in addresses they are the names of parameters
// (?a=1&copy=2).
func unescapeValue(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		n := entity(s[i:])
		if n > 0 && s[i+n-1] == ';' {
			b.WriteString(html.UnescapeString(s[i : i+n]))
		} else {
			n = 1
			b.WriteByte('&')
		}
		s = s[i+n:]
	}
}

// longestEntity is how many bytes a character reference may take; the longest
// name in use is half as long.
const longestEntity = 32

// entity returns the length of what may be a character reference at the start
// of s, with its semicolon if it has one; 0 if it is none.
func entity(s string) int {
	n := 1
	for n < len(s) && n < longestEntity && (isLetter(s[n]) || s[n] >= '0' && s[n] <= '9' || n == 1 && s[n] == '#') {
		n++
	}
	if n == 1 {
		return 0
	}
	if n < len(s) && s[n] == ';' {
		n++
	}
	return n
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
