// Package registration asks domain registries who holds a name, through which
// registrar and until when: by WHOIS for .cn and similar suffixes, by RDAP for the rest.
//
// It asks slowly, one question at a time to each server, and takes from a cache
// what was asked not long ago. It does not judge, and a registry that throttles
// us or talks nonsense is a fact about the registry, not about the domain.
package registration

import (
	"context"
	"crypto/x509"
	"errors"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/pace"
)

// Options say how a [Client] asks. Resolve and Guard must be set; the guard
// must allow port 43 and those of the servers that are named here.
type Options struct {
	Resolve guard.Resolve
	Guard   *guard.Guard

	WHOIS      map[string]string // suffix (an A-label) → host:port, over the defaults
	RDAPServer string            // URL of the server for all names that go by RDAP; "": as the bootstrap file says
	Bootstrap  []byte            // an IANA bootstrap file (RFC 9224) that maps suffixes to servers; nil: fetched from IANA once a day
	Roots      *x509.CertPool    // trusted authorities; nil: the system's
	Agent      string            // User-Agent of RDAP requests

	Every    time.Duration // least time between two questions to one server; 2 s
	Patience time.Duration // how long a question waits for its turn; 10 s
	Timeout  time.Duration // one question in whole; 10 s
	Fresh    time.Duration // a cached answer is good for this long; 7 days

	// Recall and Keep are the cache; both nil: none. Recall gives nil for a
	// domain that it does not know.
	Recall func(ctx context.Context, domain string) (*crawler.Registration, error)
	Keep   func(ctx context.Context, r *crawler.Registration) error
}

// How long answers are good for: the times of a registration change once a
// year, so a week is near enough, and a month-old one is better than none. A
// name without a record may get one tomorrow; a server that throttled us is
// asked again within the hour.
const (
	freshAnswer    = 7 * 24 * time.Hour
	staleAnswer    = 30 * 24 * time.Hour
	freshFailure   = 24 * time.Hour
	freshThrottled = time.Hour
)

// cnnic answers for .cn and for 中国, 中國, 公司 and 网络.
const cnnic = "whois.cnnic.cn:43"

// defaultWHOIS are the suffixes that go by WHOIS: their registry shows the
// holder there, and is not in IANA's list of RDAP servers.
var defaultWHOIS = map[string]string{
	"cn": cnnic, "xn--fiqs8s": cnnic, "xn--fiqz9s": cnnic, "xn--55qx5d": cnnic, "xn--io0a7i": cnnic,
}

// WHOISSuffixes are the suffixes (A-labels) that go by WHOIS unless
// [Options].WHOIS names more.
func WHOISSuffixes() []string { return slices.Sorted(maps.Keys(defaultWHOIS)) }

// answerMost bounds an answer in bytes: those of registries have 1 to 20 kB.
const answerMost = 64 << 10

// A Client asks registries. It is safe for concurrent use.
type Client struct {
	opt   Options
	whois map[string]string
	pace  *pace.Pace
	http  *http.Client
	boot  bootstrapFile

	mu    sync.Mutex
	under map[string]*asking // by domain: two visits to one site ask once
}

type asking struct {
	done chan struct{}
	reg  *crawler.Registration
}

