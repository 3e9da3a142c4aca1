// Package number reads filing numbers (备案号), public-security numbers
// (公安备案号) and licence numbers in every form they take on real pages, and
// says where each stands and what it links to.
package number

import "slices"

// Shown is every number on a page.
type Shown struct {
	ICP      []ICP     // each number once; one that is only kept from the visitor's eyes has its Place
	Police   []Police  // those that a visitor sees, each once
	Licences []Licence // those that a visitor sees, each once
	// Blanks are places for a filing number that hold none: 苏ICP备********号,
	// 京ICP备XXXXXXXX号, 赣ICP备（暂无）, 备案号：待补充. Serial is empty, Fake is
	// FakeBlank. They are those in the foot that are the site's own: one
	// in the body explains what a number looks like.
	Blanks []ICP
	// Vacant are labels in the foot that nothing follows (备案号：). A picture or a
	// script may hold the number.
	Vacant []ICP
	// Traces are words and digits that may be a filing number, or the label of
	// one, but are surely neither: 备案号：12345678, ICP备案 2021-0123. They are no
	// number that can be judged, and where they stand none can be called missing.
	Traces []Trace
}

// Clone is a copy that can be changed by itself.
func (s Shown) Clone() Shown {
	s.ICP, s.Police, s.Licences = slices.Clone(s.ICP), slices.Clone(s.Police), slices.Clone(s.Licences)
	s.Blanks, s.Vacant, s.Traces = slices.Clone(s.Blanks), slices.Clone(s.Vacant), slices.Clone(s.Traces)
	return s
}

// A Trace is what may be a filing number.
type Trace struct {
	Raw    string // as written, label and digits
	Digits string // 4 to 14 of them; "" if there is only the label
	Place  Place  // Footer or Body
}

// An ICP is a filing number as shown on a page.
type ICP struct {
	Number   string // 京ICP备12345678号-1, whatever the spelling; an alias province (川ICP备…) stays as written
	Base     string // without -N, with the official province: 京ICP备12345678号
	Province string // the province character as canonical (京, 蜀 …); "" if none is written
	Form     Form   // which kind of number it is
	Serial   string // the digits
	Classes  string // of a B2- number: the classes of service (B2, A2.B1.B2); "" in other forms
	Suffix   int    // N of -N, 0 if none
	Service  string // "" web, "A" App, "X" mini-program, "K" quick app
	Raw      string // as written
	Place    Place
	Link     string   // the target as written; "" if none
	Kind     LinkKind // what the target is
	Own      bool     // the site's own, not one in an article, a friend link, or behind a builder's credit
	Credited bool     // it follows the credit of whoever built the site, so it is not Own; it may be the site's own all the same
	Quoted   bool     // it stands among the words or affairs of others (comments, news, cases), so it is not Own
	Apart    bool     // it stands right before a foot that the markup names, without a link to the register, so it is not Own; it may be all the same
	Before   bool     // it stands right before a foot that the markup names, whatever its link: another's if it is not the filed one
	Fake     Fake     // why it cannot be a real number; "" if it can
	Slip     bool     // the first character is a slip of the pen for the province's (泸ICP备 for 沪ICP备); Alias is set too
	Latin    bool     // romanised (Yue ICP …): a number, but not a compliant display
	Alias    bool     // written with another character than the official one (川ICP备 for 蜀ICP备)
}

// Form is the kind of a filing number: a subject that holds a licence files
// under the licence's number (facts 1.1).
type Form string

// The forms.
const (
	FormFiling  Form = "ICP备"
	FormICP     Form = "ICP证"
	FormTelecom Form = "B2" // B2-20200001, with any classes of service
)

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
	LinkCurrent LinkKind = "current" // beian.miit.gov.cn, also with www. (police: beian.mps.gov.cn, www.beian.gov.cn)
	LinkLegacy  LinkKind = "legacy"  // miitbeian.gov.cn, miibeian.gov.cn
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
	FakeBlank       Fake = "blank"       // no digits at all: ********, 待补充, nothing behind the label
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
	Malformed string // why: "length", "wording", "province" (none before 公网安备), "division"; "" if well-formed
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
