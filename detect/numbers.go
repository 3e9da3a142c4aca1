package detect

import (
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/charset"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// numbers reads the numbers of the page that is judged, with those that only
// the page as received or its scripts hold.
func (c *Case) numbers() number.Shown {
	shown := c.numbersOf(c.Home, c.pageFiles())
	if !c.Rendered {
		return shown
	}
	static := c.numbersOf(c.Static, nil)
	for _, n := range static.ICP {
		if !slices.ContainsFunc(shown.ICP, n.SameBase) {
			shown.ICP = append(shown.ICP, n)
		}
	}
	for _, p := range static.Police {
		if !slices.ContainsFunc(shown.Police, func(q number.Police) bool { return q.Digits == p.Digits }) {
			shown.Police = append(shown.Police, p)
		}
	}
	for _, l := range static.Licences {
		if !slices.ContainsFunc(shown.Licences, func(m number.Licence) bool { return m.Kind == l.Kind && m.Number == l.Number }) {
			shown.Licences = append(shown.Licences, l)
		}
	}
	if d := c.Obs.Drawing; d != nil {
		for _, k := range d.Clicks {
			best := func(a, b string) int { return LinkRank(number.KindOf(a)) - LinkRank(number.KindOf(b)) }
			for _, url := range slices.SortedStableFunc(slices.Values(k.Opened), best) {
				shown.Opens(k.Text, url)
			}
		}
	}
	return shown
}

// A readNumbers is what numbers a page holds with the files that had come, kept from one
// Case of a look to the next: a bundle of scripts takes longer to search than a page.
type readNumbers struct {
	page  *page.Page
	files int
	shown number.Shown
}

// numbersOf finds the numbers of a page and of its files.
func (c *Case) numbersOf(p *page.Page, files []*crawler.Page) number.Shown {
	for _, r := range c.counted {
		if r.page == p && r.files == len(files) {
			return r.shown.Clone()
		}
	}
	with := *p
	with.Asides = slices.Clip(p.Asides)
	for _, f := range files {
		with.Asides = append(with.Asides, fileText(p, f))
	}
	shown := number.Find(&with)
	// A new slice: the Case before still holds the old one.
	c.counted = append(slices.Clip(c.counted), readNumbers{p, len(files), shown})
	return shown.Clone()
}

// PageFiles are the files of the page that were asked for, as texts that no
// visitor sees: whether they come to be seen, only a browser can tell.
func (c *Case) PageFiles() []page.Aside {
	var list []page.Aside
	for _, f := range c.pageFiles() {
		list = append(list, fileText(c.Home, f))
	}
	return list
}

// pageFiles are the files of the page that came.
func (c *Case) pageFiles() []*crawler.Page {
	var list []*crawler.Page
	for i := range c.Obs.Visits {
		v := &c.Obs.Visits[i]
		if p := v.Last(); v.Ask.Kind == crawler.AskScript && p != nil && p.Status == 200 && c.ownSite(p.URL) {
			list = append(list, p)
		}
	}
	return list
}

// fileText is a file of a page as one of its texts.
func fileText(of *page.Page, file *crawler.Page) page.Aside {
	text, _, _ := charset.Decode(file.Body, file.Header.Get("Content-Type"))
	s := string(text)
	return page.Aside{Kind: page.AsideScript, Text: s, Raw: s, Foot: true, Link: -1, At: len(of.Text)}
}

// Claims are the numbers on the page, each with Own set only where the site
// says of it that it is its own. The filed number is, wherever it stands. Of
// the others, one in the body of a page that has a foot is a number that the
// page speaks of; and one that visitors do not see came with a template,
// unless nothing is known of what is filed. The list is not to be changed.
func (c *Case) Claims() []number.ICP { return c.cache.claims.get(c.claimed) }

func (c *Case) claimed() []number.ICP {
	known := c.FiledNumbers()
	sure := len(known) > 0 && !c.FiledUnreadable()
	list := make([]number.ICP, len(c.Shown.ICP))
	for i, n := range c.Shown.ICP {
		n.Own = n.Own || (n.Credited || n.Quoted || n.Apart) && HasBase(known, n) // behind a builder's credit, in a list of news … all the same
		if n.Own && !HasBase(known, n) {
			switch n.Place {
			case number.Footer:
				n.Own = !(sure && n.Before) // a customer's, a partner's: the foot that the markup names has its own
			case number.Body:
				n.Own = c.Home == nil || !c.Home.HasFoot
			default:
				n.Own = !sure
			}
		}
		list[i] = n
	}
	return list
}

// OwnNumbers are the site's own filing numbers that a visitor sees and that
// can be real. A number that the register itself gives is real, whatever its
// digits look like; a romanised one is no display of a number.
func (c *Case) OwnNumbers() []number.ICP {
	var own []number.ICP
	for _, n := range c.Claims() {
		if n.Own && Visible(n.Place) && !n.Latin && !c.Fake(n) {
			own = append(own, n)
		}
	}
	return own
}

// Fake reports whether a number cannot be a real one and the register does not
// have it.
func (c *Case) Fake(n number.ICP) bool {
	return n.Fake != number.FakeNone && !HasBase(c.FiledNumbers(), n)
}

// FiledNumbers lists the numbers of the subject that the register knows, the site's
// own first. The list is not to be changed.
func (c *Case) FiledNumbers() []number.ICP { return c.cache.filed.get(c.filedNumbers) }

func (c *Case) filedNumbers() []number.ICP {
	var list []number.ICP
	for _, s := range append([]string{c.Filing.Number}, c.Filing.AlsoNumbers...) {
		if n, ok := number.Parse(s); ok {
			list = append(list, n)
		}
	}
	return list
}

// FiledUnreadable reports whether the register gives a number that cannot be
// read: then none that the page shows can be said to be another's.
func (c *Case) FiledUnreadable() bool {
	return slices.ContainsFunc(append([]string{c.Filing.Number}, c.Filing.AlsoNumbers...), func(s string) bool {
		_, ok := number.Parse(s)
		return !ok && strings.TrimSpace(s) != ""
	})
}

// HasBase reports whether a number is of one of the subjects in the list,
// whatever its -N.
func HasBase(list []number.ICP, n number.ICP) bool {
	return slices.ContainsFunc(list, n.SameBase)
}

// isOursLicence reports whether the register has this licence's number as the
// filing number.
func isOursLicence(c *Case, l number.Licence) bool {
	n, ok := number.Parse(l.Number)
	return ok && HasBase(c.FiledNumbers(), n)
}

// Visible reports whether a number stands where a visitor reads it.
func Visible(p number.Place) bool { return p == number.Footer || p == number.Body }

// FilingLicences are the licence-form numbers (B2-, ICP证) on the page that
// serve as its filing number: they bear -N, link to the register, or are what
// the register has.
func (c *Case) FilingLicences() []number.Licence {
	var list []number.Licence
	for _, l := range c.Shown.Licences {
		if LicenceForm(l) && Visible(l.Place) && (l.Filing || isOursLicence(c, l)) {
			list = append(list, l)
		}
	}
	return list
}

// LicenceForm reports whether numbers of this kind of licence also serve as
// filing numbers.
func LicenceForm(l number.Licence) bool { return l.Kind == "telecom" || l.Kind == "icp-commercial" }

// ShownNumbers are all the site's own numbers that a visitor sees, licences
// that serve as filing numbers among them.
func (c *Case) ShownNumbers() []number.ICP {
	list := c.OwnNumbers()
	for _, l := range c.FilingLicences() {
		if n, ok := number.Parse(l.Number); ok {
			n.Raw, n.Place, n.Link, n.Kind, n.Own, n.Fake = l.Raw, l.Place, l.Link, l.LinkKind, true, number.FakeNone
			list = append(list, n)
		}
	}
	return list
}

// LinkRank orders link kinds, best first. Several numbers are judged by the
// best link among them: one right link is what the duty asks for.
func LinkRank(k number.LinkKind) int {
	switch k {
	case number.LinkCurrent:
		return 0
	case number.LinkLegacy:
		return 1
	case number.LinkOther:
		return 2
	}
	return 3
}

// BestLinked returns the number with the best link, false if no number is shown.
// A licence beside an ICP备 number counts only if its link is right: a bad link
// on it says nothing of the number. A number with a slip in its digits is still
// the one whose link is judged.
func (c *Case) BestLinked() (best number.ICP, ok bool) {
	list := c.ShownNumbers()
	for _, n := range c.Claims() {
		if n.Own && Visible(n.Place) && !n.Latin && n.Fake == number.FakeImpossible && c.Fake(n) {
			list = append(list, n)
		}
	}
	for _, n := range list {
		licence := n.Form != number.FormFiling
		beside := ok && licence && best.Form == number.FormFiling && n.Kind != number.LinkCurrent
		instead := ok && !licence && best.Form != number.FormFiling && best.Kind != number.LinkCurrent
		if !ok || instead || !beside && LinkRank(n.Kind) < LinkRank(best.Kind) {
			best, ok = n, true
		}
	}
	return best, ok
}

// maxNumbers bounds the numbers of a page for which a register is asked.
const maxNumbers = 3

// UnknownNumbers are the numbers, without -N, that the site shows as its own
// and of which neither inventory nor register says whose they are: a register
// may be asked for them.
func UnknownNumbers(c *Case) []string {
	if c.File != "" || c.Home == nil || c.Away != "" || c.Liveness != Serving || len(c.FiledNumbers()) > 0 {
		return nil
	}
	if s := c.Filing.Status; s != crawler.FilingUnknown && s != crawler.FilingUnfiled {
		return nil
	}
	var list []string
	for _, n := range c.ShownNumbers() {
		if n.Service == "" && n.Base != "" && !slices.Contains(list, n.Base) && len(list) < maxNumbers {
			list = append(list, n.Base)
		}
	}
	return list
}
