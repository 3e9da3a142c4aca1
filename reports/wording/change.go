package wording

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

var changeWords = map[reports.ChangeKind]detect.Text{
	reports.ChangeNew:    {ZH: "新出现", EN: "new"},
	reports.ChangeWorse:  {ZH: "变严重", EN: "worse"},
	reports.ChangeFixed:  {ZH: "已整改", EN: "fixed"},
	reports.ChangeGone:   {ZH: "不再检查", EN: "gone"},
	reports.ChangeUnseen: {ZH: "未能查看", EN: "could not look"},
}

// Change returns a kind of change in words.
func Change(k reports.ChangeKind) detect.Text { return Word(changeWords, k) }

// ChangeNotes say what each kind of change means.
var ChangeNotes = map[reports.ChangeKind]detect.Text{
	reports.ChangeNew:    Say("上次没有，这次发现", "found now, not before"),
	reports.ChangeWorse:  Say("上次就有，这次更重", "found before, graver now"),
	reports.ChangeFixed:  Say("上次有，这次确认没有", "found before, seen to be right now"),
	reports.ChangeGone:   Say("域名或规则不再适用", "the domain or the rule no longer applies"),
	reports.ChangeUnseen: Say("上次能判断，这次没看清；不算已整改", "judged before, not seen now; not counted as fixed"),
}

// Side returns what a run said, in a word or two; a dash where it said nothing.
func Side(s *reports.Side) detect.Text {
	if s.Verdict != "" {
		return OutcomeWord(&detect.Outcome{Verdict: s.Verdict, Severity: s.Severity})
	}
	if s.Liveness != "" {
		return LivenessText(s.Liveness, s.Cause)
	}
	return Same("-")
}

// Unchanged returns a sentence about what did not change.
func Unchanged(c *reports.Changes) detect.Text {
	return Sayf(Say("%[1]s 个域名没有变化，%[2]s 项问题仍在。", "%[1]s domains unchanged, %[2]s findings still open."),
		Grouped(c.Counts.Same), Grouped(c.Counts.Open))
}
