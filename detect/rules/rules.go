// Package rules holds the rules, a file for each family of them, and the list
// [All], which detect.Judge and detect.Wants are given. Rules are values: none
// is registered, and none changes.
package rules

//go:generate go test . -run TestRulesDocument -update

import (
	"slices"

	"github.com/beianwatch/beianwatch/detect"
)

// All is every rule, in the order in which reports show them: what is open
// that may not be, what is closed that should be open, the foot of the page,
// the second filing, the content, the documents.
var All = slices.Concat([]*detect.Rule{
	unfiledSiteServing,
	unfiledSiteBlocked,
	filingDisputed,
	filedSiteDown,
	filedSitePlaceholder,
	siteShownToBrowsersOnly,
	filedSiteBlocked,
	filedSiteElsewhere,
	serverAddressDiffers,
	filedSiteRedirectsAway,
	filingListedAsShell,
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
}, preapprovals(), []*detect.Rule{
	personalFilingBusinessContent,
	contentOfAnotherSubject,
	contentForbidden,
	contentCloaked,
	businessLicenceNotShown,
}, Inventory, []*detect.Rule{rectificationOverdue})

// Inventory are the rules about the documents of a filing, which judge what the
// inventory, the registers and local files say and need no visit to the site.
var Inventory = []*detect.Rule{
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

// Find returns the rule with an id, nil if there is none.
func Find(id string) *detect.Rule {
	for _, r := range All {
		if r.ID == id {
			return r
		}
	}
	return nil
}
