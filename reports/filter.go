package reports

import (
	"iter"
	"slices"

	"github.com/beianwatch/beianwatch/detect"
)

// The words of [Filter.Status] beside the states of a finding.
const (
	StatusWaived  = "waived"
	StatusOverdue = "overdue" // the due date was before the day of the visit
)

// A Filter picks records and their findings. An empty list picks all; of several
// lists each must be met.
type Filter struct {
	Domains    []string // A-labels, or patterns in which * stands for any text
	Owners     []string // as the inventory writes them
	Teams      []string
	Rules      []string
	Severities []detect.Severity
	Status     []string // states, StatusWaived, StatusOverdue
}

// Empty reports whether the filter picks everything.
func (f *Filter) Empty() bool {
	return len(f.Domains)+len(f.Owners)+len(f.Teams) == 0 && !f.ofFindings()
}

// ofFindings reports whether the filter is one of findings, which a domain without
// any does not meet.
func (f *Filter) ofFindings() bool { return len(f.Rules)+len(f.Severities)+len(f.Status) > 0 }

// Records returns the records that the filter picks. Where it is one of findings,
// their [Record.Findings] are those that it picks; the outcomes stay whole.
func (f *Filter) Records(records iter.Seq2[*Record, error]) iter.Seq2[*Record, error] {
	if f.Empty() {
		return records
	}
	return func(yield func(*Record, error) bool) {
		for r, err := range records {
			if err == nil {
				if r = f.record(r); r == nil {
					continue
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// record returns the record as the filter picks it; nil if it does not.
func (f *Filter) record(r *Record) *Record {
	if !oneOf(f.Owners, r.Owner) || !oneOf(f.Teams, r.Detail.Team) {
		return nil
	}
	if len(f.Domains) > 0 && !slices.ContainsFunc(f.Domains, func(p string) bool { return matches(p, r.Domain) }) {
		return nil
	}
	if !f.ofFindings() {
		return r
	}
	picked := *r
	picked.picked = func(found *Finding) bool { return f.finding(r, found) }
	if len(picked.Findings()) == 0 {
		return nil
	}
	return &picked
}

// finding reports whether a finding of the record meets the filter.
func (f *Filter) finding(r *Record, found *Finding) bool {
	if !oneOf(f.Rules, found.Rule) || !oneOf(f.Severities, found.Severity) {
		return false
	}
	return len(f.Status) == 0 || slices.ContainsFunc(f.Status, func(word string) bool {
		switch word {
		case StatusWaived:
			return found.Waiver != nil
		case StatusOverdue:
			return found.Waiver == nil && !found.Due.IsZero() && chinaDay(r.At) > chinaDay(found.Due)
		}
		return string(found.State) == word
	})
}

func oneOf[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// WithoutWaived returns the record as its owner is told of it: what is waived does
// not apply.
func (r *Record) WithoutWaived() *Record {
	if !slices.ContainsFunc(r.Outcomes, func(o detect.Outcome) bool { return o.Verdict == detect.Found && r.Waived(o.Rule) }) {
		return r
	}
	told := *r
	told.Outcomes = slices.Clone(r.Outcomes)
	for i := range told.Outcomes {
		if o := &told.Outcomes[i]; o.Verdict == detect.Found && r.Waived(o.Rule) {
			*o = detect.Outcome{Rule: o.Rule, Verdict: detect.Exempt}
		}
	}
	return &told
}
