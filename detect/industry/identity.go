package industry

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/detect/page"
)

// outdone reports whether the page says of itself that it is of another trade,
// and does not say so of trade i: a site for films that has channels named
// 军事 and 资讯 is no news medium, and the forum under a report is part of it.
// What a page is weighs more than what stands on it.
func (m *model) outdone(t *tally, scores []float64, i int) bool {
	mine := points(t.said, m.trades[i].groups)
	for j, score := range scores {
		if j == i || score < Threshold || kin(m.trades[i].category, m.trades[j].category) {
			continue
		}
		theirs := points(t.said, m.trades[j].groups)
		if theirs >= plainly && theirs-mine >= clearly && scores[i] <= score+muchMore {
			return true
		}
		if mine <= 0 && score-scores[i] >= farMore {
			return true
		}
	}
	return false
}

const (
	plainly  = 2.0  // points of a page that says what it is
	clearly  = 1.2  // points by which one trade must be said more than another: half a mark
	muchMore = 0.1  // by which the other's score may be above it all the same
	farMore  = 0.18 // by which a trade is behind another that is not named on the page at all
)

// kin reports whether what a page says of being in trade b says nothing against
// its being in trade a: sites of one are mostly of the other as well, or a forum
// is the form in which a trade's users meet. The comments below a report are no
// forum.
func kin(a, b Category) bool {
	switch {
	case a == BulletinBoard:
		return b != News
	case b == BulletinBoard:
		return true
	}
	return a == Culture && (b == Games || b == Audiovisual) || b == Culture && (a == Games || a == Audiovisual)
}

// A directory of links has so many other sites in its list, and no more than so
// large a part of its links leads to one of them, its own among them.
const (
	minSites  = 25
	ownShare  = 0.4
	maxListed = 3000 // links that are looked at
)

// directory reports whether a page is a list of links to other sites: what they
// are called is what those are.
func directory(p *page.Page) bool {
	for _, w := range [...]string{"网站地图", "站点地图", "网址导航", "网址大全", "Sitemap", "SiteMap"} {
		if strings.Contains(p.Title, w) {
			return true
		}
	}
	hosts := map[string]int{}
	all := 0
	for i := range p.Links[:min(len(p.Links), maxListed)] {
		l := &p.Links[i]
		if l.Hidden || l.Zone == page.ZoneFriends || l.Zone == page.ZoneFooter {
			continue
		}
		all++
		hosts[hostOf(l.Href)]++
	}
	if len(hosts) <= minSites {
		return false // and of no more sites
	}
	sites := map[string]int{}
	most := 0
	for host, n := range hosts {
		site := siteOf(host)
		sites[site] += n
		most = max(most, sites[site])
	}
	return len(sites) > minSites && float64(most) < ownShare*float64(all)
}

// siteOf is the registrable domain of a host.
func siteOf(host string) string {
	host = strings.ToLower(host)
	if site, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return site
	}
	return host
}

// hostOf is the host that an address names, as written; "" for one of the page's
// own site and for what is no address. It is asked for each link of each page.
func hostOf(href string) string {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(href), "//")
	if !ok || scheme != "" && (scheme[len(scheme)-1] != ':' || strings.ContainsAny(scheme, "/?#('\" ")) {
		return ""
	}
	if end := strings.IndexAny(rest, "/?#\\"); end >= 0 {
		rest = rest[:end]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	if colon := strings.LastIndexByte(rest, ':'); colon > strings.LastIndexByte(rest, ']') {
		rest = rest[:colon]
	}
	return rest
}
