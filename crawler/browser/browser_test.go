package browser

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// path gives the browser, or skips where none is installed; with
// BEIANWATCH_SERVERS=1 a missing browser is a failure.
func path(t *testing.T) string {
	t.Helper()
	found, err := Find("")
	if err == nil {
		return found
	}
	if os.Getenv("BEIANWATCH_SERVERS") == "1" {
		t.Fatal(err)
	}
	t.Skipf("%v; the pages drawn by script are not tested", err)
	return ""
}

// site serves a page whose foot is drawn by a script file, with a picture, a
// font and a call to a private address that the guard must refuse.
func site(t *testing.T, images *atomic.Int32) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(`<!doctype html><html><body><div id="app"></div><script src="/app.js"></script></body></html>`))
	})
	mux.HandleFunc("/app.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Write([]byte(`fetch('/data.json').then(r => r.json()).then(d => {
			document.getElementById('app').innerHTML = '<img src="/a.png"><p style="display:none">藏起来</p><footer>' + d.foot + '</footer>';
			fetch('http://10.1.2.3/').catch(() => {}).then(r => { document.title = r && r.ok ? 'reached' : 'refused'; });
		});`))
	})
	mux.HandleFunc("/data.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"foot":"<a href='https://beian.miit.gov.cn/'>京ICP备20031415号-1</a>"}`))
	})
	mux.HandleFunc("/a.png", func(w http.ResponseWriter, r *http.Request) { images.Add(1) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// pool makes a Pool that reaches the loopback server as port 80 of any name.
func pool(t *testing.T, s *httptest.Server, recycle int) *Pool {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	p := New(Options{
		Path:  path(t),
		Guard: guard.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, map[uint16]uint16{80: uint16(port)}),
		Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
			if a, err := netip.ParseAddr(host); err == nil {
				return []netip.Addr{a}, nil
			}
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
		Recycle: recycle,
		Tabs:    6,
	})
	t.Cleanup(p.Close)
	return p
}

func TestDraw(t *testing.T) {
	var images atomic.Int32
	p := pool(t, site(t, &images), 2)
	for range 3 { // the third page is drawn by a second browser
		obs := &crawler.Observation{Domain: "spa.example"}
		p.Do(t.Context(), obs, crawler.Ask{Kind: crawler.AskRender, URL: "http://spa.example/"})
		if obs.Rendered == nil {
			t.Fatalf("not rendered: %v", obs.Visits[0].Failure)
		}
		dom := string(obs.Rendered.Body)
		for _, want := range []string{"京ICP备20031415号-1", `<p style="display:none" hidden="">`, "<title>refused</title>"} {
			if !strings.Contains(dom, want) {
				t.Errorf("DOM lacks %q:\n%s", want, dom)
			}
		}
		if len(obs.Screenshot) == 0 {
			t.Error("no picture was taken")
		}
		if obs.Rendered.Status != http.StatusOK || obs.Rendered.URL != "http://spa.example/" {
			t.Errorf("rendered %d %s", obs.Rendered.Status, obs.Rendered.URL)
		}
	}
	if n := images.Load(); n != 0 {
		t.Errorf("%d pictures were fetched", n)
	}
}

func TestDrawFailureIsOurs(t *testing.T) {
	s := site(t, new(atomic.Int32))
	p := pool(t, s, 2)
	s.Close()
	obs := &crawler.Observation{Domain: "spa.example"}
	p.Do(t.Context(), obs, crawler.Ask{Kind: crawler.AskRender, URL: "http://spa.example/"})
	// The proxy answers for the site that is gone: a page without the foot,
	// or no page. Never a site's failure.
	if f := obs.Visits[0].Failure; f != nil && f.Kind != crawler.FailOurs {
		t.Errorf("failure %v", f)
	}
}
