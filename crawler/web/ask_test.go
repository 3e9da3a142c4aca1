package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

func hello(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host+r.URL.String()) }

func TestAsks(t *testing.T) {
	n := newInternet(t)
	conf := selfSigned(t, "a.cn")
	n.site("a.cn", hello)
	n.secure("a.cn", conf, hello)
	n.site("www.a.cn", hello)
	addr := netip.MustParseAddr(n.name("a.cn"))
	for _, c := range []struct {
		ask  crawler.Ask
		want string // Host and path as the server saw them
		url  string
	}{
		{crawler.Ask{Kind: crawler.AskHome}, "a.cn/", "http://a.cn/"},
		{crawler.Ask{Kind: crawler.AskHTTPS}, "a.cn/", "https://a.cn/"},
		{crawler.Ask{Kind: crawler.AskWWW}, "www.a.cn/", "http://www.a.cn/"},
		{crawler.Ask{Kind: crawler.AskNoName, Addr: addr}, addr.String() + "/", "http://" + addr.String() + "/"},
		{crawler.Ask{Kind: crawler.AskNoName, Addr: addr, URL: "https://a.cn/x?y"}, addr.String() + "/x?y", "https://" + addr.String() + "/x?y"},
		{crawler.Ask{Kind: crawler.AskFollow, URL: "http://a.cn/y#z", Via: crawler.ViaMeta}, "a.cn/y", "http://a.cn/y"},
		{crawler.Ask{Kind: crawler.AskScript, URL: "https://a.cn/app.js"}, "a.cn/app.js", "https://a.cn/app.js"},
	} {
		obs := look(n.client(), "a.cn", c.ask)
		v := &obs.Visits[0]
		p := v.Last()
		if p == nil || string(p.Body) != c.want || p.URL != c.url || p.Via != c.ask.Via || v.Ask != c.ask {
			t.Errorf("%+v: %v, hops %+v", c.ask, v.Failure, v.Hops)
			continue
		}
		if p.Proto != "HTTP/1.1" || p.Status != 200 || p.At.IsZero() || p.Took <= 0 || v.Took < p.Took || (p.TLS != nil) != strings.HasPrefix(c.url, "https") {
			t.Errorf("%+v: %+v", c.ask, p)
		}
		if want := netip.AddrPortFrom(p.Addr.Addr(), map[bool]uint16{true: 443, false: 80}[p.TLS != nil]); p.Addr != want {
			t.Errorf("%+v: address %v: the real port should be told, not the mapped one", c.ask, p.Addr)
		}
	}
	if obs := look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskRender}); len(obs.Visits) != 0 {
		t.Error("AskRender is not this client's")
	}
}

func TestAsksThatCannotBeMade(t *testing.T) {
	n := newInternet(t)
	for _, c := range []struct {
		ask  crawler.Ask
		want crawler.FailureKind
	}{
		{crawler.Ask{Kind: crawler.AskNoName}, crawler.FailOurs},
		{crawler.Ask{Kind: crawler.AskFollow}, crawler.FailScheme},
		{crawler.Ask{Kind: crawler.AskInner}, crawler.FailScheme},
		{crawler.Ask{Kind: crawler.AskFollow, URL: "weixin://dl"}, crawler.FailScheme},
		{crawler.Ask{Kind: crawler.AskFollow, URL: "javascript:void(0)"}, crawler.FailScheme},
		{crawler.Ask{Kind: crawler.AskFollow, URL: "//a.cn/"}, crawler.FailScheme},
		{crawler.Ask{Kind: crawler.AskFollow, URL: "http://"}, crawler.FailScheme},
		{crawler.Ask{Kind: crawler.AskFollow, URL: "http://a.cn:22/"}, crawler.FailScheme},
		{crawler.Ask{Kind: crawler.AskScript, URL: "file:///etc/passwd"}, crawler.FailScheme},
		{crawler.Ask{Kind: crawler.AskInner, URL: "ftp://a.cn/x"}, crawler.FailScheme},
		{crawler.Ask{Kind: crawler.AskFollow, URL: "http://10.0.0.1/"}, crawler.FailGuard},
	} {
		n.name("a.cn")
		obs := look(n.client(), "a.cn", c.ask)
		if v := obs.Visits[len(obs.Visits)-1]; kindOf(&v) != c.want || len(v.Hops) != 0 || v.Failed != c.ask.URL {
			t.Errorf("%+v: failure %v at %q, want %s", c.ask, v.Failure, v.Failed, c.want)
		}
	}
}

// What stands in the Host header and in the TLS hello is what a block is
// keyed on: with the name and without it must differ in nothing else.
func TestNoNameSendsNoName(t *testing.T) {
	n := newInternet(t)
	var sni atomic.Value
	conf := selfSigned(t, "a.cn")
	conf.GetConfigForClient = func(h *tls.ClientHelloInfo) (*tls.Config, error) {
		sni.Store(h.ServerName)
		return nil, nil
	}
	n.secure("a.cn", conf, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://a.cn/elsewhere", http.StatusFound)
	})
	addr := netip.MustParseAddr(n.name("a.cn"))
	obs := look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskNoName, Addr: addr, URL: "https://a.cn/"})
	if p := obs.Visits[0].Last(); p == nil || sni.Load() != "" || len(obs.Visits[0].Hops) != 1 || p.Status != 302 {
		t.Errorf("without the name: SNI %q, %+v", sni.Load(), obs.Visits[0])
	}
	if len(obs.Lookups) != 0 {
		t.Errorf("an address was looked up: %+v", obs.Lookups)
	}
	look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskHTTPS})
	if sni.Load() != "a.cn" {
		t.Errorf("with the name: SNI %q", sni.Load())
	}
}

