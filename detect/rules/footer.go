package rules

import (
	"regexp"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
)

// blanks are the places at the foot that are kept for a number and hold none.
func blanks(c *detect.Case) []number.ICP {
	var list []number.ICP
	for _, n := range c.Shown.Blanks {
		if n.Own && (n.Place == number.Footer || n.Place == number.Body && !c.Home.HasFoot) && !sampled(c, n) {
			list = append(list, n)
		}
	}
	return append(list, c.Vacant()...)
}

// othersShown reports whether a visitor sees a number that the site does not
// claim.
func othersShown(c *detect.Case) bool {
	for _, n := range c.Claims() {
		if !n.Own && detect.Visible(n.Place) {
			return true
		}
	}
	return false
}

// sampleWords come before a number that a page gives as an example.
var sampleWords = regexp.MustCompile(`(?:格式|例如|示例|样式|样例|形式|形如|类似|比如|譬如|写作|举例|应为|显示为|[（(，,：:]如|(?i:e\.g\.|example|format))[^\n©]{0,12}$`)

// sampled reports whether the page shows a number as an example of what one
// looks like, and nowhere else.
func sampled(c *detect.Case, n number.ICP) bool {
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

// This file holds what the rules about the foot of the page have in common.

// footerDuty says whether the rules about numbers and links apply at all. The
// duty is the filed site's own: not of a site without a filing, not of another
// domain's page, not of a page that nobody has seen.
func footerDuty(c *detect.Case) (detect.Outcome, bool) {
	switch c.Filing.Status {
	case crawler.FilingUnfiled, crawler.FilingCancelled:
		return exempt(detect.ReasonNotFiled), false
	case crawler.FilingInReview:
		return exempt(detect.ReasonInReview), false
	}
	if c.Away != "" {
		return exempt(detect.ReasonAway), false
	}
	if why := c.LivenessReason(); why != "" {
		return unknown(why), false
	}
	if c.Home == nil {
		return unknown(detect.ReasonNotSeen), false
	}
	return detect.Outcome{}, true
}

// noNumber is the outcome of the rules about a shown filing number when none
// of the site's own is shown: nothing to check, or not known.
func noNumber(c *detect.Case) detect.Outcome {
	if c.Liveness == detect.Placeholder {
		return exempt(detect.ReasonPlaceholder)
	}
	if why := c.TraceReason(); why != "" {
		return unknown(why)
	}
	if othersShown(c) {
		return unknown(detect.ReasonOthersNumber)
	}
	return exempt(detect.ReasonNoNumber)
}
