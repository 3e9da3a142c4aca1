package detect

import (
	"strings"
	"time"
)

// An Outcome is what one rule says of one case. There is exactly one for each
// rule and domain.
type Outcome struct {
	Rule     string
	Verdict  Verdict
	Severity Severity // of the findings; empty unless Verdict is Found
	Reason   Reason   // why it is unknown or exempt, or why it passes in spite of what was seen
	Findings []Finding
	Detail   string // what the panic said; empty unless Verdict is Broken
	// Since is when it was first found, with nothing in between that did not find
	// it, and Due the last day for mending it. [Review] sets both; zero if nothing
	// was found, or its history is not known, or there is no such day.
	Since, Due time.Time
}

// Verdict is one of five words; they are part of the JSONL contract.
type Verdict string

// The verdicts.
const (
	Pass    Verdict = "pass"
	Found   Verdict = "found"
	Unknown Verdict = "unknown" // evidence is missing
	Exempt  Verdict = "exempt"  // the rule does not apply
	Broken  Verdict = "broken"  // the rule panicked
)

// A Finding is where something is wrong, and the very words seen there.
type Finding struct {
	Where   Text     `json:"where"`   // "页脚" / "footer"; "DNS"; a URL
	Saw     Text     `json:"saw"`     // the words or values seen, or what was looked for and not there
	Fix     Text     `json:"fix"`     // what the owner should do, concrete for this case
	Snippet string   `json:"snippet"` // HTML to paste, empty where none exists
	Quotes  []string `json:"quotes"`  // the sentences of the page that decided, at most 5
}

// Reason is a short word for why an outcome is not plainly pass or found; it
// is part of the JSONL record (field "reasons"). reasons.go holds the list with
// a Text for each.
type Reason string

// A Rule is one duty, judged. Rules are values, listed in package rules;
// there is no registry.
type Rule struct {
	ID        string   // for ever
	Severity  Severity // the severity at full strength; policy may lower it
	Title     Text     // where the duty is broken: what is wrong, a short sentence without a full stop
	Kept      Text     // where it is kept, or not judged: the same duty, so that no row reads "no number ✓ passed"
	Rationale Text     // why it matters
	Remedy    Text     // what to do
	Source    Article
	Witness   Witness  // what a browser must confirm before a violation or warning is found
	Needs     Evidence // without these the outcome is unknown and Check is not called
	Dated     bool     // the outcome may change with the clock alone: Check reads Case.At
	Private   bool     // the outcome follows from what only the inventory has of people: holder, telephones, documents and what stands in them. Its findings are for the owner's eyes
	Policy    Policies // how severity depends on filing status, liveness and place; the table of docs/rules.md
	Check     func(*Case) Outcome
}

// An Article says where a duty is written.
type Article struct {
	Law   Text   // the law or the provider's documentation
	Place string // article, section
	Link  string // empty if there is no stable address
	Since string // in force since, YYYY-MM-DD; empty if not known
	Also  Text   // the laws beside it and the one that replaces it, as the end of a sentence; empty if there is none
	Until string // replaced on, YYYY-MM-DD; empty while in force
}

// Cite names the law, the place in it, and since when and until when it is in force; the
// zero Text for an article of no law. A place may be in both languages: 第十三条 / article 13.
func (a Article) Cite() Text {
	if a.Law.ZH == "" {
		return Text{}
	}
	t := a.Law
	if zh, en, both := strings.Cut(a.Place, " / "); zh != "" {
		if !both {
			en = zh
		}
		if !strings.HasPrefix(zh, "第") {
			zh = "，" + zh
		}
		t = Text{ZH: t.ZH + zh, EN: t.EN + ", " + en}
	}
	if a.Since != "" {
		t = Text{ZH: t.ZH + "（" + a.Since + " 起施行）", EN: t.EN + " (in force since " + a.Since + ")"}
	}
	t = Text{ZH: t.ZH + a.Also.ZH, EN: t.EN + a.Also.EN}
	if a.Until != "" {
		t = Text{ZH: t.ZH + "（" + a.Until + " 止）", EN: t.EN + " (until " + a.Until + ")"}
	}
	return t
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
	NeedsHistory                        // what earlier runs found: the rule is about findings, and judged again by [Review]
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
