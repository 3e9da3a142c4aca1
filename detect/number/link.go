package number

import (
	"sort"
	"strings"

	"github.com/beianwatch/beianwatch/detect/page"
)

// KindOf says what an address is as the link of a filing number. Path, query
// and fragment do not matter (facts 2).
func KindOf(address string) LinkKind {
	if strings.TrimSpace(address) == "" {
		return LinkNone
	}
	switch strings.TrimPrefix(page.HostOf(address), "www.") {
	case "beian.miit.gov.cn":
		if page.OtherPort(address) {
			return LinkOther // nothing answers there
		}
		return LinkCurrent
	case "miitbeian.gov.cn", "miibeian.gov.cn":
		return LinkLegacy
	}
	return LinkOther
}

// policeKind is KindOf for a public-security number.
func policeKind(address string) LinkKind {
	if strings.TrimSpace(address) == "" {
		return LinkNone
	}
	switch page.HostOf(address) {
	case "beian.mps.gov.cn", "www.beian.mps.gov.cn", "beian.gov.cn", "www.beian.gov.cn":
		return LinkCurrent
	}
	return LinkOther
}

// register reports whether the address is one of the filing register's.
func register(address string) bool {
	k := KindOf(address)
	return k == LinkCurrent || k == LinkLegacy
}

// beside is how many bytes may lie between a number and a link that is taken
// for its own: a label, a bar, the words of a second short mention.
const beside = 40

// linkOf returns the link of the number in the range, whose digits stand in
// [from, to): the one around the digits; else one around another part of the
// number; else a link to the register right beside it, on an icon, on the
// label 备案号 or in the next element.
func linkOf(p *page.Page, start, end, from, to int) (string, LinkKind) {
	if l := p.LinkAt(from, to); l >= 0 && p.Links[l].URL != "" {
		return target(p.Links[l]), ownHome(p, p.Links[l])
	}
	if l := p.LinkAt(start, end); l >= 0 && register(p.Links[l].URL) {
		return target(p.Links[l]), KindOf(p.Links[l].URL)
	}
	if l := besides(p, start, end, register); l >= 0 {
		return target(p.Links[l]), KindOf(p.Links[l].URL)
	}
	if l := p.LinkAt(from, to); l >= 0 {
		return p.Links[l].Href, LinkNone
	}
	return "", LinkNone
}

// policeLink is linkOf for a public-security number.
func policeLink(p *page.Page, start, end int, digits string) (string, LinkKind) {
	is := func(u string) bool { return policeKind(u) == LinkCurrent }
	l := p.LinkAt(end-len(digits), end)
	if l < 0 || p.Links[l].URL == "" {
		if other := p.LinkAt(start, end); other >= 0 && p.Links[other].URL != "" {
			l = other
		} else if other := besides(p, start, end, is); other >= 0 {
			l = other
		}
	}
	if l < 0 {
		return "", LinkNone
	}
	if p.Links[l].URL == "" {
		return p.Links[l].Href, LinkNone
	}
	return target(p.Links[l]), policeKind(p.Links[l].URL)
}

// target is what a link is reported as: the target as written, or what its
// handler opens.
func target(l page.Link) string {
	if l.OnClick {
		return l.URL
	}
	return strings.TrimSpace(l.Href)
}

// ownHome is KindOf for a link around a number; one that leads to the site's
// own home page is a link in form only.
func ownHome(p *page.Page, l page.Link) LinkKind {
	if k := KindOf(l.URL); k != LinkOther {
		return k
	}
	h := page.HostOf(l.URL)
	rest := l.URL
	if h != "" {
		if h != page.HostOf(p.URL) {
			return LinkOther
		}
		_, rest, _ = strings.Cut(l.URL, "//")
		_, rest, _ = strings.Cut(rest, "/")
	}
	switch strings.Trim(rest, "/.") {
	case "", "index.html", "index.htm", "index.php", "default.html", "default.aspx", "index.jsp", "index.asp":
		return LinkNone
	}
	return LinkOther
}

// neighbours is how many links before and behind a number are looked at.
const neighbours = 12

// besides returns the index of the nearest link that satisfies is and stands
// beside the range of Text with nothing but labels and marks between, -1 if
// there is none. A link that bears a number itself belongs to that number.
func besides(p *page.Page, start, end int, is func(string) bool) int {
	best, near := -1, beside+1
	// Links stand in the order of their beginnings.
	next := sort.Search(len(p.Links), func(i int) bool { return p.Links[i].Start >= end })
	for i := max(0, next-neighbours); i < min(len(p.Links), next+neighbours); i++ {
		l := &p.Links[i]
		var gap string
		switch {
		case l.Hidden || l.URL == "":
			continue
		case l.End <= start && start-l.End < near:
			gap = p.Text[l.End:start]
		case l.Start >= end && l.Start-end < near:
			gap = p.Text[end:l.Start]
		default:
			continue
		}
		if !is(l.URL) || numbered(gap) || numberedLabel(p.Text[l.Start:l.End]) || strings.Count(gap, "\n") > 2 {
			continue
		}
		best, near = i, len(gap)
	}
	return best
}

// numberedLabel reports whether the text of a link holds a number of some register, which
// is said so: years and telephones are none.
func numberedLabel(s string) bool {
	return numbered(s) && (strings.Contains(s, "备") || strings.Contains(s, "号") || strings.Contains(s, "证") || strings.Contains(s, "ICP") || strings.Contains(s, "B2"))
}

// numbered reports whether a text holds six or more digits, which is to say a
// number of some kind.
func numbered(s string) bool {
	n := 0
	for i := 0; i < len(s); i++ {
		if digit(s[i]) {
			n++
		}
	}
	return n >= 6
}
