package reports

import (
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
)

// Schema is the version of the JSONL contract: it changes when a field
// changes its meaning or goes away, not when one is added.
const Schema = 1

// A Record is everything that is told of one domain in one run. It holds its
// findings in both languages, so that a stored run can be told in either. The
// JSON form that package export writes is the contract for machines; what is
// under Detail is not part of it.
type Record struct {
	Schema     int             `json:"schema"`
	Run        string          `json:"run"`
	Ruleset    string          `json:"ruleset"`
	Domain     string          `json:"domain"`         // A-label; empty for a file
	File       string          `json:"file,omitempty"` // the page as given, only when a file is judged
	Owner      string          `json:"owner"`
	At         time.Time       `json:"at"` // whole seconds, in the zone of the clock of the visit
	Vantage    string          `json:"vantage"`
	Liveness   detect.Liveness `json:"liveness"`
	Cause      string          `json:"cause"`
	Attempts   int             `json:"attempts"` // visits in this run
	Hops       []Hop           `json:"hops"`     // the way to the answer; all that was received if there is none
	PageKind   kind.Name       `json:"page_kind"`
	FinalURL   string          `json:"final_url"`
	HTTPStatus int             `json:"http_status"` // 0 if no answer came
	Addresses  []string        `json:"addresses"`   // where the domain resolves to
	Mainland   bool            `json:"mainland"`    // the answering address is known to be in mainland China; Detail.Place says what is known
	Charset    string          `json:"charset"`
	Title      string          `json:"title"`
	Filing     Filing          `json:"filing"`
	Shown      Shown           `json:"shown"`
	Industries []Industry      `json:"industries"` // only those judged present

	// Outcomes has one entry for each rule, in the order of the rule set, with
	// the findings inside. Package export makes them "outcomes", "reasons" and
	// "findings".
	Outcomes []detect.Outcome `json:"-"`
	Detail   Detail           `json:"-"`

	// Life has what is known of the findings beyond the run, by rule; also of
	// findings that ended with this run. Nil where nothing is known. See
	// [Record.SetLife].
	Life map[string]Life `json:"-"`

	picked func(*Finding) bool // those of a [Filter]; nil: all
}

// A Hop is one answer on the way.
type Hop struct {
	URL     string `json:"url"`
	Status  int    `json:"status"`
	Address string `json:"address"` // without the port; empty if nothing was dialled
}

// A Filing is what the register says.
type Filing struct {
	Status string `json:"status"`
	Number string `json:"number"`
	Source string `json:"source"`
	At     string `json:"at"` // YYYY-MM-DD, when the register was asked; empty if not known
}

// Shown is what the page shows.
type Shown struct {
	ICP      []ShownICP     `json:"icp"`
	Police   []ShownPolice  `json:"police"`
	Licences []ShownLicence `json:"licences"`
}

// A ShownICP is one filing number on the page.
type ShownICP struct {
	Number   string          `json:"number"` // canonical
	Raw      string          `json:"raw"`    // as written
	Place    number.Place    `json:"place"`
	Link     string          `json:"link"`
	LinkKind number.LinkKind `json:"link_kind"`
}

// A ShownPolice is one public-security filing number on the page.
type ShownPolice struct {
	Number   string          `json:"number"`
	Link     string          `json:"link"`
	LinkKind number.LinkKind `json:"link_kind"`
}

// A ShownLicence is one licence number on the page.
type ShownLicence struct {
	Kind   string `json:"kind"`
	Number string `json:"number"`
}

// An Industry is a business that the content belongs to.
type Industry struct {
	Category industry.Category `json:"category"`
	Score    float64           `json:"score"` // 0 to 1, two decimals
	Evidence []string          `json:"evidence"`
}

// Detail is what a report for people shows beyond the contract.
type Detail struct {
	Snippet     string   `json:"snippet,omitempty"`  // HTML for the foot of the page, made from all findings; empty where nothing is to be pasted
	Line        int      `json:"line,omitempty"`     // in the inventory
	Sheet       string   `json:"sheet,omitempty"`    // of the workbook in which the line stands, where several were read
	Given       string   `json:"given,omitempty"`    // the domain as written there, if other than Domain
	Team        string   `json:"team,omitempty"`     //
	Contact     string   `json:"contact,omitempty"`  //
	Province    string   `json:"province,omitempty"` // of the filing, by its short name (广东); empty if not known
	Subject     string   `json:"subject,omitempty"`  // 主办单位名称
	SiteName    string   `json:"site_name,omitempty"`
	Why         string   `json:"why,omitempty"`         // why the filing status is unknown, as the register says
	Country     string   `json:"country,omitempty"`     // of the answering address; empty if not known
	PlaceKnown  bool     `json:"place_known,omitempty"` // without it Mainland says nothing
	Network     string   `json:"network,omitempty"`     // the CDN or anycast network that answered
	Fingerprint string   `json:"fingerprint,omitempty"` // what told the kind of page …
	Saw         string   `json:"saw,omitempty"`         // … and the words that decided
	Resolver    string   `json:"resolver,omitempty"`    // the upstream that answered for the domain
	Trouble     string   `json:"trouble,omitempty"`     // why we were stopped, if we were
	TLSFault    string   `json:"tls_fault,omitempty"`   // why the certificate of the answer cannot be verified
	Looks       []Look   `json:"looks,omitempty"`       // every visit of the run, if there were several
	Fails       []string `json:"fails,omitempty"`       // what failed, one line a request
}

// A Look is one attempt of several.
type Look struct {
	At       time.Time       `json:"at"`
	Liveness detect.Liveness `json:"liveness"`
	Cause    string          `json:"cause,omitempty"`
	Server   string          `json:"server,omitempty"`
}

// A Finding is one thing wrong, with the rule that says so.
type Finding struct {
	Rule       string
	Severity   detect.Severity
	Since, Due time.Time // of the outcome; zero if not known, or if there is no date
	Life
	detect.Finding
}

// Findings lists what was found, in the order of the rules; of a record that a
// [Filter] has given, what it picks.
func (r *Record) Findings() []Finding {
	var list []Finding
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != detect.Found {
			continue
		}
		for _, f := range o.Findings {
			told := Finding{Rule: o.Rule, Severity: o.Severity, Since: o.Since, Due: o.Due, Life: r.Life[o.Rule], Finding: f}
			if r.picked == nil || r.picked(&told) {
				list = append(list, told)
			}
		}
	}
	return list
}

// Outcome returns what the rule says of the domain; false if the rule was not
// in the rule set.
func (r *Record) Outcome(rule string) (detect.Outcome, bool) {
	for i := range r.Outcomes {
		if r.Outcomes[i].Rule == rule {
			return r.Outcomes[i], true
		}
	}
	return detect.Outcome{}, false
}

// Worst is the highest severity found and not waived, empty if nothing was.
func (r *Record) Worst() detect.Severity {
	worst := detect.Severity("")
	for i := range r.Outcomes {
		if o := &r.Outcomes[i]; o.Verdict == detect.Found && Rank(o.Severity) > Rank(worst) && !r.Waived(o.Rule) {
			worst = o.Severity
		}
	}
	return worst
}

// Rank orders severities: 3 for a violation, 2, 1, and 0 for none.
func Rank(s detect.Severity) int {
	switch s {
	case detect.Violation:
		return 3
	case detect.Warning:
		return 2
	case detect.Notice:
		return 1
	}
	return 0
}

// Tone is the most severe finding of the domain, or what else is to be said of
// it, as in [Tally.Tone].
func (r *Record) Tone() string { return r.Tally().Tone(r.Liveness) }
