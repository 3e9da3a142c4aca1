package wording

import (
	"slices"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// maxUndecided is how many lines a report spends on what was not decided.
const maxUndecided = 6

// An Undecided is one reason with all rules that were not judged for it: a site
// that was not seen has the same reason thirty times.
type Undecided struct {
	Why      detect.Text
	Rules    []string      // ids
	Titles   []detect.Text // of the rules
	decisive bool
}

// Undecided lists what was not decided by reason, in at most maxUndecided groups:
// what the inventory does not give is one of them, the decisive rules come first,
// and what is left is joined in the last.
func (b Book) Undecided(r *reports.Record) []Undecided {
	var list []Undecided
	var columns []detect.Text
	at := map[detect.Text]int{}
	lacking := Say("没有提供", "not given")
	if r.Detail.Line > 0 {
		lacking = Say("清单没有给出", "not in the inventory")
	}
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != detect.Unknown && o.Verdict != detect.Broken {
			continue
		}
		why := OutcomeNote(o)
		if name, ok := columnName(o.Reason); ok && o.Verdict == detect.Unknown {
			if !slices.Contains(columns, name) {
				columns = append(columns, name)
			}
			why = lacking
		}
		k, ok := at[why]
		if !ok {
			k = len(list)
			at[why] = k
			list = append(list, Undecided{Why: why})
		}
		g := &list[k]
		g.Rules, g.Titles = append(g.Rules, Clean(o.Rule, 80)), append(g.Titles, b.Kept(o.Rule))
		g.decisive = g.decisive || detect.Decisive(o.Rule)
	}
	if k, ok := at[lacking]; ok {
		list[k].Why = Joined(Say("：", ": "), lacking, Joined(List, columns...))
	}
	slices.SortStableFunc(list, func(a, b Undecided) int {
		if a.decisive != b.decisive {
			if a.decisive {
				return -1
			}
			return 1
		}
		return len(b.Rules) - len(a.Rules)
	})
	return joinRest(list)
}

// joinRest makes the last groups one, so that maxUndecided are left.
func joinRest(list []Undecided) []Undecided {
	if len(list) <= maxUndecided {
		return list
	}
	rest := &list[maxUndecided-1]
	whys := []detect.Text{rest.Why}
	for _, g := range list[maxUndecided:] {
		whys = append(whys, g.Why)
		rest.Rules, rest.Titles = append(rest.Rules, g.Rules...), append(rest.Titles, g.Titles...)
	}
	rest.Why = Joined(Say("；", "; "), whys...)
	return list[:maxUndecided]
}
