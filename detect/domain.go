package detect

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/mainland"
)

// Registrable returns the domain that a filing is made for: one label more than
// the public suffix. An address, or a name that has none, stands for itself.
func Registrable(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if name, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return name
	}
	return host
}

// HostOf returns the host of an address, lower case, without port; "" if there
// is none.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}

// leadAway finds out whether the way ended with another's domain. The page that a
// provider puts in a site's place (blocked, expired, suspended) and the page
// that a firewall puts in front of it stand at domains of their own: neither
// is where the site leads.
func (c *Case) leadAway() {
	if c.File != "" || c.Liveness == Unseen {
		return
	}
	switch c.Kind.Name {
	case kind.Block, kind.Challenge, kind.Parked, kind.Suspended:
		return
	}
	final := c.FailedURL
	if c.Answer != nil {
		final = c.Answer.URL
	}
	host := HostOf(final)
	if host == "" || Registrable(host) == Registrable(c.Target.Domain) {
		return
	}
	c.Away = Registrable(host)
	if c.Liveness == Serving || c.Liveness == Placeholder {
		// An answer that only leads elsewhere is not serving.
		c.Liveness, c.Cause = Placeholder, CauseAway
	}
}

// place tells where the address is that served the answer; without an answer,
// where the first address is that the domain resolves to.
func (c *Case) place() mainland.Place {
	if c.File != "" || c.Policy.Networks == nil {
		return mainland.Place{}
	}
	if c.Answer != nil && c.Answer.Addr.IsValid() {
		return c.Policy.Networks.Of(c.Answer.Addr.Addr().Unmap())
	}
	for _, addr := range c.Addresses() {
		return c.Policy.Networks.Of(addr.Unmap())
	}
	return mainland.Place{}
}

// Addresses are where the domain itself resolves to.
func (c *Case) Addresses() []netip.Addr {
	if addr, err := netip.ParseAddr(c.Target.Domain); err == nil {
		return []netip.Addr{addr}
	}
	if c.Target.Address.IsValid() {
		return []netip.Addr{c.Target.Address}
	}
	addrs, _ := c.Obs.Addresses(c.Target.Domain)
	return addrs
}

// dnsFailure says why the name has no address, nil if it has one or was not
// asked for.
func dnsFailure(obs *crawler.Observation, name string) *crawler.Failure {
	addrs, failure := obs.Addresses(name)
	if len(addrs) > 0 {
		return nil
	}
	return failure
}

// FilingDomain returns the domain for which a register is asked: the registrable
// one. It is false for an address, and for a host below a domain of a
// government, which has a filing of its own.
func FilingDomain(domain string) (string, bool) {
	if _, err := netip.ParseAddr(domain); err == nil {
		return "", false
	}
	name := Registrable(domain)
	if suffix, _ := publicsuffix.PublicSuffix(name); name == suffix || name != domain && strings.HasSuffix(name, ".gov.cn") {
		return "", false
	}
	return name, true
}
