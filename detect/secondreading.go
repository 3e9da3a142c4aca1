package detect

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect/page"
)

// A secondReading is what the tree of the home page says.
type secondReading struct {
	c    *Case           // the case on the tree's page; the case itself if the readings agree
	diff page.Difference // what they do not agree about
	err  error           // page.ErrTooDeep
}

// secondReading reads the home page again from its tree: the witness that costs
// no browser. Where it and the fast reader disagree the tree decides.
func (c *Case) secondReading() secondReading { return c.cache.second.get(c.readAgain) }

func (c *Case) readAgain() secondReading {
	tree, err := page.ReadTree(c.Home)
	if err != nil {
		return secondReading{c: c, err: err}
	}
	diff := page.Disagree(c.Home, tree.Page)
	if diff.About == "" {
		return secondReading{c: c}
	}
	again := *c
	again.cache = cache{}
	again.Home = tree.Page
	if !c.Rendered {
		again.Static = tree.Page
	}
	again.Shown = again.numbers()
	return secondReading{c: &again, diff: diff}
}

// Disagreement returns what the two readings of the home page do not agree
// about, for whoever mends the fast one; About is empty if they agree or the page
// was not read twice.
func (c *Case) Disagreement() page.Difference { return c.cache.second.value.diff }

// readsFoot reports whether a rule is about what stands at the foot of the page.
func (r *Rule) readsFoot() bool {
	return strings.HasPrefix(r.ID, "footer-") || strings.HasPrefix(r.ID, "police-")
}

// accuses reports whether one of the rules about the foot finds more than a
// remark.
func accuses(rules []*Rule, outs []Outcome) bool {
	for i, r := range rules {
		if r.readsFoot() && outs[i].Verdict == Found && outs[i].Severity != Notice {
			return true
		}
	}
	return false
}

// confirmed holds outcomes against the tree, where the page is accused or a
// browser drew it: the tree's word counts, and where there is no tree nobody is
// accused.
func confirmed(c *Case, rules []*Rule, outs []Outcome) []Outcome {
	if c.Home == nil || c.Home.Fault == page.FaultBinary || !c.Rendered && !accuses(rules, outs) {
		return outs
	}
	second := c.secondReading()
	for i, r := range rules {
		switch {
		case !r.readsFoot():
		case second.err != nil:
			if outs[i].Verdict == Found && outs[i].Severity != Notice {
				outs[i] = Outcome{Rule: r.ID, Verdict: Unknown, Reason: ReasonTooDeep}
			}
		case second.c != c:
			outs[i] = r.judge(second.c)
		}
	}
	return outs
}
