package main

import (
	"context"
	"errors"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web"
	"github.com/beianwatch/beianwatch/schedule"
)

// api joins the API to those who answer it.
func api(s *store.Store, r *schedule.Runner) web.Config {
	return web.Config{
		Ask: func(ctx context.Context, domain, filing string) (string, error) {
			if _, err := inquired(domain, filing); err != nil {
				return "", &web.BadRequest{Err: err}
			}
			return r.Ask(ctx, domain, filing)
		},
		Check: func(ctx context.Context, id string) (*web.Check, error) {
			q, err := r.CheckRequest(ctx, id)
			if errors.Is(err, schedule.ErrNoCheck) {
				return nil, web.ErrNotFound
			}
			if err != nil {
				return nil, err
			}
			return &web.Check{ID: q.ID, Domain: q.Domain, Asked: q.Asked, State: string(q.State), Reason: q.Reason, Record: q.Record}, nil
		},
		Runs: func(ctx context.Context, limit int) ([]*reports.Run, error) { return s.Runs(ctx, limit) },
	}
}

// inquired makes the target of a site that is asked for by the API, as check
// does.
func inquired(domain, filing string) (*crawler.Target, error) { return targetOf(domain, filing) }
