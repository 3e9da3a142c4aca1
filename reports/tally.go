package reports

import (
	"github.com/beianwatch/beianwatch/detect"
)

// A Tally counts the outcomes of one domain, one for each rule.
type Tally struct {
	Violations, Warnings, Notices int // rules that found something
	Pass, Unknown, Exempt, Broken int
	Decided                       bool // every decisive rule was judged; see [detect.Decided]
}

// TallyOf counts outcomes.
func TallyOf(outs []detect.Outcome) Tally {
	t := Tally{Decided: detect.Decided(outs)}
	for i := range outs {
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

// Tone returns the most severe finding of a domain with these outcomes, in the
// state l: "violation", "warning" or "notice"; "pass" if its
// decisive rules were judged and nothing was found, else "unknown".
func (t Tally) Tone(l detect.Liveness) string {
	switch {
	case t.Violations > 0:
		return string(detect.Violation)
	case t.Warnings > 0:
		return string(detect.Warning)
	case t.Notices > 0:
		return string(detect.Notice)
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
