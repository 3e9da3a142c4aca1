package kind

import (
	"net/url"
	"strings"

	"github.com/beianwatch/beianwatch/detect/page"
)

// minMenu is how many places of its own a page leads to that has a menu: home,
// the firm, its wares. The pages that servers, panels and providers put up lead
// to one or two, or to other sites.
const minMenu = 3

// maxMenu is how many links are looked at: a menu stands at the head of a page.
const maxMenu = 300

// hasMenu tells whether a page leads to places of its own site. Where keyed is
// false, addresses that differ in their query alone are one place: a parked page
// leads to searches at its own address.
func hasMenu(p *page.Page, keyed bool) bool {
	host := ""
	if u, err := url.Parse(p.URL); err == nil {
		host = bare(u.Host)
	}
	var places [minMenu]string
	n := 0
	for i := range p.Links[:min(len(p.Links), maxMenu)] {
		place := placeOf(&p.Links[i], host, keyed)
		known := place == ""
		for _, other := range places[:n] {
			known = known || other == place
		}
		if known {
			continue
		}
		places[n] = place
		if n++; n == minMenu {
			return true
		}
	}
	return false
}

// placeOf is where a link leads within its own site, "" if it leads elsewhere or
// nowhere. A link of a menu to a part of the same page (#about) leads there.
func placeOf(l *page.Link, host string, keyed bool) string {
	href := strings.TrimSpace(l.Href)
	if l.Hidden || href == "" {
		return ""
	}
	if href[0] == '#' {
		if l.Zone == page.ZoneNav && len(href) > 1 {
			return href
		}
		return ""
	}
	u, err := url.Parse(href)
	switch {
	case err != nil || u.Opaque != "":
		return ""
	case u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https":
		return ""
	case u.Host != "" && (host == "" || bare(u.Host) != host):
		return ""
	}
	place := "/" + strings.TrimLeft(u.Path, "./")
	if keyed && u.RawQuery != "" {
		place += "?" + u.RawQuery
	}
	return place
}

func bare(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }
