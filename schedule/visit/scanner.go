package visit

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
)

// A Scanner visits sites. It is safe for concurrent use; its fields must not be
// changed after the first visit.
type Scanner struct {
	Resolver *dns.Resolver
	Web      *web.Client
	Policy   *detect.Policy // nil: the default. Its Looks and Fails are not used: see Confirm and [Scanner.EffectivePolicy]
	Vantage  string         // kept with the evidence
	At       time.Time      // the clock of the rules; zero: the moment of the visit
	// Confirm says when a site that failed is visited again, and how many of these
	// visits must fail before it counts.
	Confirm Confirmation
	// Documents measures the local documents that a target names; nil: none are
	// read.
	Documents func(context.Context, []crawler.Document) []crawler.DocumentFacts
	// Draw carries out an ask of kind AskRender, and asks what more is wanted of the
	// page; nil: nothing is rendered.
	Draw func(context.Context, *crawler.Observation, crawler.Ask, crawler.Look)
	// Pictures is the line of an inventory up to which a page that is about to be accused
	// is drawn for its picture alone; targets that stand in none are drawn as well. 0: no
	// page is.
	Pictures int
	// Browser names the browser that Draw uses, with its version, "" if there is
	// none at the moment; nil: drawings are not kept.
	Browser func() string
	Records *Records // asked beside the visit; nil: none are
	// Disagreed is told of every page that our two readers read otherwise, for a
	// log; it may be called from many goroutines. Nil: nobody is.
	Disagreed func(detect.Disagreement)

	// Hedge is how long the first request may be without an answer until the
	// other ways to the site are asked beside it; 0: they are asked after it.
	Hedge time.Duration
	// Watch is told what is done for a person who waits; it may be called from
	// many goroutines. Nil: nobody is.
	Watch func(Step)
	// Known are sites that are known to be up. A check without controls asks them: where no
	// address was reached at all whether this machine reaches anything, where an answer
	// accuses the site whether the same answers in their place. A run asks them where its
	// own sites fail together: if they work, it is not us.
	Known []string

	deferring bool // a browser's work is left to another scanner
	nxdomain  nxdomainCheck
	once      sync.Once
	effective *detect.Policy
	parsers   chan struct{}
	reading   atomic.Int64 // visits that parse a page or wait for it
}

// EffectivePolicy is the policy that visits go by: Policy with as many visits as there
// are, the first and one after each delay of Confirm, and without rendering
// where nothing renders.
func (s *Scanner) EffectivePolicy() *detect.Policy {
	s.once.Do(func() {
		given := s.Policy
		if given == nil {
			given = detect.DefaultPolicy()
		}
		p := *given
		p.Looks, p.Fails = len(s.Confirm.Delays)+1, s.Confirm.Fails
		if s.Confirm.Fails > 0 {
			p.Looks = len(s.Confirm.Delays) // the first failure only begins the watch
		}
		if s.Draw == nil && !s.deferring {
			p.Render = detect.RenderNever
		}
		s.effective = &p
		s.parsers = make(chan struct{}, runtime.GOMAXPROCS(0)+2)
	})
	return s.effective
}

// ForChecks returns a scanner for people who wait beside the runs of s: it uses
// what s uses, but reads so many pages and has its own delays after a failure.
func (s *Scanner) ForChecks(confirm []time.Duration, pages int) *Scanner {
	policy := s.Policy
	if policy == nil {
		policy = detect.DefaultPolicy()
	}
	own := *policy
	own.Pages = pages
	c := s.copy()
	c.Policy, c.Confirm = &own, Confirmation{Delays: confirm}
	return c
}

// Deferring returns a scanner that visits as s does but leaves what needs a
// browser to s, on this machine or on another one; see [Ending.Render]. Where
// nothing renders, it is s itself.
func (s *Scanner) Deferring() *Scanner {
	if s.EffectivePolicy().Render == detect.RenderNever {
		return s
	}
	own := s.copy()
	own.Draw, own.deferring = nil, true
	return own
}

// copy returns a scanner with the settings of s.
func (s *Scanner) copy() *Scanner {
	return &Scanner{Resolver: s.Resolver, Web: s.Web, Policy: s.Policy, Vantage: s.Vantage, At: s.At, Confirm: s.Confirm,
		Documents: s.Documents, Draw: s.Draw, Pictures: s.Pictures, Browser: s.Browser, Records: s.Records, Disagreed: s.Disagreed, Hedge: s.Hedge, Watch: s.Watch, Known: s.Known}
}

// RequestTimeout is the web client's time for one request.
func (s *Scanner) RequestTimeout() time.Duration { return s.Web.Timeout() }

// Limit bounds one visit with all its asks: http, https and www. of a host that
// never answers take three timeouts, and its names some seconds. A browser
// needs its own time. What registers take comes on top; see [Records.Wait].
// However long a request may take, a visit fits into a job.
func (s *Scanner) Limit() time.Duration {
	if s.Draw != nil {
		return maxLimit + MoreDrawTime
	}
	return s.ownLimit()
}

// ownLimit is Limit without what a browser takes.
func (s *Scanner) ownLimit() time.Duration {
	if s.Draw != nil {
		return maxLimit
	}
	return min(3*s.RequestTimeout()+5*time.Second, maxLimit)
}

const (
	// DrawTime is the time of a browser for one page: a request that never ends
	// is waited for 10 s before a visitor's touch and 10 s after it, and a page
	// with workers or sockets is watched for 5 s.
	DrawTime = 30 * time.Second
	// MoreDrawTime is what a browser may take beyond that on a busy machine: until a
	// tab opens, and for drawing the page once more.
	MoreDrawTime = 70 * time.Second
	// leastDrawTime is what must be left of a visit for a drawing to begin; one
	// that takes longer is cut, and says so.
	leastDrawTime = 20 * time.Second
	// maxLimit is the most time for a visit, and what one has in which a page may
	// be drawn: a job begins visits for 20 s and is stopped after 75 s.
	maxLimit = DrawTime + 20*time.Second
)

// maxAsks bounds the asks of one visit. A home page with redirects in the page,
// https, www. and the address without the name take eight, the parts of a page
// and its rendering seven, eight addresses of two names, over http and https
// each, 32, and their names' look-ups two.
func (s *Scanner) maxAsks() int { return 52 + max(s.EffectivePolicy().Pages-1, 0) }

// Reading is the number of visits that parse a page or wait for it: if it
// grows, this machine does not keep up.
func (s *Scanner) Reading() int64 { return s.reading.Load() }

// parse makes the Case. Few do so at once, a little more than there are cores:
// a parsed page takes some thirty times the memory of its bytes, and hundreds
// of visits may have an answer at the same moment.
func (s *Scanner) parse(in detect.Input, prev *detect.Case) *detect.Case {
	s.reading.Add(1)
	s.parsers <- struct{}{}
	defer func() { <-s.parsers; s.reading.Add(-1) }()
	return detect.NewCase(in, prev)
}
