package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// pages are pages by their path whose foot comes in a way that needs care.
var pages = map[string]string{
	"/slow":      `<body><h1>青禾灌溉</h1><script>fetch('/slow.json').then(r => r.text()).then(t => { document.body.insertAdjacentHTML('beforeend', '<footer>' + t + '</footer>') })</script>`,
	"/refused":   `<body><h1>青禾灌溉</h1><script>fetch('http://' + location.hostname + ':8443/api').then(r => r.text()).then(t => { document.body.append(t) }).catch(() => {})</script>`,
	"/firewall":  `<body><h1>青禾灌溉</h1><script>fetch('/403').then(r => r.text()).catch(() => {})</script>`,
	"/guest":     `<body><h1>青禾灌溉</h1><script>fetch('/401').then(r => r.text()).catch(() => {})</script>`,
	"/beacon":    `<body><h1>青禾灌溉</h1><script>fetch('http://10.9.8.7/count').catch(() => {})</script>`,
	"/ticker":    `<body><p id="t"></p><footer>版权所有 青禾灌溉</footer><script>let n = 0; setInterval(() => { t.textContent = 'x'.repeat(n++ % 40) + 'y'.repeat(600) }, 40)</script>`,
	"/restless":  `<body><h1>青禾灌溉</h1><footer id="t"></footer><script>let n = 0; setInterval(() => { t.textContent = n++ }, 40)</script>`,
	"/poll":      `<body><h1>青禾灌溉</h1><script>fetch('/never').catch(() => {})</script>`,
	"/frame":     `<body><h1>青禾灌溉</h1><iframe src="/foot.html" width="600" height="60"></iframe><iframe src="/foot.html" style="display:none"></iframe>`,
	"/scroll":    `<body><h1>青禾灌溉</h1><div style="height:4000px"></div><footer id="f"></footer><script>new IntersectionObserver(e => { if (e[0].isIntersecting) f.innerHTML = '浙ICP备20031415号-1 的页脚' }).observe(f)</script>`,
	"/fade":      `<body><h1>青禾灌溉</h1><footer style="opacity:0">版权所有 青禾灌溉</footer>`,
	"/foot.html": `<body><p><a href="https://beian.miit.gov.cn/">浙ICP备20031415号-1</a></p>`,
}

// slowSite serves them.
func slowSite(t *testing.T) *httptest.Server {
	t.Helper()
	stop := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html>", body)
	})
	mux.HandleFunc("/slow.json", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(1500 * time.Millisecond)
		fmt.Fprint(w, "浙ICP备20031415号-1")
	})
	for _, status := range []int{401, 403} {
		mux.HandleFunc(fmt.Sprint("/", status), func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) })
	}
	mux.HandleFunc("/never", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	s := httptest.NewServer(mux)
	t.Cleanup(func() { close(stop); s.Close() })
	return s
}

// TestDrawnWhole: a page is read when it has come to rest, and is not whole if
// something of the site did not come.
func TestDrawnWhole(t *testing.T) {
	s := slowSite(t)
	p := pool(t, s, 0)
	for path, want := range map[string]struct {
		cut  bool
		text string
	}{
		"/slow":     {false, "浙ICP备20031415号-1</footer>"},
		"/refused":  {true, ""},
		"/firewall": {true, ""},
		"/guest":    {false, ""},
		"/beacon":   {false, ""},
		"/ticker":   {false, "版权所有"},
		"/restless": {true, ""},
		"/poll":     {false, ""},
		"/frame":    {false, `</h1><div><p><a href="https://beian.miit.gov.cn/">`},
		"/scroll":   {false, "浙ICP备20031415号-1 的页脚"},
		"/fade":     {false, `<footer style="opacity:0">版权所有`},
	} {
		t.Run(path[1:], func(t *testing.T) {
			t.Parallel()
			obs := &crawler.Observation{Domain: "spa.example"}
			p.Do(t.Context(), obs, crawler.Ask{Kind: crawler.AskRender, URL: "http://spa.example" + path})
			if obs.Rendered == nil {
				t.Fatalf("not rendered: %v", obs.Visits[0].Failure)
			}
			if dom := string(obs.Rendered.Body); obs.Rendered.Cut != want.cut || !strings.Contains(dom, want.text) {
				t.Errorf("cut %v, want %v and %q in:\n%s", obs.Rendered.Cut, want.cut, want.text, dom)
			}
		})
	}
}

// TestDrawAtThePinnedAddress: the inventory's address holds in the browser.
func TestDrawAtThePinnedAddress(t *testing.T) {
	s := slowSite(t)
	p := pool(t, s, 0)
	obs := &crawler.Observation{Domain: "pinned.example"}
	obs.Pin("pinned.example", netip.MustParseAddr("192.0.2.7"), time.Now())
	p.Do(t.Context(), obs, crawler.Ask{Kind: crawler.AskRender, URL: "http://pinned.example/fade"})
	if v := obs.Visits[0]; obs.Rendered != nil || v.Failure == nil || v.Failure.Kind != crawler.FailOurs {
		t.Errorf("drawn from elsewhere: %+v", v)
	}
}

// TestNoBrowserIsOurs: whatever the program does, the visit says that it is us,
// and asking ends.
func TestNoBrowserIsOurs(t *testing.T) {
	ask := crawler.Ask{Kind: crawler.AskRender, URL: "http://spa.example/"}
	p := New(Options{Path: "/bin/false"})
	defer p.Close()
	obs := &crawler.Observation{Domain: "spa.example"}
	p.Do(t.Context(), obs, ask)
	if len(obs.Visits) != 1 || obs.Visits[0].Failure == nil || obs.Visits[0].Failure.Kind != crawler.FailOurs {
		t.Errorf("visits %+v", obs.Visits)
	}
	p.Close()
	p.Do(t.Context(), obs, ask)
	if len(obs.Visits) != 2 || obs.Visits[1].Failure == nil {
		t.Errorf("after Close: %+v", obs.Visits)
	}
}
