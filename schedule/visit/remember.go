package visit

import (
	"time"

	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports/store"
)

// How long outcomes may be kept, whatever does not change: each name is judged
// anew after minKeep to maxKeep, spread by name so that no run has to judge all
// of them.
const (
	minKeep = 15 * 24 * time.Hour
	maxKeep = 30 * 24 * time.Hour
)

// A drawing is made anew after a week or two: a script may go by the clock.
const (
	minKeepDrawn = 7 * 24 * time.Hour
	maxKeepDrawn = 14 * 24 * time.Hour
)

// maxAsked bounds what is stored of the further asks of a visit, in bytes: six
// scripts have some 600, what a browser asked for some thousands.
const maxAsked = 16 << 10

// Remember notes in a result what lets the next run keep its outcomes: nothing,
// if they follow from more than plain requests to a site that serves. config is
// the [Fingerprint] of the run, whole the Ending's.
func Remember(config string, c *detect.Case, outs []detect.Outcome, whole bool, res *store.Result) {
	if c.Answer == nil {
		return
	}
	in, ok := c.Inputs()
	res.BodyDigest = in.Page
	if in.Page == "" {
		res.BodyDigest = c.PageInput()
	}
	if !ok || in.Page == "" || !whole || c.Liveness != detect.Serving || len(c.Attempts) != 1 || broken(outs) {
		return
	}
	asked, ok := furtherOf(c.Obs).pack()
	if !ok {
		return
	}
	res.Inputs = config + in.Look + asked
	known := web.KnownOf(c.Answer)
	least, most := minKeep, maxKeep
	if c.Rendered {
		least, most = minKeepDrawn, maxKeepDrawn
	}
	horizon := least + time.Duration(spread(c.Target.Domain))%(most-least)
	res.ETag, res.Modified, res.FetchedAt = known.ETag, known.Modified, c.Obs.At
	res.JudgedAt, res.GoodUntil = c.At, detect.GoodUntil(c, outs, rules.All, horizon)
}

// broken reports whether a rule failed.
func broken(outs []detect.Outcome) bool {
	for i := range outs {
		if outs[i].Verdict == detect.Broken {
			return true
		}
	}
	return false
}
