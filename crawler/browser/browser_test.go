package browser

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// kinds are the programs that the tests draw with: a shell and a full browser.
var kinds = []string{"chromium-headless-shell", "chromium"}

// everyBrowser runs f with each kind of browser, with -short with the shell alone: our
// side is the same for both. One that is not installed is left out; with
// BEIANWATCH_SERVERS=1 it is a failure.
func everyBrowser(t *testing.T, f func(t *testing.T, program string)) {
	t.Helper()
	some := kinds
	if testing.Short() {
		some = kinds[:1]
	}
	for _, name := range some {
		t.Run(name, func(t *testing.T) {
			found, err := exec.LookPath(name)
			switch {
			case err == nil:
				f(t, found)
			case os.Getenv("BEIANWATCH_SERVERS") == "1":
				t.Fatal(err)
			default:
				t.Skipf("%v; pages are not drawn with it", err)
			}
		})
	}
}

// loopback makes options by which the server is port 80 of any name.
func loopback(t *testing.T, program string, s *httptest.Server) Options {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Path:  program,
		Guard: guard.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, map[uint16]uint16{80: uint16(port)}),
		Resolve: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
		Tabs: 3,
	}
}

// pool makes a Pool that ends with the test.
func pool(t *testing.T, opt Options) *Pool {
	t.Helper()
	p := New(opt)
	t.Cleanup(p.Close)
	return p
}

// draw draws one page of spa.example, for at most one look.
func draw(t *testing.T, p *Pool, path string, look ...crawler.Look) *crawler.Observation {
	t.Helper()
	obs := &crawler.Observation{Domain: "spa.example"}
	p.Do(t.Context(), obs, crawler.Ask{Kind: crawler.AskRender, URL: "http://spa.example" + path}, append(look, nil)[0])
	if obs.Rendered == nil {
		t.Fatalf("%s is not drawn: %v; %+v", path, obs.Visits[0].Failure, obs.Drawing)
	}
	return obs
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
			document.getElementById('app').innerHTML = '<img src="/a.png" onload="document.body.dataset.picture=1"><p style="display:none">藏起来</p><footer>' + d.foot + '</footer>';
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

// TestDraw: several pages, one after the other in the same tab and at once in
// several, are read the same.
func TestDraw(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		var images atomic.Int32
		opt := loopback(t, program, site(t, &images))
		look := func(obs *crawler.Observation) (bool, []string) {
			return strings.Contains(string(obs.Rendered.Body), "京ICP备"), nil
		}
		p := pool(t, opt)
		var first string
		for range 3 {
			obs := draw(t, p, "/", look)
			dom := string(obs.Rendered.Body)
			for _, want := range []string{"京ICP备20031415号-1", `<p style="display:none" hidden="">`, "<title>refused</title>", `data-picture="1"`} {
				if !strings.Contains(dom, want) {
					t.Errorf("DOM lacks %q:\n%s", want, dom)
				}
			}
			if len(obs.Screenshot) == 0 {
				t.Error("no picture was taken")
			}
			foot, number := slices.IndexFunc(obs.Drawing.Boxes, func(b crawler.Box) bool { return b.Foot }),
				slices.IndexFunc(obs.Drawing.Boxes, func(b crawler.Box) bool { return b.Text == "京ICP备20031415号-1" })
			if foot < 0 || number < 0 || slices.ContainsFunc(obs.Drawing.Boxes, func(b crawler.Box) bool { return b.Text == "藏起来" }) {
				t.Fatalf("boxes %+v", obs.Drawing.Boxes)
			}
			if f, n := obs.Drawing.Boxes[foot], obs.Drawing.Boxes[number]; n.X < f.X || n.Y < f.Y-2 || n.X+n.Width > f.X+f.Width || n.Height > 60 || f.Y > 200 {
				t.Errorf("the foot is at %+v, the number at %+v", f, n)
			}
			if obs.Rendered.Status != http.StatusOK || obs.Rendered.URL != "http://spa.example/" {
				t.Errorf("drawn %d %s", obs.Rendered.Status, obs.Rendered.URL)
			}
			if f := obs.Drawing.Flaws; len(f) != 1 || f[0].Reason != crawler.DrawRequest || f[0].URL != "http://10.1.2.3/" {
				t.Errorf("flaws %+v", f)
			}
			if first == "" {
				first = dom
			} else if dom != first {
				t.Errorf("drawn differently:\n%s\n\n%s", first, dom)
			}
		}
		if n := images.Load(); n != 0 {
			t.Errorf("%d pictures were fetched", n)
		}
	})
}

