package settings

import (
	"context"
	"net/netip"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/schedule/polite"
)

// A NetworkLimits is an entry of networks in the config: a network with limits
// of its own. What it leaves out is as elsewhere.
type NetworkLimits struct {
	Net   string   `yaml:"net"`
	Name  string   `yaml:"name"`
	PerIP *int     `yaml:"per-ip"`
	Rate  *float64 `yaml:"per-ip-rate"`
	Lane  string   `yaml:"lane"` // network (the default): it counts as one address; address: each of its addresses does
}

// Gate makes what keeps politeness per address.
func (s *Settings) Gate() (*polite.Gate, error) {
	networks := make([]polite.Network, 0, len(s.Networks))
	for _, n := range s.Networks {
		prefix, err := netip.ParsePrefix(n.Net)
		if err != nil {
			return nil, Usage("配置 networks：net %q：请写网段，例如 203.0.113.0/24", "config, networks: net %q: give a network such as 203.0.113.0/24", n.Net)
		}
		limited := polite.Network{Net: prefix.Masked(), Name: n.Name, PerIP: s.PerIP, Rate: s.PerIPRate, ByAddress: n.Lane == "address"}
		if n.PerIP != nil {
			limited.PerIP = *n.PerIP
		}
		if n.Rate != nil {
			limited.Rate = *n.Rate
		}
		if limited.PerIP < 0 || limited.Rate < 0 {
			return nil, Usage("配置 networks：%s：per-ip 和 per-ip-rate 须为 0（不限）或更大", "config, networks: %s: give 0 (no limit) or more for per-ip and per-ip-rate", n.Net)
		}
		if n.Lane != "" && n.Lane != "network" && n.Lane != "address" {
			return nil, Usage("配置 networks：%s：lane %q：须为 network（整个网段算一个地址）或 address", "config, networks: %s: lane %q: must be network (all of it counts as one address) or address", n.Net, n.Lane)
		}
		networks = append(networks, limited)
	}
	if err := polite.CheckNetworks(networks); err != nil {
		return nil, Usage("配置：%v", "config: %v", err)
	}
	return polite.NewGate(s.PerIP, s.PerIPRate, networks), nil
}

// Reach makes what every look needs: the resolver and the guard.
func (s *Settings) Reach() (*dns.Resolver, *guard.Guard, error) {
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
			return nil, nil, Usage("--port %d：须为 1 至 65535", "--port %d: give a number from 1 to 65535", port)
		}
		extra = append(extra, uint16(port))
	}
	resolver, err := dns.New(dns.Options{Upstreams: s.Resolvers, Plain: s.DNSClient == "plain"})
	if err != nil {
		return nil, nil, Usage("--resolver：%v", "--resolver: %v", err)
	}
	return resolver, guard.New(allow, ports, extra...), nil
}

// Resolve asks the resolver for every address of host.
func Resolve(resolver *dns.Resolver) func(context.Context, string) ([]netip.Addr, error) {
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
			return nil, message.Errorf("解析 %s：%s", "resolving %s: %s", name, failure.Kind)
		}
		return addrs, nil
	}
}
