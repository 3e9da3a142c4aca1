package reports

import (
	"fmt"
	"iter"

	"github.com/beianwatch/beianwatch/detect"
)

// A ChangeKind says how a verdict differs between two runs. The words are
// part of the JSON form of a diff.
type ChangeKind string

// The kinds of change.
const (
	ChangeNew      ChangeKind = "new"            // found now, and not before
	ChangeReopened ChangeKind = "reopened"       // found again after it was fixed
	ChangeFirst    ChangeKind = "first-seen"     // found now, inconclusive before: it may have been there
	ChangeWorse    ChangeKind = "worse"          // found before, graver now; or the site itself is worse off
	ChangePassed   ChangeKind = "passed-once"    // found before, and seen to be right for the first time on a page that has not changed: not yet fixed
	ChangeFixed    ChangeKind = "fixed"          // found before, and seen to be right now
	ChangeGone     ChangeKind = "gone"           // the domain left the inventory, or the rule no longer applies to it
	ChangeUnseen   ChangeKind = "could-not-look" // judged before, unknown now: never counted as fixed
)

// ChangeKinds lists the kinds in the order of a report.
var ChangeKinds = []ChangeKind{ChangeNew, ChangeReopened, ChangeFirst, ChangeWorse, ChangePassed, ChangeFixed, ChangeGone, ChangeUnseen}

// ChangeWaived is under which [Changes.Samples] has changes that are waived, of
// whatever kind they are.
const ChangeWaived ChangeKind = "waived"

// A Change is one difference between two runs: of one rule for one domain,
// or, with an empty Rule, of the domain as a whole (it left the inventory, it
// could not be checked, or it is worse off than before while no rule says so).
type Change struct {
	Kind   ChangeKind
	Domain string
	Owner  string
	Rule   string
	Was    Side
	Now    Side
	State  State   // of the finding in the newer run; "" if it is not known
	Waiver *Waiver // in force for what is found now; nil if there is none
}

// A Side is what one of the two runs said. Verdict is empty if the run had no
// such domain or rule, or if the change is of the domain as a whole.
type Side struct {
	Liveness detect.Liveness
	Cause    string
	Verdict  detect.Verdict
	Severity detect.Severity
	Reason   detect.Reason
	Findings []detect.Finding
}

// DiffCounts sums up a comparison.
type DiffCounts struct {
	Was     int                // domains in the older run
	Now     int                // domains in the newer run
	Both    int                // domains in both
	Added   int                // domains in the newer run only
	Gone    int                // domains in the older run only
	Same    int                // domains in both without any change
	Open    int                // findings in both runs, not worse
	Changes map[ChangeKind]int // changes by kind, without those that are waived
	Waived  int                // changes that are waived
}

// Diff compares two runs, domain by domain and rule by rule. Both sequences
// must be in the byte order of domains (as [store.Store.Verdicts] gives
// them); it reads them side by side, so memory stays flat. counts may be nil;
// it is whole when the sequence has ended. An error ends the sequence.
func Diff(was, now iter.Seq2[*Record, error], counts *DiffCounts) iter.Seq2[Change, error] {
	return DiffPairs(sideBySide(was, now), counts)
}

// DiffPairs is [Diff] of records that are in pairs already.
func DiffPairs(pairs iter.Seq2[Pair, error], counts *DiffCounts) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		if counts == nil {
			counts = &DiffCounts{}
		}
		*counts = DiffCounts{Changes: map[ChangeKind]int{}}
		for pair, err := range pairs {
			if err != nil {
				yield(Change{}, err)
				return
			}
			for _, c := range compare(pair.Was, pair.Now, counts) {
				if c.Waiver != nil {
					counts.Waived++
				} else {
					counts.Changes[c.Kind]++
				}
				if !yield(c, nil) {
					return
				}
			}
		}
	}
}

// A Pair is what two runs, or two judgements, say of one domain; nil where one has
// it not.
type Pair struct{ Was, Now *Record }

// sideBySide reads two sequences in step.
func sideBySide(was, now iter.Seq2[*Record, error]) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		left, right := newSide(was), newSide(now)
		defer left.stop()
		defer right.stop()
		for {
			a, b, err := meet(left, right)
			if err == nil && a == nil && b == nil || !yield(Pair{a, b}, err) || err != nil {
				return
			}
		}
	}
}

// side is one of the two sequences, with the record that is next.
type side struct {
	next func() (*Record, error, bool)
	stop func()
	head *Record
	last string
	done bool
}

func newSide(seq iter.Seq2[*Record, error]) *side {
	s := &side{}
	s.next, s.stop = iter.Pull2(seq)
	return s
}

// fill makes head the next record, nil at the end.
func (s *side) fill() error {
	if s.head != nil || s.done {
		return nil
	}
	r, err, ok := s.next()
	if err != nil {
		return err
	}
	if !ok {
		s.done = true
		return nil
	}
	if s.last != "" && r.Domain <= s.last {
		return fmt.Errorf("comparing runs: %s comes behind %s, but the domains must be in order", r.Domain, s.last)
	}
	s.head, s.last = r, r.Domain
	return nil
}

// take hands out head.
func (s *side) take() *Record {
	r := s.head
	s.head = nil
	return r
}

// meet returns the records of the next domain in either run; nil where a run
// has it not, both nil at the end.
func meet(left, right *side) (a, b *Record, err error) {
	if err := left.fill(); err != nil {
		return nil, nil, err
	}
	if err := right.fill(); err != nil {
		return nil, nil, err
	}
	l, r := left.head, right.head
	switch {
	case l == nil && r == nil:
		return nil, nil, nil
	case r == nil || l != nil && l.Domain < r.Domain:
		return left.take(), nil, nil
	case l == nil || r.Domain < l.Domain:
		return nil, right.take(), nil
	}
	return left.take(), right.take(), nil
}

// Findings lists the findings to show with a change: those of the newer run, or
// of the older one where the newer has none.
func (c *Change) Findings() []Finding {
	s := &c.Now
	if len(s.Findings) == 0 {
		s = &c.Was
	}
	var list []Finding
	for _, f := range s.Findings {
		list = append(list, Finding{Rule: c.Rule, Severity: s.Severity, Finding: f})
	}
	return list
}
