package detect

import "slices"

// All is every rule, in the order in which reports show them: what is open
// that may not be, what is closed that should be open, the foot of the page,
// the second filing, the content.
var All = slices.Concat([]*Rule{
	unfiledSiteServing,
	unfiledSiteBlocked,
	filedSiteDown,
	filedSitePlaceholder,
	filedSiteBlocked,
	filedSiteElsewhere,
	filedSiteRedirectsAway,
	footerNumberMissing,
	footerNumberWrong,
	footerNumberFake,
	footerNumberSuffix,
	footerNumberHidden,
	footerLinkMissing,
	footerLinkLegacy,
	footerLinkWrong,
	policeNumberMissing,
	policeNumberMalformed,
	policeLinkWrong,
	siteNameMismatch,
}, preapprovals(), []*Rule{
	personalFilingBusinessContent,
	contentOfAnotherSubject,
	contentForbidden,
	documentsIncomplete,
	documentsUnclear,
})

// Find gives the rule with an id, nil if there is none.
func Find(id string) *Rule {
	for _, r := range All {
		if r.ID == id {
			return r
		}
	}
	return nil
}
