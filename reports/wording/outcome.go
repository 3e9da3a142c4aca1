package wording

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// OutcomeWord returns the severity of an outcome that found something, else its
// verdict, in words.
func OutcomeWord(o *detect.Outcome) detect.Text {
	if o.Verdict == detect.Found && reports.Rank(o.Severity) > 0 {
		return Word(SeverityWords, o.Severity)
	}
	return Word(VerdictWords, o.Verdict)
}

// OutcomeNote returns why an outcome is not plainly pass, or what was found.
func OutcomeNote(o *detect.Outcome) detect.Text {
	switch {
	case o.Verdict == detect.Found && len(o.Findings) > 0:
		return o.Findings[0].Saw
	case o.Reason != "":
		return o.Reason.Text()
	}
	return verdictReasons[o.Verdict]
}
