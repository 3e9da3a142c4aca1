package web

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// MaxAtOnce is how many asks of one site are to be carried out side by side where
// no person waits for the answer.
const MaxAtOnce = 6

// A Session carries out the asks of one visit to a site. As in a browser,
// scripts and other parts of a page are asked for over the connection that the
// last answer left open, if they are at the same endpoint. Its methods are not
// to be called at the same time.
type Session struct {
	c    *Client
	idle *conn // what the last answer left open
	hold *hold // shared by the sessions of one visit

	mu  sync.Mutex // guards obs where asks are carried out side by side
	obs *crawler.Observation
}

// Session begins a visit whose results are appended to obs. The session must be
// closed, and released when nothing of obs is used any more.
func (c *Client) Session(obs *crawler.Observation) *Session {
	return &Session{c: c, obs: obs, hold: newHold(c.opt.Memory, c.opt.MaxBody)}
}

// Beside begins a session of the same visit whose results are appended to
// another Observation. It is released with s.
func (s *Session) Beside(obs *crawler.Observation) *Session {
	return &Session{c: s.c, obs: obs, hold: s.hold}
}

// Short reports whether an answer was given up because there was no memory for
// it for a long time: the visit says nothing, and is to be made later.
func (s *Session) Short() bool { return s.hold.wasShort() }

// Release gives back the memory that the visit holds. Nothing of what was
// appended to the Observation may be kept then but what is small.
func (s *Session) Release() { s.hold.release() }

// Close closes the connection that may still be open.
func (s *Session) Close() {
	if s.idle != nil {
		s.idle.close()
		s.idle = nil
	}
}

// Do carries out one ask and appends to obs.Visits, and to obs.Lookups if it
// had to resolve. A site's failure is in Visit.Failure. If we ourselves were
// stopped, obs.Trouble says why, unless the ask was an extra that the verdict
// can do without. AskLookup adds lookups alone; AskRender is not for this client
// and does nothing.
func (s *Session) Do(ctx context.Context, ask crawler.Ask) {
	switch ask.Kind {
	case crawler.AskRender:
	case crawler.AskLookup:
		s.lookups(ctx, ask)
	default:
		s.keep(s.carryOut(ctx, ask))
	}
}

// DoAll carries out several asks. Those that tell whether the site works (its
// home page over http and https, with and without www., at each address) run
// side by side, over connections and with cookies of their own; scripts and
// inner pages one after the other, so that they share a connection and are
// polite. The visits are kept in the order of the asks. How many asks are given at
// once is for the caller to bound.
func (s *Session) DoAll(ctx context.Context, asks []crawler.Ask) {
	visits := make([]*visit, len(asks))
	var wg sync.WaitGroup
	for i, ask := range asks {
		if !alone(ask.Kind) {
			continue
		}
		wg.Go(func() {
			if ask.Kind == crawler.AskLookup {
				s.lookups(ctx, ask)
				return
			}
			v := newVisit(s, ctx, ask)
			v.run()
			v.drop()
			visits[i] = v
		})
	}
	wg.Wait()
	for i, ask := range asks {
		if alone(ask.Kind) {
			s.keep(visits[i])
		} else {
			s.Do(ctx, ask)
		}
	}
}

// carryOut runs one ask over the idle connection and takes over what it leaves
// open. What decides whether the site works is asked for over a connection of its
// own: a server may be at odds with a second request.
func (s *Session) carryOut(ctx context.Context, ask crawler.Ask) *visit {
	return s.run(newVisit(s, ctx, ask))
}

func (s *Session) run(v *visit) *visit {
	if !extra(v.out.Ask.Kind) {
		s.Close()
	}
	v.idle, s.idle = s.idle, nil
	v.run()
	s.idle, v.idle = v.idle, nil
	return v
}

// keep notes a visit that is over, after the robots.txt that it had to read. A
// nil visit is none.
func (s *Session) keep(v *visit) {
	if v == nil {
		return
	}
	s.keep(v.robots)
	s.obs.Visits = append(s.obs.Visits, v.out)
	if f := v.out.Failure; f != nil && f.Kind == crawler.FailOurs && s.obs.Trouble == "" && !extra(v.out.Ask.Kind) && !s.turnedAway() {
		s.obs.Trouble = f.Detail
	}
}

// turnedAway reports whether the site has told us to stay away for a while (429,
// or 503 with Retry-After). That we could not ask further is then its answer,
// not our trouble.
func (s *Session) turnedAway() bool {
	return slices.ContainsFunc(s.obs.Visits, func(v crawler.Visit) bool {
		last := v.Last()
		return last != nil && (last.Status == http.StatusTooManyRequests ||
			last.Status == http.StatusServiceUnavailable && last.Header.Get("Retry-After") != "")
	})
}

