package web

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// The addresses of a site are tried in turn, IPv4 first; the failure told is
// that of the first.
func TestFallingOver(t *testing.T) {
	dead := func(n *internet, addr string) {
		n.name("dead", addr)
		n.shut("dead", 80)
	}
	for name, c := range map[string]struct {
		addrs []string
		serve string // the address that serves; "" for none
		want  crawler.FailureKind
		asked []string
	}{
		"the first serves":       {[]string{"127.8.0.1", "127.8.0.2"}, "127.8.0.1", "", []string{"a.cn A"}},
		"the second serves":      {[]string{"127.8.0.1", "127.8.0.2"}, "127.8.0.2", "", []string{"a.cn A"}},
		"only IPv6":              {[]string{"::1"}, "::1", "", []string{"a.cn A", "a.cn AAAA"}},
		"IPv4 dead, IPv6 serves": {[]string{"127.8.0.1", "::1"}, "::1", "", []string{"a.cn A", "a.cn AAAA"}},
		"IPv4 goes first":        {[]string{"::1", "127.8.0.1"}, "127.8.0.1", "", []string{"a.cn A"}},
		"all dead":               {[]string{"127.8.0.1", "127.8.0.2"}, "", crawler.FailRefused, []string{"a.cn A", "a.cn AAAA"}},
		"a forbidden one first":  {[]string{"10.0.0.1", "127.8.0.2"}, "127.8.0.2", "", []string{"a.cn A"}},
		"only forbidden ones":    {[]string{"10.0.0.1", "192.168.0.1"}, "", crawler.FailGuard, []string{"a.cn A", "a.cn AAAA"}},
		"the fourth is too late": {[]string{"127.8.0.1", "127.8.0.2", "127.8.0.3", "127.8.0.4"}, "127.8.0.4", crawler.FailRefused, []string{"a.cn A", "a.cn AAAA"}},
		"dead, then unreachable": {[]string{"127.8.0.1", "240.0.0.1"}, "", crawler.FailRefused, []string{"a.cn A", "a.cn AAAA"}},
		"no such name":           {nil, "", crawler.FailDNSNoName, []string{"a.cn A", "a.cn AAAA"}},
	} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			if c.addrs != nil {
				n.name("a.cn", c.addrs...)
			}
			for _, a := range c.addrs {
				if a == c.serve {
					n.name("alive", a)
					n.site("alive", hello)
				} else if netip.MustParseAddr(a).IsLoopback() {
					dead(n, a)
				}
			}
			v := n.home("a.cn")
			if kindOf(v) != c.want {
				t.Fatalf("failure %v, want %q", v.Failure, c.want)
			}
			if c.want == "" && v.Last().Addr.Addr().String() != c.serve {
				t.Errorf("answered by %v, want %s", v.Last().Addr, c.serve)
			}
			if !slices.Equal(n.questions(), c.asked) {
				t.Errorf("asked of DNS: %q, want %q", n.questions(), c.asked)
			}
		})
	}
}

func TestLookupsOfTheObservation(t *testing.T) {
	now := time.Now()
	const there, old = "127.8.1.1", "127.8.1.2"
	lookup := func(age, ttl time.Duration, addr string) crawler.Lookup {
		return crawler.Lookup{Name: "a.cn", Type: "A", RCode: "NOERROR", Server: "x", At: now.Add(-age), TTL: ttl,
			Addrs: []netip.Addr{netip.MustParseAddr(addr)}}
	}
	failed := crawler.Lookup{Name: "a.cn", Type: "A", At: now, Failure: crawler.NewFailure(crawler.FailDNSNoName, "")}
	pinned := crawler.Lookup{Name: "a.cn", Type: "A", Server: crawler.ServerInventory, At: now.Add(-time.Hour), Addrs: []netip.Addr{netip.MustParseAddr(there)}}
	for name, c := range map[string]struct {
		lookups []crawler.Lookup
		asks    int
	}{
		"fresh":                       {[]crawler.Lookup{lookup(time.Minute, 5*time.Minute, there)}, 0},
		"a short TTL lasts a visit":   {[]crawler.Lookup{lookup(20*time.Second, 0, there)}, 0},
		"older than its TTL":          {[]crawler.Lookup{lookup(6*time.Minute, 5*time.Minute, old)}, 1},
		"older than ten minutes":      {[]crawler.Lookup{lookup(11*time.Minute, time.Hour, old)}, 1},
		"a failure is asked again":    {[]crawler.Lookup{failed}, 1},
		"a failure after an answer":   {[]crawler.Lookup{lookup(time.Hour, time.Minute, old), failed}, 1},
		"pinned, however old":         {[]crawler.Lookup{pinned}, 0},
		"pinned, whatever else":       {[]crawler.Lookup{lookup(0, time.Minute, old), pinned}, 0},
		"pinned, and a failure later": {[]crawler.Lookup{pinned, failed}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			n.name("a.cn", there)
			n.site("a.cn", hello)
			obs := &crawler.Observation{Domain: "a.cn", Lookups: slices.Clone(c.lookups)}
			do(context.Background(), n.client(), obs, crawler.Ask{Kind: crawler.AskHome})
			if v := &obs.Visits[0]; v.Failure != nil || v.Last().Addr.Addr().String() != there {
				t.Errorf("failure %v, %+v", v.Failure, v.Hops)
			}
			if len(n.questions()) != c.asks || len(obs.Lookups) != len(c.lookups)+c.asks {
				t.Errorf("asked %q, %d lookups kept", n.questions(), len(obs.Lookups))
			}
		})
	}
}

