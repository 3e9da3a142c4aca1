package reports

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
)

// maxWhy bounds the different reasons that are counted of one rule, or of all
// domains: there are some ninety, and a stored run may hold any word.
const maxWhy = 120

// A ReasonCount is how often something was not decided for one reason.
type ReasonCount struct {
	Reason detect.Reason
	N      int
}

// whys counts reasons.
type whys map[detect.Reason]int

func (w whys) add(r detect.Reason) {
	if _, ok := w[r]; ok {
		w[r]++
	} else if len(w) < maxWhy {
		w[detect.Reason(strings.Clone(string(r)))] = 1
	}
}

// sorted lists the reasons, the most frequent first.
func (w whys) sorted() []ReasonCount {
	list := make([]ReasonCount, 0, len(w))
	for _, r := range slices.Sorted(maps.Keys(w)) {
		list = append(list, ReasonCount{r, w[r]})
	}
	slices.SortStableFunc(list, func(a, b ReasonCount) int { return b.N - a.N })
	return list
}

// Why lists the reasons for which the rule was not decided, the most frequent
// first.
func (c *RuleCount) Why() []ReasonCount { return c.why.sorted() }

// Undecided lists why nothing can be said of the domains that count as
// inconclusive, by [WhyUndecided]: a domain is counted once.
func (s *Summary) Undecided() []ReasonCount { return s.undecided.sorted() }

// WhyUndecided returns the reason of the first decisive rule that was not judged;
// where all were, that of the first rule that was not.
func WhyUndecided(r *Record) detect.Reason {
	any := detect.Reason("")
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		why := o.Reason
		switch o.Verdict {
		case detect.Broken:
			why = detect.ReasonPanicked
		case detect.Unknown:
			why = cmp.Or(why, detect.ReasonNotSeen)
		default:
			continue
		}
		if detect.Decisive(o.Rule) {
			return why
		}
		any = cmp.Or(any, why)
	}
	return cmp.Or(any, detect.ReasonNotSeen)
}
