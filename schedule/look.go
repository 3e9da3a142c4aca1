package schedule

import (
	"context"
	"hash/fnv"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A Looker looks at one site: it lets the crawler carry out the asks that
// detect wants until none is left. It holds no state between two looks and is
// safe for concurrent use.
type Looker struct {
	Resolver *dns.Resolver
	Web      *web.Client
	Policy   *detect.Policy // nil: the default. Its Looks is not used: Confirm says how many there are
	Vantage  string         // kept with the evidence
	Timeout  time.Duration  // the web client's time for one request; 0 is 15 s
	At       time.Time      // the clock of the rules; zero: the moment of the look
	// Confirm says how long after a failure the site is looked at again; all of
	// these looks must fail before it counts. Not to be changed after the first
	// look.
	Confirm []time.Duration
	// Fails: not all looks, but so many of those after the first failure must
	// fail; see [Confirmation].
	Fails int
	// Documents measures the local documents that a target names; nil: none are
	// read.
	Documents func(context.Context, []crawler.Document) []crawler.DocumentFacts
	// Draw carries out an ask of kind AskRender; nil: nothing is drawn.
	Draw    func(context.Context, *crawler.Observation, crawler.Ask)
	Records *Records // asked beside the look; nil: nobody is

	honesty honesty // what is known of the resolvers
	once    sync.Once
	policed *detect.Policy
	readers chan struct{}
	reading atomic.Int64 // looks that read a page or wait for it
}

// policy is the policy with as many looks as there are: the first and one
// after each delay.
func (l *Looker) policy() *detect.Policy {
	l.once.Do(func() {
		p := l.Policy
		if p == nil {
			p = detect.DefaultPolicy()
		}
		own := *p
		own.Looks, own.Fails = len(l.Confirm)+1, l.Fails
		if l.Fails > 0 {
			own.Looks = len(l.Confirm) // the first failure only begins the watch
		}
		if l.Draw == nil {
			own.Render = detect.RenderNever // there is nobody to do it
		}
		l.policed = &own
		l.readers = make(chan struct{}, runtime.GOMAXPROCS(0)+2)
	})
	return l.policed
}

// maxAsks bounds the asks of one look. A home page with redirects in the page,
// https, www. and the address without the name take five, the parts of a page
// and its drawing seven.
func (l *Looker) maxAsks() int { return 20 + max(l.policy().Pages-1, 0) }

// timeout is the web client's time for one request.
func (l *Looker) timeout() time.Duration {
	if l.Timeout <= 0 {
		return 15 * time.Second
	}
	return l.Timeout
}

// limit bounds one look with all its asks: http, https and www. of a host that
// never answers take three timeouts, and its names some seconds.
// A browser needs its own time.
func (l *Looker) limit() time.Duration {
	limit := 3*l.timeout() + 5*time.Second
	if l.Draw != nil {
		limit = max(limit, drawLimit)
	}
	return limit
}

// drawLimit is the least time for a look in which a page may be drawn: 20 s are
// the browser's for one page, and others may be waiting for it.
const drawLimit = 40 * time.Second

// upstream is the index of the resolver to begin with: names are spread over
// all of them, and each further look begins with the next.
func upstream(domain string, attempt int) int {
	h := fnv.New32a()
	h.Write([]byte(domain))
	return int(h.Sum32()&0xffff) + attempt
}

// Resolve asks for the addresses of a domain and, where a registrable one has
// none, for those of www. pinned is the address that the inventory names; if it
// is valid nobody is asked. attempt is the number of looks before this one in the
// run: each begins with another resolver.
func (l *Looker) Resolve(ctx context.Context, domain string, pinned netip.Addr, attempt int) []crawler.Lookup {
	first := upstream(domain, attempt)
	if pinned.IsValid() {
		var obs crawler.Observation
		obs.Pin(domain, pinned, time.Now())
		return obs.Lookups
	}
	if _, err := netip.ParseAddr(domain); err == nil {
		return []crawler.Lookup{l.Resolver.Lookup(ctx, domain, "A", first), l.Resolver.Lookup(ctx, domain, "AAAA", first)}
	}
	lookups := l.addresses(ctx, nil, domain, first)
	if !hasAddress(lookups) && registrable(domain) {
		lookups = l.addresses(ctx, lookups, "www."+domain, first)
	}
	return lookups
}

// addresses asks for A, and for AAAA only where that gave none: the web client
// dials IPv4 first, and nearly every site would cost a second question.
func (l *Looker) addresses(ctx context.Context, lookups []crawler.Lookup, name string, first int) []crawler.Lookup {
	a := l.Resolver.Lookup(ctx, name, "A", first)
	lookups = append(lookups, a)
	if f := a.Failure; f != nil && f.Kind != crawler.FailOurs {
		lookups = append(lookups, l.Resolver.Lookup(ctx, name, "AAAA", first))
	}
	return lookups
}

// hasAddress tells whether any of the lookups found an address.
func hasAddress(lookups []crawler.Lookup) bool {
	for i := range lookups {
		if len(lookups[i].Addrs) > 0 {
			return true
		}
	}
	return false
}

// registrable tells whether www. is worth asking for in front of the name.
func registrable(domain string) bool {
	apex, err := publicsuffix.EffectiveTLDPlusOne(domain)
	return err == nil && apex == domain
}

// Look looks at a target once. lookups are answers that Resolve gave; the
// stale ones among them, failures included, are asked for again if they
// matter. attempts are the earlier looks of this run; their number also picks
// the resolver to begin with.
//
// The Case says everything, our own trouble included (Obs.Trouble).
func (l *Looker) Look(ctx context.Context, t *crawler.Target, lookups []crawler.Lookup, attempts []detect.Attempt) *detect.Case {
	c, _ := l.look(ctx, t, lookups, attempts, nil, l.Records)
	return c
}

// An ending says how a look ended.
type ending struct {
	whole bool        // nothing that detect wanted is left unasked
	kept  *store.Kept // the outcomes of the run before hold; the Case is not fit to be judged
}

// look is Look for a name of which the run before may know something: was is
// nil if it does not. records are asked beside it.
func (l *Looker) look(ctx context.Context, t *crawler.Target, lookups []crawler.Lookup, attempts []detect.Attempt, was *recall, records *Records) (*detect.Case, ending) {
	documents := l.documents(ctx, t)
	t = records.filled(ctx, t) // in its own time, not the site's
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, l.limit())
	defer cancel()
	registration := records.registration(ctx, t.Domain)
	obs := &crawler.Observation{Domain: t.Domain, At: began, Vantage: l.Vantage, Lookups: lookups, Documents: documents}
	if !usable(lookups, began) {
		obs.Lookups = l.Resolve(ctx, t.Domain, t.Address, len(attempts))
	}
	in := detect.Input{Target: t, Obs: obs, At: l.At, Policy: l.policy(), Attempts: attempts}
	// What the registry says holds of a site that was not seen, too.
	registered := func(c *detect.Case) *detect.Case {
		if obs.Registration = registration(); obs.Registration == nil {
			return c
		}
		return l.read(in, c)
	}
	if f := ourFailure(obs.Lookups); f != nil {
		obs.Trouble = f.Detail
		return registered(detect.NewCase(in, nil)), ending{}
	}
	if obs.Trouble = l.doubt(ctx, t.Domain, obs.Lookups); obs.Trouble != "" {
		return registered(detect.NewCase(in, nil)), ending{}
	}
	if was != nil {
		obs.Registration = registration() // one of the inputs that must be as they were
		registered = func(c *detect.Case) *detect.Case { return c }
	}
	session := l.Web.Session(obs)
	defer session.Close()
	if kept := l.recheck(ctx, t, obs, was, session); kept != nil {
		return unchanged(t, obs), ending{kept: kept}
	}
	c, end := l.read(in, nil), ending{}
	for asked := 0; asked < l.maxAsks(); {
		asks := detect.Wants(c, rules.All)
		if len(asks) == 0 {
			end.whole = true
			break
		}
		if l.late(began) {
			if further(asks[0].Kind) {
				break // the verdict can do without
			}
			// An ask that we would have to cut short proves nothing.
			obs.Trouble = "our time was up before everything was asked"
			c = l.read(in, c)
			break
		}
		did := false
		for _, ask := range asks {
			if did && l.late(began) {
				break
			}
			did = l.ask(ctx, obs, session, ask) || did
			asked++
		}
		if !did {
			break
		}
		c = l.read(in, c)
	}
	session.Close() // registers take theirs
	if obs.Numbers = records.numbers(ctx, c); obs.Numbers != nil {
		c = l.read(in, c)
	}
	if why := l.disown(obs); why != "" {
		obs.Trouble = why
		c = detect.NewCase(in, nil)
	}
	return registered(c), end
}