func TestPinnedAddressIsTheOnlyOne(t *testing.T) {
	n := newInternet(t)
	n.name("a.cn", "127.8.2.1")
	n.site("a.cn", hello)
	n.name("dead", "127.8.2.2")
	n.shut("dead", 80)
	obs := &crawler.Observation{Domain: "a.cn"}
	obs.Pin("a.cn", netip.MustParseAddr("127.8.2.2"), time.Now())
	do(context.Background(), n.client(), obs, crawler.Ask{Kind: crawler.AskHome})
	if v := &obs.Visits[0]; kindOf(v) != crawler.FailRefused || len(n.questions()) != 0 {
		t.Errorf("failure %v, asked %q", v.Failure, n.questions())
	}
}

// Where http and https fail one after the other, IPv6 is asked for once.
func TestIPv6IsAskedForOnceInALook(t *testing.T) {
	n := newInternet(t)
	n.name("a.cn", "127.8.4.1")
	n.shut("a.cn", 80)
	n.shut("a.cn", 443)
	obs := look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskHome}, crawler.Ask{Kind: crawler.AskHTTPS})
	if kindOf(&obs.Visits[0]) != crawler.FailRefused || kindOf(&obs.Visits[1]) != crawler.FailRefused {
		t.Errorf("failures %v, %v", obs.Visits[0].Failure, obs.Visits[1].Failure)
	}
	if want := []string{"a.cn A", "a.cn AAAA"}; !slices.Equal(n.questions(), want) {
		t.Errorf("asked of DNS: %q, want %q", n.questions(), want)
	}
	// What was asked long before, or could not be asked, is asked again.
	for name, l := range map[string]crawler.Lookup{
		"old":  {Name: "a.cn", Type: "AAAA", At: time.Now().Add(-time.Minute), Failure: crawler.NewFailure(crawler.FailDNSNoAddr, "")},
		"ours": {Name: "a.cn", Type: "AAAA", At: time.Now(), Failure: crawler.NewFailure(crawler.FailOurs, "")},
	} {
		before := len(n.questions())
		obs.Lookups = append(obs.Lookups[:1:1], l)
		do(t.Context(), n.client(), obs, crawler.Ask{Kind: crawler.AskHome})
		if asked := n.questions()[before:]; !slices.Equal(asked, []string{"a.cn AAAA"}) {
			t.Errorf("%s: asked of DNS: %q", name, asked)
		}
	}
}

// The address that answered is asked again first, by later hops and later asks.
func TestTheAddressUsedIsKeptTo(t *testing.T) {
	n := newInternet(t)
	n.name("dead", "127.8.3.1")
	n.shut("dead", 80)
	n.name("alive", "127.8.3.2")
	n.site("alive", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		to(302, "/x")(w, r)
	})
	n.name("a.cn", "127.8.3.1", "127.8.3.2")
	var asked []string
	obs := look(n.client(func(o *Options) {
		o.Gate = func(_ context.Context, a netip.Addr) (func(), error) {
			asked = append(asked, a.String())
			return func() {}, nil
		}
	}), "a.cn", crawler.Ask{Kind: crawler.AskHome}, crawler.Ask{Kind: crawler.AskFollow, URL: "http://a.cn/y"})
	want := []string{"127.8.3.1", "127.8.3.2", "127.8.3.2", "127.8.3.2"}
	if obs.Visits[1].Failure != nil || !slices.Equal(asked, want) {
		t.Errorf("dialled %v, want %v; failure %v", asked, want, obs.Visits[1].Failure)
	}
}
