package wording

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// changeWords are the words of changes that are no state of a finding.
var changeWords = map[reports.ChangeKind]detect.Text{
	reports.ChangeNew:    Say("新增", "new"),
	reports.ChangeWaived: waivedOnly,
}

// Change returns a kind of change in words: those of the state that it leads to.
func Change(k reports.ChangeKind) detect.Text {
	if t, ok := StateWords[reports.State(k)]; ok {
		return t
	}
	return Word(changeWords, k)
}

// ChangeNotes say what each kind of change means.
var ChangeNotes = map[reports.ChangeKind]detect.Text{
	reports.ChangeNew:      Say("上次没有，这次发现", "found now, not before"),
	reports.ChangeReopened: Say("整改后再次发现", "found again after it was fixed"),
	reports.ChangePassed:   Say("上次有，这次通过，但页面没有变化；再通过一次才算已整改", "found before and passed now, but the page has not changed; fixed when it passes again"),
	reports.ChangeWaived:   Say("有变化，但已豁免，不计数", "changed, but waived: not counted"),
	reports.ChangeFirst:    Say("上次未判定，这次发现；可能早已存在", "inconclusive before, found now; it may have been there"),
	reports.ChangeWorse:    Say("上次已有，这次加重", "found before, more severe now"),
	reports.ChangeFixed:    Say("上次有，这次确认已整改", "found before, confirmed fixed now"),
	reports.ChangeGone:     Say("域名或规则不再适用", "the domain or the rule no longer applies"),
	reports.ChangeUnseen:   Say("上次已判定，这次未判定；不算已整改", "judged before, inconclusive now; not counted as fixed"),
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

// Since returns what a run changed, in a sentence; of the first run of an
// inventory, that there is nothing to compare it with.
func Since(s *reports.Summary) detect.Text {
	c := s.Changes
	if c == nil {
		return Say("这是该清单的首次检查，没有可以比较的上一次。", "This is the first run of the inventory: there is nothing to compare it with.")
	}
	var parts []detect.Text
	for _, k := range reports.ChangeKinds {
		if n := c.Counts.Changes[k]; n > 0 {
			parts = append(parts, Joined(Same(" "), Change(k), Same(Grouped(n))))
		}
	}
	what := Say("没有变化", "nothing changed")
	if len(parts) > 0 {
		what = Joined(Comma, parts...)
	}
	since := Say("与上次检查相比", "since the last run")
	if c.Was != nil {
		since = Sayf(Say("与 %[1]s 的检查相比", "since the run of %[1]s"), Minute(c.Was.StartedAt))
	}
	return sentenceOf([]detect.Text{Joined(Say("：", ": "), since, what)})
}
