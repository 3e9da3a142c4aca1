package detect

import (
	"net/netip"
	"net/url"
	"slices"

	"github.com/beianwatch/beianwatch/crawler"
)

// Wants returns what else is worth asking of the site before the case is judged
// by the rules; none if nothing is, or if there are no rules. It asks for the home page first, because most
// answers make any other question needless. Where that shows no site, it asks
// for all the other ways to the site together: that it is down, a placeholder
// or blocked is said of a name, not of one address. It never asks for the same
// thing twice, so that asking ends.
//
// The browser is asked for last, when nothing else is left that plain requests
// can answer: a caller may put a look that wants it aside, and look again with
// a browser later. Of a file nothing else is wanted.
func Wants(c *Case, rules []*Rule) []crawler.Ask {
	if c.Obs.Trouble != "" || len(rules) == 0 {
		return nil
	}
	if c.File != "" {
		return wantRender(c, rules)
	}
	for _, want := range []func(*Case) *crawler.Ask{wantHome, wantFollow} {
		if ask := want(c); ask != nil {
			return []crawler.Ask{*ask}
		}
	}
	for _, want := range []func(*Case) []crawler.Ask{wantAround, wantNameless, wantParts, wantInner} {
		if asks := want(c); len(asks) > 0 {
			return asks
		}
	}
	return wantRender(c, rules)
}

// wantHome asks for the home page. A name without an address costs no request.
func wantHome(c *Case) *crawler.Ask {
	if c.Visit(crawler.AskHome, "") != nil || dnsFailure(c.Obs, c.Target.Domain) != nil {
		return nil
	}
	return &crawler.Ask{Kind: crawler.AskHome}
}

// wantFollow goes where a page sends every visitor.
func wantFollow(c *Case) *crawler.Ask {
	asked := 0
	for i := range c.Obs.Visits {
		if ask := &c.Obs.Visits[i].Ask; ask.Kind == crawler.AskFollow || ask.Kind == crawler.AskAddress && ask.Via != "" {
			asked++
		}
	}
	if asked >= maxFollows {
		return nil
	}
	if c.served() {
		return nil
	}
	for i := range c.landings {
		if ask := c.landings[i].follow; ask != nil {
			return ask
		}
	}
	return nil
}

// wantNameless repeats a request that smells of a provider's block without the
// name: if the same address answers then, the block is for the name.
func wantNameless(c *Case) []crawler.Ask {
	if c.Liveness == Serving {
		return nil
	}
	for i := range c.landings {
		s := &c.landings[i]
		failed := s.failed
		switch {
		case s.ask.Addr.IsValid():
			continue
		case s.failure == nil && s.liveness == Blocked:
			failed = s.hops[0].URL
		case s.failure == nil || s.failure.Kind != crawler.FailReset:
			continue
		}
		if ask := c.nameless(failed); ask != nil && c.Visit(crawler.AskNoName, ask.URL) == nil {
			return []crawler.Ask{*ask}
		}
	}
	return nil
}

// nameless builds the request for the server behind an address of the site
// without telling it the name; nil where the server is not known or the name
// is itself an address.
func (c *Case) nameless(failed string) *crawler.Ask {
	u, err := url.Parse(failed)
	if err != nil || u.Hostname() == "" || u.Port() != "" {
		return nil
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return nil
	}
	var addr netip.Addr
	if addrs, _ := c.Obs.Addresses(u.Hostname()); len(addrs) > 0 {
		addr = addrs[0].Unmap()
	} else if u.Hostname() == c.Target.Domain && c.Target.Address.IsValid() {
		addr = c.Target.Address.Unmap()
	} else {
		return nil
	}
	host := addr.String()
	if addr.Is6() {
		host = "[" + host + "]"
	}
	return &crawler.Ask{Kind: crawler.AskNoName, URL: u.Scheme + "://" + host + "/", Addr: addr}
}

