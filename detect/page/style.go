package page

import (
	"strings"
)

// A style is what the style attribute of one element says about whether its
// text is seen: the last valid declaration of each property, as browsers take
// them (CSS Cascading 4, section 6).
type style struct {
	display    display
	visibility toggle
	font       fontSize
	position   position
	indent     length // text-indent
	left, top  length
	margin     length // margin-left
	clips      bool   // overflow of an axis that is hidden or clip …
	flat       bool   // … and a width or height of zero …
	padded     bool   // … with padding, or at least so wide or high, that shows its content all the same
	floats     bool
	faded      bool // an animation of wow.js, which shows it when it is reached
}

type display uint8

const (
	displayUnset display = iota
	displayNone
	displayInline
	displayContents
	displayBox // all others
)

type toggle uint8

const (
	toggleUnset toggle = iota
	toggleOff
	toggleOn
)

type fontSize uint8

const (
	fontUnset fontSize = iota
	fontZero
	fontRelative // of the size around it
	fontSet
)

type position uint8

const (
	positionStatic position = iota
	positionRelative
	positionAbsolute
	positionFixed
)

// A length is a shift in whole pixels, and whether one is declared.
type length struct {
	px  int16
	set bool
}

// longestStyle is how many bytes of a style attribute are read.
const longestStyle = 4 << 10

// readStyle reads a style attribute. Within one attribute the last valid
// declaration of a property wins, and one that is !important before those that
// are not.
func readStyle(css string) (s style) {
	css = css[:min(len(css), longestStyle)]
	if strings.Contains(css, "/*") {
		css = uncommented(css)
	}
	var firm uint32 // properties whose value is !important
	var box [4]boxSide
	for css != "" {
		var decl string
		decl, css = declaration(css)
		name, value, ok := strings.Cut(decl, ":")
		if !ok {
			continue
		}
		p := propertyOf(strings.TrimSpace(name))
		if p == propNone {
			continue
		}
		value, important := strings.TrimSpace(value), false
		if i := strings.LastIndexByte(value, '!'); i >= 0 && strings.EqualFold(strings.TrimSpace(value[i+1:]), "important") {
			value, important = strings.TrimSpace(value[:i]), true
		}
		if firm&(1<<p) != 0 && !important {
			continue
		}
		if s.declare(p, value, &box) && important {
			firm |= 1 << p
		}
	}
	s.flat = box[sideWidth] == sideZero || box[sideHeight] == sideZero || box[sideMax] == sideZero
	s.padded = box[sidePadding] == sideSome
	return s
}

type boxSide uint8

const (
	sideUnset boxSide = iota
	sideZero
	sideSome
)

const (
	sideWidth = iota
	sideHeight
	sideMax
	sidePadding
)

// A property is one that decides whether a text is seen.
type property uint8

const (
	propNone property = iota
	propDisplay
	propVisibility
	propFontSize
	propPosition
	propIndent
	propLeft
	propTop
	propMarginLeft
	propOverflow
	propFloat
	propWidth
	propHeight
	propMaxHeight
	propPadding
	propAnimation
)

func propertyOf(name string) property {
	var buf [longestName]byte
	if len(name) > len(buf) {
		return propNone
	}
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	switch string(buf[:len(name)]) {
	case "display":
		return propDisplay
	case "visibility":
		return propVisibility
	case "font-size":
		return propFontSize
	case "position":
		return propPosition
	case "text-indent":
		return propIndent
	case "left":
		return propLeft
	case "top":
		return propTop
	case "margin-left":
		return propMarginLeft
	case "overflow", "overflow-x", "overflow-y":
		return propOverflow
	case "float":
		return propFloat
	case "width":
		return propWidth
	case "height":
		return propHeight
	case "max-height", "max-width":
		return propMaxHeight
	case "padding", "padding-top", "padding-bottom", "padding-left", "padding-right", "padding-block", "padding-inline", "min-height", "min-width":
		return propPadding
	case "animation-name":
		return propAnimation
	}
	return propNone
}

