package visit

import (
	"context"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// Rationed returns a scanner that visits as s does, but asks before each page
// whether there is budget left for it to be drawn. Of a page for which there is
// none, what only a browser could tell is unknown, with that reason; so it is where
// take fails.
func (s *Scanner) Rationed(take func(context.Context) (bool, error)) *Scanner {
	own := s.copy()
	own.Draw = func(ctx context.Context, obs *crawler.Observation, ask crawler.Ask, look crawler.Look) {
		ok, err := take(ctx)
		if ok {
			s.Draw(ctx, obs, ask, look)
			return
		}
		why := "the run's budget for drawing is spent"
		if err != nil {
			why = err.Error()
		}
		now := time.Now()
		obs.Drawing = &crawler.Drawing{URL: ask.URL, At: now}
		obs.Drawing.Add(crawler.Flaw{Reason: crawler.DrawLate, Detail: why})
		obs.Visits = append(obs.Visits, crawler.Visit{Ask: ask, At: now, Failed: ask.URL, Failure: crawler.NewFailure(crawler.FailOurs, why)})
	}
	return own
}
