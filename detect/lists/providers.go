package lists

import (
	"io"
	"net/netip"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// Providers knows the networks of access providers by their names. It is the
// user's data: what a provider announces changes from week to week, and which
// of it counts as that provider's access is for its customers to know.
type Providers map[string][]netip.Prefix

// ReadProviders reads lines of a network in CIDR form and the provider's name
// as the inventory writes it (接入服务商). Empty lines and what follows a # are
// passed over. An error names the line.
func ReadProviders(r io.Reader) (Providers, error) {
	providers := Providers{}
	err := eachLine(r, func(text string) error {
		fields := strings.Fields(text)
		p, err := netip.ParsePrefix(fields[0])
		if err != nil || len(fields) < 2 {
			return message.Errorf("请写网段和接入商名称，例如“203.0.113.0/24 某云”", "write a network and the provider's name, like \"203.0.113.0/24 某云\"")
		}
		name := strings.Join(fields[1:], " ")
		providers[name] = append(providers[name], p.Masked())
		return nil
	})
	if err != nil {
		return nil, message.Errorf("接入商列表%w", "reading providers, %w", err)
	}
	return providers, nil
}

// Serves reports whether one of the addresses is in the provider's networks;
// known is false if nothing is known of the provider.
func (p Providers) Serves(name string, addrs []netip.Addr) (serves, known bool) {
	nets := p[strings.Join(strings.Fields(name), " ")]
	for _, net := range nets {
		for _, addr := range addrs {
			if net.Contains(addr.Unmap()) {
				return true, true
			}
		}
	}
	return false, len(nets) > 0
}