// declare takes in a declaration; false if the value is none that the property
// has.
func (s *style) declare(p property, value string, box *[4]boxSide) bool {
	if value == "" || strings.IndexByte(value, '\\') >= 0 { // display:none\9 is for a browser of old
		return false
	}
	switch p {
	case propDisplay:
		return s.declareDisplay(value)
	case propVisibility:
		switch {
		case strings.EqualFold(value, "hidden"), strings.EqualFold(value, "collapse"):
			s.visibility = toggleOff
		case strings.EqualFold(value, "visible"), strings.EqualFold(value, "initial"):
			s.visibility = toggleOn
		case inherits(value):
			s.visibility = toggleUnset
		default:
			return false
		}
	case propFontSize:
		return s.declareFont(value)
	case propPosition:
		return s.declarePosition(value)
	case propIndent:
		return s.indent.declare(value)
	case propLeft:
		return s.left.declare(value)
	case propTop:
		return s.top.declare(value)
	case propMarginLeft:
		return !strings.HasSuffix(value, "%") && s.margin.declare(value) // -100% is a column's place beside another
	case propOverflow:
		switch {
		case hasPrefixFold(value, "hidden"), hasPrefixFold(value, "clip"):
			s.clips = true
		case hasPrefixFold(value, "visible"), hasPrefixFold(value, "auto"), hasPrefixFold(value, "scroll"), hasPrefixFold(value, "overlay"), inherits(value), strings.EqualFold(value, "initial"):
			s.clips = false
		default:
			return false
		}
	case propFloat:
		s.floats = strings.EqualFold(value, "left") || strings.EqualFold(value, "right")
	case propWidth:
		return box[sideWidth].declare(value)
	case propHeight:
		return box[sideHeight].declare(value)
	case propMaxHeight:
		return box[sideMax].declare(value)
	case propPadding:
		for rest := value; rest != ""; {
			var one string
			one, rest, _ = strings.Cut(rest, " ")
			if one != "" && !isZero(one) {
				box[sidePadding] = sideSome
			}
		}
	case propAnimation:
		s.faded = true
	}
	return true
}

// displays are the values of display besides none, inline and contents.
var displays = map[string]bool{"block": true, "inline-block": true, "flex": true, "inline-flex": true, "grid": true, "inline-grid": true, "flow-root": true,
	"table": true, "inline-table": true, "table-cell": true, "table-row": true, "table-row-group": true, "table-header-group": true, "table-footer-group": true,
	"table-column": true, "table-column-group": true, "table-caption": true, "list-item": true, "-webkit-box": true, "-webkit-inline-box": true,
	"-webkit-flex": true, "-webkit-inline-flex": true, "ruby": true, "ruby-text": true, "math": true, "revert": true, "revert-layer": true}

func (s *style) declareDisplay(value string) bool {
	switch {
	case strings.EqualFold(value, "none"):
		s.display = displayNone
	case strings.EqualFold(value, "inline"), strings.EqualFold(value, "initial"), inherits(value):
		s.display = displayInline
	case strings.EqualFold(value, "contents"):
		s.display = displayContents
	case strings.HasPrefix(value, "var("): // whatever it comes to
		s.display = displayBox
	default:
		first, _, _ := strings.Cut(strings.ToLower(value), " ") // block flow, inline flex
		if !displays[first] && first != "inline" {
			return false
		}
		s.display = displayBox
	}
	return true
}

func (s *style) declareFont(value string) bool {
	lower := strings.ToLower(value)
	switch {
	case isZero(lower):
		s.font = fontZero
	case inherits(lower), lower == "smaller", lower == "larger", strings.HasSuffix(lower, "%"), strings.HasSuffix(lower, "em") && !strings.HasSuffix(lower, "rem"),
		strings.HasSuffix(lower, "ex"), strings.HasSuffix(lower, "ch"):
		s.font = fontRelative
	case lower[0] >= '0' && lower[0] <= '9', lower[0] == '.', lower[0] == '+', strings.HasSuffix(lower, ")"),
		strings.HasSuffix(lower, "small"), strings.HasSuffix(lower, "large"), lower == "medium", lower == "initial":
		s.font = fontSet
	default:
		return false
	}
	return true
}

