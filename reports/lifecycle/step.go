package lifecycle

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// A look is what a run says of a finding, with what of the run in which it was
// last found decides what becomes of it.
type look struct {
	run      string
	began    int64 // of the run
	at       int64 // of the visit
	present  bool  // the run has the domain, and its rule set the rule
	verdict  detect.Verdict
	severity int

	changed bool // the page is not the one on which it was last found
	hidden  bool // the site served then, and does not now
	seenRun string
	seenAt  int64

	unknownBefore bool  // the run before could not judge the rule
	first         bool  // findings have no life before this run
	since         int64 // when the visit says it was first found; 0: not known
}

// step returns what a row becomes by a run, and whether people are to be told.
func step(was row, l *look) (now row, told bool) {
	now = was
	switch {
	case l.present && l.verdict == detect.Found:
		found(&now, was, l)
	case !was.State.Open():
		return was, false
	case !l.present:
		now.State = reports.StateGone
	case l.verdict == detect.Pass && (was.State == reports.StatePassed || l.changed):
		now.State = reports.StateFixed
	case l.verdict == detect.Pass:
		now.State = reports.StatePassed
	case l.verdict == detect.Exempt && !l.hidden:
		now.State = reports.StateGone
	case was.State == reports.StatePassed:
		// What is not known takes nothing back of what was seen.
	default:
		now.State = reports.StateUnseen
	}
	if was.State.Found() && !now.State.Found() {
		now.SeenAt, now.SeenRun = l.seenAt, l.seenRun
	}
	told = now.State != was.State || now.State == reports.StateWorse
	if now.State == reports.StateStill && was.State.Found() || now.State == reports.StateStill && was.State == "" {
		told = false
	}
	return now, told
}

// found is a row of what is found now.
func found(now *row, was row, l *look) {
	now.SeenAt, now.SeenRun, now.Severity = 0, "", l.severity
	switch {
	case was.State == "" && l.first && l.since > 0 && l.since < l.began:
		now.State = reports.StateStill
	case was.State == "" && l.unknownBefore:
		now.State = reports.StateFirst
	case was.State == "":
		now.State = reports.StateOpened
	case !was.State.Open():
		now.State = reports.StateReopened
	case l.severity > was.Severity:
		now.State = reports.StateWorse
		return
	default:
		now.State = reports.StateStill
		return
	}
	now.OpenedAt, now.OpenedRun = l.at, l.run
	if l.since > 0 {
		now.OpenedAt = l.since
	}
	if now.State == reports.StateStill {
		now.OpenedRun = ""
	}
	if now.FirstAt == 0 {
		now.FirstAt = now.OpenedAt
	}
}
