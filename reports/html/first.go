package html

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// The most that the first screen of an overview lists of each kind, and how many
// owners stand in the table before the rest is folded.
const (
	maxFirst  = 6
	maxOwners = 20
)

// A dueView is one finding with its date.
type dueView struct {
	Domain, Name, Link, Tone, Day string
	Rule, Owner                   detect.Text
	Late                          bool
}

// A whyView is why so many domains are inconclusive.
type whyView struct {
	Name detect.Text
	N    int
	Link string
}

// An ownerView is one owner's domains.
type ownerView struct {
	reports.OwnerCount
	Name detect.Text
	Link string
}

// due fills what is overdue and what is due next.
func (h Writer) due(v *summaryView, s *reports.Summary) {
	v.Overdue, v.Soon = s.Due.Overdue, s.Due.Soon
	if s.Life != nil { // it knows what this run could not see, too
		v.Overdue, v.Soon = s.Life.Overdue.Grave(), s.Life.DueSoon.Grave()
		v.Life = wording.Joined(wording.Say("：", ": "), wording.Say("违规与待核实", "Violations and warnings"), wording.Life(s.Life))
	}
	for i := range s.Lapsed[:min(len(s.Lapsed), maxFirst)] {
		v.Lapsed = append(v.Lapsed, wording.Lapsed(&s.Lapsed[i]))
	}
	for _, d := range s.Due.Samples[:min(len(s.Due.Samples), maxFirst)] {
		row := dueView{Link: pageLink(s, d.Domain, string(d.Severity)), Tone: string(d.Severity), Day: wording.ChinaDay(d.Due), Rule: h.Rules.Title(d.Rule), Owner: wording.Owner(d.Owner), Late: d.Overdue}
		row.Domain, row.Name = named(d.Domain)
		v.Due = append(v.Due, row)
	}
	if n := v.Overdue + v.Soon - len(v.Due); n > 0 && len(v.Due) > 0 {
		v.MoreDue = wording.Counted(n, "项未列出，见 results.csv", "more, in results.csv", "more, in results.csv")
	}
}

// undecided fills why domains are inconclusive, and which columns are missing.
func (v *summaryView) undecided(s *reports.Summary) {
	v.Undecided = wording.Counted(s.Points.Unknown, "个域名", "domain", "domains")
	v.Missing = wording.MissingColumns(s)
	list := s.Undecided()
	rest := 0
	for i, c := range list {
		if i >= maxFirst-1 && len(list) > maxFirst {
			rest += c.N
			continue
		}
		v.Whys = append(v.Whys, whyView{Name: wording.CleanText(c.Reason.Text(), 200), N: c.N, Link: v.filterLink("why", string(c.Reason))})
	}
	if rest > 0 {
		v.Whys = append(v.Whys, whyView{Name: wording.Say("其他原因", "other reasons"), N: rest, Link: v.filterLink("tone", string(detect.Unknown))})
	}
}

// owners fills the table of owners: all of them, those without an owner among
// them.
func (v *summaryView) owners(s *reports.Summary) {
	var list []ownerView
	for _, o := range s.Owners {
		name := wording.Owner(o.Owner)
		list = append(list, ownerView{OwnerCount: o, Name: name, Link: v.filterLink("owner", name.ZH)})
	}
	if s.Others != nil {
		list = append(list, ownerView{OwnerCount: *s.Others, Name: wording.Say("其他负责人", "other owners")})
	}
	v.OwnerCount = len(s.Owners)
	v.Owners = list[:min(len(list), maxOwners)]
	v.MoreOwners = list[len(v.Owners):]
}
