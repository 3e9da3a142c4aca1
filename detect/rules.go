package detect

import "slices"

// All is every rule, in the order in which reports show them: what is open
// that may not be, what is closed that should be open, the foot of the page,
// the second filing, the content, the papers.
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
}, Papers, []*Rule{rectificationOverdue})

// Papers are the rules about the papers of a filing, which judge what the
// inventory, the registers and local files say and need no look at the site.
var Papers = []*Rule{
	siteNameInvalid,
	crossProvince,
	creditCodeInvalid,
	domainHolderMismatch,
	registrarNotApproved,
	suffixNotApproved,
	domainExpiring,
	documentsIncomplete,
	documentsUnclear,
	phoneNotLocal,
	phoneUnverified,
	phoneShared,
}

// Find gives the rule with an id, nil if there is none.
func Find(id string) *Rule {
	for _, r := range All {
		if r.ID == id {
			return r
		}
	}
	return nil
}