func TestRequestHeaders(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "COLLY_USER_AGENT", "COLLY_ALLOWED_DOMAINS", "COLLY_MAX_BODY_SIZE"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	n := newInternet(t)
	got := make(chan *http.Request, 1)
	n.site("a.cn", func(w http.ResponseWriter, r *http.Request) { got <- r })
	if v := n.home("a.cn"); v.Failure != nil {
		t.Fatal(v.Failure)
	}
	r := <-got
	for name, want := range map[string]string{
		"User-Agent": DefaultAgent, "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5", "Accept-Encoding": "gzip, deflate",
		"Cookie": "", "Referer": "", "Connection": "",
	} {
		if r.Header.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, r.Header.Get(name), want)
		}
	}
	if r.Host != "a.cn" || r.Method != http.MethodGet {
		t.Errorf("%s %s", r.Method, r.Host)
	}
}

func TestAddressLiteralsAsDomains(t *testing.T) {
	n := newInternet(t)
	n.name("four", "127.9.9.9")
	n.site("four", hello)
	n.name("six", "::1")
	n.site("six", hello)
	for domain, want := range map[string]string{"127.9.9.9": "127.9.9.9/", "::1": "[::1]/"} {
		obs := look(n.client(), domain, crawler.Ask{Kind: crawler.AskHome})
		if p := obs.Visits[0].Last(); p == nil || string(p.Body) != want || len(obs.Lookups) != 0 {
			t.Errorf("%s: %+v, %v", domain, p, obs.Visits[0].Failure)
		}
	}
}

// A connection serves the next hop at the same place, and no other.
func TestConnectionsServeAgain(t *testing.T) {
	n := newInternet(t)
	var conns atomic.Int32
	l := n.listen("a.cn", 80)
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			http.Redirect(w, r, "/2", http.StatusFound)
		case "/2":
			http.Redirect(w, r, "http://b.cn/3", http.StatusFound)
		case "/4":
			hello(w, r)
		default:
			http.Redirect(w, r, "http://a.cn/4", http.StatusFound)
		}
	}), ConnState: func(_ net.Conn, st http.ConnState) {
		if st == http.StateNew {
			conns.Add(1)
		}
	}}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	n.name("b.cn", n.name("a.cn"))
	if v := n.home("a.cn"); v.Failure != nil || len(v.Hops) != 4 || conns.Load() != 3 {
		t.Errorf("%d hops over %d connections, want 4 over 3; failure %v", len(v.Hops), conns.Load(), v.Failure)
	}
}

// A server may close a kept connection just when the next request comes.
func TestStaleConnectionIsReplaced(t *testing.T) {
	n := newInternet(t)
	n.raw("a.cn", 80, func(c net.Conn) {
		if strings.HasPrefix(readRequest(c), "GET / ") {
			fmt.Fprint(c, "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")
			return
		}
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	})
	for range 20 {
		if v := n.home("a.cn"); v.Failure != nil || string(v.Last().Body) != "ok" {
			t.Fatalf("failure %v", v.Failure)
		}
	}
}

// Leave is asked for each request, held until the body is read, and its wait
// is not the site's time.
func TestGate(t *testing.T) {
	n := newInternet(t)
	n.site("a.cn", to(302, "/x"))
	n.shut("dead.cn", 80)
	var mu sync.Mutex
	var limit time.Duration
	held, asked := 0, []netip.Addr{}
	gate := func(o *Options) {
		o.Timeout = limit
		o.Gate = func(ctx context.Context, a netip.Addr) (func(), error) {
			time.Sleep(limit * 3 / 2)
			mu.Lock()
			defer mu.Unlock()
			if held++; held > 1 {
				t.Error("leave is held twice at once")
			}
			asked = append(asked, a)
			return func() { mu.Lock(); held--; mu.Unlock() }, nil
		}
	}
	var v *crawler.Visit
	patiently(func(l time.Duration) bool {
		limit, asked = l, nil
		v = n.home("a.cn", gate)
		return kindOf(v) != crawler.FailTimeout || l > 2*time.Second // no machine is as late as that each time
	})
	a := netip.MustParseAddr(n.name("a.cn"))
	if v.Failure != nil || !slices.Equal(asked, []netip.Addr{a, a}) || held != 0 {
		t.Errorf("failure %v, asked %v, held %d", v.Failure, asked, held)
	}
	if v := n.home("dead.cn", gate); kindOf(v) != crawler.FailRefused || held != 0 {
		t.Errorf("failure %v, held %d", v.Failure, held)
	}
	obs := look(n.client(func(o *Options) {
		o.Gate = func(context.Context, netip.Addr) (func(), error) { return nil, errors.New("closing") }
	}), "a.cn", crawler.Ask{Kind: crawler.AskHome})
	if v := &obs.Visits[0]; kindOf(v) != crawler.FailOurs || !strings.Contains(obs.Trouble, "closing") {
		t.Errorf("failure %v, trouble %q", v.Failure, obs.Trouble)
	}
}

// One client serves many visits at once.
func TestManyAtOnce(t *testing.T) {
	n := newInternet(t)
	for i := range 8 {
		n.site(fmt.Sprintf("s%d.cn", i), to(302, "/x"))
	}
	c := n.client()
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			domain := fmt.Sprintf("s%d.cn", i%8)
			obs := look(c, domain, crawler.Ask{Kind: crawler.AskHome})
			if p := obs.Visits[0].Last(); p == nil || p.URL != "http://"+domain+"/x" {
				t.Errorf("%s: %v", domain, obs.Visits[0].Failure)
			}
		})
	}
	wg.Wait()
}
