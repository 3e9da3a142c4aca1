package reports

import (
	"slices"

	"github.com/beianwatch/beianwatch/detect"
)

// compare lists the changes of one domain; was or now is nil where a run has
// it not.
func compare(was, now *Record, counts *DiffCounts) []Change {
	if was != nil {
		counts.Was++
	}
	if now != nil {
		counts.Now++
	}
	switch {
	case now == nil:
		counts.Gone++
		return left(was)
	case was == nil:
		counts.Added++
		return arrived(now)
	}
	counts.Both++
	changes := changed(was, now, counts)
	if len(changes) == 0 {
		counts.Same++
	}
	return changes
}

// left is a domain that is no longer in the inventory: one change for each
// finding that was open, or one for the domain if there was none.
func left(was *Record) []Change {
	var list []Change
	for i := range was.Outcomes {
		if o := &was.Outcomes[i]; o.Verdict == detect.Found {
			list = append(list, Change{Kind: ChangeGone, Domain: was.Domain, Owner: was.Owner, Rule: o.Rule, Was: sideOf(was, o)})
		}
	}
	if list == nil {
		list = append(list, Change{Kind: ChangeGone, Domain: was.Domain, Owner: was.Owner, Was: sideOf(was, nil)})
	}
	return list
}

// arrived is a domain that was not in the older run: what is found is new.
func arrived(now *Record) []Change {
	var list []Change
	for i := range now.Outcomes {
		if o := &now.Outcomes[i]; o.Verdict == detect.Found {
			list = append(list, Change{Kind: newKind(now, o.Rule), Domain: now.Domain, Owner: now.Owner, Rule: o.Rule, Now: sideOf(now, o), State: now.Life[o.Rule].State, Waiver: now.Life[o.Rule].Waiver})
		}
	}
	return list
}

func changed(was, now *Record, counts *DiffCounts) []Change {
	var list []Change
	spoken := false // a rule says what became of the site
	add := func(a, b *detect.Outcome) {
		kind := lived(kindOf(was, now, a, b), now, a, b)
		if kind == "" {
			if isFound(b) {
				counts.Open++
			}
			return
		}
		spoken = spoken || kind != ChangeUnseen
		rule := ""
		if b != nil {
			rule = b.Rule
		} else {
			rule = a.Rule
		}
		l := now.Life[rule]
		list = append(list, Change{Kind: kind, Domain: now.Domain, Owner: now.Owner, Rule: rule, Was: sideOf(was, a), Now: sideOf(now, b), State: l.State, Waiver: l.Waiver})
	}
	for i := range now.Outcomes {
		b := &now.Outcomes[i]
		add(outcomeAt(was, b.Rule, i), b)
	}
	for i := range was.Outcomes { // rules that the newer rule set has not
		a := &was.Outcomes[i]
		if a.Verdict == detect.Found && outcomeAt(now, a.Rule, i) == nil {
			add(a, nil)
		}
	}
	if now.Liveness == detect.Unseen {
		list = unchecked(list, was, now)
	}
	if !spoken && worseOff(was.Liveness, now.Liveness) {
		list = append(list, Change{Kind: ChangeWorse, Domain: now.Domain, Owner: now.Owner, Was: sideOf(was, nil), Now: sideOf(now, nil)})
	}
	return list
}

// unchecked says once of a domain that it could not be checked, in place of a
// change for each of its rules.
func unchecked(list []Change, was, now *Record) []Change {
	before := len(list)
	list = slices.DeleteFunc(list, func(c Change) bool { return c.Kind == ChangeUnseen })
	if len(list) == before {
		return list
	}
	return append(list, Change{Kind: ChangeUnseen, Domain: now.Domain, Owner: now.Owner, Was: sideOf(was, nil), Now: sideOf(now, nil)})
}

// kindOf says how one rule's outcome changed; empty if it did not. a or b is
// nil where a rule set has not the rule.
func kindOf(was, now *Record, a, b *detect.Outcome) ChangeKind {
	switch {
	case isFound(b) && a != nil && (a.Verdict == detect.Unknown || a.Verdict == detect.Broken):
		return ChangeFirst
	case isFound(b) && !isFound(a):
		return ChangeNew
	case isFound(b):
		if Rank(b.Severity) > Rank(a.Severity) {
			return ChangeWorse
		}
	case b == nil:
		return ChangeGone
	case b.Verdict == detect.Unknown || b.Verdict == detect.Broken:
		if a != nil && (a.Verdict == detect.Found || a.Verdict == detect.Pass) {
			return ChangeUnseen
		}
	case isFound(a) && b.Verdict == detect.Pass:
		return ChangeFixed
	case isFound(a): // exempt now
		if was.Liveness == detect.Serving && now.Liveness != detect.Serving {
			return ChangeUnseen // the page that was at fault could not be seen
		}
		return ChangeGone
	}
	return ""
}

// newKind is the kind of what is found now and was not.
func newKind(now *Record, rule string) ChangeKind {
	if now.Life[rule].State == StateReopened {
		return ChangeReopened
	}
	return ChangeNew
}

// lived corrects the kind of a change by what is known of the finding's life: two
// runs alone do not say whether it was open before, or is fixed now.
func lived(kind ChangeKind, now *Record, a, b *detect.Outcome) ChangeKind {
	if b == nil {
		return kind
	}
	switch state := now.Life[b.Rule].State; {
	case (kind == ChangeNew || kind == ChangeFirst) && state == StateReopened:
		return ChangeReopened
	case (kind == ChangeNew || kind == ChangeFirst) && state == StateStill:
		return ""
	case kind == ChangeNew && state == StateWorse:
		return ChangeWorse
	case kind == ChangeFixed && state == StatePassed:
		return ChangePassed
	case kind == "" && state == StateFixed && a != nil && b.Verdict == detect.Pass:
		return ChangeFixed
	}
	return kind
}

func isFound(o *detect.Outcome) bool { return o != nil && o.Verdict == detect.Found }

// worseOff reports whether a site fell: only between states that say something
// about the site.
func worseOff(was, now detect.Liveness) bool {
	a, b := standing(was), standing(now)
	return a > 0 && b > a
}

// standing orders the states from 1, good, to 4; 0 for those that say nothing
// about the site.
func standing(l detect.Liveness) int {
	switch l {
	case detect.Serving:
		return 1
	case detect.Placeholder:
		return 2
	case detect.Blocked:
		return 3
	case detect.Down:
		return 4
	}
	return 0
}

// outcomeAt finds a rule's outcome, which stands at i unless the rule sets
// differ; nil if it is not there.
func outcomeAt(r *Record, rule string, i int) *detect.Outcome {
	if i < len(r.Outcomes) && r.Outcomes[i].Rule == rule {
		return &r.Outcomes[i]
	}
	for j := range r.Outcomes {
		if r.Outcomes[j].Rule == rule {
			return &r.Outcomes[j]
		}
	}
	return nil
}

// sideOf is what a run said; o is nil for the domain as a whole.
func sideOf(r *Record, o *detect.Outcome) Side {
	s := Side{Liveness: r.Liveness, Cause: r.Cause}
	if o != nil {
		s.Verdict, s.Severity, s.Reason, s.Findings = o.Verdict, o.Severity, o.Reason, o.Findings
	}
	return s
}
