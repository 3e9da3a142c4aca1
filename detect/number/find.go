package number

import (
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect/page"
)

// Find reads every number on the page: those that a visitor sees with their
// links, and filing numbers that only stand where no visitor looks. Each
// number is listed once, at its best place and with its best link; Own is set
// if any of its places is the site's own.
func Find(p *page.Page) Shown {
	var s Shown
	var found, blanks []match
	var words []trace
	collect := func(m match) {
		n := m.icp
		n.Raw = p.Written(m.start, m.end)
		n.Place = place(p, m.start)
		n.Link, n.Kind = linkOf(p, m.start, m.end, m.from, m.to)
		switch {
		case m.blank:
			blanks = append(blanks, m)
			s.Blanks = append(s.Blanks, n)
		case n.Form == FormICP:
			s.addLicence(p, "icp-commercial", m, n)
		default:
			found = append(found, m)
			s.ICP = append(s.ICP, n)
		}
	}
	scan(p.Text, collect, func(start, end int) {
		if len(words) == maxTraces { // the first half and the last: the foot is what matters
			words = slices.Delete(words, maxTraces/2, maxTraces/2+1)
		}
		words = append(words, trace{start, end})
	})
	owned(p, found, s.ICP)
	owned(p, blanks, s.Blanks)
	s.Blanks = slices.DeleteFunc(s.Blanks, func(n ICP) bool { return !n.Own || n.Place != Footer })
	b2 := telecoms(p.Text)
	at := anchorsIn(p.Text)
	s.traces(p, words, &at, found, blanks, b2)
	s.ICP = merge(s.ICP)
	for _, m := range b2 {
		n := m.icp
		n.Link, n.Kind = linkOf(p, m.start, m.end, m.from, m.to)
		s.addLicence(p, "telecom", m, n)
	}
	licences(p.Text, at.licences, func(kind string, start, end int) {
		l := licence(p, kind, start, end)
		if i := p.LinkAt(start, end); i >= 0 {
			l.Link, l.LinkKind = target(p.Links[i]), KindOf(p.Links[i].URL)
		} else {
			l.LinkKind = LinkNone
		}
		s.add(l)
	})
	for _, n := range police(p, at.bei) {
		s.addPolice(n)
	}
	for i := range p.Asides {
		s.aside(p, &p.Asides[i])
	}
	return s
}

// addLicence adds an ICP证 or B2- number, which may be the filing number too.
func (s *Shown) addLicence(p *page.Page, kind string, m match, n ICP) {
	l := licence(p, kind, m.start, m.end)
	l.Link, l.LinkKind, l.Suffix = n.Link, n.Kind, n.Suffix
	l.Filing = n.Suffix > 0 || n.Kind == LinkCurrent || n.Kind == LinkLegacy
	s.add(l)
}

// add keeps a licence unless the same number is listed already; the better
// link wins.
func (s *Shown) add(l Licence) {
	for i := range s.Licences {
		old := &s.Licences[i]
		if old.Kind == l.Kind && bare(old.Number) == bare(l.Number) {
			if better(l.LinkKind, old.LinkKind) {
				old.Link, old.LinkKind = l.Link, l.LinkKind
			}
			old.Filing = old.Filing || l.Filing
			return
		}
	}
	s.Licences = append(s.Licences, l)
}

// bare is a number without the marks in which mentions differ.
func bare(number string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && !word(byte(r)) && r != '-' || r == '号' || r == '第' || r == '字' {
			return -1
		}
		return r
	}, number)
}

func (s *Shown) addPolice(n Police) {
	for i := range s.Police {
		if old := &s.Police[i]; old.Digits == n.Digits {
			if better(n.Kind, old.Kind) {
				old.Link, old.Kind, old.Code = n.Link, n.Kind, n.Code
			}
			if n.Malformed == "" {
				old.Malformed = ""
			}
			return
		}
	}
	s.Police = append(s.Police, n)
}

// better reports whether link kind a says more than b.
func better(a, b LinkKind) bool {
	rank := func(k LinkKind) int {
		switch k {
		case LinkCurrent:
			return 3
		case LinkLegacy:
			return 2
		case LinkOther:
			return 1
		}
		return 0
	}
	return rank(a) > rank(b)
}

// merge lists each number once: the foot before the body, the better link.
func merge(all []ICP) []ICP {
	var out []ICP
next:
	for _, n := range all {
		for i := range out {
			old := &out[i]
			if old.Number != n.Number || old.Latin != n.Latin {
				continue
			}
			if better(n.Kind, old.Kind) {
				old.Link, old.Kind = n.Link, n.Kind
			}
			if n.Place == Footer {
				old.Place = Footer
			}
			old.Own = old.Own || n.Own
			old.Credited = old.Credited && n.Credited
			old.Quoted, old.Apart, old.Before = old.Quoted && n.Quoted, old.Apart && n.Apart, old.Before && n.Before
			continue next
		}
		out = append(out, n)
	}
	return out
}

// minNumber is the length in bytes of the shortest text that a number fits in.
const minNumber = 12

// asidePlace are the places of the texts that a visitor does not see.
var asidePlace = [...]Place{page.AsideComment: Comment, page.AsideScript: Script, page.AsideAlt: Alt, page.AsideHidden: Hidden, page.AsideNoscript: Hidden, page.AsideMeta: Hidden}

// aside adds the filing numbers of a text that no visitor sees, unless they
// are shown elsewhere.
func (s *Shown) aside(p *page.Page, a *page.Aside) {
	if f := (finder{s: a.Text}); a.Kind == page.AsideMeta || a.Mute || len(a.Text) < minNumber || len(s.ICP) > maxNumbers || !f.any() {
		return
	}
	texts := []string{a.Text}
	if a.Kind == page.AsideScript || a.Kind == page.AsideComment {
		texts = codeTexts(a.Text)
	}
	near, kind := "", LinkKind("") // the register's address in the text, looked for once
	for _, text := range texts {
		scan(text, func(m match) {
			if m.blank || m.icp.Form != FormFiling {
				return
			}
			n := m.icp
			for i := range s.ICP {
				if old := &s.ICP[i]; old.Number == n.Number || (old.Place == Footer || old.Place == Body) && old.SameBase(n) {
					return // shown, perhaps with another -N
				}
			}
			n.Raw, n.Place, n.Own, n.Kind = text[m.start:m.end], asidePlace[a.Kind], true, LinkNone
			switch {
			case a.Link >= 0:
				n.Link, n.Kind = target(p.Links[a.Link]), KindOf(p.Links[a.Link].URL)
			case a.Kind != page.AsideAlt:
				if kind == "" {
					near, kind = nearby(a.Raw)
				}
				n.Link, n.Kind = near, kind
			}
			s.ICP = append(s.ICP, n)
		}, nil)
	}
}
