package notice

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// problems lists the rules that found something, each with its sites: the most
// severe first, then those with the earliest date.
func (n *Writer) problems(book wording.Book, list []*reports.Record) []problem {
	at := map[string]int{}
	var all []problem
	for _, r := range list {
		for _, f := range book.Findings(r) {
			if f.Waived.ZH != "" {
				continue // accepted: nothing to mend
			}
			f = wording.Discreet(f)
			i, ok := at[f.Rule]
			if !ok {
				i = len(all)
				at[f.Rule] = i
				all = append(all, n.problem(book, &f))
			}
			p := &all[i]
			if rank(f.Tone) > rank(p.Tone) {
				p.Tone, p.Severity = f.Tone, n.in(f.Severity)
			}
			p.Sites = append(p.Sites, n.siteSpot(r, &f, p.Remedy))
		}
	}
	slices.SortStableFunc(all, func(a, b problem) int {
		return cmp.Or(rank(b.Tone)-rank(a.Tone), cmp.Compare(firstDue(&a), firstDue(&b)), len(b.Sites)-len(a.Sites))
	})
	snippets := map[string]string{} // site → the section that has its code
	for i := range all {
		p := &all[i]
		p.Number = n.numeral(i + 1)
		p.shareFix()
		for j := range p.Sites {
			s := &p.Sites[j]
			switch {
			case s.Snippet == "":
			case snippets[s.Domain] == "":
				snippets[s.Domain] = p.Number
			default:
				s.Snippet, s.See = "", n.in(wording.Sayf(wording.Say("见第%s项", "see %s"), snippets[s.Domain]))
			}
		}
	}
	return all
}

// shareFix tells once what is to be done alike on all sites, in place of the rule's
// own remedy.
func (p *problem) shareFix() {
	fix := p.Sites[0].Spots[0].Fix
	for _, s := range p.Sites {
		for _, at := range s.Spots {
			if at.Fix != fix {
				return
			}
		}
	}
	if fix == "" {
		return
	}
	p.Remedy = fix
	for i := range p.Sites {
		for j := range p.Sites[i].Spots {
			p.Sites[i].Spots[j].Fix = ""
		}
	}
}

func rank(tone string) int { return reports.Rank(detect.Severity(tone)) }

// firstDue is the earliest date among the sites; what has none comes last.
func firstDue(p *problem) string {
	first := "9999"
	for _, s := range p.Sites {
		if s.Due != "" {
			first = min(first, s.Due)
		}
	}
	return first
}

// problem is what is told once of a rule.
func (n *Writer) problem(book wording.Book, f *wording.Finding) problem {
	p := problem{Title: n.in(wording.Capital(f.Title)), Severity: n.in(f.Severity), Tone: f.Tone, Rule: f.Rule, Why: n.in(wording.Capital(f.Why)), Law: n.in(f.Law)}
	if rule := book[f.Rule]; rule != nil {
		p.Remedy = n.in(wording.Capital(rule.Remedy))
	}
	return p
}

// siteSpot is what was found on one site.
func (n *Writer) siteSpot(r *reports.Record, f *wording.Finding, remedy string) siteSpot {
	s := siteSpot{Due: f.Due}
	s.Domain, _ = siteName(r)
	for _, at := range f.Spots {
		one := spot{Where: n.in(wording.Capital(at.Where)), Saw: n.in(wording.Capital(at.Saw)), Fix: n.in(wording.Capital(at.Fix)), Quotes: at.Quotes}
		if one.Fix == remedy {
			one.Fix = ""
		}
		s.Spots = append(s.Spots, one)
		s.Snippet = cmp.Or(s.Snippet, at.Snippet)
	}
	if s.Spots == nil { // found without a place: the rule says what
		s.Spots = []spot{{Saw: n.in(wording.Capital(f.Title))}}
	}
	return s
}

// numeral numbers the sections: 一, 二, … 十一; in English 1, 2.
func (n *Writer) numeral(i int) string {
	if n.Lang == "en" || i > 99 {
		return strconv.Itoa(i)
	}
	digits := strings.Split("〇一二三四五六七八九", "")
	tens, ones := i/10, i%10
	text := ""
	if tens > 0 {
		text = "十"
		if tens > 1 {
			text = digits[tens] + text
		}
	}
	if ones > 0 {
		text += digits[ones]
	}
	return text
}
