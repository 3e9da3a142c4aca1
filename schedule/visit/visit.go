package visit

import (
	"context"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports/store"
)

// An Ending says how a visit ended.
type Ending struct {
	Whole bool        // nothing that detect wanted is left unasked
	Kept  *store.Kept // the outcomes of the run before hold; then the Case is not fit to be judged
	// Render says that a browser is needed before the Case can be judged, and that
	// the scanner leaves that to another one; see [Scanner.Deferring]. Where the visit
	// is whole, it is for a picture alone: the Case can be judged without.
	Render bool
	// Short says that there was no memory for an answer: the Case says nothing, and
	// the visit is to be made later.
	Short bool

	session *web.Session // nil: none was begun
}

// Release gives back the memory that the visit holds. It is to be called when the
// Case is not used any more, and may be called more than once.
func (e *Ending) Release() {
	if e.session != nil {
		e.session.Release()
	}
}

// Visit visits a target once. lookups are answers that Resolve gave; the stale
// ones among them, failures included, are asked for again if they matter.
// attempts are the earlier visits of this run; their number also picks the
// resolver to begin with.
//
// The Case says everything, our own trouble included (Obs.Trouble). If ctx ended
// meanwhile, what was seen may be our doing and must be dropped.
func (s *Scanner) Visit(ctx context.Context, t *crawler.Target, lookups []crawler.Lookup, attempts []detect.Attempt) *detect.Case {
	c, end := s.visit(ctx, t, lookups, attempts, nil, s.Records)
	end.Release() // callers are few at a time: a person's checks, and names without an address
	return c
}

// VisitAgain is Visit with what may let the target keep its outcomes: if prev is
// not nil, those of the run before are kept where every input is as it was. The
// Ending says how the visit ended, and must be released.
func (s *Scanner) VisitAgain(ctx context.Context, t *crawler.Target, lookups []crawler.Lookup, attempts []detect.Attempt, prev *Previous) (*detect.Case, Ending) {
	return s.visit(ctx, t, lookups, attempts, prev, s.Records)
}

// visit is Visit and VisitAgain: resolve, check whether anything changed, fetch
// what detect wants, ask the records, drop what a lying resolver led to.
func (s *Scanner) visit(ctx context.Context, t *crawler.Target, lookups []crawler.Lookup, attempts []detect.Attempt, prev *Previous, records *Records) (*detect.Case, Ending) {
	documents := s.documents(ctx, t)
	t = records.FillIn(ctx, t) // in its own time, not the site's
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, s.Limit())
	defer cancel()
	v := &visit{s: s, t: t, prev: prev, records: records, registration: records.AskRegistration(ctx, t.Domain),
		obs: &crawler.Observation{Domain: t.Domain, At: began, Vantage: s.Vantage, Lookups: lookups, Documents: documents}}
	v.in = detect.Input{Target: t, Obs: v.obs, At: s.At, Policy: s.EffectivePolicy(), Attempts: attempts}
	if !v.resolve(ctx) {
		return v.registered(detect.NewCase(v.in, nil)), Ending{}
	}
	v.session = s.Web.Session(v.obs)
	defer v.session.Close()
	c, end := v.seen(ctx)
	end.session, end.Short = v.session, v.session.Short()
	return c, end
}

// seen makes a visit to a site that has an address.
func (v *visit) seen(ctx context.Context) (*detect.Case, Ending) {
	if kept := v.recheck(ctx); kept != nil {
		return v.unchanged(), Ending{Kept: kept}
	}
	c, end := v.fetch(ctx)
	if end.Render || v.session.Short() {
		return c, end
	}
	v.session.Close() // registers take their time
	c = v.numbers(ctx, c)
	if why := v.s.dropPoisoned(v.obs); why != "" {
		v.obs.Trouble = why
		c = detect.NewCase(v.in, nil)
	}
	return v.registered(c), end
}

// A visit is one visit under way.
type visit struct {
	s            *Scanner
	t            *crawler.Target
	prev         *Previous // nil: everything is judged
	records      *Records
	registration func() *crawler.Registration // may be called once; nil: it has been
	obs          *crawler.Observation
	in           detect.Input // with obs
	session      *web.Session
	drew         time.Duration // that the browser took
	last         *detect.Case  // the one made last, whose reading the next one takes over; nil: none was
}

