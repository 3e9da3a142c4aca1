package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/beianwatch/beianwatch/crawler"
)

// TestLooksAsAVisitor: the site sees an ordinary Chromium that reads Chinese,
// and whom to write to.
func TestLooksAsAVisitor(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		var mu sync.Mutex
		headers := map[string]http.Header{}
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			headers[r.URL.Path] = r.Header.Clone()
			mu.Unlock()
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, `<p id="p"></p><script>p.textContent = [navigator.userAgent, navigator.webdriver, navigator.languages, new Date(0).getHours(),
				navigator.userAgentData ? JSON.stringify(navigator.userAgentData.brands) : ''].join(' | '); fetch('/data')</script>`)
		}))
		defer s.Close()
		opt := loopback(t, program, s)
		opt.Contact = "https://example.com/bot"
		dom := string(draw(t, pool(t, opt), "/").Rendered.Body)
		if strings.Contains(dom, "Headless") || !strings.Contains(dom, "Chrome/") || !strings.Contains(dom, "| false | zh-CN,zh | 8 |") {
			t.Errorf("the page sees %s", dom)
		}
		home, data := headers["/"], headers["/data"]
		if home.Get("From") != opt.Contact || data.Get("From") != "" {
			t.Errorf("From: %q, of data %q", home.Get("From"), data.Get("From"))
		}
		if agent := home.Get("User-Agent"); strings.Contains(agent, "Headless") || strings.Contains(agent, "beianwatch") {
			t.Errorf("agent %q", agent)
		}
		if l := home.Get("Accept-Language"); !strings.HasPrefix(l, "zh-CN") {
			t.Errorf("Accept-Language: %q", l)
		}
	})
}

// TestNothingStays: what a page leaves behind is not there for the next one in
// the same tab.
func TestNothingStays(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		var mu sync.Mutex
		fetched := 0
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/cached.js" {
				mu.Lock()
				fetched++
				mu.Unlock()
				w.Header().Set("Cache-Control", "max-age=86400")
				w.Header().Set("Content-Type", "text/javascript")
				return
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, `<p id="p"></p><script src="/cached.js"></script><script>
				p.textContent = '留下：' + document.cookie + (localStorage.getItem('k') || '') + (sessionStorage.getItem('k') || '') + window.name + '。';
				document.cookie = 'c=1;max-age=9999'; localStorage.setItem('k', 'l'); sessionStorage.setItem('k', 's'); window.name = 'n';</script>`)
		}))
		defer s.Close()
		opt := loopback(t, program, s)
		opt.Tabs = 1
		p := pool(t, opt)
		for range 3 {
			if dom := string(draw(t, p, "/").Rendered.Body); !strings.Contains(dom, "留下：。") {
				t.Errorf("drawn with what was left behind: %s", dom)
			}
		}
		if fetched != 3 {
			t.Errorf("the script was fetched %d times, want 3: the cache was kept", fetched)
		}
	})
}

// TestDrawFile: a file is drawn with its neighbours, and with nothing outside
// its folder and nothing from a network.
func TestDrawFile(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		var asked atomic.Int32
		s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
		defer s.Close()
		p := pool(t, loopback(t, program, s))
		files := fstest.MapFS{
			"site/home.html":  {Data: []byte("<meta charset=gbk><p>\xc7\xe0\xba\xcc</p><script src=\"js/foot.js\"></script><script>fetch('../../etc/passwd').then(r => document.title = r.status)</script>")},
			"site/js/foot.js": {Data: []byte(`setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<footer>ICP 20031415</footer>'), 2000)`)},
			"site/far.html":   {Data: []byte(`<p>x</p><script src="` + s.URL + `/a.js"></script>`)},
		}
		obs := &crawler.Observation{}
		p.DrawFile(t.Context(), obs, files, "site/home.html", nil)
		if obs.Rendered == nil {
			t.Fatalf("not drawn: %v %+v", obs.Visits[0].Failure, obs.Drawing)
		}
		dom := string(obs.Rendered.Body)
		for _, want := range []string{"<footer>ICP 20031415</footer>", "青禾", "<title>404</title>"} {
			if !strings.Contains(dom, want) {
				t.Errorf("%q is not in %s", want, dom)
			}
		}
		if !obs.Drawing.Whole() {
			t.Errorf("not whole: %+v", obs.Drawing.Flaws)
		}
		far := &crawler.Observation{}
		p.DrawFile(t.Context(), far, files, "site/far.html", nil)
		if far.Rendered == nil || len(far.Drawing.Flaws) != 1 || far.Drawing.Flaws[0].URL != s.URL+"/a.js" || asked.Load() > 0 {
			t.Errorf("a script of another host, asked for %d times: %+v", asked.Load(), far.Drawing)
		}
	})
}
