package detect

import (
	"time"

	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/lists"
	"github.com/beianwatch/beianwatch/detect/mainland"
	"github.com/beianwatch/beianwatch/detect/phone"
	"github.com/beianwatch/beianwatch/detect/workday"
)

// A Policy is the data behind the rules that a user can change. The zero
// value is not usable: start from [DefaultPolicy].
type Policy struct {
	Version         string                 // changes whenever a default changes; part of the rule-set name
	MaxFilingAge    time.Duration          // an "unfiled" older than this is unknown (30 days)
	Grace           time.Duration          // filed-site-* are exempt this long after approval (3 days)
	PoliceDue       time.Duration          // a public-security filing is owed this long after approval (30 days)
	Looks           int                    // looks of one run that must all fail before a failure counts (3); less than 2 never confirms
	Fails           int                    // 0: all of Looks, in a row; else so many of Looks, in a row or not, counted from the first failure on
	Render          Render                 // which pages are to be drawn in a browser; empty draws none
	Pages           int                    // pages of a site to read, the home page among them; less than 2 reads no other
	VantageMainland bool                   // we look from mainland China: timeouts and resets count in full
	Suffix          map[string]Suffix      // province character → which form of number its administration asks for
	Kinds           *kind.Fingerprints     // page fingerprints, the embedded ones and the user's
	Networks        *mainland.Networks     // where addresses are
	Providers       lists.Providers        // networks of access providers; nil knows none
	Rectify         map[string]int         // working days for mending what was found, by severity or by rule id, which weighs more; 0 or none: no date
	Workdays        *workday.Calendar      // working days and holidays
	Documents       *lists.Documents       // what a filing's documents must be
	NameWords       *lists.NameWords       // words that the name of a site may not hold
	Customs         lists.Customs          // what provinces ask of a filing
	Segments        *phone.Segments        // provinces of mobile numbers; nil knows none
	PhoneAge        time.Duration          // a telephone that was verified longer ago is to be called (180 days)
	ExpiresSoon     time.Duration          // a domain with less than this left is about to expire (90 days)
	Holders         lists.Holders          // who may hold a unit's domain, by province
	Registrars      *lists.Registrars      // approved registrars
	Suffixes        *lists.Suffixes        // suffixes that can be filed
	Scripts         *lists.HarmlessScripts // scripts that touch no text of a page
	Shells          *lists.Shells          // lists of shell filings that provinces published; nil knows none
}

// Render says which pages are to be drawn in a browser.
type Render string

// The choices.
const (
	RenderAuto   Render = "auto"   // those whose scripts decide about the outcome
	RenderAlways Render = "always" // every page that a site serves
	RenderNever  Render = "never"
)

// Suffix is the form of number that a province wants to see on a page.
type Suffix string

// The forms. Any switches the remark off for a province.
const (
	SuffixBase Suffix = "base" // 主体备案号, without -N
	SuffixSite Suffix = "site" // 网站备案号, with -N
	SuffixAny  Suffix = "any"
)

// DefaultPolicy returns the policy of the program, a new one at each call.
//
// MaxFilingAge and Looks are choices of this program. Grace: providers take up
// to one working day to learn of a new filing, and 72 hours cover a weekend.
// PoliceDue: the public-security filing is due within 30 days of the opening
// of a site, and the day of approval counts as the opening. ExpiresSoon:
// providers ask for a term of three months. Suffix: Huawei
// Cloud's and other providers' notices agree that Guangdong wants the
// subject's number and all other provinces the site's; other notices
// contradict them, so this is only ever a remark. PhoneAge is a choice of this
// program: twice a year.
func DefaultPolicy() *Policy {
	suffix := make(map[string]Suffix, 31)
	for _, p := range lists.Provinces {
		suffix[string(p)] = SuffixSite
	}
	suffix["粤"] = SuffixBase
	networks, err := mainland.New(nil, nil)
	if err != nil {
		panic(err) // the embedded list is held to its form by a test of its own
	}
	return &Policy{
		Version:      "2026-11",
		MaxFilingAge: 30 * 24 * time.Hour,
		Grace:        3 * 24 * time.Hour,
		PoliceDue:    30 * 24 * time.Hour,
		Looks:        3,
		ExpiresSoon:  90 * 24 * time.Hour,
		Rectify:      rectify(),
		Workdays:     workday.Default(),
		Documents:    lists.DefaultDocuments(),
		Holders:      lists.DefaultHolders(),
		Registrars:   lists.DefaultRegistrars(),
		Suffixes:     lists.DefaultSuffixes(),
		Suffix:       suffix,
		Kinds:        kind.Default(),
		Networks:     networks,
		NameWords:    lists.DefaultNameWords(),
		Customs:      lists.DefaultCustoms(),
		PhoneAge:     180 * 24 * time.Hour,
		Scripts:      lists.DefaultHarmlessScripts(),
	}
}

// Harmless reports whether what is behind an address touches no text of the
// page that loads it: a counter, an advertisement, a font. A page that runs
// nothing else needs no browser, and its failure leaves a drawing whole.
func (p *Policy) Harmless(url string) bool { return p.Scripts.Harmless(url) }