// New makes a client; it fails if the bootstrap file cannot be read.
func New(opt Options) (*Client, error) {
	orTime := func(p *time.Duration, d time.Duration) {
		if *p <= 0 {
			*p = d
		}
	}
	orTime(&opt.Every, 2*time.Second)
	orTime(&opt.Patience, 10*time.Second)
	orTime(&opt.Timeout, 10*time.Second)
	orTime(&opt.Fresh, freshAnswer)
	c := &Client{opt: opt, whois: map[string]string{}, pace: pace.New(opt.Every, opt.Patience), under: map[string]*asking{}}
	maps.Copy(c.whois, defaultWHOIS)
	maps.Copy(c.whois, opt.WHOIS)
	c.http = &http.Client{Transport: opt.Guard.Transport(opt.Resolve, opt.Roots), Timeout: opt.Timeout, CheckRedirect: fewRedirects}
	if opt.Bootstrap != nil {
		if err := c.boot.set(opt.Bootstrap); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Close closes idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Lookup returns what the registry says of the domain's registrable domain: from
// the cache if that is fresh, else by asking. It is never nil.
func (c *Client) Lookup(ctx context.Context, domain string) *crawler.Registration {
	name, ok := registrable(domain)
	if !ok {
		return &crawler.Registration{Domain: domain, At: time.Now(), Failure: crawler.NewFailure(crawler.FailNoService, "no name that a registry could know")}
	}
	c.mu.Lock()
	if a := c.under[name]; a != nil {
		c.mu.Unlock()
		select {
		case <-a.done:
			return a.reg
		case <-ctx.Done():
			return stopped(name)
		}
	}
	a := &asking{done: make(chan struct{})}
	c.under[name] = a
	c.mu.Unlock()
	a.reg = c.lookup(ctx, name)
	c.mu.Lock()
	delete(c.under, name)
	c.mu.Unlock()
	close(a.done)
	return a.reg
}

func stopped(name string) *crawler.Registration {
	return &crawler.Registration{Domain: name, At: time.Now(), Failure: crawler.NewFailure(crawler.FailOurs, "our time was up before the registry was asked")}
}

func (c *Client) lookup(ctx context.Context, name string) *crawler.Registration {
	var kept *crawler.Registration
	if c.opt.Recall != nil {
		// A cache that cannot be read is one more question to ask, no more.
		kept, _ = c.opt.Recall(ctx, name)
	}
	now := time.Now()
	// Abs: one of a time to come, by a clock that was ahead, is good for no longer than another.
	if kept != nil && now.Sub(kept.At).Abs() < c.good(kept) {
		return kept
	}
	asked := c.ask(ctx, name)
	if asked.Failure != nil && kept.Usable() && now.Sub(kept.At) < staleAnswer {
		return kept // it says itself how old it is
	}
	if c.opt.Keep != nil && worthKeeping(asked) {
		// What cannot be kept is asked again the next time.
		_ = c.opt.Keep(context.WithoutCancel(ctx), asked)
	}
	return asked
}

// good is how long an answer from the cache is gone by.
func (c *Client) good(r *crawler.Registration) time.Duration {
	switch {
	case r.Failure == nil:
		return c.opt.Fresh
	case r.Failure.Kind == crawler.FailNoRecord:
		return min(freshFailure, c.opt.Fresh)
	}
	return min(freshThrottled, c.opt.Fresh)
}

// worthKeeping reports whether an answer says something of the registry rather
// than of us, or of the list in which its server was looked for.
func worthKeeping(r *crawler.Registration) bool {
	return r.Failure == nil || r.Server != "" && !r.Failure.Kind.Ours() && r.Failure.Kind != crawler.FailNoTurn && r.Failure.Kind != crawler.FailNoService
}

// ask asks the registry, in its own time: our deadline begins when it is our
// turn.
func (c *Client) ask(ctx context.Context, name string) *crawler.Registration {
	reg := &crawler.Registration{Domain: name, Protocol: crawler.ProtocolRDAP}
	suffix := name[strings.LastIndexByte(name, '.')+1:]
	server, byWHOIS := c.whois[suffix]
	if byWHOIS {
		reg.Protocol, reg.Server = crawler.ProtocolWHOIS, server
	}
	var failure *crawler.Failure
	if !byWHOIS {
		if reg.Server, failure = c.rdapServer(ctx, name); failure != nil {
			reg.At, reg.Failure = time.Now(), failure
			return reg
		}
	}
	paced := paceName(reg.Server)
	leave, err := c.pace.Enter(ctx, paced)
	if err != nil {
		reg.At, reg.Failure = time.Now(), turnFailure(err)
		return reg
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	var wait time.Duration
	if byWHOIS {
		failure = c.askWHOIS(ctx, reg)
	} else {
		wait, failure = c.askRDAP(ctx, reg)
	}
	reg.At, reg.Failure = time.Now(), failure
	switch {
	case failure == nil || failure.Kind == crawler.FailNoRecord:
		c.pace.Fine(paced)
	case failure.Kind == crawler.FailThrottled:
		c.pace.BackOff(paced, wait)
	}
	return reg
}

// turnFailure says why a question was not asked.
func turnFailure(err error) *crawler.Failure {
	switch {
	case errors.Is(err, pace.ErrHeld):
		return crawler.NewFailure(crawler.FailThrottled, err.Error())
	case errors.Is(err, pace.ErrNoTurn):
		return crawler.NewFailure(crawler.FailNoTurn, err.Error())
	}
	return crawler.NewFailure(crawler.FailOurs, err.Error())
}

// registrable returns the domain that a registry knows; false for an address and
// for a suffix by itself.
func registrable(domain string) (string, bool) {
	if _, err := netip.ParseAddr(domain); err == nil {
		return "", false
	}
	name, err := publicsuffix.EffectiveTLDPlusOne(strings.TrimSuffix(strings.ToLower(domain), "."))
	return name, err == nil && strings.Contains(name, ".")
}
