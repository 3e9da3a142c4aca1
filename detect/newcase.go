package detect

import (
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// Input is what a Case is made of.
type Input struct {
	Target   *crawler.Target
	Obs      *crawler.Observation
	File     string    // the name of the file when a file is judged: Obs then comes from [FileObservation]
	At       time.Time // the clock of the rules; zero takes Obs.At
	Policy   *Policy   // nil takes [DefaultPolicy]
	Attempts []Attempt // the earlier looks of this run, oldest first, without this one
}

// FileObservation wraps the bytes of a page that was never fetched, so that a
// file is judged by the same code as a visit.
func FileObservation(name string, body []byte, at time.Time) *crawler.Observation {
	return &crawler.Observation{At: at, Visits: []crawler.Visit{{
		Ask:  crawler.Ask{Kind: crawler.AskHome},
		At:   at,
		Hops: []crawler.Page{{URL: name, Body: body, At: at}},
	}}}
}

// NewCase derives a Case from what was seen and what is filed. prev is the
// Case of the same look before its last ask was carried out, or nil: pages
// that it has parsed are not parsed again.
func NewCase(in Input, prev *Case) *Case {
	c := &Case{Target: in.Target, Obs: in.Obs, File: in.File, At: in.At, Policy: in.Policy}
	if c.Target == nil {
		c.Target = &crawler.Target{}
	}
	if c.Obs == nil {
		c.Obs = &crawler.Observation{Domain: c.Target.Domain}
	}
	if c.Policy == nil {
		c.Policy = DefaultPolicy()
	}
	if c.At.IsZero() {
		c.At = c.Obs.At
	}
	if prev != nil {
		c.parsed, c.counted = prev.parsed, prev.counted
	}
	c.Filing = effectiveFiling(c.Target.Filing, c.At, c.Policy)
	c.landings = c.allLandings()
	c.choose()
	c.Attempts = append(slices.Clip(in.Attempts), Attempt{At: c.Obs.At, Liveness: c.Liveness, Cause: c.Cause, Server: c.resolver()})
	c.cache = cache{} // what was asked of it half made
	return c
}

// choose takes the best of the landings as what a person would have seen, and
// reads the page it ends in.
func (c *Case) choose() {
	c.Liveness = Unseen
	best := c.bestLanding()
	if best != nil {
		c.Hops, c.Failure, c.FailedURL = best.hops, best.failure, best.failed
		c.Liveness, c.Cause = best.liveness, best.cause
		c.oneAddress = best.ask.Kind == crawler.AskAddress
		c.Kind = best.kind
		c.Home, c.Static = best.page, best.page
		if best.failure == nil && len(best.hops) > 0 {
			c.Answer = best.hops[len(best.hops)-1]
		}
	}
	c.leadAway()
	c.discount() // before: a drawing is taken for what our own client is said to have got
	c.takeRendered()
	c.discount() // and after: it may show a page that accuses, or leads away, again
	c.Place = c.place()
	if c.Home == nil {
		return
	}
	c.Shown = c.numbers()
	if c.Liveness == Serving || c.File != "" {
		c.Inner = c.inner()
		c.judgeIndustries()
	}
}

// discount makes nothing of what accuses the site where there was trouble of ours: what
// else was worth asking was not asked, so nothing that was seen is the last word.
func (c *Case) discount() {
	if c.Obs.Trouble != "" && c.Liveness != Serving {
		c.Liveness, c.Cause, c.Away = Unseen, string(crawler.FailOurs), ""
	}
}

// resolver names the upstream that answered for the domain last.
func (c *Case) resolver() string {
	for i := len(c.Obs.Lookups) - 1; i >= 0; i-- {
		if l := &c.Obs.Lookups[i]; l.Name == c.Target.Domain && l.Server != "" {
			return l.Server
		}
	}
	return ""
}
