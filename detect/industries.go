package detect

import (
	"slices"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// judgeIndustries finds the trades that the content belongs to, on the home page
// and then on the inner pages. A licence on any of them covers all.
func (c *Case) judgeIndustries() {
	licences := slices.Clip(c.Shown.Licences)
	for _, in := range c.Inner {
		licences = append(licences, number.Find(in.Page).Licences...)
	}
	home := c.Home
	if c.misnamed() {
		home = c.Static // what a browser garbled can be read all the same
	}
	c.Industries = industry.Judge(home, licences)
	for i := range c.Inner {
		in := &c.Inner[i]
		for _, j := range industry.Judge(in.Page, licences) {
			if slices.ContainsFunc(c.Industries, func(k industry.Judged) bool { return k.Category == j.Category }) {
				continue
			}
			for k := range j.Evidence {
				j.Evidence[k] += " (" + Clip(in.URL) + ")"
			}
			c.Industries = append(c.Industries, j)
			if c.judgedOn == nil {
				c.judgedOn = map[industry.Category]*Inner{}
			}
			c.judgedOn[j.Category] = in
		}
	}
	if c.judgedOn != nil {
		order := industry.Categories()
		slices.SortStableFunc(c.Industries, func(a, b industry.Judged) int {
			return slices.Index(order, a.Category) - slices.Index(order, b.Category)
		})
	}
}

// IndustryPage returns the inner page that alone makes the content one of an
// industry; nil if the home page does, or none.
func (c *Case) IndustryPage(category industry.Category) *Inner { return c.judgedOn[category] }

// An Inner is a page of the site beyond its home page. Its content is judged
// with the home page's; its foot owes nothing.
type Inner struct {
	URL  string
	Page *page.Page
}

// inner reads the pages that were asked for. One that failed, or that is no
// page of the site's own, says nothing.
func (c *Case) inner() []Inner {
	var list []Inner
	for i := range c.Obs.Visits {
		v := &c.Obs.Visits[i]
		p := v.Last()
		if v.Ask.Kind != crawler.AskInner || p == nil || p.Status != 200 || !c.sameHost(p.URL) {
			continue
		}
		r := c.parse(p)
		if r.kind.Name != kind.Normal || r.page.Fault != page.FaultNone && r.page.Fault != page.FaultCut || r.page.Text == c.Home.Text {
			continue
		}
		list = append(list, Inner{URL: p.URL, Page: r.page})
	}
	return list
}
