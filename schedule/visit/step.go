package visit

import (
	"context"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/detect"
)

// A Step is what a scanner does for a domain at a moment, for a person who
// waits.
type Step struct {
	Domain string
	Visit  int // 1 for the first one
	Kind   StepKind
	Asks   []crawler.Ask // those that are carried out now
	Wait   time.Duration // until the next visit
	Cause  string        // of the failure that is looked at again; see [detect.Case]
}

// A StepKind is a kind of Step.
type StepKind string

// The kinds.
const (
	StepResolve  StepKind = "resolve"
	StepAsk      StepKind = "ask"
	StepRender   StepKind = "render"
	StepWait     StepKind = "wait"     // a failure is confirmed after a while
	StepControls StepKind = "controls" // are other sites reached?
	StepDone     StepKind = "done"
)

// tell tells whoever watches of a step.
func (s *Scanner) tell(step Step) {
	if s.Watch != nil {
		s.Watch(step)
	}
}

// tell tells of a step of this visit.
func (v *visit) tell(kind StepKind, asks ...crawler.Ask) {
	v.s.tell(Step{Domain: v.t.Domain, Visit: len(v.in.Attempts) + 1, Kind: kind, Asks: asks})
}

// hedge asks for the home page and, if there is no answer after the scanner's
// Hedge, for all other ways to the site beside it, at all of its addresses: if none
// of them answers, nothing is left to ask. What they say is kept only if the home
// page gave no answer: an answer decides what to ask next.
func (v *visit) hedge(ctx context.Context, home crawler.Ask) {
	beside := &crawler.Observation{Domain: v.obs.Domain, At: v.obs.At, Vantage: v.obs.Vantage, Lookups: slices.Clone(v.obs.Lookups)}
	known := len(beside.Lookups)
	besideCtx, answered := context.WithCancel(ctx)
	defer answered()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if pace.Wait(besideCtx, v.s.Hedge) == nil {
			v.aroundHome(besideCtx, home, beside)
		}
	}()
	v.session.Do(ctx, home)
	if last := v.obs.Visits[len(v.obs.Visits)-1]; len(last.Hops) > 0 {
		answered()
		<-done
		return
	}
	<-done
	v.obs.Visits = append(v.obs.Visits, beside.Visits...)
	v.obs.Lookups = append(v.obs.Lookups, beside.Lookups[known:]...)
	v.obs.Unrouted = append(v.obs.Unrouted, beside.Unrouted...)
	if v.obs.Trouble == "" {
		v.obs.Trouble = beside.Trouble
	}
}

// aroundHome asks for all ways to a site but its home page. Where they lead is
// asked first, of DNS.
func (v *visit) aroundHome(ctx context.Context, home crawler.Ask, beside *crawler.Observation) {
	session := v.session.Beside(beside)
	defer session.Close()
	session.DoAll(ctx, detect.LookupsElsewhere(v.s.parse(v.besides(beside), nil)))
	others := detect.Elsewhere(v.s.parse(v.besides(beside), nil))
	v.tell(StepAsk, append([]crawler.Ask{home}, others...)...)
	session.DoAll(ctx, others)
}

// besides is what a case is made of that is seen beside the visit.
func (v *visit) besides(obs *crawler.Observation) detect.Input {
	in := v.in
	in.Obs = obs
	return in
}

// hedges reports whether the asks are to be carried out by hedge.
func (v *visit) hedges(c *detect.Case, asks []crawler.Ask) bool {
	return v.s.Hedge > 0 && len(asks) == 1 && asks[0].Kind == crawler.AskHome && len(detect.Elsewhere(c)) > 0
}