// TestGone: a site that does not answer is a fact that the browser saw.
func TestGone(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		s := site(t, new(atomic.Int32))
		opt := loopback(t, program, s)
		s.Close()
		p := pool(t, opt)
		obs := &crawler.Observation{Domain: "spa.example"}
		p.Do(t.Context(), obs, crawler.Ask{Kind: crawler.AskRender, URL: "http://spa.example/"}, nil)
		if f := obs.Visits[0].Failure; f != nil {
			t.Errorf("failure of ours: %v", f)
		}
		if obs.Rendered != nil || obs.Drawing == nil || obs.Drawing.Failure == nil || obs.Drawing.Failure.Kind != crawler.FailRefused || len(obs.Drawing.Flaws) > 0 {
			t.Errorf("drawing %+v", obs.Drawing)
		}
	})
}

// TestGoneBehindARedirect: where a site's own way leads to a place that does not take
// a connection, that place is what counts.
func TestGoneBehindARedirect(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		gone := httptest.NewServer(nil)
		gone.Close()
		s := httptest.NewServer(http.RedirectHandler("http://gone.example/", http.StatusFound))
		defer s.Close()
		opt := loopback(t, program, s)
		there := netip.MustParseAddr("127.0.0.2")
		opt.Guard = guard.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, map[uint16]uint16{80: netip.MustParseAddrPort(s.Listener.Addr().String()).Port()})
		opt.Guard.Map(netip.AddrPortFrom(there, 80), netip.MustParseAddrPort(gone.Listener.Addr().String()))
		at := opt.Resolve
		opt.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			if host == "gone.example" {
				return []netip.Addr{there}, nil
			}
			return at(ctx, host)
		}
		obs := drawHost(t, pool(t, opt), "http://spa.example/")
		if f := obs.Drawing.Failure; f == nil || f.Kind != crawler.FailRefused || len(obs.Drawing.Flaws) > 0 {
			t.Errorf("drawing %+v", obs.Drawing)
		}
	})
}

// TestStatusWithoutBody: an error status without a body is a page, whether the browser
// has a page of its own for it or not; in a frame it is judged by its status.
func TestStatusWithoutBody(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			status, err := strconv.Atoi(r.URL.Path[1:])
			if err != nil {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				w.Write([]byte(`<p>青禾灌溉</p><iframe src="/404"></iframe>`))
				return
			}
			w.WriteHeader(status)
		}))
		defer s.Close()
		opt := loopback(t, program, s)
		pictured := func(*crawler.Observation) (bool, []string) { return true, nil }
		p := pool(t, opt)
		for _, status := range []int{404, 500, 503} {
			address := "http://spa.example/" + strconv.Itoa(status)
			obs := drawHost(t, p, address, pictured)
			if obs.Visits[0].Failure != nil || obs.Rendered == nil || !obs.Drawing.Whole() {
				t.Errorf("%d: %v; %+v", status, obs.Visits[0].Failure, obs.Drawing)
			} else if r := obs.Rendered; r.Status != status || r.URL != address || string(r.Body) != bodilessPage || r.Cut {
				t.Errorf("%d: drawn %d %s %q", status, r.Status, r.URL, r.Body)
			}
		}
		if obs := draw(t, p, "/frame", pictured); !obs.Drawing.Whole() {
			t.Errorf("with a frame that is missing: %+v", obs.Drawing.Flaws)
		}
	})
}

// TestOurFailureIsDrawnAgain: where our side lacked something, the page is drawn again,
// and if that fails too, it is a failure of the visit and not of the site.
func TestOurFailureIsDrawnAgain(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		opt := loopback(t, program, site(t, new(atomic.Int32)))
		at, asked := opt.Resolve, atomic.Int32{}
		opt.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			if host == "never.example" || host == "spa.example" && asked.Add(1) <= 2 { // for the line of its address, and for its first dial
				return nil, errors.New("no upstream answers")
			}
			return at(ctx, host)
		}
		p := pool(t, opt)
		draw(t, p, "/")
		if n := asked.Load(); n <= 2 {
			t.Errorf("the resolver was asked %d times", n)
		}
		obs := drawHost(t, p, "http://never.example/")
		if f := obs.Visits[0].Failure; f == nil || f.Kind != crawler.FailOurs || obs.Drawing.Failure != nil || obs.Drawing.Whole() {
			t.Errorf("failure %v, drawing %+v", f, obs.Drawing)
		}
	})
}

// drawHost draws the page of an address, which may come to nothing.
func drawHost(t *testing.T, p *Pool, address string, look ...crawler.Look) *crawler.Observation {
	t.Helper()
	obs := &crawler.Observation{Domain: hostOf(address)}
	p.Do(t.Context(), obs, crawler.Ask{Kind: crawler.AskRender, URL: address}, append(look, nil)[0])
	return obs
}
