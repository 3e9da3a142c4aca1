package html

import (
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// An Event is one entry of a domain's timeline: what became of it, and when.
type Event struct {
	At   time.Time
	Tone string // a severity or a verdict, for its look
	Text detect.Text
}

// An eventView is an Event in words.
type eventView struct {
	When string
	Tone string
	Text detect.Text
}

// maxEvents bounds the timeline; the newest are kept.
const maxEvents = 40

// Events lists the turns of a domain's history: what became of its findings and of
// its state.
func (h Writer) Events(history *reports.History) []Event {
	var list []Event
	for i := range history.Turns {
		t := &history.Turns[i]
		tone := string(detect.Unknown)
		if t.Now.Verdict != "" {
			tone = reports.ToneOf(&detect.Outcome{Verdict: t.Now.Verdict, Severity: t.Now.Severity})
		}
		if t.Rule == "" && t.Now.Liveness == detect.Serving {
			tone = string(detect.Pass)
		}
		text := wording.Side(&t.Now)
		if t.State != "" {
			text = wording.TurnState(t)
		}
		if t.Rule != "" {
			title := h.Rules.Kept(t.Rule)
			if t.State != "" {
				title = h.Rules.Title(t.Rule)
			}
			text = wording.Joined(wording.Say("：", ": "), text, title)
		}
		list = append(list, Event{t.At, tone, text})
	}
	return list
}

// timeline lists what is known of a domain's past, the oldest first: the events
// given or, where there are none, when today's findings were first found; and the
// visits of this run where it took several.
func (h Writer) timeline(r *reports.Record, given []Event) []eventView {
	events := slices.Clone(given)
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if len(given) == 0 && o.Verdict == detect.Found && !o.Since.IsZero() {
			events = append(events, Event{o.Since, reports.ToneOf(o), wording.Joined(wording.Say("：", ": "), wording.Say("首次发现", "First found"), h.Rules.Title(o.Rule))})
		}
	}
	for _, l := range r.Detail.Looks {
		tone := "unknown"
		if l.Liveness == detect.Serving {
			tone = "pass"
		}
		events = append(events, Event{l.At, tone, wording.Joined(wording.Say("：", ": "), wording.Say("访问", "Visited"), wording.LivenessText(l.Liveness, l.Cause))})
	}
	slices.SortStableFunc(events, func(a, b Event) int { return a.At.Compare(b.At) })
	events = events[max(0, len(events)-maxEvents):]
	views := make([]eventView, 0, len(events))
	for _, e := range events {
		views = append(views, eventView{wording.Minute(e.At), wording.Clean(e.Tone, 20), wording.CleanText(e.Text, 300)})
	}
	return views
}
