package detect

// A Text is a text for users in both languages.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// In returns the text in lang, "zh" or "en"; any other word gives Chinese.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.ZH
}

// A Rule is one duty, judged. Rules are values in the list [All]; there is no
// registry.
type Rule struct {
	ID        string   // for ever, the file's name
	Severity  Severity // the severity at full strength; policy may lower it
	Title     Text     // what is wrong, a short sentence without a full stop
	Rationale Text     // why it matters
	Remedy    Text     // what to do
	Source    Article
	Needs     Evidence // without these the outcome is unknown and Check is not called
	Dated     bool     // the outcome may change with the clock alone: Check reads Case.At
	Policy    Policies // how severity depends on filing status, liveness and place; the table of docs/rules.md
	Check     func(*Case) Outcome
}

// An Article says where a duty is written.
type Article struct {
	Law   Text   // the law or the provider's documentation
	Place string // article, section
	Link  string // empty if there is no stable address
	Since string // in force since, YYYY-MM-DD; empty if not known
}

// Policies are the cells of a rule's row in docs/rules.md. The text is written
// for a reader; the tests hold each Check to it.
type Policies struct {
	Filing   Text // severity by filing status
	Liveness Text // when the site must be serving, down, …
	Place    Text // mainland, anycast, vantage
	Exempt   Text // when the rule does not apply
	Unknown  Text // when evidence is missing
}

// Evidence is a set of things that a rule cannot do without.
type Evidence uint8

// The kinds of evidence.
const (
	NeedsDNS       Evidence = 1 << iota // at least one lookup that ended in an answer or a failure of the site
	NeedsHome                           // a home page that was received and read whole
	NeedsFiling                         // a filing status other than unknown
	NeedsSite                           // a site on the network: a file on disk is exempt
	NeedsDocuments                      // an inventory that lists documents; whether they were read, the rule asks itself. A file on disk is exempt
)

// Severity says how grave a finding is. The words are part of the JSONL
// contract.
type Severity string

// The severities, gravest first.
const (
	Violation Severity = "violation"
	Warning   Severity = "warning"
	Notice    Severity = "notice"
)
