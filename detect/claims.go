package detect

import (
	"regexp"
	"strings"

	"github.com/beianwatch/beianwatch/detect/number"
)

// claims are the numbers on the page, each with Own set only where the site
// says of it that it is its own. The filed number is, wherever it stands. Of
// the others, one in the body of a page that has a foot is a number that the
// page speaks of; and one that visitors do not see came with a template,
// unless nothing is known of what is filed. The list is not to be changed.
func claims(c *Case) []number.ICP { return c.memo.claims.or(c.claimed) }

func (c *Case) claimed() []number.ICP {
	known := filed(c)
	sure := len(known) > 0 && !filedUnreadable(c)
	list := make([]number.ICP, len(c.Shown.ICP))
	for i, n := range c.Shown.ICP {
		n.Own = n.Own || n.Credited && hasBase(known, n) // behind a builder's credit all the same
		if n.Own && !hasBase(known, n) {
			switch n.Place {
			case number.Footer:
			case number.Body:
				n.Own = c.Home == nil || !c.Home.HasFoot
			default:
				n.Own = !sure
			}
		}
		list[i] = n
	}
	return list
}

// ownNumbers are the site's own filing numbers that a visitor sees and that
// can be real. A number that the register itself gives is real, whatever its
// digits look like; a romanised one is no display of a number.
func ownNumbers(c *Case) []number.ICP {
	var own []number.ICP
	for _, n := range claims(c) {
		if n.Own && seen(n.Place) && !n.Latin && !fake(c, n) {
			own = append(own, n)
		}
	}
	return own
}

// fake tells whether a number cannot be a real one and the register does not
// vouch for it.
func fake(c *Case, n number.ICP) bool {
	return n.Fake != number.FakeNone && !hasBase(filed(c), n)
}

// blanks are the places at the foot that are kept for a number and hold none.
func blanks(c *Case) []number.ICP {
	var list []number.ICP
	for _, n := range c.Shown.Blanks {
		if n.Own && (n.Place == number.Footer || n.Place == number.Body && !c.Home.HasFoot) && !sampled(c, n) {
			list = append(list, n)
		}
	}
	return list
}

// othersShown tells whether a visitor sees a number that the site does not
// claim.
func othersShown(c *Case) bool {
	for _, n := range claims(c) {
		if !n.Own && seen(n.Place) {
			return true
		}
	}
	return false
}

// sampleWords come before a number that a page gives as an example.
var sampleWords = regexp.MustCompile(`(?:格式|例如|示例|样式|形如|比如|写作|举例|譬如)[^\n©]{0,12}$`)

// sampled tells whether the page shows a number as an example of what one
// looks like, and nowhere else.
func sampled(c *Case, n number.ICP) bool {
	text, at := c.Home.Raw, 0
	for range 20 {
		i := strings.Index(text[at:], n.Raw)
		if i < 0 || n.Raw == "" {
			return at > 0
		}
		i += at
		if !sampleWords.MatchString(strings.ToValidUTF8(text[max(0, i-60):i], "")) {
			return false
		}
		at = i + len(n.Raw)
	}
	return true
}