// resolve makes sure of the addresses. It returns false if the visit ends here
// because we were stopped or the resolver's word counts for nothing: obs.Trouble
// says why.
func (v *visit) resolve(ctx context.Context) bool {
	if !usable(v.obs.Lookups, v.obs.At) {
		v.tell(StepResolve)
		v.obs.Lookups = v.s.Resolve(ctx, v.t.Domain, v.t.Address, len(v.in.Attempts))
	}
	if f := ourFailure(v.obs.Lookups); f != nil {
		v.obs.Trouble = f.Detail
		return false
	}
	v.obs.Trouble = v.s.resolverProblem(ctx, v.t.Domain, v.obs.Lookups)
	return v.obs.Trouble == ""
}

// fetch carries out what detect wants until nothing is left, or the rest is
// another scanner's.
func (v *visit) fetch(ctx context.Context) (c *detect.Case, end Ending) {
	c = v.parse(v.in)
	for asked := 0; asked < v.s.maxAsks(); {
		asks := detect.Wants(c, rules.All)
		v.s.tellDisagreement(c)
		if len(asks) == 0 {
			c, end = v.picture(ctx, c)
			return c, end
		}
		if v.s.deferring && asks[0].Kind == crawler.AskRender {
			return c, Ending{Render: true}
		}
		if v.late(asks[0].Kind) {
			if !optional(asks[0].Kind) {
				// An ask that we would have to cut short proves nothing.
				v.obs.Trouble = message.TimeUp.Fill()
				c = v.parse(v.in)
				return c, end
			}
			// The browser's turn makes the visit anew, in a time of its own.
			end.Render = v.s.deferring && detect.WantsRender(c, rules.All)
			return c, end
		}
		done := 0
		if v.hedges(c, asks) {
			v.tell(StepAsk, asks...)
			v.hedge(ctx, asks[0])
			done = 1
		} else {
			done = v.askAll(ctx, asks)
		}
		if done == 0 {
			return c, end
		}
		asked += done
		c = v.parse(v.in)
	}
	return c, end
}

// askAll carries out asks, all of them unless time runs out; it returns how
// many it dealt with, 0 if there is nothing that could carry any of them out.
// The ways to a site go side by side, a handful at a time.
func (v *visit) askAll(ctx context.Context, asks []crawler.Ask) (dealt int) {
	if asks[0].Kind == crawler.AskRender {
		if v.s.Draw == nil {
			return 0
		}
		v.tell(StepRender, asks[0])
		v.session.Close() // a browser takes its time
		began := time.Now()
		v.s.Draw(ctx, v.obs, asks[0], v.look)
		v.drew += time.Since(began)
		return 1
	}
	atOnce := web.MaxAtOnce
	if optional(asks[0].Kind) {
		atOnce = 1 // one after the other, over one connection
	}
	for some := range slices.Chunk(asks, atOnce) {
		if dealt > 0 && v.late(some[0].Kind) {
			break
		}
		v.tell(StepAsk, some...)
		v.session.DoAll(ctx, some)
		dealt += len(some)
	}
	return dealt
}

// look says what more is wanted of a page that was just drawn into an observation, as
// [crawler.Look] does.
func (v *visit) look(drawn *crawler.Observation) (picture bool, click []string) {
	return detect.WantsOfDrawn(v.parse(v.besides(drawn)), rules.All)
}

// parse makes a Case that reads nothing which an earlier one of the visit has read.
func (v *visit) parse(in detect.Input) *detect.Case {
	v.last = v.s.parse(in, v.last)
	return v.last
}

// late reports whether an ask of a kind might not end in the time of this visit,
// in which that of the browser does not count.
func (v *visit) late(k crawler.AskKind) bool {
	needs := min(v.s.RequestTimeout(), v.s.ownLimit()/2)
	if k == crawler.AskRender {
		needs = leastDrawTime
	}
	return time.Since(v.obs.At)-v.drew+needs > v.s.ownLimit()
}

// optional reports whether an ask goes beyond the question whether the site
// works: the verdict can do without it.
func optional(k crawler.AskKind) bool {
	return k == crawler.AskScript || k == crawler.AskRender || k == crawler.AskInner
}

// numbers adds what registers say of the numbers on the page.
func (v *visit) numbers(ctx context.Context, c *detect.Case) *detect.Case {
	if v.obs.Numbers = v.records.numbers(ctx, c); v.obs.Numbers == nil {
		return c
	}
	return v.parse(v.in)
}

// registered adds the registry's answer to a case, if there is one that it does
// not have yet. What the registry says holds of a site that was not seen, too.
func (v *visit) registered(c *detect.Case) *detect.Case {
	if !v.askedRegistry() {
		return c
	}
	return v.parse(v.in)
}

// askedRegistry waits for the registry's answer and notes it; it reports
// whether one came now.
func (v *visit) askedRegistry() bool {
	if v.registration == nil {
		return false
	}
	v.obs.Registration, v.registration = v.registration(), nil
	return v.obs.Registration != nil
}
