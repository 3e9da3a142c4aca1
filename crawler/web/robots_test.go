package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

func TestRobots(t *testing.T) {
	serve := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, text)
		}
	}
	for name, c := range map[string]struct {
		robots http.HandlerFunc
		path   string
		open   bool
	}{
		"no file":                  {serve(404, "gone"), "/about", true},
		"forbidden file":           {serve(403, ""), "/about", true},
		"server error":             {serve(503, ""), "/about", false},
		"empty":                    {serve(200, ""), "/about", true},
		"closed to all":            {serve(200, "User-agent: *\nDisallow: /\n"), "/about", false},
		"closed elsewhere":         {serve(200, "User-agent: *\nDisallow: /admin\n"), "/about", true},
		"closed here":              {serve(200, "User-agent: *\nDisallow: /about\n"), "/about?x=1", false},
		"opened for us":            {serve(200, "User-agent: *\nDisallow: /\n\nUser-agent: BeianWatch\nDisallow:\n"), "/about", true},
		"closed to us":             {serve(200, "User-agent: *\nDisallow:\n\nUser-agent: beianwatch\nDisallow: /\n"), "/about", false},
		"closed to others":         {serve(200, "User-agent: baiduspider\nDisallow: /\n"), "/about", true},
		"by query":                 {serve(200, "User-agent: *\nDisallow: /*?print=\n"), "/about?print=1", false},
		"a page instead of a file": {serve(200, "<!doctype html><html><body>找不到 not found</body></html>"), "/about", true},
		"with a byte order mark":   {serve(200, "\ufeffUser-agent: *\r\nDisallow: /about\r\n"), "/about", false},
		"redirected": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				http.Redirect(w, r, "/r", http.StatusFound)
				return
			}
			serve(200, "User-agent: *\nDisallow: /about\n")(w, r)
		}, "/about", false},
		"a redirect loop": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }, "/about", false},
	} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			var asked atomic.Int32
			n.site("a.cn", func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" || r.URL.Path == "/r" {
					asked.Add(1)
					c.robots(w, r)
					return
				}
				fmt.Fprint(w, "inner")
			})
			obs := look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskInner, URL: "http://a.cn" + c.path}, crawler.Ask{Kind: crawler.AskInner, URL: "http://a.cn" + c.path})
			if len(obs.Visits) != 3 || obs.Visits[0].Ask.Kind != crawler.AskRobots {
				t.Fatalf("%d visits, want robots.txt once and two pages", len(obs.Visits))
			}
			for _, v := range obs.Visits[1:] {
				if open := v.Last() != nil && string(v.Last().Body) == "inner"; open != c.open || !open && kindOf(&v) != crawler.FailRobots {
					t.Errorf("open %v, want %v; failure %v", open, c.open, v.Failure)
				}
			}
			if obs.Trouble != "" {
				t.Errorf("trouble %q", obs.Trouble)
			}
		})
	}
}

func TestRobotsOutOfReachClosesAll(t *testing.T) {
	n := newInternet(t)
	n.raw("a.cn", 80, func(c net.Conn) { reset(c) })
	obs := look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskInner, URL: "http://a.cn/about"})
	if v := obs.Visits[1]; kindOf(&v) != crawler.FailRobots || v.Failed != "http://a.cn/about" {
		t.Errorf("failure %v", v.Failure)
	}
}

func TestRobotsIsNotAskedForOtherPages(t *testing.T) {
	n := newInternet(t)
	n.site("a.cn", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			t.Error("robots.txt was asked for")
		}
	})
	look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskHome}, crawler.Ask{Kind: crawler.AskScript, URL: "http://a.cn/x.js"})
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a*b$\n", "/about?x=1")
	f.Add("User-agent: beianwatch\nCrawl-delay: x\nAllow: /%zz\n", "/%e5")
	c := New(Options{Guard: guard.New(nil, nil)}) // which lets no page through
	f.Fuzz(func(t *testing.T, text, path string) {
		obs := &crawler.Observation{Domain: "a.cn", Visits: []crawler.Visit{{
			Ask:  crawler.Ask{Kind: crawler.AskRobots, URL: "http://a.cn/robots.txt"},
			Hops: []crawler.Page{{Status: 200, Body: []byte(text)}},
		}}}
		obs.Pin("a.cn", netip.MustParseAddr("127.0.0.1"), time.Now())
		do(t.Context(), c, obs, crawler.Ask{Kind: crawler.AskInner, URL: "http://a.cn/" + path})
		f := obs.Visits[1].Failure
		if f == nil || f.Kind == crawler.FailRobots && !strings.Contains(f.Detail, "robots.txt") {
			t.Fatal(f)
		}
	})
}
