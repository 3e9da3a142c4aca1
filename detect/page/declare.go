package page

import "strings"

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
