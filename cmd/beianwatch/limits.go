package main

import (
	"net/netip"

	"github.com/beianwatch/beianwatch/schedule/polite"
)

// A networkLimits is an entry of networks in the config: a network with limits
// of its own. What it leaves out is as elsewhere.
type networkLimits struct {
	Net   string   `yaml:"net"`
	Name  string   `yaml:"name"`
	PerIP *int     `yaml:"per-ip"`
	Rate  *float64 `yaml:"per-ip-rate"`
	Lane  string   `yaml:"lane"` // network (the default): it counts as one address; address: each of its addresses does
}

// gate makes what keeps politeness per address.
func (s *settings) gate() (*polite.Gate, error) {
	networks := make([]polite.Network, 0, len(s.Networks))
	for _, n := range s.Networks {
		prefix, err := netip.ParsePrefix(n.Net)
		if err != nil {
			return nil, usage("config, networks: net %q: give a network such as 203.0.113.0/24", n.Net)
		}
		limited := polite.Network{Net: prefix.Masked(), Name: n.Name, PerIP: s.PerIP, Rate: s.PerIPRate, ByAddress: n.Lane == "address"}
		if n.PerIP != nil {
			limited.PerIP = *n.PerIP
		}
		if n.Rate != nil {
			limited.Rate = *n.Rate
		}
		if limited.PerIP < 0 || limited.Rate < 0 {
			return nil, usage("config, networks: %s: give 0 (no limit) or more for per-ip and per-ip-rate", n.Net)
		}
		if n.Lane != "" && n.Lane != "network" && n.Lane != "address" {
			return nil, usage("config, networks: %s: lane %q: say network (all of it counts as one address) or address", n.Net, n.Lane)
		}
		networks = append(networks, limited)
	}
	if err := polite.CheckNetworks(networks); err != nil {
		return nil, usage("config: %v", err)
	}
	return polite.NewGate(s.PerIP, s.PerIPRate, networks), nil
}
