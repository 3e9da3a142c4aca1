package web

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// All ways to a site are asked side by side: at each address of the name, over
// http and https, with and without www.
func TestAsksSideBySide(t *testing.T) {
	n := newInternet(t)
	const first, second, www = "127.8.20.1", "127.8.20.2", "127.8.20.3"
	n.name("one", first)
	n.name("two", second)
	n.name("three", www)
	var under atomic.Int32
	met := make(chan struct{})
	meet := func(name string) http.HandlerFunc { // no answer before all are there
		return func(w http.ResponseWriter, r *http.Request) {
			if under.Add(1) == 4 {
				close(met)
			}
			<-met
			http.SetCookie(w, &http.Cookie{Name: "k", Value: name})
			fmt.Fprintf(w, "%s %s%s", name, r.Host, r.Header.Get("Cookie"))
		}
	}
	n.site("one", meet("one"))
	n.site("two", meet("two"))
	n.secure("one", selfSigned(t, "a.cn"), meet("one, secure"))
	n.secure("three", selfSigned(t, "www.a.cn"), meet("three, secure"))
	n.name("a.cn", first, second)
	n.name("www.a.cn", www)
	obs := &crawler.Observation{Domain: "a.cn"}
	s := n.client().Session(obs)
	defer s.Close()
	s.DoAll(t.Context(), []crawler.Ask{
		{Kind: crawler.AskHome},
		{Kind: crawler.AskHTTPS},
		{Kind: crawler.AskHTTPSWWW},
		{Kind: crawler.AskAddress, URL: "http://a.cn/", Addr: netip.MustParseAddr(second)},
	})
	var got []string
	for _, v := range obs.Visits {
		if v.Last() == nil {
			t.Fatalf("%s: %v", v.Ask.Kind, v.Failure)
		}
		got = append(got, string(v.Last().Body))
	}
	if want := []string{"one a.cn", "one, secure a.cn", "three, secure www.a.cn", "two a.cn"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What goes on from a page is asked in turn, in its place.
func TestDoAllKeepsTheOrder(t *testing.T) {
	n := newInternet(t)
	n.site("a.cn", hello)
	obs := &crawler.Observation{Domain: "a.cn"}
	s := n.client().Session(obs)
	defer s.Close()
	s.DoAll(t.Context(), []crawler.Ask{
		{Kind: crawler.AskScript, URL: "http://a.cn/1"}, {Kind: crawler.AskHome}, {Kind: crawler.AskLookup},
		{Kind: crawler.AskRender}, {Kind: crawler.AskScript, URL: "http://a.cn/2"},
	})
	var got []string
	for i := range obs.Visits {
		got = append(got, urls(&obs.Visits[i])...)
	}
	if want := []string{"http://a.cn/1", "http://a.cn/", "http://a.cn/2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// An ask for one address dials no other, and stays with it for the hops at the
// same host; it is not kept to by later asks.
func TestAnotherAddress(t *testing.T) {
	n := newInternet(t)
	n.name("good", "127.8.21.1")
	n.name("dead", "127.8.21.2")
	n.shut("dead", 80)
	n.site("good", to(302, "/x"))
	n.name("a.cn", "127.8.21.2", "127.8.21.1")
	at := func(addr string) crawler.Ask {
		return crawler.Ask{Kind: crawler.AskAddress, URL: "http://a.cn/", Addr: netip.MustParseAddr(addr)}
	}
	obs := look(n.client(), "a.cn", at("127.8.21.1"), at("127.8.21.2"), crawler.Ask{Kind: crawler.AskAddress, URL: "http://a.cn/"})
	if v := &obs.Visits[0]; v.Failure != nil || !slices.Equal(urls(v), []string{"http://a.cn/", "http://a.cn/x"}) {
		t.Errorf("%v, %v", v.Failure, urls(v))
	}
	if kindOf(&obs.Visits[1]) != crawler.FailRefused || kindOf(&obs.Visits[2]) != crawler.FailOurs || obs.Trouble != "" {
		t.Errorf("%v, %v, %q", obs.Visits[1].Failure, obs.Visits[2].Failure, obs.Trouble)
	}
	if len(n.questions()) != 0 {
		t.Errorf("asked of DNS: %q", n.questions())
	}
}

// AskLookup asks for what is not known yet, and NXDOMAIN for A ends nothing.
func TestLookups(t *testing.T) {
	n := newInternet(t)
	n.name("a.cn", "127.8.22.1", "::1")
	n.name("www.a.cn", "127.8.22.1")
	n.site("a.cn", hello)
	obs := look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskHome}, crawler.Ask{Kind: crawler.AskLookup},
		crawler.Ask{Kind: crawler.AskLookup, URL: "https://www.a.cn/"}, crawler.Ask{Kind: crawler.AskLookup, URL: "http://127.0.0.1/"},
		crawler.Ask{Kind: crawler.AskLookup})
	want := []string{"a.cn A", "a.cn AAAA", "www.a.cn A", "www.a.cn AAAA"}
	if !slices.Equal(n.questions(), want) || len(obs.Visits) != 1 || len(obs.Lookups) != len(want) {
		t.Errorf("asked of DNS: %q, want %q; %d visits", n.questions(), want, len(obs.Visits))
	}
	if addrs, _ := obs.Addresses("a.cn"); len(addrs) != 2 {
		t.Errorf("addresses %v", addrs)
	}
}

// Addresses that this machine has no route to are named and left out; where none
// is left, nothing is known of the site.
func TestNoRoute(t *testing.T) {
	n := newInternet(t)
	far := netip.MustParseAddr("2400:3200::1")
	if !crawler.NoRoute(far) {
		t.Skip("this machine has a route to IPv6")
	}
	n.name("six.cn", far.String())
	n.name("both.cn", "127.8.23.1", far.String())
	n.shut("both.cn", 80)
	obs := look(n.client(), "six.cn", crawler.Ask{Kind: crawler.AskHome})
	if v := &obs.Visits[0]; kindOf(v) != crawler.FailOurs || obs.Trouble == "" || !slices.Equal(obs.Unrouted, []netip.Addr{far}) {
		t.Errorf("%v, trouble %q, unrouted %v", v.Failure, obs.Trouble, obs.Unrouted)
	}
	obs = look(n.client(), "both.cn", crawler.Ask{Kind: crawler.AskHome})
	if v := &obs.Visits[0]; kindOf(v) != crawler.FailRefused || !slices.Equal(obs.Unrouted, []netip.Addr{far}) {
		t.Errorf("%v, unrouted %v", v.Failure, obs.Unrouted)
	}
}
