package main

import (
	"context"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/schedule"
)

// gather adds to a lint the sources of evidence that were asked for. end lets
// go of them, also after an error.
func (p *program) gather(ctx context.Context, l *schedule.Lint) (end func(), err error) {
	var ends []func()
	end = func() {
		for i := len(ends) - 1; i >= 0; i-- {
			ends[i]()
		}
	}
	for _, source := range []func(context.Context, *schedule.Lint) (func(), error){p.gatherDocuments, p.gatherRegistrations} {
		close, err := source(ctx, l)
		if close != nil {
			ends = append(ends, close)
		}
		if err != nil {
			return end, err
		}
	}
	return end, nil
}

// gatherDocuments reads documents below --documents.
func (p *program) gatherDocuments(_ context.Context, l *schedule.Lint) (func(), error) {
	papers, err := p.papers()
	if err != nil || papers == nil {
		return nil, err
	}
	l.Gather = append(l.Gather, func(ctx context.Context, t *crawler.Target, obs *crawler.Observation) {
		if len(t.Holder.Documents) > 0 {
			obs.Documents = papers.Read(ctx, t.Holder.Documents)
		}
	})
	return func() { papers.Close() }, nil //nolint:errcheck // a folder that was only read
}

// gatherRegistrations asks registries, with --whois alone.
func (p *program) gatherRegistrations(ctx context.Context, l *schedule.Lint) (func(), error) {
	if !p.WHOIS {
		return nil, nil
	}
	resolver, _, err := p.reach()
	if err != nil {
		return nil, err
	}
	cache, err := p.cache(ctx)
	if err != nil {
		resolver.Close()
		return nil, err
	}
	end := func() { cache.Close(); resolver.Close() } //nolint:errcheck // what was learned is stored by now
	registry, err := p.registry(resolver, cache)
	if err != nil {
		return end, err
	}
	l.Gather = append(l.Gather, func(ctx context.Context, t *crawler.Target, obs *crawler.Observation) {
		obs.Registration = registry.Lookup(ctx, t.Domain)
	})
	return func() { registry.Close(); end() }, nil
}
