package main

import (
	"context"

	"github.com/beianwatch/beianwatch/schedule/lint"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// gather adds to a lint the sources of evidence that were asked for: the
// network is used for nothing else. end lets go of them, also after an error.
func (p *program) gather(ctx context.Context, l *lint.Linter, registers bool) (end func(), err error) {
	var ends []func()
	end = func() {
		for i := len(ends) - 1; i >= 0; i-- {
			ends[i]()
		}
	}
	papers, err := p.DocumentReader()
	if err != nil {
		return end, err
	}
	if papers != nil {
		ends = append(ends, func() { papers.Close() }) //nolint:errcheck // a folder that was only read
		l.Documents = papers.Read
	}
	if !registers {
		p.Registers = nil
	}
	if !p.WHOIS && len(p.Registers) == 0 {
		if registers {
			return end, usage("--registers：配置中没有 registers；请用 --config 指定", "--registers: the config names no registers; add them with --config")
		}
		return end, nil
	}
	resolver, _, err := p.Reach()
	if err != nil {
		return end, err
	}
	ends = append(ends, resolver.Close)
	cache, err := p.cache(ctx)
	if err != nil {
		return end, err
	}
	ends = append(ends, func() { cache.Close() }) //nolint:errcheck // what was learned is stored by now
	l.Records = &visit.Records{}
	registry, err := p.registry(resolver, cache)
	if err != nil {
		return end, err
	}
	if registry != nil {
		ends = append(ends, registry.Close)
		l.Records.Registration = registry.Lookup
	}
	book, err := p.registers(resolver, cache, checkPatience)
	if err != nil {
		return end, err
	}
	if book != nil {
		ends = append(ends, book.Close)
		l.Records.Filing = book.Filing
	}
	return end, nil
}
