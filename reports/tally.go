package reports

import (
	"github.com/beianwatch/beianwatch/detect"
)

// A Tally counts the outcomes of one domain, one for each rule.
type Tally struct {
	Violations, Warnings, Notices int // rules that found something
	Pass, Unknown, Exempt, Broken int
	Waived                        int  // rules whose findings are waived: they are in none of the counts above
	Decided                       bool // every decisive rule was judged; see [detect.Decided]
}

// TallyOf counts outcomes of which nothing is waived.
func TallyOf(outs []detect.Outcome) Tally { return tallyOf(outs, nil) }

// Tally counts the outcomes of the record.
func (r *Record) Tally() Tally { return tallyOf(r.Outcomes, r.Life) }

func tallyOf(outs []detect.Outcome, lives map[string]Life) Tally {
	t := Tally{Decided: detect.Decided(outs)}
	for i := range outs {
		if outs[i].Verdict == detect.Found && lives[outs[i].Rule].Waiver != nil {
			t.Waived++
			continue
		}
		switch outs[i].Verdict {
		case detect.Pass:
			t.Pass++
		case detect.Unknown:
			t.Unknown++
		case detect.Exempt:
			t.Exempt++
		case detect.Broken:
			t.Broken++
		case detect.Found:
			switch outs[i].Severity {
			case detect.Violation:
				t.Violations++
			case detect.Notice:
				t.Notices++
			default:
				t.Warnings++
			}
		}
	}
	return t
}

// Waived is the tone of a domain on which all that was found is waived.
const Waived = "waived"

// Tone returns the most severe finding of a domain with these outcomes, in the
// state l: "violation", "warning" or "notice"; [Waived] if all that was found is
// waived; "pass" if its decisive rules were judged and nothing was found, else
// "unknown".
func (t Tally) Tone(l detect.Liveness) string {
	switch {
	case t.Violations > 0:
		return string(detect.Violation)
	case t.Warnings > 0:
		return string(detect.Warning)
	case t.Notices > 0:
		return string(detect.Notice)
	case t.Waived > 0:
		return Waived
	case t.Decided && t.Pass > 0 && l != detect.Unseen && (t.Unknown == 0 || l == detect.Serving || l == ""):
		return string(detect.Pass)
	}
	return string(detect.Unknown)
}

// ToneOf returns the severity of an outcome that found something, else its
// verdict.
func ToneOf(o *detect.Outcome) string {
	switch {
	case o.Verdict == detect.Found && Rank(o.Severity) > 0:
		return string(o.Severity)
	case o.Verdict == detect.Found:
		return string(detect.Warning)
	}
	return string(o.Verdict)
}

// livenessOrder is the order in which states are listed: from open to closed.
var livenessOrder = []detect.Liveness{detect.Serving, detect.Placeholder, detect.Blocked, detect.Challenged, detect.Down, detect.Unseen}
