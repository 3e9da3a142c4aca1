package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/registration"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// whoisPort is the port of WHOIS (RFC 3912).
const whoisPort = 43

// bindRegistry binds the flags of every command that may ask registries.
func (s *settings) bindRegistry(fs *pflag.FlagSet) {
	fs.BoolVar(&s.WHOIS, "whois", s.WHOIS, "ask WHOIS and RDAP who holds a domain, through which registrar and until when (slowly; answers are kept)")
	fs.StringArrayVar(&s.WHOISServers, "whois-server", s.WHOISServers, "WHOIS server as [SUFFIX=]HOST:PORT (repeatable; without a suffix: for .cn and its kin)")
	fs.StringVar(&s.RDAPServer, "rdap-server", s.RDAPServer, "URL of the RDAP server for all other names (default: by IANA's list)")
}

// whoisServers reads --whois-server: suffix → server, with the defaults for a
// server without a suffix.
func (s *settings) whoisServers() (map[string]string, error) {
	servers := map[string]string{}
	for _, given := range s.WHOISServers {
		suffix, server, named := strings.Cut(given, "=")
		if !named {
			suffix, server = "", given
		}
		if _, _, err := net.SplitHostPort(server); err != nil {
			return nil, usage("--whois-server %q: give [SUFFIX=]HOST:PORT, for example whois.cnnic.cn:43", given)
		}
		if !named {
			for _, own := range registration.WHOISSuffixes() {
				servers[own] = server
			}
			continue
		}
		label, err := dns.Name(strings.TrimPrefix(suffix, "."))
		if err != nil {
			return nil, usage("--whois-server %q: %v; give [SUFFIX=]HOST:PORT, for example cn=whois.cnnic.cn:43", given, err)
		}
		servers[label] = server
	}
	return servers, nil
}

// registryGuard is a guard that lets registries be dialled: like the one for
// sites, with the ports of the servers that the settings name.
func (s *settings) registryGuard(servers map[string]string) (*guard.Guard, error) {
	allow, err := prefixes("allow-net", s.AllowNet)
	if err != nil {
		return nil, err
	}
	ports := []uint16{whoisPort}
	add := func(what, port string) error {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return usage("%s: port %q is none; give a number from 1 to 65535", what, port)
		}
		ports = append(ports, uint16(n))
		return nil
	}
	for _, server := range servers {
		if _, port, err := net.SplitHostPort(server); err == nil {
			if err := add("--whois-server "+server, port); err != nil {
				return nil, err
			}
		}
	}
	if s.RDAPServer != "" {
		u, err := url.Parse(s.RDAPServer)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, usage("--rdap-server %q: give a URL such as https://rdap.example.com/", s.RDAPServer)
		}
		if port := u.Port(); port != "" {
			if err := add("--rdap-server "+s.RDAPServer, port); err != nil {
				return nil, err
			}
		}
	}
	return guard.New(allow, nil, ports...), nil
}

// registry makes what asks WHOIS and RDAP, nil without --whois. Answers are
// kept in the store, if there is one.
func (p *program) registry(resolver *dns.Resolver, s *store.Store) (*registration.Client, error) {
	if !p.WHOIS {
		return nil, nil
	}
	servers, err := p.whoisServers()
	if err != nil {
		return nil, err
	}
	g, err := p.registryGuard(servers)
	if err != nil {
		return nil, err
	}
	opt := registration.Options{Resolve: resolve(resolver), Guard: g, WHOIS: servers, RDAPServer: p.RDAPServer, Agent: p.agent(),
		Every: p.WHOISInterval, Fresh: p.WHOISFresh}
	if p.RDAPBootstrap != "" {
		if opt.Bootstrap, err = os.ReadFile(p.RDAPBootstrap); err != nil {
			return nil, usage("config, rdap-bootstrap: %v; save the file from https://data.iana.org/rdap/dns.json, or leave the key out", err)
		}
	}
	if s != nil {
		opt.Recall, opt.Keep = s.Registration, s.PutRegistration
	}
	c, err := registration.New(opt)
	if err != nil {
		return nil, usage("config, rdap-bootstrap %s: %v", p.RDAPBootstrap, err)
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

// domainLists reads the user's own lists about domains and pages into the
// policy.
func (s *settings) domainLists(policy *detect.Policy) error {
	for _, list := range []struct {
		key, path string
		read      func(io.Reader) error
	}{
		{"registrars-file", s.RegistrarsFile, func(r io.Reader) (err error) { policy.Registrars, err = lists.ReadRegistrars(r); return err }},
		{"suffixes-file", s.SuffixesFile, func(r io.Reader) (err error) { policy.Suffixes, err = lists.ReadSuffixes(r); return err }},
		{"shells-file", s.ShellsFile, func(r io.Reader) (err error) { policy.Shells, err = lists.ReadShells(r); return err }},
		{"holders-file", s.HoldersFile, func(r io.Reader) (err error) { policy.Holders, err = lists.ReadHolders(r); return err }},
		{"harmless-scripts-file", s.HarmlessFile, func(r io.Reader) (err error) { policy.Scripts, err = lists.ReadHarmlessScripts(r); return err }},
	} {
		if list.path == "" {
			continue
		}
		if err := readList(list.path, list.read); err != nil {
			return usage("config, %s %s: %v", list.key, list.path, err)
		}
	}
	return nil
}

// maxList bounds a list that a user gives, in bytes.
const maxList = 8 << 20

func readList(path string, read func(io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w; give the path of a text file", err)
	}
	defer f.Close()
	return read(io.LimitReader(f, maxList))
}
