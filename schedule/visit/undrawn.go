package visit

import (
	"context"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// Undrawn returns a scanner that visits as s does, but for whose pages the time
// for drawing is over: what only a browser could tell is unknown, with that
// reason.
func (s *Scanner) Undrawn() *Scanner {
	own := s.copy()
	own.Draw = func(_ context.Context, obs *crawler.Observation, ask crawler.Ask) {
		now := time.Now()
		obs.Drawing = &crawler.Drawing{URL: ask.URL, At: now}
		obs.Drawing.Add(crawler.Flaw{Reason: crawler.DrawLate, Detail: "the run's time for drawing is over"})
		obs.Visits = append(obs.Visits, crawler.Visit{Ask: ask, At: now, Failed: ask.URL, Failure: crawler.NewFailure(crawler.FailOurs, "the run's time for drawing is over")})
	}
	return own
}
