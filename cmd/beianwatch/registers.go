package main

import (
	"time"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/register"
	"github.com/beianwatch/beianwatch/reports/store"
)

// How long a look waits for a register: a person who checks one site has the
// time, a scan over many has not. The question goes on and its answer is kept.
const (
	scanPatience  = 10 * time.Second
	checkPatience = 40 * time.Second
)

// registers makes what asks the registers of the config, nil if it names none.
// Answers are kept in the store, if there is one. patience is how long a
// question waits for its answer.
func (p *program) registers(resolver *dns.Resolver, s *store.Store, patience time.Duration) (*register.Book, error) {
	if len(p.Registers) == 0 {
		return nil, nil
	}
	opt := register.Options{Resolve: settings.Resolve(resolver), Agent: p.Agent(version), Fresh: p.MaxFilingAge, Patience: patience}
	if s != nil {
		opt.Recall, opt.Keep = s.Answer, s.PutAnswer
	}
	b, err := register.Open(p.Registers, opt)
	if err != nil {
		return nil, usage("config, %v", err)
	}
	return b, nil
}
