package wording

import (
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// StateWords are the words of the states of a finding.
var StateWords = map[reports.State]detect.Text{
	reports.StateOpened:   Say("新增", "opened"),
	reports.StateFirst:    Say("首次查明", "first seen"),
	reports.StateStill:    Say("仍存在", "still"),
	reports.StateWorse:    Say("加重", "worse"),
	reports.StateReopened: Say("再次出现", "reopened"),
	reports.StatePassed:   Say("通过一次", "passed once"),
	reports.StateUnseen:   Say("未能复查", "could not check"),
	reports.StateFixed:    Say("已整改", "fixed"),
	reports.StateGone:     Say("已移出", "gone"),
}

// StateNotes say what each state means.
var StateNotes = map[reports.State]detect.Text{
	reports.StateOpened:   Say("上次没有，这次发现", "found now, not before"),
	reports.StateFirst:    Say("上次未判定，这次发现；可能早已存在", "inconclusive before, found now; it may have been there"),
	reports.StateStill:    Say("以前发现，这次仍在", "found before, and now"),
	reports.StateWorse:    Say("以前发现，这次加重", "found before, more severe now"),
	reports.StateReopened: Say("整改后再次发现", "found again after it was fixed"),
	reports.StatePassed:   Say("这次通过，但页面没有变化；再通过一次才算已整改", "passed now, but the page has not changed; fixed when it passes again"),
	reports.StateUnseen:   Say("以前发现，这次未判定；不算已整改", "found before, inconclusive now; not counted as fixed"),
	reports.StateFixed:    Say("两次通过，或页面变化后通过", "passed in two runs, or on a page that has changed"),
	reports.StateGone:     Say("域名或规则不再适用", "the domain or the rule no longer applies"),
}

// The words beside the states.
var (
	Overdue    = Say("已逾期", "overdue")
	DueSoon    = Say("七日内到期", "due within seven days")
	waivedOnly = Say("已豁免", "waived")
)

// WaiverText says until when, by whom and why a finding is waived; empty for none.
func WaiverText(w *reports.Waiver) detect.Text {
	if w == nil {
		return detect.Text{}
	}
	return Sayf(Say("已豁免至 %[1]s（%[2]s：%[3]s）", "Waived until %[1]s (%[2]s: %[3]s)"), Clean(w.Until, 20), Clean(w.Who, 80), Clean(w.Reason, 400))
}

// Life returns what has become of the findings of a run, in one sentence: how many
// violations and warnings are new, worse, fixed; what is due; what is waived.
// Notices are not counted.
func Life(c *reports.LifeCounts) detect.Text {
	var parts []detect.Text
	put := func(word detect.Text, n int, always bool) {
		if n > 0 || always {
			parts = append(parts, Joined(Same(" "), word, Same(Grouped(n))))
		}
	}
	for _, s := range reports.States {
		put(StateWords[s], c.Of(s).Grave(), s == reports.StateOpened || s == reports.StateWorse || s == reports.StateFixed || s == reports.StateStill)
	}
	put(Overdue, c.Overdue.Grave(), false)
	put(DueSoon, c.DueSoon.Grave(), false)
	put(waivedOnly, c.Waived.Total(), false)
	return Joined(Comma, parts...)
}

// Lapsed returns a sentence about a waiver that has expired.
func Lapsed(w *reports.Waiver) detect.Text {
	return Sayf(Say("豁免已于 %[1]s 到期：%[2]s，%[3]s（%[4]s：%[5]s）", "waiver expired on %[1]s: %[2]s, %[3]s (%[4]s: %[5]s)"),
		Clean(w.Until, 20), Clean(w.Domain, 260), Clean(w.Rule, 80), Clean(w.Who, 80), Clean(w.Reason, 200))
}

// TurnState returns the state to which a turn led, and whether it is waived; a dash
// where there is none.
func TurnState(t *reports.Turn) detect.Text {
	switch {
	case t.State == "":
		return Same("-")
	case t.Waiver != nil:
		return Joined(Comma, StateWords[t.State], waivedOnly)
	}
	return Word(StateWords, t.State)
}

// ChinaTime returns a time in China to the minute; "" for the zero time.
func ChinaTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return InZone(t).Format("2006-01-02 15:04")
}

// WaiverState says whether a waiver is in force at now.
func WaiverState(w *reports.Waiver, now time.Time) detect.Text {
	if w.InForce(now) {
		return Say("有效", "in force")
	}
	return Say("已到期", "expired")
}

// WaiverSource says where a waiver comes from.
func WaiverSource(w *reports.Waiver) detect.Text {
	if w.Source == "" {
		return Say("命令行", "the command line")
	}
	return Same(Clean(w.Source, 200))
}