func (s *style) declarePosition(value string) bool {
	switch {
	case strings.EqualFold(value, "absolute"):
		s.position = positionAbsolute
	case strings.EqualFold(value, "fixed"):
		s.position = positionFixed
	case strings.EqualFold(value, "relative"), strings.EqualFold(value, "sticky"), strings.EqualFold(value, "-webkit-sticky"):
		s.position = positionRelative
	case strings.EqualFold(value, "static"), strings.EqualFold(value, "initial"), inherits(value):
		s.position = positionStatic
	default:
		return false
	}
	return true
}

func inherits(value string) bool {
	return strings.EqualFold(value, "inherit") || strings.EqualFold(value, "unset")
}

// declare takes in a length of a box; what is no zero shows something.
func (b *boxSide) declare(value string) bool {
	switch c := value[0]; {
	case isZero(value):
		*b = sideZero
	case c >= '0' && c <= '9', c == '.', c == '+', isLetter(c):
		*b = sideSome
	default:
		return false
	}
	return true
}

// farShift is the shift to the left or up, in pixels, from which a text is off
// any screen.
const farShift = -1000

// Pixels of a unit, to tell what is far: a letter's width, a hundredth of a
// window's.
const (
	letterPixels  = 16
	percentPixels = 10
)

// declare takes in a shift.
func (l *length) declare(value string) bool {
	n, i, negative := 0, 0, false
	if value[0] == '-' || value[0] == '+' {
		negative, i = value[0] == '-', 1
	}
	start := i
	for i < len(value) && value[i] >= '0' && value[i] <= '9' {
		n = min(n*10+int(value[i]-'0'), 20000)
		i++
	}
	if i < len(value) && value[i] == '.' {
		for i++; i < len(value) && value[i] >= '0' && value[i] <= '9'; i++ {
		}
	}
	if i == start {
		// auto, calc(), a keyword: not told to be far
		if !isLetter(value[0]) {
			return false
		}
		*l = length{}
		return true
	}
	switch unit := strings.ToLower(value[i:]); unit {
	case "em", "rem", "ex", "ch":
		n *= letterPixels
	case "%", "vw", "vh":
		n *= percentPixels
	case "":
		// No length without a unit in standards mode, one in quirks mode.
	}
	n = min(n, 20000)
	if negative {
		n = -n
	}
	*l = length{px: int16(n), set: true}
	return true
}

// declaration cuts the first declaration off; semicolons in strings and
// brackets end none.
func declaration(css string) (decl, rest string) {
	end := strings.IndexByte(css, ';')
	if end < 0 {
		return css, ""
	}
	if strings.IndexByte(css[:end], '(') < 0 && strings.IndexByte(css[:end], '"') < 0 && strings.IndexByte(css[:end], '\'') < 0 {
		return css[:end], css[end+1:]
	}
	depth, quote := 0, byte(0)
	for i := 0; i < len(css); i++ {
		switch c := css[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth = max(0, depth-1)
		case c == ';' && depth == 0:
			return css[:i], css[i+1:]
		}
	}
	return css, ""
}

// uncommented takes the comments out of a style.
func uncommented(css string) string {
	var b strings.Builder
	for {
		i := strings.Index(css, "/*")
		if i < 0 {
			b.WriteString(css)
			return b.String()
		}
		b.WriteString(css[:i])
		end := strings.Index(css[i+2:], "*/")
		if end < 0 {
			return b.String()
		}
		css = css[i+2+end+2:]
	}
}

// isZero reports whether a CSS length or number is zero: 0, 0px, 0.0em.
func isZero(v string) bool {
	v = strings.TrimRight(strings.ToLower(v), " !abcdehimnopqrtvwx%")
	return v != "" && strings.Trim(v, "0.") == ""
}
