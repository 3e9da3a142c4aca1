package crawler

import (
	"net/netip"
	"time"
)

// A Target is one line of an inventory: a domain to visit, what the team
// says of it, and whom to tell.
type Target struct {
	Line    int        // line (or row) number in the inventory, from 1; 0 for a domain given by hand
	Sheet   string     // the sheet of the workbook in which the line stands; "" unless several were read
	Seq     int        // number of the entry in the inventory, from 1: a line with several domains has several; 0 for a domain given by hand
	Domain  string     // A-label in lower case, or an IP literal
	Given   string     // the domain as it was written
	Filing  Filing     // what the inventory says is filed
	Holder  Holder     // what the inventory says of domain, people and documents
	Expect  Expect     // what the team expects of the site
	AliasOf string     // the domain (A-label) that this one is meant to lead to
	Address netip.Addr // dial this address instead of asking DNS; zero if not given
	// ServerIPs are the addresses on which the team says that the site runs
	// (服务器IP): a fact to compare with DNS, never dialled. At most 16.
	ServerIPs []netip.Addr
	Owner     string
	Team      string
	Contact   string
	Notes     string
}

// Expect is the state that the team wants a defensive domain to be in.
type Expect string

// The states that a team may expect; the empty string expects an open site.
const (
	ExpectServing  Expect = "serving"
	ExpectRedirect Expect = "redirect"
	ExpectClosed   Expect = "closed"
)

// A Filing is what a register (the team's inventory, an imported data set, a
// query server) says of a domain. An outage, a ban, a captcha or an error of
// the register is FilingUnknown with its Reason, never FilingUnfiled.
type Filing struct {
	Status         FilingStatus
	Number         string     // 备案号 as written in the register
	AlsoNumbers    []string   // other numbers of the same subject
	Subject        string     // 主办单位名称
	Nature         string     // 主办单位性质, as written (企业, 个人, 政府机关, 事业单位…)
	SiteName       string     // 网站名称
	Province       string     // filing province, as written (广东, 广东省, 粤)
	CertAddress    string     // 证件住所
	CreditCode     string     // 统一社会信用代码 as written; CreditCodeFault reports whether it can be one
	AccessProvider string     // 接入服务商
	Approvals      []Approval // approvals that the subject holds
	// ApprovalsKnown is set when the register says what approvals exist; the
	// word "none" counts. Without it an absent approval proves nothing.
	ApprovalsKnown bool
	PoliceNumber   string // 公安联网备案号
	PoliceDue      bool   // the register says a public-security filing is owed
	ApprovedAt     time.Time
	CheckedAt      time.Time // when the register was asked; zero if not known
	Source         string    // "inventory", "flag", the name of a data set, a query server
	Reason         string    // why Status is FilingUnknown, if it is
}

// FilingStatus is what the register says of a filing.
type FilingStatus string

// The filing statuses.
const (
	FilingFiled     FilingStatus = "filed"
	FilingUnfiled   FilingStatus = "unfiled"
	FilingInReview  FilingStatus = "in-review"
	FilingCancelled FilingStatus = "cancelled"
	FilingUnknown   FilingStatus = "unknown"
)

// An Approval is a licence for an industry that needs approval first.
type Approval struct {
	Category string // one of the contract's categories (finance, news, …)
	Number   string // may be empty: held, number not given
}

// A Holder is what the inventory says of the domain's holder, the people and
// the documents; no part of it can be seen on the network.
type Holder struct {
	DomainHolder    string
	Registrar       string
	DomainExpires   time.Time
	Phone           string
	Mobile          string
	PhoneVerifiedAt time.Time
	Documents       []Document
	Sharing         *Sharing // nil: the whole inventory was not asked
}

// A Sharing is what the whole inventory says of the mobile of one line: the
// other subjects that have it too. No Others: no one else has it.
type Sharing struct {
	Mobile string   // eleven digits
	Others []string // names of other subjects as written, in the order of the inventory, a few at most
	More   bool     // there are more of them
}
