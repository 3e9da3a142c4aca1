package crawler

import (
	"net/netip"
	"time"
)

// ServerInventory is the Server of a Lookup that no one was asked for: the
// inventory names the address to dial.
const ServerInventory = "inventory"

// An answer is good for its TTL, within these bounds. Below the lower one a
// visit would ask again at every hop of the same site; the upper one is the
// longest that a plan may be ahead of its visits.
const (
	minTTL = 30 * time.Second
	maxTTL = 10 * time.Minute
)

// Pin records that addr is to be dialled for name, whatever DNS says of it
// (Target.Address). A pinned name is never asked of DNS.
func (o *Observation) Pin(name string, addr netip.Addr, at time.Time) {
	kind := "A"
	if addr.Is6() {
		kind = "AAAA"
	}
	o.Lookups = append(o.Lookups, Lookup{Name: name, Type: kind, Server: ServerInventory, At: at,
		RCode: "NOERROR", Addrs: []netip.Addr{addr}, TTL: maxTTL})
}

// Addresses returns what the lookups say of a name: its addresses, IPv4 first,
// or else why there are none. Only the last answer of each type counts. Both
// results are nil if the name was not asked for.
func (o *Observation) Addresses(name string) ([]netip.Addr, *Failure) {
	var v4, v6 *Lookup
	for i := range o.Lookups {
		l := &o.Lookups[i]
		switch {
		case l.Name != name:
		case l.Server == ServerInventory:
			return l.Addrs, nil
		case l.Type == "A":
			v4 = l
		case l.Type == "AAAA":
			v6 = l
		}
	}
	var addrs []netip.Addr
	var failure *Failure
	for _, l := range []*Lookup{v4, v6} {
		if l == nil {
			continue
		}
		addrs = append(addrs, l.Addrs...)
		if l.Failure != nil && (failure == nil || lessCertain(l.Failure.Kind, failure.Kind)) {
			failure = l.Failure
		}
	}
	if len(addrs) > 0 {
		return addrs, nil
	}
	return nil, failure
}

// lessCertain reports whether a failure says less about the name than another.
// If one of the two questions was not answered, no one knows whether the name
// has an address; and a name that exists for one of them exists.
func lessCertain(a, b FailureKind) bool {
	rank := func(k FailureKind) int {
		switch k {
		case FailDNSNoName:
			return 0
		case FailDNSNoAddr:
			return 1
		}
		return 2
	}
	return rank(a) > rank(b)
}

// Fresh reports whether the lookup gave an answer that may still be dialled: not
// older than its TTL (30 s at least, 10 min at most). A failure is never fresh.
func (l *Lookup) Fresh(now time.Time) bool {
	if l.Server == ServerInventory {
		return true
	}
	return l.Failure == nil && now.Sub(l.At) <= min(max(l.TTL, minTTL), maxTTL)
}
