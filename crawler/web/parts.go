package web

import (
	"context"

	"github.com/beianwatch/beianwatch/crawler"
)

// Parts asks for the parts of the home page that the session has seen, one after
// the other as long as next takes them, and reports whether it took all. Like a
// page load in a browser they count as one visit to the page's address for the
// gate. Nothing of them is kept in the Observation.
func (s *Session) Parts(ctx context.Context, urls []string, next func(crawler.Part) bool) bool {
	known := len(s.obs.Lookups)
	defer func() { s.obs.Lookups = s.obs.Lookups[:known] }()
	if at := s.used(s.obs.Domain); s.c.opt.Gate != nil && at.IsValid() {
		s.Close() // whoever waits for the gate keeps no connection open
		release, err := s.c.opt.Gate(ctx, at)
		if err != nil {
			return false
		}
		defer release()
	}
	for _, url := range urls {
		v := s.carryOut(ctx, crawler.Ask{Kind: crawler.AskPart, URL: url})
		last := v.out.Last()
		if last == nil || last.Cut || !next(crawler.NewPart(url, last.Status, last.Body)) {
			return false
		}
	}
	return true
}
