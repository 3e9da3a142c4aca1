package detect

import (
	"slices"

	"github.com/beianwatch/beianwatch/detect/page"
)

// reread reads the home page again from its tree, once: the witness that costs
// no browser, for a page that is about to be accused or that a browser drew. A
// tree costs several times what the page cost, so it is not asked for where the
// accusation is held back anyway. Where the two readings disagree the tree
// decides: the case is left as the tree has it. Where no tree can be built nobody
// is accused of what is on the page.
func (c *Case) reread() {
	if c.cache.reread || c.Home == nil || c.Away != "" || c.Home.Fault == page.FaultBinary {
		return
	}
	c.cache.reread = true
	tree, err := page.ReadTree(c.Home)
	if err != nil {
		c.treeless = true
		return
	}
	if c.differs = page.Disagree(c.Home, tree.Page); c.differs.About == "" {
		return
	}
	c.Home = tree.Page
	if !c.Rendered {
		c.Static = tree.Page
	}
	c.cache = cache{reread: true}
	c.Shown = c.numbers()
	if c.Liveness == Serving || c.File != "" {
		c.judgedOn = nil
		c.judgeIndustries()
	}
}

// accused reports whether one of the rules that read the page is about to find
// more than a remark.
func (c *Case) accused(rules []*Rule) bool {
	return slices.ContainsFunc(rules, func(r *Rule) bool {
		if r.Witness != WitnessPage {
			return false
		}
		o := r.outcome(c)
		return o.accuses()
	})
}

// A Disagreement is a page that our two readers read otherwise.
type Disagreement struct {
	URL  string
	Page string // names the bytes of the page, as in [Inputs]
	page.Difference
}

// Disagreement returns what the two readings of the home page do not agree
// about, for a log: whoever mends the fast reader makes a test of it. It is false
// if they agree or the page was not read twice.
func (c *Case) Disagreement() (Disagreement, bool) {
	if c.differs.About == "" || c.Answer == nil {
		return Disagreement{}, false
	}
	of := c.Answer
	if c.Rendered && c.Obs.Rendered != nil {
		of = c.Obs.Rendered
	}
	return Disagreement{URL: of.URL, Page: digest(of.Body), Difference: c.differs}, true
}
