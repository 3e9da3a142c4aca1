package visit

import (
	"context"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// picture ends a visit that has nothing left to ask: a page that is about to be accused
// is drawn for its picture. What the browser shows is then what is judged, as of every
// page that it drew whole; a drawing that is not whole is dropped, because nothing
// hung on it.
func (v *visit) picture(ctx context.Context, c *detect.Case) (*detect.Case, Ending) {
	end := Ending{Whole: true}
	if v.s.Pictures < max(v.t.Line, 1) {
		return c, end
	}
	ask, ok := detect.WantsPicture(c, rules.All)
	if !ok {
		return c, end
	}
	if v.s.deferring {
		return c, Ending{Render: true}
	}
	before := *v.obs
	if v.late(ask.Kind) || v.askAll(ctx, []crawler.Ask{ask}) == 0 {
		return c, end
	}
	if v.obs.Drawing.Whole() && v.obs.Screenshot != nil {
		if drawn := v.s.parse(v.in, c); drawn.Rendered {
			return drawn, end
		}
	}
	*v.obs = before
	return c, end
}
