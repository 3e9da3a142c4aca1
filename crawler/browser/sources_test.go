package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// sourcePages are pages by their path, with what they are made of beside their
// document; "-": of what cannot be asked for again, or may be otherwise then.
var sourcePages = map[string]struct{ page, parts string }{
	"/plain":    {`<p>青禾灌溉</p>`, ""},
	"/parts":    {`<link rel=stylesheet href="/a.css"><script src="/a.js?v=20261128#x"></script><iframe src="/frame"></iframe><script>fetch('/a.json').then(r => r.text())</script><img src="/a.png">`, "/a.css /a.js?v=20261128 /a.json /frame"},
	"/chunk":    {`<script>const s = document.createElement('script'); s.src = '/c/' + ({1: 'e3b0c442'})[1] + '.chunk.js'; document.head.append(s)</script>`, "/c/e3b0c442.chunk.js"},
	"/redirect": {`<script src="/moved.js"></script>`, "/moved.js"},
	"/missing":  {`<script src="/404.js"></script>`, "/404.js"},
	"/time":     {`<script>fetch('/a.json?t=' + Date.now()).then(r => r.text())</script>`, "-"},
	"/lot":      {`<script>fetch('/a.json?n=' + Math.random().toString(36).slice(2) + '7').then(r => r.text())</script>`, "-"},
	"/post":     {`<script>fetch('/a.json', {method: 'POST', body: '1'}).then(r => r.text())</script>`, "-"},
	"/alien":    {`<script>fetch('http://other.example/a.json', {mode: 'no-cors'}).then(r => r.text())</script>`, "-"},
	"/moves":    {`<script>location.replace('/plain')</script>`, "-"},
	"/worker":   {`<script>new Worker(URL.createObjectURL(new Blob([''])))</script>`, "-"},
	"/stream":   {`<script>new EventSource('/404')</script>`, "-"},
	"/flawed":   {`<script src="/403.js"></script>`, "-"},
}

// TestSources: a page is given with all that it was made of, or with nothing.
func TestSources(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			switch p := r.URL.Path; {
			case sourcePages[p].page != "":
				io.WriteString(w, "<!doctype html>"+sourcePages[p].page)
			case p == "/moved.js":
				http.Redirect(w, r, "/a.js", http.StatusFound)
			case strings.HasPrefix(p, "/40"):
				w.WriteHeader(int(p[3]-'0') + 400)
			default:
				io.WriteString(w, "/* 青禾 "+p+" */")
			}
		}))
		t.Cleanup(s.Close)
		opt := loopback(t, program, s)
		opt.Sources = true
		p := pool(t, opt)
		for path, want := range sourcePages {
			got := "-"
			if from := draw(t, p, path).Drawing.Sources; from != nil {
				var parts []string
				for _, part := range from.Parts {
					name := strings.TrimPrefix(part.URL, "http://spa.example")
					parts = append(parts, name)
					served, _, _ := strings.Cut(strings.Replace(name, "/moved.js", "/a.js", 1), "?")
					if part.Status == http.StatusOK && part != crawler.NewPart(part.URL, http.StatusOK, []byte("/* 青禾 "+served+" */")) {
						t.Errorf("%s: %s has another digest than its bytes", path, name)
					}
				}
				if got = strings.Join(parts, " "); string(from.Document) != "<!doctype html>"+want.page {
					t.Errorf("%s: document %q", path, from.Document)
				}
			}
			if got != want.parts {
				t.Errorf("%s is made of %q; want %q", path, got, want.parts)
			}
		}
	})
}

// TestSourcesOfOurOwn: of a script that our own client got as well the bytes are its own,
// unless the browser was given others or there is no telling.
func TestSourcesOfOurOwn(t *testing.T) {
	const script = "/* 青禾 */"
	everyBrowser(t, func(t *testing.T, program string) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				io.WriteString(w, `<!doctype html><script src="/a.js"></script>`)
				return
			}
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			io.WriteString(w, script)
		}))
		t.Cleanup(s.Close)
		opt := loopback(t, program, s)
		opt.Sources = true
		p := pool(t, opt)
		at := "http://spa.example/a.js"
		other := strings.ToUpper("/* abcdef */") // as many bytes
		for name, c := range map[string]struct {
			own  crawler.Visit
			want string
		}{
			"none":        {want: script},
			"the same":    {own: crawler.Visit{Hops: []crawler.Page{{URL: at, Status: 200, Body: []byte(other)}}}, want: other},
			"longer":      {own: crawler.Visit{Hops: []crawler.Page{{URL: at, Status: 200, Body: []byte(other + " ")}}}, want: script},
			"cut":         {own: crawler.Visit{Hops: []crawler.Page{{URL: at, Status: 200, Body: []byte(other), Cut: true}}}, want: script},
			"refused":     {own: crawler.Visit{Hops: []crawler.Page{{URL: at, Status: 403, Body: []byte(other)}}}, want: script},
			"elsewhere":   {own: crawler.Visit{Hops: []crawler.Page{{URL: at, Status: 302}, {URL: at, Status: 200, Body: []byte(other)}}}, want: script},
			"not a file":  {own: crawler.Visit{Ask: crawler.Ask{Kind: crawler.AskHome}, Hops: []crawler.Page{{URL: at, Status: 200, Body: []byte(other)}}}, want: script},
			"another one": {own: crawler.Visit{Hops: []crawler.Page{{URL: at + "?2", Status: 200, Body: []byte(other)}}}, want: script},
		} {
			obs := &crawler.Observation{Domain: "spa.example"}
			if c.own.Ask.Kind == "" {
				c.own.Ask.Kind = crawler.AskScript
			}
			obs.Visits = append(obs.Visits, c.own)
			p.Do(t.Context(), obs, crawler.Ask{Kind: crawler.AskRender, URL: "http://spa.example/"}, nil)
			if from := obs.Drawing.Sources; from == nil {
				t.Errorf("%s: made of nothing", name)
			} else if len(from.Parts) != 1 || from.Parts[0] != crawler.NewPart(at, 200, []byte(c.want)) {
				t.Errorf("%s: made of %+v", name, from.Parts)
			}
		}
	})
}
