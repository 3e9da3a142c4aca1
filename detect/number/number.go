// Package number reads filing numbers (备案号), public-security numbers
// (公安备案号) and licence numbers in every form they take on real pages, and
// says where each stands and what it links to.
package number

// Shown is every number on a page.
type Shown struct {
	ICP      []ICP
	Police   []Police
	Licences []Licence
}

// An ICP is a filing number as shown on a page.
type ICP struct {
	Number   string // canonical: 京ICP备12345678号-1
	Base     string // without -N: 京ICP备12345678号
	Province string // the province character as canonical (京, 蜀 …)
	Serial   string // the digits
	Suffix   int    // N of -N, 0 if none
	Service  string // "" web, "A" App, "X" mini-program, "K" quick app
	Raw      string // as written
	Place    Place
	Link     string   // the target as written; "" if none
	Kind     LinkKind // what the target is
	Own      bool     // the site's own, not one in an article, a friend link, or the theme vendor's
	Fake     Fake     // why it cannot be a real number; "" if it can
	Latin    bool     // romanised (Yue ICP …): a number, but not a compliant display
	Alias    bool     // written with another character than the official one (川ICP备 for 蜀ICP备)
}

// Place is where on the page a number stands. The words are part of the JSONL
// contract.
type Place string

// The places.
const (
	Footer  Place = "footer"
	Body    Place = "body"
	Script  Place = "script"
	Alt     Place = "alt"
	Comment Place = "comment"
	Hidden  Place = "hidden"
)

// LinkKind is what the link of a number leads to. The words are part of the
// JSONL contract.
type LinkKind string

// The kinds of link.
const (
	LinkCurrent LinkKind = "current" // beian.miit.gov.cn (police: beian.mps.gov.cn, www.beian.gov.cn)
	LinkLegacy  LinkKind = "legacy"  // miitbeian, miibeian, www.beian.miit.gov.cn
	LinkOther   LinkKind = "other"
	LinkNone    LinkKind = "none"
)

// Fake says why a number cannot be real.
type Fake string

// The reasons.
const (
	FakeNone        Fake = ""
	FakeParody      Fake = "parody"      // 萌ICP备…: the first character is no province
	FakePlaceholder Fake = "placeholder" // 12345678, 00000000, XXXXXXXX
	FakeImpossible  Fake = "impossible"  // digits that no register gives: wrong length or year
)

// A Police is a public-security filing number as shown.
type Police struct {
	Number    string // canonical: 京公网安备11010502030143号
	Digits    string
	Raw       string
	Place     Place
	Link      string
	Kind      LinkKind
	Code      string // the recordcode or code in the link; "" if none
	Malformed string // why: "length", "wording", "division"; "" if well-formed
}

// A Licence is a licence number as shown. Kind is one of the contract's words
// (licences.kind).
type Licence struct {
	Kind     string
	Number   string // as shown, white space removed
	Raw      string
	Place    Place
	Link     string
	LinkKind LinkKind
	Suffix   int  // N of -N on a telecom or ICP证 number: then it is a filing number too
	Filing   bool // it stands as the filing number: it bears -N or links to beian.miit.gov.cn
}
