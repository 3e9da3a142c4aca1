package visit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// An nxdomainCheck keeps what random names say of each resolver: a name that no
// one can have registered must not exist. A resolver that gives it an address
// lies about names that do not exist; one that says nothing has a problem. The
// zero value is ready.
type nxdomainCheck struct {
	mu    sync.Mutex
	tests map[nxdomainKey]*nxdomainTest
	lied  atomic.Bool // some resolver was caught at it
}

// nxdomainKey: resolvers have been seen to lie for some suffixes only.
type nxdomainKey struct{ server, suffix string }

// An nxdomainTest is one test, under way until done is closed.
type nxdomainTest struct {
	done    chan struct{}
	until   time.Time    // when it must be made again
	lies    []netip.Addr // the addresses given to names that do not exist
	problem string       // why it said nothing; empty if it did
}

// A test is good for a while; lies and problems are checked again sooner,
// because much hangs on them.
const (
	goodFor    = 5 * time.Minute
	problemFor = 20 * time.Second
)

// maxTests bounds what is kept; there are some 7,000 public suffixes in use.
const maxTests = 20_000

// resolverProblem returns why the answers for a domain prove nothing; empty if
// they do. It asks the resolver about random names where that is not known yet.
func (s *Scanner) resolverProblem(ctx context.Context, domain string, lookups []crawler.Lookup) string {
	if _, err := netip.ParseAddr(domain); err == nil || len(lookups) == 0 || lookups[0].Server == crawler.ServerInventory {
		return ""
	}
	suffix := icannSuffix(domain)
	found := HasAddress(lookups)
	for i := range lookups {
		q := &lookups[i]
		if q.Server == "" || found && len(q.Addrs) == 0 {
			continue
		}
		t := s.testResolver(ctx, q.Server, suffix)
		switch {
		case t == nil:
			return message.ResolverStopped.Fill(q.Server)
		case len(t.lies) > 0 && (!found || subset(q.Addrs, t.lies)):
			return message.ResolverLies.Fill(q.Server, t.lies[0], suffix)
		case t.problem != "" && !found:
			return message.ResolverUnsure.Fill(q.Server, suffix, t.problem)
		}
	}
	return ""
}

// dropPoisoned drops the visits that went to an address which a lying resolver
// made up for a name that came in on the way (www., a redirect), and returns
// why; empty if there is none. The domain's own answers have been checked
// before any visit.
func (s *Scanner) dropPoisoned(obs *crawler.Observation) (why string) {
	if !s.nxdomain.lied.Load() {
		return ""
	}
	made := map[netip.Addr]string{}
	s.nxdomain.mu.Lock()
	for i := range obs.Lookups {
		q := &obs.Lookups[i]
		t := s.nxdomain.tests[nxdomainKey{q.Server, icannSuffix(q.Name)}]
		if q.Name == obs.Domain || t == nil || !t.known() || len(q.Addrs) == 0 || len(t.lies) == 0 || !subset(q.Addrs, t.lies) {
			continue
		}
		for _, a := range q.Addrs {
			made[a] = message.ResolverMadeUp.Fill(q.Server, q.Name)
		}
	}
	s.nxdomain.mu.Unlock()
	obs.Visits = slices.DeleteFunc(obs.Visits, func(v crawler.Visit) bool {
		return slices.ContainsFunc(v.Hops, func(p crawler.Page) bool {
			if text := made[p.Addr.Addr()]; text != "" {
				why = text
			}
			return made[p.Addr.Addr()] != ""
		})
	})
	return why
}

// subset reports whether all of the addresses are among others.
func subset(addrs, others []netip.Addr) bool {
	return !slices.ContainsFunc(addrs, func(a netip.Addr) bool { return !slices.Contains(others, a) })
}

// testResolver returns the result of the test of one resolver and suffix,
// making it at most once at a time; nil if ctx ended first.
func (s *Scanner) testResolver(ctx context.Context, server, suffix string) *nxdomainTest {
	n, key := &s.nxdomain, nxdomainKey{server, suffix}
	n.mu.Lock()
	if n.tests == nil || len(n.tests) > maxTests {
		n.tests = map[nxdomainKey]*nxdomainTest{}
	}
	t := n.tests[key]
	mine := t == nil || t.over()
	if mine {
		t = &nxdomainTest{done: make(chan struct{})}
		n.tests[key] = t
	}
	n.mu.Unlock()
	if mine {
		// Not bound to this visit: others wait for the same answer.
		go s.probe(context.WithoutCancel(ctx), t, key)
	}
	select {
	case <-t.done:
		return t
	case <-ctx.Done():
		return nil
	}
}

// known reports whether the test has been made.
func (t *nxdomainTest) known() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// over reports whether the test was made too long ago.
func (t *nxdomainTest) over() bool { return t.known() && time.Now().After(t.until) }

// maxProbes is how many random names a test asks for: a packet can be lost.
const maxProbes = 3

// probeWait is how long a test waits before it asks for another name: a lost
// packet costs the resolver's client seconds, and every visit to the suffix
// waits for the test.
const probeWait = 500 * time.Millisecond

// probe makes the test. A lie must be told twice: an answer that was seen once
// proves nothing.
func (s *Scanner) probe(ctx context.Context, t *nxdomainTest, key nxdomainKey) {
	defer close(t.done)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	first := max(0, slices.Index(s.Resolver.Upstreams(), key.server))
	answers := make(chan crawler.Lookup, maxProbes)
	asked, lied := 0, 0
	ask := func() {
		if asked < maxProbes {
			asked++
			go func() { answers <- s.Resolver.Lookup(ctx, randomLabel()+"."+key.suffix, "A", first) }()
		}
	}
	t.until = time.Now().Add(problemFor)
	ask()
	for heard := 0; heard < maxProbes; {
		var q crawler.Lookup
		select {
		case q = <-answers:
			heard++
		case <-time.After(probeWait):
			ask()
			continue
		}
		switch {
		case q.Server != key.server:
			t.problem = "no answer in time"
		case len(q.Addrs) > 0:
			t.lies = append(t.lies, q.Addrs...)
			if lied++; lied == 2 {
				s.nxdomain.lied.Store(true)
				return
			}
		case q.Failure != nil && (q.Failure.Kind == crawler.FailDNSNoName || q.Failure.Kind == crawler.FailDNSNoAddr):
			t.lies, t.problem = nil, ""
			t.until = time.Now().Add(goodFor)
			return
		case q.Failure != nil:
			t.problem = q.Failure.String()
		}
		if asked == heard {
			ask()
		}
	}
	t.lies = nil // told once and not again: that proves nothing
}

// randomLabel is a label that no one has registered.
func randomLabel() string {
	var b [12]byte
	rand.Read(b[:]) //nolint:errcheck // it never fails
	return "bw" + hex.EncodeToString(b[:])
}

// icannSuffix is the public suffix of a domain by the registries' part of the
// list: under the private part (github.io) every name may have an address.
func icannSuffix(domain string) string {
	suffix, icann := publicsuffix.PublicSuffix(domain)
	for !icann && strings.Contains(suffix, ".") {
		_, parent, _ := strings.Cut(suffix, ".")
		suffix, icann = publicsuffix.PublicSuffix("x." + parent)
	}
	return suffix
}
