package reports

import (
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

// A History is how the outcomes of one domain changed over the runs of an
// inventory.
type History struct {
	Domain    string
	Inventory string
	Runs      int       // runs that said something of the domain
	From, To  time.Time // when the first and the last of them began
	Turns     []Turn    // oldest first

	said    map[string]*Record // by rule, the last one that said something of it
	last    *Record
	gone    bool
	thinned *Run // the first of the runs that say what the next one says
}

// A Turn is one change: of the outcome of a rule, or, with an empty Rule, of the
// domain as a whole: its state, a run that could not look, its leaving the inventory.
type Turn struct {
	Run      string
	At       time.Time // of the visit; of the run's beginning where the visit is not kept
	Rule     string
	Was, Now Side  // Was is empty in the first run
	State    State // of the finding; StateUnseen and StateGone of the domain too; "" if there is none to tell
	Waiver   *Waiver
}

// Add takes what the next run says of the domain; runs come oldest first. r is nil
// where it has no result: the domain was not in the inventory then or, of a
// thinned run, its result is that of the next run.
func (h *History) Add(run *Run, r *Record) {
	switch {
	case r == nil && run.Thinned:
		if h.thinned == nil {
			h.thinned = run
		}
	case r == nil:
		if h.thinned = nil; h.last != nil && !h.gone {
			h.gone = true
			h.Turns = append(h.Turns, Turn{Run: run.ID, At: run.StartedAt, Was: sideOf(h.last, nil), State: StateGone})
		}
	default:
		began, at := run, r.At
		if h.thinned != nil {
			began, at = h.thinned, h.thinned.StartedAt
		}
		h.thinned = nil
		if h.Runs++; h.From.IsZero() {
			h.From = began.StartedAt
		}
		h.To = run.StartedAt
		h.take(began.ID, at, r)
		h.last, h.gone = r, false
	}
}

// take lists what a record changes.
func (h *History) take(run string, at time.Time, r *Record) {
	if h.last == nil || h.gone || h.last.Liveness != r.Liveness || h.last.Cause != r.Cause {
		t := Turn{Run: run, At: at, Now: sideOf(r, nil)}
		if h.last != nil && !h.gone {
			t.Was = sideOf(h.last, nil)
		}
		if r.Liveness == detect.Unseen {
			t.State = StateUnseen
		}
		h.Turns = append(h.Turns, t)
	}
	if h.said == nil {
		h.said = map[string]*Record{}
	}
	for i := range r.Outcomes {
		if now := &r.Outcomes[i]; r.Liveness != detect.Unseen || now.Verdict != detect.Unknown && now.Verdict != detect.Broken {
			h.rule(Turn{Run: run, At: at, Rule: now.Rule}, i, r)
		}
	}
}

// rule lists what a record changes of the rule that is its i-th.
func (h *History) rule(t Turn, i int, r *Record) {
	now, before := &r.Outcomes[i], h.said[t.Rule]
	h.said[t.Rule] = r
	var was *detect.Outcome
	if before != nil {
		was = outcomeAt(before, t.Rule, i)
	}
	l := r.Life[t.Rule]
	same := was != nil && was.Verdict == now.Verdict && was.Severity == now.Severity
	if same && l.State != StateFixed || was == nil && now.Verdict != detect.Found {
		return
	}
	t.Now, t.State, t.Waiver = sideOf(r, now), l.State, l.Waiver
	if was != nil {
		t.Was = sideOf(before, was)
	}
	if t.State == "" || was == nil && t.State == StateStill {
		t.State = turnState(before, r, was, now)
	}
	h.Turns = append(h.Turns, t)
}

// turnState is the state that a change of two outcomes alone comes to; was is nil
// in the first run.
func turnState(before, r *Record, was, now *detect.Outcome) State {
	if was == nil {
		if isFound(now) {
			return StateOpened
		}
		return ""
	}
	switch kindOf(before, r, was, now) {
	case ChangeNew:
		return StateOpened
	case ChangeFirst:
		return StateFirst
	case ChangeWorse:
		return StateWorse
	case ChangeFixed:
		return StateFixed
	case ChangeGone:
		return StateGone
	case ChangeUnseen:
		if isFound(was) {
			return StateUnseen
		}
	}
	return ""
}
