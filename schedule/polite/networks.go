package polite

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	bilingual "github.com/beianwatch/beianwatch/crawler/message" // the package has a type message
)

// A Network has limits of its own, such as a CDN that bears more than a single
// server, or a small provider that bears less. It counts as one address unless
// ByAddress is set.
type Network struct {
	Net       netip.Prefix
	Name      string  // for people
	PerIP     int     // requests in flight; 0: no limit
	Rate      float64 // requests a second; 0: no limit
	ByAddress bool    // the limits are each address' own; else the whole network counts as one address
}

// CheckNetworks returns an error if two networks overlap: it would not be clear
// whose limits hold.
func CheckNetworks(networks []Network) error {
	sorted := slices.SortedFunc(slices.Values(networks), func(a, b Network) int { return cmp.Compare(a.Net.Bits(), b.Net.Bits()) })
	for i, a := range sorted {
		for _, b := range sorted[i+1:] {
			if a.Net.Overlaps(b.Net) {
				return bilingual.Errorf("网段 %s（%s）与 %s（%s）重叠：请去掉一个，或拆开", "the networks %s (%s) and %s (%s) overlap: leave one out, or cut it in parts", a.Net, a.Name, b.Net, b.Name)
			}
		}
	}
	return nil
}

// limits are what one address bears.
type limits struct {
	slots int           // requests in flight; 0: no limit
	gap   time.Duration // from one request to the next; 0: no limit
}

func newLimits(perIP int, rate float64) limits {
	l := limits{slots: max(perIP, 0)}
	if rate > 0 {
		l.gap = time.Duration(float64(time.Second) / rate)
	}
	return l
}

// none reports whether nothing is limited.
func (l limits) none() bool { return l.slots == 0 && l.gap == 0 }

// abreast is how many names of one address are worth visiting side by side.
func (l limits) abreast() int {
	if l.slots > 0 {
		return l.slots
	}
	return 64 // the number is not limited: enough for sites that take their time
}

// A networkTable finds the network of an address. Networks do not overlap, so
// the first that fits is the one.
type networkTable struct {
	lengths []int // of prefixes, each once
	byNet   map[netip.Prefix]*Network
}

func newNetworkTable(networks []Network) networkTable {
	t := networkTable{byNet: make(map[netip.Prefix]*Network, len(networks))}
	for i := range networks {
		n := networks[i]
		n.Net = n.Net.Masked()
		t.byNet[n.Net] = &n
		if !slices.Contains(t.lengths, n.Net.Bits()) {
			t.lengths = append(t.lengths, n.Net.Bits())
		}
	}
	return t
}

// of returns the network of an address, nil if it is in none.
func (t *networkTable) of(a netip.Addr) *Network {
	for _, bits := range t.lengths {
		if p, err := a.Prefix(bits); err == nil && t.byNet[p] != nil {
			return t.byNet[p]
		}
	}
	return nil
}
