package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
	"github.com/beianwatch/beianwatch/detect/mainland"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/detect/workday"
	"github.com/beianwatch/beianwatch/reports/store"
)

// policy makes the rules' policy from the settings.
func (s *settings) policy() (*detect.Policy, error) {
	policy := detect.DefaultPolicy()
	policy.MaxFilingAge = s.MaxFilingAge
	policy.Grace = s.Grace
	policy.VantageMainland = s.Vantage.Mainland
	for province, custom := range s.Suffix {
		policy.Suffix[province] = detect.Suffix(custom)
	}
	if len(s.Fingerprints) > 0 {
		kinds, err := policy.Kinds.With(s.Fingerprints)
		if err != nil {
			return nil, usage("config, fingerprints: %v", err)
		}
		policy.Kinds = kinds
	}
	networks, err := s.networks()
	if err != nil {
		return nil, err
	}
	policy.Networks = networks
	policy.Render, policy.Pages = detect.Render(s.Render), s.Pages
	if policy.Providers, err = s.providers(); err != nil {
		return nil, err
	}
	if err := s.deadlines(policy); err != nil {
		return nil, err
	}
	if given, err := s.documentRules(); err != nil {
		return nil, err
	} else if given != nil {
		policy.Documents = given
	}
	if err := s.domainLists(policy); err != nil {
		return nil, err
	}
	return policy, s.Papers.fill(policy)
}

// deadlines sets in how many working days what was found is to be mended.
func (s *settings) deadlines(policy *detect.Policy) error {
	if err := detect.CheckRectify(s.Rectify, rules.All); err != nil {
		return usage("config, rectify: %v", err)
	}
	maps.Copy(policy.Rectify, s.Rectify)
	if s.HolidaysFile == "" {
		return nil
	}
	f, err := os.Open(s.HolidaysFile)
	if err != nil {
		return usage("config, holidays-file: %v; give the path of a file in the form of detect/workday/holidays.txt or of holiday-cn's JSON", err)
	}
	defer f.Close()
	if policy.Workdays, err = workday.Read(f); err != nil {
		return usage("config, holidays-file %s: %v", s.HolidaysFile, err)
	}
	return nil
}

// providers reads the networks of access providers, nil if none are given.
func (s *settings) providers() (lists.Providers, error) {
	if s.Providers == "" {
		return nil, nil
	}
	f, err := os.Open(s.Providers)
	if err != nil {
		return nil, usage("config, providers-file: %v; give the path of a file with a line for each network: PREFIX NAME", err)
	}
	defer f.Close()
	providers, err := lists.ReadProviders(f)
	if err != nil {
		return nil, usage("config, providers-file %s: %v", s.Providers, err)
	}
	return providers, nil
}

// networks says where addresses are: the embedded data, --mainland-net and
// the user's file.
func (s *settings) networks() (*mainland.Networks, error) {
	nets, err := prefixes("mainland-net", s.MainlandNet)
	if err != nil {
		return nil, err
	}
	var user io.Reader
	if s.MainlandFile != "" {
		data, err := os.ReadFile(s.MainlandFile)
		if err != nil {
			return nil, fmt.Errorf("reading --mainland-file: %w", err)
		}
		user = bytes.NewReader(data)
	}
	networks, err := mainland.New(nets, user)
	if err != nil {
		return nil, usage("--mainland-file %s: %v", s.MainlandFile, err)
	}
	return networks, nil
}

// reach makes what every look needs: the resolver and the guard.
func (s *settings) reach() (*dns.Resolver, *guard.Guard, error) {
	allow, err := prefixes("allow-net", s.AllowNet)
	if err != nil {
		return nil, nil, err
	}
	ports, err := portMap(s.MapPort)
	if err != nil {
		return nil, nil, err
	}
	extra := make([]uint16, 0, len(s.Ports))
	for _, port := range s.Ports {
		if port == 0 || port > 65535 {
			return nil, nil, usage("--port %d: give a number from 1 to 65535", port)
		}
		extra = append(extra, uint16(port))
	}
	resolver, err := dns.New(dns.Options{Upstreams: s.Resolvers})
	if err != nil {
		return nil, nil, usage("--resolver: %v", err)
	}
	return resolver, guard.New(allow, ports, extra...), nil
}

// resolve asks the resolver for every address of host.
func resolve(resolver *dns.Resolver) func(context.Context, string) ([]netip.Addr, error) {
	return func(ctx context.Context, host string) ([]netip.Addr, error) {
		if a, err := netip.ParseAddr(host); err == nil {
			return []netip.Addr{a}, nil
		}
		name, err := dns.Name(host)
		if err != nil {
			return nil, err
		}
		var addrs []netip.Addr
		var failure *crawler.Failure
		for _, l := range resolver.Addresses(ctx, name, 0) {
			addrs = append(addrs, l.Addrs...)
			if l.Failure != nil {
				failure = l.Failure
			}
		}
		if len(addrs) == 0 && failure != nil {
			return nil, fmt.Errorf("resolving %s: %s", name, failure)
		}
		return addrs, nil
	}
}

// mustExist says what to do when a database is read that is not there.
func mustExist(db string) error {
	if strings.Contains(db, "://") {
		return nil // no file: opening it says what is wrong
	}
	if _, err := os.Stat(store.Name(db)); errors.Is(err, fs.ErrNotExist) {
		return usage("no results in %s: begin a run with 'beianwatch scan INVENTORY', or name another database with --db", db)
	}
	return nil
}
