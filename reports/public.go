package reports

import (
	"slices"

	"github.com/beianwatch/beianwatch/detect"
)

// Public returns the record without what only the inventory has of people: its owner,
// the life and the detail of findings, and what rules that are Private have found. The
// verdicts stay, so that no rule is without one. rules are those of today; the findings
// of a rule that is not among them are left out, too.
func (r *Record) Public(rules []*detect.Rule) *Record {
	public := *r
	public.Owner, public.Life, public.Detail = "", nil, Detail{}
	public.Outcomes = slices.Clone(r.Outcomes)
	for i := range public.Outcomes {
		o := &public.Outcomes[i]
		known := func(rule *detect.Rule) bool { return rule.ID == o.Rule && !rule.Private }
		if !slices.ContainsFunc(rules, known) {
			o.Findings, o.Detail = nil, ""
		}
	}
	return &public
}
