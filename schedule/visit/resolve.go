package visit

import (
	"context"
	"hash/fnv"
	"net/netip"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler"
)

// Resolve asks for the addresses of a domain and, where a registrable one has
// none, for those of www. pinned is the address that the inventory names; if it
// is valid no server is asked. attempt is the number of visits before this one
// in the run: each begins with another resolver.
//
// It always returns at least one lookup; failures are in it, our own too.
func (s *Scanner) Resolve(ctx context.Context, domain string, pinned netip.Addr, attempt int) []crawler.Lookup {
	first := firstUpstream(domain, attempt)
	if pinned.IsValid() {
		var obs crawler.Observation
		obs.Pin(domain, pinned, time.Now())
		return obs.Lookups
	}
	if _, err := netip.ParseAddr(domain); err == nil {
		return []crawler.Lookup{s.Resolver.Lookup(ctx, domain, "A", first), s.Resolver.Lookup(ctx, domain, "AAAA", first)}
	}
	lookups := s.addresses(ctx, nil, domain, first)
	if !HasAddress(lookups) && Registrable(domain) {
		lookups = s.addresses(ctx, lookups, "www."+domain, first)
	}
	return lookups
}

// firstUpstream is the index of the resolver to begin with: names are spread
// over all of them, and each further visit begins with the next.
func firstUpstream(domain string, attempt int) int {
	h := fnv.New32a()
	h.Write([]byte(domain))
	return int(h.Sum32()&0xffff) + attempt
}

// addresses asks for A, and for AAAA only where that gave none: the web client
// dials IPv4 first, and nearly every site would cost a second question.
func (s *Scanner) addresses(ctx context.Context, lookups []crawler.Lookup, name string, first int) []crawler.Lookup {
	a := s.Resolver.Lookup(ctx, name, "A", first)
	lookups = append(lookups, a)
	if f := a.Failure; f != nil && f.Kind != crawler.FailOurs {
		lookups = append(lookups, s.Resolver.Lookup(ctx, name, "AAAA", first))
	}
	return lookups
}

// HasAddress reports whether any of the lookups found an address.
func HasAddress(lookups []crawler.Lookup) bool {
	for i := range lookups {
		if len(lookups[i].Addrs) > 0 {
			return true
		}
	}
	return false
}

// Registrable reports whether the domain is one that is registered itself, not
// a name below one: then www. is worth asking for in front of it.
func Registrable(domain string) bool {
	apex, err := publicsuffix.EffectiveTLDPlusOne(domain)
	return err == nil && apex == domain
}

// usable reports whether answers from an earlier stage still hold. A failure is
// never fresh, but it need not be asked for again in the same visit if it has
// only just come.
func usable(lookups []crawler.Lookup, now time.Time) bool {
	if len(lookups) == 0 {
		return false
	}
	fresh := false
	for i := range lookups {
		l := &lookups[i]
		fresh = fresh || len(l.Addrs) > 0 && l.Fresh(now)
		if l.Failure != nil && now.Sub(l.At) > failureGood {
			return false
		}
	}
	return fresh || !HasAddress(lookups)
}

// failureGood is how long a failed lookup holds within one visit.
const failureGood = 5 * time.Second

// ourFailure returns the failure of a lookup that says that we were stopped,
// nil if there is none or an address was found.
func ourFailure(lookups []crawler.Lookup) *crawler.Failure {
	if HasAddress(lookups) {
		return nil
	}
	for i := range lookups {
		if f := lookups[i].Failure; f != nil && f.Kind == crawler.FailOurs {
			return f
		}
	}
	return nil
}
