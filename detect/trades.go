package detect

import (
	"slices"

	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/number"
)

// judgeTrades finds the trades that the content belongs to, on the home page
// and then on the inner pages. A licence on any of them covers all.
func (c *Case) judgeTrades() {
	licences := slices.Clip(c.Shown.Licences)
	for _, in := range c.Inner {
		licences = append(licences, number.Find(in.Page).Licences...)
	}
	c.Industries = industry.Judge(c.Home, licences)
	for i := range c.Inner {
		in := &c.Inner[i]
		for _, j := range industry.Judge(in.Page, licences) {
			if slices.ContainsFunc(c.Industries, func(k industry.Judged) bool { return k.Category == j.Category }) {
				continue
			}
			for k := range j.Evidence {
				j.Evidence[k] += " (" + clip(in.URL) + ")"
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

// pageWhere names the page that a trade was judged on.
func pageWhere(c *Case, category industry.Category) Text {
	if in := c.judgedOn[category]; in != nil {
		return innerWhere(in)
	}
	return homeWhere(c)
}

func innerWhere(in *Inner) Text { return Text{"页面 " + in.URL, "page " + in.URL} }
