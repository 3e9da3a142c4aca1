package detect

import (
	"net/netip"
	"slices"
)

// A Way is one way to the site that was tried, and what came of it.
type Way struct {
	URL   string     // where it began
	Addr  netip.Addr // the address that was dialled for it, if it was chosen
	Cause string     // see [CauseText]
}

// OtherWays are the ways to the site beside the one that decided, in the order
// in which a person would try them.
func (c *Case) OtherWays() []Way {
	var ways []Way
	decided := c.bestLanding()
	for i := range c.landings {
		s := &c.landings[i]
		if s == decided || s.liveness == Serving {
			continue
		}
		w := Way{URL: s.failed, Addr: s.ask.Addr, Cause: s.cause}
		if len(s.hops) > 0 {
			w.URL = s.hops[0].URL
		}
		ways = append(ways, w)
	}
	return ways
}

// LeftOut are the addresses of the site that were not asked because this
// machine has no route to them.
func (c *Case) LeftOut() []netip.Addr {
	var list []netip.Addr
	for _, host := range []string{c.Target.Domain, "www." + c.Target.Domain} {
		addrs, _ := c.Obs.Addresses(host)
		for _, a := range addrs {
			if slices.Contains(c.Obs.Unrouted, a) && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	return list
}
