package reports

import (
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

// A State says how far the life of a finding has come in a run: of one rule for
// one domain of an inventory. The words are part of the JSONL contract.
type State string

// The states. In the first five it is found in the run; the next two are open
// all the same, for what was not seen to be right is not fixed.
const (
	StateOpened   State = "opened"         // found now, and not before
	StateFirst    State = "first-seen"     // found now, inconclusive before: it may have been there
	StateStill    State = "still"          // found before, and now
	StateWorse    State = "worse"          // found before, more severe now
	StateReopened State = "reopened"       // found again after it was fixed or gone
	StatePassed   State = "passed-once"    // seen to be right for the first time, on a page that has not changed
	StateUnseen   State = "could-not-look" // open, and inconclusive now
	StateFixed    State = "fixed"          // seen to be right in two runs, or on a page that has changed
	StateGone     State = "gone"           // the domain left the inventory, or the rule no longer applies to it
)

// States lists the states in the order of a report.
var States = []State{StateOpened, StateFirst, StateWorse, StateReopened, StateStill, StatePassed, StateUnseen, StateFixed, StateGone}

// Found reports whether the finding is found in a run that leaves it in this state.
func (s State) Found() bool {
	switch s {
	case StateOpened, StateFirst, StateStill, StateWorse, StateReopened:
		return true
	}
	return false
}

// Open reports whether there is something to fix, as far as is known.
func (s State) Open() bool { return s.Found() || s == StatePassed || s == StateUnseen }

// A Life is what is known of a finding beyond its run.
type Life struct {
	State  State   // "" if it is not known
	Waiver *Waiver // in force on the day of the run; nil if there is none
}

// A Waiver says that findings are accepted until a day: they are shown as waived,
// and count for nothing.
type Waiver struct {
	ID     int64  // of the database; 0 if it does not come from one
	Domain string // an A-label, or a pattern in which * stands for any text
	Rule   string // a rule's id, or * for every rule
	Until  string // the last day, YYYY-MM-DD in China
	Reason string
	Who    string // who has accepted it
	Source string // "" for the command line, else the file's path
	Added  time.Time
}

// Pattern reports whether the waiver is for more than one domain.
func (w *Waiver) Pattern() bool { return strings.Contains(w.Domain, "*") }

// InForce reports whether the waiver holds on the day of at.
func (w *Waiver) InForce(at time.Time) bool { return chinaDay(at) <= w.Until }

// Covers reports whether the waiver is for the rule on the domain.
func (w *Waiver) Covers(domain, rule string) bool {
	return (w.Rule == "*" || w.Rule == rule) && matches(w.Domain, domain)
}

// china is the zone of days: deadlines are Chinese.
var china = time.FixedZone("CST", 8*60*60)

func chinaDay(t time.Time) string { return t.In(china).Format(time.DateOnly) }

// matches reports whether text fits a pattern in which * stands for any text, in
// time that grows with the product of both at most.
func matches(pattern, text string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, first)
	for ok {
		part, more, again := strings.Cut(rest, "*")
		if !again {
			return strings.HasSuffix(text, part)
		}
		var at int
		if at = strings.Index(text, part); at < 0 {
			return false
		}
		text, rest = text[at+len(part):], more
	}
	return false
}

// OverdueRule is about the findings of the other rules: where all of those that
// are overdue are waived, so is it.
const OverdueRule = "rectification-overdue"

// SetLife gives the record the states of its findings and the waivers that
// hold for them on the day of at. states may be nil, where nothing is known of the
// runs before; rules that it names and that found nothing are told too.
func (r *Record) SetLife(states map[string]State, waiver func(domain, rule string) *Waiver) {
	r.Life = map[string]Life{}
	for rule, s := range states {
		r.Life[rule] = Life{State: s}
	}
	var overdue []*Waiver // nil for one that is not waived
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != detect.Found {
			continue
		}
		l := Life{State: states[o.Rule], Waiver: waiver(r.Domain, o.Rule)}
		if states != nil && l.State == "" {
			l.State = StateStill
		}
		if !o.Due.IsZero() && chinaDay(r.At) > chinaDay(o.Due) {
			overdue = append(overdue, l.Waiver)
		}
		r.Life[o.Rule] = l
	}
	l, found := r.Life[OverdueRule]
	if !found || l.Waiver != nil || len(overdue) == 0 {
		return
	}
	for _, w := range overdue {
		if w == nil {
			return
		}
	}
	l.Waiver = overdue[0]
	r.Life[OverdueRule] = l
}

// Waived reports whether what a rule found on the domain is waived.
func (r *Record) Waived(rule string) bool { return r.Life[rule].Waiver != nil }
