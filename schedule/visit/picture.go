package visit

import (
	"context"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
)

// picture ends a visit that has nothing left to ask: a page that is about to be accused
// is drawn for its picture. What the browser shows is then what is judged, as of every
// page that it drew whole; it may clear, and accuses of nothing more nor leaves open what
// was decided, since whether a page is drawn hangs on its line in the inventory. A drawing
// that is not whole, or would, is dropped as if it had not been asked for.
func (v *visit) picture(ctx context.Context, c *detect.Case) (*detect.Case, Ending) {
	end := Ending{Whole: true}
	if v.s.Pictures < max(v.t.Line, 1) {
		return c, end
	}
	ask, ok := detect.WantsPicture(c, rules.All)
	if !ok {
		return c, end
	}
	if end.Render = v.s.deferring; end.Render {
		return c, end
	}
	before := *v.obs
	if v.late(ask.Kind) || v.askAll(ctx, []crawler.Ask{ask}) == 0 {
		return c, end
	}
	if v.obs.Drawing.Whole() && v.obs.Screenshot != nil {
		if drawn := v.parse(v.in); drawn.Rendered && drawn.Liveness == c.Liveness && clears(drawn, c) {
			return drawn, end
		}
	}
	*v.obs = before
	return c, end
}

// clears reports whether a case takes back some of what is found in the one before, or
// nothing: it finds nothing else, nor more gravely, and decides what that one decided.
func clears(c, before *detect.Case) bool {
	was := detect.Judge(before, rules.All)
	for i, o := range detect.Judge(c, rules.All) {
		switch {
		case o.Verdict == detect.Found && (was[i].Verdict != detect.Found || reports.Rank(o.Severity) > reports.Rank(was[i].Severity)):
			return false
		case o.Verdict == detect.Unknown && was[i].Verdict != detect.Unknown:
			return false // a browser that guesses at an encoding is no better witness
		}
	}
	return true
}
