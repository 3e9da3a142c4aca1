package mainland

import (
	"net/netip"
	"slices"
)

// A table maps prefixes to values, the longest prefix first. The national
// lists that users load have some 10,000 prefixes of about 20 lengths; one map
// look-up per length is a microsecond at most.
type table struct {
	lengths []int // the prefix lengths in use, longest first; IPv6 lengths are counted from 1000
	values  map[netip.Prefix]string
}

// length keeps the lengths of IPv4 and IPv6 prefixes apart.
func length(p netip.Prefix) int {
	if p.Addr().Is6() {
		return 1000 + p.Bits()
	}
	return p.Bits()
}

// add enters a prefix; a later value for the same prefix replaces the earlier.
func (t *table) add(p netip.Prefix, value string) {
	p = plain(p)
	if t.values == nil {
		t.values = make(map[netip.Prefix]string)
	}
	t.values[p] = value
	at, ok := slices.BinarySearchFunc(t.lengths, length(p), func(have, want int) int { return want - have })
	if !ok {
		t.lengths = slices.Insert(t.lengths, at, length(p))
	}
}

// plain gives a prefix the one form that look-ups use: masked, and an
// IPv4-mapped IPv6 prefix as IPv4.
func plain(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked()
}

// find returns the value of the longest prefix that holds addr, which is not
// an IPv4-mapped address.
func (t *table) find(addr netip.Addr) (string, bool) {
	for _, n := range t.lengths {
		if addr.Is6() != (n >= 1000) {
			continue
		}
		p, err := addr.Prefix(n % 1000)
		if err != nil {
			continue // cannot be: the lengths are those of valid prefixes
		}
		if v, ok := t.values[p]; ok {
			return v, true
		}
	}
	return "", false
}
