package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// attrs are the attributes that the walk asks for, read in one go.
type attrs struct {
	id, class, style, role    string
	href, src, onclick        string
	alt, title, label         string
	typ, width, height, value string
	hidden, open, linked      bool // linked: there is an href, if an empty one
	include                   bool // a fragment is loaded into the element by a script
}

func attributes(n *html.Node) attrs {
	var a attrs
	for i := range n.Attr {
		v := n.Attr[i].Val
		switch n.Attr[i].Key {
		case "id":
			a.id = v
		case "class":
			a.class = v
		case "style":
			a.style = v
		case "role":
			a.role = v
		case "href":
			a.href, a.linked = v, true
		case "src":
			a.src = v
		case "onclick":
			a.onclick = v
		case "alt":
			a.alt = v
		case "title":
			a.title = v
		case "aria-label":
			a.label = v
		case "type":
			a.typ = v
		case "width":
			a.width = v
		case "height":
			a.height = v
		case "hidden":
			a.hidden = v != "until-found"
		case "open":
			a.open = true
		case "data-include", "w3-include-html", "include-html", "ng-include", "data-ng-include", "hx-get", "data-load":
			a.include = true
		}
	}
	return a
}

// attr returns one attribute, "" if it is missing.
func attr(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}

// hides reports whether the element keeps its text from the visitor.
// aria-hidden does not: it hides from screen readers only.
func (a *attrs) hides(tag atom.Atom) bool {
	switch {
	case a.hidden:
		return true
	case tag == atom.Template || tag == atom.Textarea || tag == atom.Datalist:
		return true
	case tag == atom.Dialog && !a.open:
		return true
	}
	return a.style != "" && hiddenStyle(a.style)
}

// hiddenStyle reads an inline style for the ways in which text is hidden.
func hiddenStyle(style string) bool {
	var clipped, zero bool
	for style != "" {
		var decl string
		decl, style, _ = strings.Cut(style, ";")
		name, value, ok := strings.Cut(decl, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, "display"):
			if hasPrefixFold(value, "none") {
				return true
			}
		case strings.EqualFold(name, "visibility"):
			if hasPrefixFold(value, "hidden") || hasPrefixFold(value, "collapse") {
				return true
			}
		case strings.EqualFold(name, "opacity"), strings.EqualFold(name, "font-size"):
			if isZero(value) {
				return true
			}
		case strings.EqualFold(name, "text-indent"), strings.EqualFold(name, "left"), strings.EqualFold(name, "top"), strings.EqualFold(name, "margin-left"):
			if farOff(value) {
				return true
			}
		case strings.EqualFold(name, "overflow"):
			clipped = hasPrefixFold(value, "hidden")
		case strings.EqualFold(name, "width"), strings.EqualFold(name, "height"), strings.EqualFold(name, "max-height"):
			zero = zero || isZero(value)
		}
	}
	return clipped && zero
}

// isZero reports whether a CSS length or number is zero: 0, 0px, 0.0em.
func isZero(v string) bool {
	v = strings.TrimRight(strings.ToLower(v), " !importanempx%rvhwcqd")
	return v != "" && strings.Trim(v, "0.") == ""
}

// farOff reports a length beyond the left or upper edge of any screen.
func farOff(v string) bool {
	digits, ok := strings.CutPrefix(v, "-")
	if !ok {
		return false
	}
	n := 0
	for n < len(digits) && digits[n] >= '0' && digits[n] <= '9' {
		n++
	}
	unit := strings.ToLower(digits[n:])
	return n >= 4 && !strings.HasPrefix(unit, "%") || n >= 3 && (strings.HasPrefix(unit, "em") || strings.HasPrefix(unit, "rem") || strings.HasPrefix(unit, "%"))
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