// late tells whether another ask might not end in the time of this look.
func (l *Looker) late(began time.Time) bool { return time.Since(began)+l.timeout() > l.limit() }

// further tells whether an ask goes beyond the question whether the site works.
func further(k crawler.AskKind) bool {
	return k == crawler.AskScript || k == crawler.AskRender || k == crawler.AskInner
}

// read makes the Case. Few do so at once, a little more than there are cores:
// a parsed page takes some thirty times the memory of its bytes, and hundreds
// of looks may have an answer at the same moment.
func (l *Looker) read(in detect.Input, prev *detect.Case) *detect.Case {
	l.reading.Add(1)
	l.readers <- struct{}{}
	defer func() { <-l.readers; l.reading.Add(-1) }()
	return detect.NewCase(in, prev)
}

// ask carries out one ask; it tells false if there is nobody to do it.
func (l *Looker) ask(ctx context.Context, obs *crawler.Observation, s *web.Session, ask crawler.Ask) bool {
	switch {
	case ask.Kind != crawler.AskRender:
		s.Do(ctx, ask)
	case l.Draw != nil:
		s.Close() // a browser takes its time
		l.Draw(ctx, obs, ask)
	default:
		return false
	}
	return true
}

// usable tells whether answers from an earlier stage can still be gone by. A
// failure is never fresh, but it need not be asked for again in the same look
// if it has only just come.
func usable(lookups []crawler.Lookup, now time.Time) bool {
	if len(lookups) == 0 {
		return false
	}
	fresh := false
	for i := range lookups {
		l := &lookups[i]
		fresh = fresh || len(l.Addrs) > 0 && l.Fresh(now)
		if l.Failure != nil && now.Sub(l.At) > failureGood {
			return false
		}
	}
	return fresh || !hasAddress(lookups)
}

// failureGood is how long a failed lookup is gone by within one look.
const failureGood = 5 * time.Second

// ourFailure gives the failure of a lookup that says that we were stopped.
func ourFailure(lookups []crawler.Lookup) *crawler.Failure {
	if hasAddress(lookups) {
		return nil
	}
	for i := range lookups {
		if f := lookups[i].Failure; f != nil && f.Kind == crawler.FailOurs {
			return f
		}
	}
	return nil
}