// alone reports whether an ask has nothing to do with what other asks of the
// session left behind.
func alone(k crawler.AskKind) bool {
	switch k {
	case crawler.AskHome, crawler.AskHTTPS, crawler.AskWWW, crawler.AskHTTPSWWW, crawler.AskAddress, crawler.AskNoName, crawler.AskLookup:
		return true
	}
	return false
}

// extra reports whether a verdict can do without this ask.
func extra(k crawler.AskKind) bool {
	switch k {
	case crawler.AskScript, crawler.AskPart, crawler.AskInner, crawler.AskNoName, crawler.AskRobots, crawler.AskAddress, crawler.AskHTTPSWWW:
		return true
	}
	return false
}

// lookups asks DNS for those addresses, A and AAAA, of the ask's host that were
// not asked for recently.
func (s *Session) lookups(ctx context.Context, ask crawler.Ask) {
	host := s.obs.Domain
	if ask.URL != "" {
		host = hostOfText(ask.URL)
	}
	if _, err := netip.ParseAddr(host); err == nil || host == "" || s.pinned(host) {
		return
	}
	for _, kind := range []string{"A", "AAAA"} {
		if l := s.last(host, kind); l == nil || !l.Fresh(time.Now()) && s.recent(host, kind) == nil {
			s.lookup(ctx, host, kind)
		}
	}
}

// resolve asks for the IPv4 addresses of a host, and for IPv6 where there are
// none: NXDOMAIN is meant for the name, yet servers that only have an AAAA
// record give it for A, and browsers ask for both.
func (s *Session) resolve(ctx context.Context, host string) []netip.Addr {
	l := s.lookup(ctx, host, "A")
	if f := l.Failure; f != nil && f.Kind != crawler.FailOurs {
		l = s.lookup(ctx, host, "AAAA")
	}
	return l.Addrs
}

// lookup asks the resolver and keeps the answer.
func (s *Session) lookup(ctx context.Context, host, qtype string) *crawler.Lookup {
	l := s.c.opt.Resolver.Lookup(ctx, host, qtype, int(s.c.first.Add(1)&0xffff))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.obs.Lookups = append(s.obs.Lookups, l)
	return &l
}

// fresh returns the addresses of a host that the Observation holds and that may
// still be dialled: the last answer of each type counts. None means that the
// resolver has to be asked.
func (s *Session) fresh(host string) []netip.Addr {
	if s.pinned(host) {
		return slices.Clone(s.last(host, "").Addrs)
	}
	now := time.Now()
	var addrs []netip.Addr
	for _, kind := range []string{"A", "AAAA"} {
		if l := s.last(host, kind); l != nil && l.Fresh(now) {
			addrs = append(addrs, l.Addrs...)
		}
	}
	return addrs
}

// last is the last answer of a type for a host, nil if there is none. The empty
// type stands for the address that the inventory names.
func (s *Session) last(host, qtype string) *crawler.Lookup {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range slices.Backward(s.obs.Lookups) {
		l := s.obs.Lookups[i]
		if l.Name == host && (l.Type == qtype && l.Server != crawler.ServerInventory || qtype == "" && l.Server == crawler.ServerInventory) {
			return &l
		}
	}
	return nil
}

// recent is the last answer of a type for a host if it came a moment ago and we
// were not stopped, a failure too.
func (s *Session) recent(host, qtype string) *crawler.Lookup {
	l := s.last(host, qtype)
	if l == nil || time.Since(l.At) >= lookupTTL || l.Failure != nil && l.Failure.Kind.Ours() {
		return nil
	}
	return l
}

// pinned reports whether the inventory names the address of this host.
func (s *Session) pinned(host string) bool { return s.last(host, "") != nil }

// dnsFailure is why a host has no address.
func (s *Session) dnsFailure(host string) *crawler.Failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, f := s.obs.Addresses(host)
	return f
}

// unrouted reports whether this machine has no route to an address, and notes
// that in the Observation.
func (s *Session) unrouted(a netip.Addr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(s.obs.Unrouted, a) {
		return true
	}
	if !crawler.NoRoute(a) {
		return false
	}
	s.obs.Unrouted = append(s.obs.Unrouted, a)
	return true
}

// used is the address that last answered for a host in the visits that are over.
func (s *Session) used(host string) netip.Addr {
	for i := range slices.Backward(s.obs.Visits) {
		v := &s.obs.Visits[i]
		if v.Ask.Kind == crawler.AskAddress {
			continue
		}
		for k := range slices.Backward(v.Hops) {
			if p := &v.Hops[k]; hostOfText(p.URL) == host {
				return p.Addr.Addr()
			}
		}
	}
	return netip.Addr{}
}
