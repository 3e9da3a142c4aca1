package detect

import (
	"net/url"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/page"
)

// A landing is what a person would have seen on opening one address of the
// site: a visit and what its page points to without condition.
type landing struct {
	ask     crawler.Ask     // home, https, with or without www, or another address of a name
	hops    []*crawler.Page // the whole way
	page    *page.Page      // the last hop parsed; nil if the way ended in a failure
	kind    kind.Kind
	failure *crawler.Failure
	failed  string       // the address that failed
	follow  *crawler.Ask // where the page points and nobody has looked yet

	liveness Liveness
	cause    string
}

// A reading is one parsed answer, kept from one ask to the next.
type parsedPage struct {
	of     *crawler.Page
	steady []byte // what was read of it
	page   *page.Page
	kind   kind.Kind
}

// maxFollows bounds how often pages may point on by meta refresh, script or
// frame in one look. Real forwarding pages do it once, rarely twice.
const maxFollows = 3

// allLandings makes a landing of each way to the site that was asked for, in the
// order in which a person would try them. www. counts where it resolves, and
// an address where this machine has a route to it.
func (c *Case) allLandings() []landing {
	var landings []landing
	for _, kind := range []crawler.AskKind{crawler.AskHome, crawler.AskHTTPS, crawler.AskWWW, crawler.AskHTTPSWWW} {
		if v := c.Visit(kind, ""); v != nil && !c.noWWW(v) {
			landings = append(landings, c.landing(v))
		}
	}
	for i := range c.Obs.Visits {
		v := &c.Obs.Visits[i]
		if v.Ask.Kind == crawler.AskAddress && v.Ask.Via == "" && !c.leftOut(v) {
			landings = append(landings, c.landing(v))
		}
	}
	return landings
}

// noWWW reports whether a visit ended because there is no such name as www. in
// front of the domain.
func (c *Case) noWWW(v *crawler.Visit) bool {
	f := v.Failure
	return (v.Ask.Kind == crawler.AskWWW || v.Ask.Kind == crawler.AskHTTPSWWW) && f != nil && len(v.Hops) == 0 &&
		(f.Kind == crawler.FailDNSNoName || f.Kind == crawler.FailDNSNoAddr) && HostOf(v.Failed) == "www."+c.Target.Domain
}

// leftOut reports whether an address was not asked because this machine has no
// route to it.
func (c *Case) leftOut(v *crawler.Visit) bool {
	return v.Failure != nil && v.Failure.Kind == crawler.FailOurs && slices.Contains(c.Obs.Unrouted, v.Ask.Addr)
}

// Visit finds what was asked; url is compared only for the kinds of ask that
// can be made more than once.
func (c *Case) Visit(kind crawler.AskKind, url string) *crawler.Visit {
	for i := range c.Obs.Visits {
		if v := &c.Obs.Visits[i]; v.Ask.Kind == kind && (url == "" || v.Ask.URL == url) {
			return v
		}
	}
	return nil
}

// askedFor finds the visit in which an ask was carried out, nil if there is none.
func (c *Case) askedFor(ask *crawler.Ask) *crawler.Visit {
	for i := range c.Obs.Visits {
		if v := &c.Obs.Visits[i]; v.Ask.Kind == ask.Kind && v.Ask.URL == ask.URL && v.Ask.Addr == ask.Addr {
			return v
		}
	}
	return nil
}

// landing follows one visit to where it ends.
func (c *Case) landing(v *crawler.Visit) landing {
	s := landing{ask: v.Ask}
	for {
		s.follow = nil
		for i := range v.Hops {
			s.hops = append(s.hops, &v.Hops[i])
		}
		if v.Failure != nil || len(v.Hops) == 0 {
			s.page, s.kind = nil, kind.Kind{}
			s.failure, s.failed = v.Failure, v.Failed
			if s.failure == nil {
				s.failure = &crawler.Failure{Kind: crawler.FailOurs, Detail: "the visit holds neither an answer nor a failure"}
			}
			break
		}
		r := c.parse(s.hops[len(s.hops)-1])
		s.page, s.kind = r.page, r.kind
		if s.follow = s.pointsTo(); s.follow == nil {
			break
		}
		if v = c.askedFor(s.follow); v == nil {
			break
		}
	}
	s.liveness, s.cause = c.state(&s)
	return s
}

// parse reads an answer, or takes the reading of an earlier Case.
func (c *Case) parse(answer *crawler.Page) parsedPage {
	for _, r := range c.parsed {
		if sameAnswer(r.of, answer) {
			return r
		}
	}
	opt := page.Options{URL: answer.URL, ContentType: answer.Header.Get("Content-Type"), Cut: answer.Cut}
	if c.File != "" {
		opt.URL = "" // a name on a disk is no base for links
	}
	steady := page.Steady(answer.Body)
	p := page.Parse(steady, opt)
	r := parsedPage{of: answer, steady: steady, page: p, kind: c.Policy.Kinds.Of(answer, p)}
	// A new slice: the Case before still holds the old one.
	c.parsed = append(c.parsed[:len(c.parsed):len(c.parsed)], r)
	return r
}

// steady is what is read of an answer, by this case or now.
func (c *Case) steady(answer *crawler.Page) []byte {
	for i := range c.parsed {
		if sameAnswer(c.parsed[i].of, answer) {
			return c.parsed[i].steady
		}
	}
	return page.Steady(answer.Body)
}

// sameAnswer reports whether two hops are one and the same answer: the hop
// itself, or a copy of it that shares the bytes.
func sameAnswer(a, b *crawler.Page) bool {
	if a == b {
		return true
	}
	return a.URL == b.URL && a.Status == b.Status && a.Cut == b.Cut && len(a.Body) == len(b.Body) &&
		len(a.Body) > 0 && &a.Body[0] == &b.Body[0]
}

// pointsTo tells where the page sends every visitor, nil if nowhere. A page that
// sends visitors to an address they came through (setting a cookie, reloading
// itself) ends the way.
func (s *landing) pointsTo() *crawler.Ask {
	switch s.kind.Name {
	case kind.Block, kind.Challenge, kind.Parked:
		return nil // whatever it points to is not the site's
	}
	var ask crawler.Ask
	switch p := s.page; {
	case p.Refresh != "":
		ask = crawler.Ask{Kind: crawler.AskFollow, URL: p.Refresh, Via: crawler.ViaMeta}
	case p.Redirect != "":
		ask = crawler.Ask{Kind: crawler.AskFollow, URL: p.Redirect, Via: crawler.ViaScript}
	default:
		for _, f := range p.Frames {
			if f.Whole && f.Src != "" {
				ask = crawler.Ask{Kind: crawler.AskFollow, URL: f.Src, Via: crawler.ViaFrame}
				break
			}
		}
	}
	target := address(ask.URL)
	if target == "" {
		return nil
	}
	for _, hop := range s.hops {
		if address(hop.URL) == target {
			return nil
		}
	}
	if s.ask.Kind == crawler.AskAddress && HostOf(target) == HostOf(s.ask.URL) {
		// The next page of this server, not of the one that other asks go to.
		ask.Kind, ask.Addr = crawler.AskAddress, s.ask.Addr
	}
	return &ask
}

// address returns the form of an address in which two of them are compared: no
// fragment, host in lower case, "/" for an empty path. It is empty for what
// cannot be visited.
func address(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return u.Scheme + "://" + strings.ToLower(u.Host) + path
}
