package crawler

import (
	"net/netip"
	"slices"
	"testing"
	"time"
)

func TestAddresses(t *testing.T) {
	four, six := netip.MustParseAddr("1.2.3.4"), netip.MustParseAddr("2400::1")
	a := Lookup{Name: "a.cn", Type: "A", Addrs: []netip.Addr{four}}
	aaaa := Lookup{Name: "a.cn", Type: "AAAA", Addrs: []netip.Addr{six}}
	fail := func(qtype string, k FailureKind) Lookup {
		return Lookup{Name: "a.cn", Type: qtype, Failure: NewFailure(k, "")}
	}
	for name, c := range map[string]struct {
		lookups []Lookup
		addrs   []netip.Addr
		failure FailureKind
	}{
		"never asked":                     {nil, nil, ""},
		"another name":                    {[]Lookup{{Name: "b.cn", Type: "A", Addrs: []netip.Addr{four}}}, nil, ""},
		"both":                            {[]Lookup{aaaa, a}, []netip.Addr{four, six}, ""},
		"one, and none of the other":      {[]Lookup{a, fail("AAAA", FailDNSNoAddr)}, []netip.Addr{four}, ""},
		"one, and the other unknown":      {[]Lookup{a, fail("AAAA", FailDNSTimeout)}, []netip.Addr{four}, ""},
		"neither exists":                  {[]Lookup{fail("A", FailDNSNoAddr), fail("AAAA", FailDNSNoAddr)}, nil, FailDNSNoAddr},
		"none, and the other unknown":     {[]Lookup{fail("A", FailDNSNoAddr), fail("AAAA", FailDNSTimeout)}, nil, FailDNSTimeout},
		"unknown, and none of the other":  {[]Lookup{fail("A", FailDNSServer), fail("AAAA", FailDNSNoAddr)}, nil, FailDNSServer},
		"no such name":                    {[]Lookup{fail("A", FailDNSNoName)}, nil, FailDNSNoName},
		"the last answer counts":          {[]Lookup{fail("A", FailDNSNoName), a}, []netip.Addr{four}, ""},
		"the last answer counts, failing": {[]Lookup{a, fail("A", FailDNSNoName)}, nil, FailDNSNoName},
	} {
		o := Observation{Lookups: c.lookups}
		addrs, f := o.Addresses("a.cn")
		var kind FailureKind
		if f != nil {
			kind = f.Kind
		}
		if !slices.Equal(addrs, c.addrs) || kind != c.failure {
			t.Errorf("%s: %v, %v, want %v, %q", name, addrs, f, c.addrs, c.failure)
		}
	}
}

func TestPin(t *testing.T) {
	for _, s := range []string{"1.2.3.4", "2400::1"} {
		addr := netip.MustParseAddr(s)
		o := Observation{Lookups: []Lookup{{Name: "a.cn", Type: "A", Addrs: []netip.Addr{netip.MustParseAddr("9.9.9.9")}}}}
		o.Pin("a.cn", addr, time.Now().Add(-time.Hour))
		o.Lookups = append(o.Lookups, Lookup{Name: "a.cn", Type: "A", Failure: NewFailure(FailDNSNoName, "")})
		if got, f := o.Addresses("a.cn"); !slices.Equal(got, []netip.Addr{addr}) || f != nil {
			t.Errorf("%v, %v, want %v", got, f, addr)
		}
		if l := o.Lookups[1]; !l.Fresh(time.Now()) || l.Server != ServerInventory || l.Failure != nil {
			t.Errorf("%+v", l)
		}
	}
}

func TestFresh(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		age, ttl time.Duration
		failed   bool
		want     bool
	}{
		{time.Minute, 5 * time.Minute, false, true},
		{6 * time.Minute, 5 * time.Minute, false, false},
		{20 * time.Second, 0, false, true},
		{40 * time.Second, 0, false, false},
		{9 * time.Minute, 24 * time.Hour, false, true},
		{11 * time.Minute, 24 * time.Hour, false, false},
		{0, time.Hour, true, false},
	} {
		l := Lookup{At: now.Add(-c.age), TTL: c.ttl}
		if c.failed {
			l.Failure = NewFailure(FailDNSTimeout, "")
		}
		if l.Fresh(now) != c.want {
			t.Errorf("age %v, TTL %v, failed %v: fresh %v", c.age, c.ttl, c.failed, !c.want)
		}
	}
}
