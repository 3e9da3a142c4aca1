package main

import (
	"context"
	"os"
	"time"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/register"
	"github.com/beianwatch/beianwatch/crawler/registration"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// registry makes what asks WHOIS and RDAP, nil without --whois. Answers are
// kept in the store, if there is one.
func (p *program) registry(resolver *dns.Resolver, s *store.Store) (*registration.Client, error) {
	if !p.WHOIS {
		return nil, nil
	}
	servers, err := p.WHOISServerMap()
	if err != nil {
		return nil, err
	}
	g, err := p.RegistryGuard(servers)
	if err != nil {
		return nil, err
	}
	opt := registration.Options{Resolve: settings.Resolve(resolver), Guard: g, WHOIS: servers, RDAPServer: p.RDAPServer, Agent: p.Agent(version),
		Every: p.WHOISInterval, Fresh: p.WHOISFresh}
	if p.RDAPBootstrap != "" {
		if opt.Bootstrap, err = os.ReadFile(p.RDAPBootstrap); err != nil {
			return nil, usage("配置 rdap-bootstrap：%v；请从 https://data.iana.org/rdap/dns.json 下载该文件，或不写这一项", "config, rdap-bootstrap: %v; save the file from https://data.iana.org/rdap/dns.json, or leave the key out", err)
		}
	}
	if s != nil {
		opt.Recall, opt.Keep = s.Registration, s.PutRegistration
	}
	c, err := registration.New(opt)
	if err != nil {
		return nil, usage("配置 rdap-bootstrap %s：%v", "config, rdap-bootstrap %s: %v", p.RDAPBootstrap, err)
	}
	return c, nil
}

// consult lets looks ask registries and registers, as far as the settings want
// it.
func (l *looking) consult(p *program, s *store.Store, patience time.Duration) (err error) {
	if l.registry, err = p.registry(l.resolver, s); err != nil {
		return err
	}
	if l.book, err = p.registers(l.resolver, s, patience); err != nil {
		return err
	}
	records := &visit.Records{}
	if l.registry != nil {
		records.Registration = l.registry.Lookup
	}
	if l.book != nil {
		records.Filing, records.Number, records.Patience = l.book.Filing, l.book.Number, patience
	}
	l.looker.Records = records
	return nil
}

// cache opens the database for a command that keeps nothing in it but what
// registries and registers said; nil if none is asked.
func (p *program) cache(ctx context.Context) (*store.Store, error) {
	if !p.WHOIS && len(p.Registers) == 0 {
		return nil, nil
	}
	return store.Open(ctx, p.DB)
}

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
		return nil, usage("配置：%v", "config: %v", err)
	}
	return b, nil
}
