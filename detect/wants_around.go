package detect

import (
	"net/netip"
	"slices"

	"github.com/beianwatch/beianwatch/crawler"
)

// maxAddresses bounds the addresses of one name that are asked: names with more
// are those of large networks, where one server is like the next.
const maxAddresses = 8

// wantAround asks for every other way to a site whose first answer is not the
// site: https, www., https with www., and each address of its names over both.
// They are asked side by side, since a verdict needs them all.
func wantAround(c *Case) []crawler.Ask {
	if len(c.landings) == 0 {
		return c.wantBareWWW()
	}
	if c.served() || !c.landings[0].mayBeElsewhere() {
		return nil
	}
	if c.landings[0].liveness == Challenged {
		// A firewall is not evaded by other ways.
		if c.exists(c.Target.Domain) && c.Visit(crawler.AskHTTPS, "") == nil && !c.went("https", c.Target.Domain) {
			return []crawler.Ask{{Kind: crawler.AskHTTPS}}
		}
		return nil
	}
	return Elsewhere(c)
}

// Elsewhere returns the asks for every way to a site beside its home page over
// http, as far as they were not asked: what [Wants] asks for when that shows no
// site. A caller who cannot wait for its answer may ask them beside it.
func Elsewhere(c *Case) []crawler.Ask {
	domain := c.Target.Domain
	var asks []crawler.Ask
	named := c.exists(domain)
	if named && c.Visit(crawler.AskHTTPS, "") == nil && !c.went("https", domain) {
		asks = append(asks, crawler.Ask{Kind: crawler.AskHTTPS})
	}
	asks = append(asks, c.wantWWW()...)
	if named {
		asks = append(asks, c.wantAddresses(domain)...)
	}
	if www := "www." + domain; c.hasWWW() && (c.went("", www) || c.lookedUp(www, "A")) {
		asks = append(asks, c.wantAddresses(www)...)
	}
	return asks
}

// LookupsElsewhere returns the questions to DNS whose answers [Elsewhere] goes by:
// those for all addresses of the name and of www., as far as they were not asked.
func LookupsElsewhere(c *Case) []crawler.Ask {
	var asks []crawler.Ask
	hosts := []string{c.Target.Domain}
	if c.hasWWW() {
		hosts = append(hosts, "www."+c.Target.Domain)
	}
	for _, host := range hosts {
		if _, err := netip.ParseAddr(host); err != nil && !c.Target.Address.IsValid() && !(c.lookedUp(host, "A") && c.lookedUp(host, "AAAA")) {
			asks = append(asks, crawler.Ask{Kind: crawler.AskLookup, URL: "http://" + host + "/"})
		}
	}
	return asks
}

// wantBareWWW asks for www. where the bare name has no address: nothing else is
// left to try.
func (c *Case) wantBareWWW() []crawler.Ask {
	if !c.hasWWW() || c.Visit(crawler.AskWWW, "") != nil {
		return nil
	}
	return []crawler.Ask{{Kind: crawler.AskWWW}}
}

// wantWWW asks for www. in front of the name, over http and https.
func (c *Case) wantWWW() []crawler.Ask {
	if !c.hasWWW() {
		return nil
	}
	var asks []crawler.Ask
	www := "www." + c.Target.Domain
	if c.Visit(crawler.AskWWW, "") == nil && !c.went("http", www) {
		asks = append(asks, crawler.Ask{Kind: crawler.AskWWW})
	}
	if c.Visit(crawler.AskHTTPSWWW, "") == nil && !c.went("https", www) {
		asks = append(asks, crawler.Ask{Kind: crawler.AskHTTPSWWW})
	}
	return asks
}

// hasWWW reports whether www. is worth trying: the name is a registrable one,
// the inventory does not name its address, and nobody said that www. has none.
func (c *Case) hasWWW() bool {
	return !c.Target.Address.IsValid() && isApex(c.Target.Domain) && c.exists("www."+c.Target.Domain)
}

// wantAddresses asks for all addresses of a host, as far as they are not known,
// and for its home page at each of them where there is more than one. Where an
// address has answered, it is not asked again.
func (c *Case) wantAddresses(host string) []crawler.Ask {
	if _, err := netip.ParseAddr(host); err == nil || c.Target.Address.IsValid() || len(c.Obs.Lookups) == 0 {
		return nil
	}
	var asks []crawler.Ask
	if !c.lookedUp(host, "A") || !c.lookedUp(host, "AAAA") {
		asks = append(asks, crawler.Ask{Kind: crawler.AskLookup, URL: "http://" + host + "/"})
	}
	addrs, _ := c.Obs.Addresses(host)
	if len(addrs) < 2 {
		return asks // the one that was asked
	}
	for _, addr := range addrs[:min(len(addrs), maxAddresses)] {
		if slices.Contains(c.Obs.Unrouted, addr) {
			continue
		}
		for _, scheme := range []string{"http", "https"} {
			ask := crawler.Ask{Kind: crawler.AskAddress, URL: scheme + "://" + host + "/", Addr: addr}
			if c.askedFor(&ask) == nil && !c.answeredAt(ask.URL, addr) {
				asks = append(asks, ask)
			}
		}
	}
	return asks
}

// lookedUp reports whether DNS was asked for records of a type of a name.
func (c *Case) lookedUp(name, qtype string) bool {
	return slices.ContainsFunc(c.Obs.Lookups, func(l crawler.Lookup) bool { return l.Name == name && l.Type == qtype })
}

// answeredAt reports whether an address gave the home page of a host.
func (c *Case) answeredAt(url string, addr netip.Addr) bool {
	return slices.ContainsFunc(c.Obs.Visits, func(v crawler.Visit) bool {
		return slices.ContainsFunc(v.Hops, func(p crawler.Page) bool {
			return address(p.URL) == url && p.Addr.Addr().Unmap() == addr.Unmap()
		})
	})
}

// exists reports whether nothing is known that keeps a name from having an
// address.
func (c *Case) exists(name string) bool { return dnsFailure(c.Obs, name) == nil }

// served reports whether any way led to the site.
func (c *Case) served() bool {
	return slices.ContainsFunc(c.landings, func(s landing) bool { return s.liveness == Serving })
}

// went reports whether any way led to the host ("" takes any scheme).
func (c *Case) went(scheme, host string) bool {
	return slices.ContainsFunc(c.landings, func(s landing) bool { return s.went(scheme, host) })
}

// mayBeElsewhere reports whether another way may show the site where this one
// did not. Not where we were asked to come later, and not where we were
// stopped.
func (s *landing) mayBeElsewhere() bool {
	switch s.liveness {
	case Down, Placeholder, Blocked, Challenged:
		return len(s.hops) == 0 || !turnedAway(s.hops[len(s.hops)-1])
	}
	return false
}