// went reports whether the way already led to the host ("" takes any scheme), so
// that asking for it would be asking twice.
func (s *landing) went(scheme, host string) bool {
	return s.answered(scheme, host) || leadsTo(s.failed, scheme, host)
}

// answered reports whether the host has answered on the way.
func (s *landing) answered(scheme, host string) bool {
	return slices.ContainsFunc(s.hops, func(hop *crawler.Page) bool { return leadsTo(hop.URL, scheme, host) })
}

// leadsTo reports whether an address is one of a host ("" takes any scheme).
func leadsTo(address, scheme, host string) bool {
	u, err := url.Parse(address)
	return err == nil && (scheme == "" || u.Scheme == scheme) && HostOf(address) == host
}

// isApex reports whether www. is worth trying in front of the name: it is the
// registrable domain itself.
func isApex(domain string) bool {
	if _, err := netip.ParseAddr(domain); err == nil {
		return false
	}
	return Registrable(domain) == domain
}

// wantRender asks for the page to be drawn in a browser: where scripts decide
// about the outcome or a rule needs it as its witness, or wherever a site shows
// a page, as the policy says.
func wantRender(c *Case, rules []*Rule) []crawler.Ask {
	at := c.drawAddress()
	if at == "" || c.Visit(crawler.AskRender, "") != nil || !c.rendersFor(rules) {
		return nil
	}
	return []crawler.Ask{{Kind: crawler.AskRender, URL: at}}
}

// WantsRender reports whether a browser is worth asking, whatever else is: for a look that
// has no time for the rest.
func WantsRender(c *Case, rules []*Rule) bool {
	return c.Obs.Trouble == "" && len(wantRender(c, rules)) > 0
}

// WantsPicture asks for a page that is about to be accused of what it shows to be drawn,
// though no rule needs a browser as its witness: who is told of a fault wants to see it.
// The page is a site's own, and was not drawn. It is false where nothing of the kind is
// wanted, or the policy draws other pages than those.
func WantsPicture(c *Case, rules []*Rule) (crawler.Ask, bool) {
	if c.Policy.Render != RenderAuto || c.File != "" || c.Obs.Trouble != "" || c.Visit(crawler.AskRender, "") != nil {
		return crawler.Ask{}, false
	}
	if c.Home == nil || c.Away != "" || c.Liveness != Serving || !drawable(c) || !c.accused(rules) {
		return crawler.Ask{}, false
	}
	if c.reread(); !c.accused(rules) {
		return crawler.Ask{}, false
	}
	return crawler.Ask{Kind: crawler.AskRender, URL: c.drawAddress(), Picture: true}, true
}

// WantsOfDrawn says what more is wanted of the page that a browser has just drawn: a picture,
// where its site is about to be accused of what is not known of people alone, and clicks on
// numbers without a link. Of the page of a file no picture is kept.
func WantsOfDrawn(c *Case, rules []*Rule) (picture bool, click []string) {
	if picture = c.File == "" && c.shows(rules); picture {
		c.reread()
		picture = c.shows(rules)
	}
	return picture, c.Clickable()
}

// shows reports whether one of the rules is about to find more than a remark, in what
// others than the holder know.
func (c *Case) shows(rules []*Rule) bool {
	return slices.ContainsFunc(rules, func(r *Rule) bool {
		if r.Private {
			return false
		}
		o := r.judge(c)
		return o.accuses()
	})
}

// rendersFor reports whether the policy has a browser look for these rules.
func (c *Case) rendersFor(rules []*Rule) bool {
	switch c.Policy.Render {
	case RenderAuto:
		if lacking(c) || linkedByScript(c) {
			return true
		}
	case RenderAlways:
		if c.Home != nil && c.Away == "" && drawable(c) {
			return true
		}
	default:
		return false
	}
	if c.accused(rules) && c.pageInDoubt() {
		c.reread() // what the tree clears needs no browser
	}
	return c.accusedUnseen(rules) || c.Policy.Render == RenderAuto && lacking(c)
}
