package schedule

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler"
)

// honesty is what the random-name test says of each resolver: a name that
// nobody can have registered must not exist. A resolver that gives it an
// address lies about names that do not exist; one that says nothing is sick.
// The zero value is ready.
type honesty struct {
	mu    sync.Mutex
	tests map[honestyKey]*honestyTest
	lied  atomic.Bool // some resolver was caught at it
}

// honestyKey: resolvers have been seen to lie for some suffixes only.
type honestyKey struct{ server, suffix string }

// A honestyTest is one test, under way until done is closed.
type honestyTest struct {
	done  chan struct{}
	until time.Time    // when it must be made again
	lies  []netip.Addr // the addresses that it gives to names that do not exist
	sick  string       // why it said nothing; empty if it did
}

// A test is good for a while: lies and sickness are looked at again sooner,
// because much hangs on them.
const (
	honestFor = 5 * time.Minute
	sickFor   = 20 * time.Second
)

// maxTests bounds what is kept; there are some 7,000 public suffixes in use.
const maxTests = 20_000

// doubt says why the answers for a domain cannot be gone by; empty if they
// can. It asks the resolver about random names where that is not known yet.
func (l *Looker) doubt(ctx context.Context, domain string, lookups []crawler.Lookup) string {
	if _, err := netip.ParseAddr(domain); err == nil || len(lookups) == 0 || lookups[0].Server == crawler.ServerInventory {
		return ""
	}
	suffix := icannSuffix(domain)
	found := hasAddress(lookups)
	for i := range lookups {
		q := &lookups[i]
		if q.Server == "" || found && len(q.Addrs) == 0 {
			continue
		}
		t := l.test(ctx, q.Server, suffix)
		switch {
		case t == nil:
			return "stopped while testing the resolver " + q.Server
		case len(t.lies) > 0 && (!found || subset(q.Addrs, t.lies)):
			return fmt.Sprintf("the resolver %s gives an address (%s) to names under .%s that do not exist, so its word counts for nothing: name another one with --resolver", q.Server, t.lies[0], suffix)
		case t.sick != "" && !found:
			return fmt.Sprintf("the resolver %s did not say that a random name under .%s does not exist (%s), so its failures are not the site's", q.Server, suffix, t.sick)
		}
	}
	return ""
}

// disown drops the visits that went to an address which a lying resolver made
// up for a name that came in on the way (www., a redirect), and says why. The
// domain's own answers have been doubted before any visit.
func (l *Looker) disown(obs *crawler.Observation) (why string) {
	if !l.honesty.lied.Load() {
		return ""
	}
	made := map[netip.Addr]string{}
	l.honesty.mu.Lock()
	for i := range obs.Lookups {
		q := &obs.Lookups[i]
		t := l.honesty.tests[honestyKey{q.Server, icannSuffix(q.Name)}]
		if q.Name == obs.Domain || t == nil || !t.known() || len(q.Addrs) == 0 || len(t.lies) == 0 || !subset(q.Addrs, t.lies) {
			continue
		}
		for _, a := range q.Addrs {
			made[a] = fmt.Sprintf("the resolver %s gave %s the address that it gives to names that do not exist", q.Server, q.Name)
		}
	}
	l.honesty.mu.Unlock()
	obs.Visits = slices.DeleteFunc(obs.Visits, func(v crawler.Visit) bool {
		return slices.ContainsFunc(v.Hops, func(p crawler.Page) bool {
			if s := made[p.Addr.Addr()]; s != "" {
				why = s
			}
			return made[p.Addr.Addr()] != ""
		})
	})
	return why
}

func subset(addrs, of []netip.Addr) bool {
	return !slices.ContainsFunc(addrs, func(a netip.Addr) bool { return !slices.Contains(of, a) })
}

// test gives the result of the random-name test of one resolver and suffix,
// making it at most once at a time; nil if ctx ended first.
func (l *Looker) test(ctx context.Context, server, suffix string) *honestyTest {
	h, key := &l.honesty, honestyKey{server, suffix}
	h.mu.Lock()
	if h.tests == nil || len(h.tests) > maxTests {
		h.tests = map[honestyKey]*honestyTest{}
	}
	t := h.tests[key]
	mine := t == nil || t.over()
	if mine {
		t = &honestyTest{done: make(chan struct{})}
		h.tests[key] = t
	}
	h.mu.Unlock()
	if mine {
		// Not bound to this look: others wait for the same answer.
		go l.probe(context.WithoutCancel(ctx), t, key)
	}
	select {
	case <-t.done:
		return t
	case <-ctx.Done():
		return nil
	}
}

// known tells whether the test has been made.
func (t *honestyTest) known() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// over tells whether the test was made too long ago.
func (t *honestyTest) over() bool { return t.known() && time.Now().After(t.until) }

// probe makes the test: up to three random names, because a packet can be
// lost, and a lie must be told twice. Every look at the suffix waits for it, so
// the next name is asked for when the one before keeps it waiting.
func (l *Looker) probe(ctx context.Context, t *honestyTest, key honestyKey) {
	defer close(t.done)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	const most = 3
	first := max(0, slices.Index(l.Resolver.Upstreams(), key.server))
	answers := make(chan crawler.Lookup, most)
	ask := func() { answers <- l.Resolver.Lookup(ctx, randomLabel()+"."+key.suffix, "A", first) }
	t.until = time.Now().Add(sickFor)
	asked, lied := 1, 0
	go ask()
	for heard := 0; heard < most; {
		var q crawler.Lookup
		select {
		case q = <-answers:
			heard++
		case <-time.After(probeWait):
			if asked < most {
				asked++
				go ask()
			}
			continue
		}
		switch {
		case q.Server != key.server:
			t.sick = "no answer in time"
		case len(q.Addrs) > 0:
			t.lies = append(t.lies, q.Addrs...)
			if lied++; lied == 2 {
				l.honesty.lied.Store(true)
				return
			}
		case q.Failure != nil && (q.Failure.Kind == crawler.FailDNSNoName || q.Failure.Kind == crawler.FailDNSNoAddr):
			t.lies, t.sick = nil, ""
			t.until = time.Now().Add(honestFor)
			return
		case q.Failure != nil:
			t.sick = q.Failure.String()
		}
		if asked == heard && asked < most {
			asked++
			go ask()
		}
	}
	t.lies = nil // told once and not again: no ground to stand on
}

// probeWait is how long the test of a resolver waits before it asks for another
// name: a lost packet costs the resolver's client seconds.
const probeWait = 500 * time.Millisecond

// randomLabel is a label that nobody has registered.
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
