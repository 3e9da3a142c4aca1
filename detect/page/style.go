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
