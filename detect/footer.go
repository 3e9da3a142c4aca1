package detect

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/number"
)

// This file holds what the rules about the foot of the page have in common.

// footerDuty says whether the rules about numbers and links apply at all. The
// duty is the filed site's own: not of a site without a filing, not of another
// domain's page, not of a page that nobody has seen.
func footerDuty(c *Case) (Outcome, bool) {
	switch c.Filing.Status {
	case crawler.FilingUnfiled, crawler.FilingCancelled:
		return exempt(ReasonNotFiled), false
	case crawler.FilingInReview:
		return exempt(ReasonInReview), false
	}
	if c.Away != "" {
		return exempt(ReasonAway), false
	}
	if why := livenessReason(c); why != "" {
		return unknown(why), false
	}
	if c.Home == nil {
		return unknown(ReasonNotSeen), false
	}
	return Outcome{}, true
}

// abroadUnfiled tells whether the site is hosted outside mainland China and no
// filing is known: then nothing is owed. A shared network proves nothing.
func abroadUnfiled(c *Case) bool {
	return c.Filing.Status != crawler.FilingFiled && c.Place.Known && !c.Place.Mainland && c.Place.Shared == ""
}

// seen tells whether a number stands where a visitor reads it.
func seen(p number.Place) bool { return p == number.Footer || p == number.Body }

// filingLicences are the licence-form numbers (B2-, ICP证) on the page that
// serve as its filing number: they bear -N, link to the register, or are what
// the register has.
func filingLicences(c *Case) []number.Licence {
	var list []number.Licence
	for _, l := range c.Shown.Licences {
		if licenceForm(l) && seen(l.Place) && (l.Filing || isOursLicence(c, l)) {
			list = append(list, l)
		}
	}
	return list
}

// licenceForm tells whether numbers of this kind of licence also serve as
// filing numbers.
func licenceForm(l number.Licence) bool { return l.Kind == "telecom" || l.Kind == "icp-commercial" }

// shownNumbers are all the site's own numbers that a visitor sees, licences
// that serve as filing numbers among them.
func shownNumbers(c *Case) []number.ICP {
	list := ownNumbers(c)
	for _, l := range filingLicences(c) {
		if n, ok := number.Parse(l.Number); ok {
			n.Raw, n.Place, n.Link, n.Kind, n.Own, n.Fake = l.Raw, l.Place, l.Link, l.LinkKind, true, number.FakeNone
			list = append(list, n)
		}
	}
	return list
}

// linkRank orders link kinds, best first. Several numbers are judged by the
// best link among them: one right link is what the duty asks for.
func linkRank(k number.LinkKind) int {
	switch k {
	case number.LinkCurrent:
		return 0
	case number.LinkLegacy:
		return 1
	case number.LinkOther:
		return 2
	}
	return 3
}

// bestLinked gives the number with the best link, false if no number is shown.
// A licence beside an ICP备 number counts only if its link is right: a bad link
// on it says nothing of the number. A number with a slip in its digits is still
// the one whose link is judged.
func bestLinked(c *Case) (best number.ICP, ok bool) {
	list := shownNumbers(c)
	for _, n := range claims(c) {
		if n.Own && seen(n.Place) && !n.Latin && n.Fake == number.FakeImpossible && fake(c, n) {
			list = append(list, n)
		}
	}
	for _, n := range list {
		licence := n.Form != number.FormFiling
		beside := ok && licence && best.Form == number.FormFiling && n.Kind != number.LinkCurrent
		instead := ok && !licence && best.Form != number.FormFiling && best.Kind != number.LinkCurrent
		if !ok || instead || !beside && linkRank(n.Kind) < linkRank(best.Kind) {
			best, ok = n, true
		}
	}
	return best, ok
}

// noNumber is the outcome of the rules about a shown filing number when none
// of the site's own is shown: nothing to check, or not known.
func noNumber(c *Case) Outcome {
	if c.Liveness == Placeholder {
		return exempt(ReasonPlaceholder)
	}
	if why := trace(c); why != "" {
		return unknown(why)
	}
	if othersShown(c) {
		return unknown(ReasonOthersNumber)
	}
	return exempt(ReasonNoNumber)
}
