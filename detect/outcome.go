package detect

import "time"

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

// Pass, unknown and exempt outcomes are made by these helpers so that a Check
// reads as a list of cases.

func pass() Outcome              { return Outcome{Verdict: Pass} }
func passFor(why Reason) Outcome { return Outcome{Verdict: Pass, Reason: why} }
func unknown(why Reason) Outcome { return Outcome{Verdict: Unknown, Reason: why} }
func exempt(why Reason) Outcome  { return Outcome{Verdict: Exempt, Reason: why} }
func found(s Severity, f ...Finding) Outcome {
	return Outcome{Verdict: Found, Severity: s, Findings: f}
}

// Reason is a short word for why an outcome is not plainly pass or found; it
// is part of the JSONL record (field "reasons"). reasons.go holds the list with
// a Text for each.
type Reason string
