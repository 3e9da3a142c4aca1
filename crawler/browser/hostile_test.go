package browser

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/domsnapshot"

	"github.com/beianwatch/beianwatch/crawler"
)

// hostilePages are pages that were made to hurt a browser, by their path.
var hostilePages = map[string]string{
	"/loop":     `<script>for (;;) {}</script>`,
	"/alerts":   `<script>for (;;) alert(1)</script>`,
	"/popups":   `<script>for (let i = 0; i < 50; i++) open('/ok?' + i)</script>`,
	"/frames":   strings.Repeat(`<iframe src="/ok"></iframe>`, 500),
	"/self":     `<iframe src="?1"></iframe><iframe src="?2"></iframe><iframe src="?3"></iframe><iframe src="?4"></iframe>`, // 7,365 documents: a frame may stand twice in its own line
	"/deep":     `<script>let e = document.body; for (let i = 0; i < 3000; i++) e = e.appendChild(document.createElement('div'))</script>`,
	"/requests": `<script>for (let i = 0; i < 100; i++) (async () => { for (;;) try { await fetch('/ok?' + Math.random()) } catch (e) {} })()</script>`,
	"/download": `<script>const a = document.createElement('a'); a.href = URL.createObjectURL(new Blob(['x'])); a.download = 'x.bin'; document.body.append(a); a.click()</script>`,
	"/leaving":  `<script>onbeforeunload = () => 'x'; onunload = () => { for (;;) {} }</script>`,
	"/local":    `<iframe src="file:///etc/passwd"></iframe><iframe src="chrome://version"></iframe>`,
	"/loads":    `<script>setInterval(() => location.reload(), 10)</script>`,
}

// stopped are the hostile pages that never come to an end, or hold more than is
// read: their drawing is not whole.
var stopped = map[string]bool{"/loop": true, "/alerts": true, "/frames": true, "/self": true, "/requests": true, "/deep": true, "/loads": true}

// hostileTime is what a hostile page gets. That some need all of it is certain.
const hostileTime = 6 * time.Second

// TestHostile: a page that means harm costs no more than its time, is never
// whole where it was stopped, and the next page is drawn as ever.
func TestHostile(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		var asked sync.Map // host → *atomic.Int32
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n, _ := asked.LoadOrStore(r.Host, new(atomic.Int32))
			n.(*atomic.Int32).Add(1)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "<!doctype html><body><p>动物园首页</p>", hostilePages[r.URL.Path])
		}))
		t.Cleanup(s.Close)
		opt := loopback(t, program, s)
		p := pool(t, opt)
		drawHost(t, p, "http://fine.example/ok") // starts the browser
		places := make(chan struct{}, opt.Tabs)
		for path := range hostilePages {
			t.Run(path[1:], func(t *testing.T) {
				t.Parallel()
				places <- struct{}{}
				defer func() { <-places }()
				host := path[1:] + ".zoo.example"
				var obs *crawler.Observation
				for try := 0; try < 4 && (obs == nil || obs.Drawing == nil); try++ { // no tab may open in the time of a page while others are drawn
					obs = &crawler.Observation{Domain: host}
					ctx, cancel := context.WithTimeout(t.Context(), hostileTime)
					p.Do(ctx, obs, crawler.Ask{Kind: crawler.AskRender, URL: "http://" + host + path}, nil)
					cancel()
				}
				if n, ok := asked.Load(host); ok && n.(*atomic.Int32).Load() > maxRequests {
					t.Errorf("%d requests", n.(*atomic.Int32).Load())
				}
				if obs.Rendered == nil && obs.Visits[0].Failure == nil {
					t.Errorf("neither drawn nor a failure: %+v", obs.Drawing)
				}
				switch {
				case obs.Drawing == nil || obs.Rendered == nil && len(obs.Drawing.Flaws) == 0:
					t.Errorf("no reason is told: %+v", obs.Drawing)
				case stopped[path] && obs.Drawing.Whole():
					t.Error("whole")
				}
				if ok := drawHost(t, p, "http://fine.example/ok"); ok.Rendered == nil || !ok.Drawing.Whole() || !strings.Contains(string(ok.Rendered.Body), "动物园首页") {
					t.Errorf("then a good page is not drawn: %v %+v", ok.Visits[0].Failure, ok.Drawing)
				}
			})
		}
	})
}

// TestMoreThanIsHeard: a page of which events were dropped is not whole, for the facts
// that decide on its picture too, and its tab is not used again.
func TestMoreThanIsHeard(t *testing.T) {
	pages := map[string]wholePage{"/": {page: `<h1>青禾灌溉</h1><script src="/late.js"></script>`}}
	everyBrowser(t, func(t *testing.T, program string) {
		opt := loopback(t, program, slowSite(t, pages))
		var p *Pool
		var once sync.Once
		opt.Harmless = func(string) bool { // called where events are heard: none is heard meanwhile
			once.Do(func() {
				for range maxMail + 1 {
					p.say("Page.loadEventFired", `{}`)
				}
			})
			return false
		}
		look := func(obs *crawler.Observation) (bool, []string) {
			if obs.Drawing.Whole() {
				t.Error("whole when the picture is decided on")
			}
			return false, nil
		}
		p = pool(t, opt)
		obs := draw(t, p, "/", look)
		if !slices.ContainsFunc(obs.Drawing.Flaws, func(f crawler.Flaw) bool { return f.Reason == crawler.DrawIncomplete }) || len(p.now.idle) != 0 {
			t.Errorf("flaws %+v, %d tabs kept", obs.Drawing.Flaws, len(p.now.idle))
		}
	})
}

// FuzzGreet: a SOCKS5 client may say what it likes.
func FuzzGreet(f *testing.F) {
	f.Add([]byte("\x05\x01\x00\x05\x01\x00\x03\x0aexample.cn\x00\x50"))
	f.Add([]byte("\x05\x01\x00\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x50"))
	f.Add([]byte("\x05\x01\x00\x05\x01\x00\x03\x00\x00\x50"))
	f.Fuzz(func(t *testing.T, said []byte) {
		host, _, err := greet(struct {
			io.Reader
			io.Writer
		}{bytes.NewReader(said), io.Discard})
		if err == nil && (host == "" || len(host) > longestNameLen) {
			t.Errorf("host %q", host)
		}
	})
}

// FuzzSnapshot: tables of a process that a page has taken over are an error, or
// a page, within bounds.
func FuzzSnapshot(f *testing.F) {
	f.Add([]byte(`{"documents":[{"documentURL":0,"nodes":{"parentIndex":[-1,0,1,2],"nodeType":[9,1,1,3],"nodeName":[1,2,3,4],"nodeValue":[-1,-1,-1,5],"attributes":[[],[],[6,7],[]]},` +
		`"layout":{"nodeIndex":[0,1,2,3],"styles":[[],[8],[8],[8]],"bounds":[[0,0,1,1],[0,0,1,1],[0,0,1,1],[0,0,1,1]],"text":[-1,-1,-1,5]},"textBoxes":{"layoutIndex":[3],"bounds":[[0,0,9,9]],"start":[0],"length":[1]}}],` +
		`"strings":["http://a.cn/","#document","HTML","P","#text","字","style","color:red","visible"]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var res domsnapshot.CaptureSnapshotResult
		if jsonv2.Unmarshal(raw, &res, lenient) != nil {
			return
		}
		s, err := newSnapshot(&res)
		if err != nil {
			return
		}
		if body, cut := render(t.Context(), s); len(body) > 2*maxDOM && !cut {
			t.Errorf("%d bytes", len(body))
		}
	})
}

// TestReasonsAreBounded: a page with a thousand faults fills no record.
func TestReasonsAreBounded(t *testing.T) {
	var d crawler.Drawing
	for i := range 1000 {
		d.Add(crawler.Flaw{Reason: crawler.DrawRequest, URL: fmt.Sprint("http://a.cn/", i, strings.Repeat("x", 1000))})
	}
	if len(d.Flaws) > 20 || len(d.Flaws[0].URL) > 200 {
		t.Errorf("%d flaws, %d bytes", len(d.Flaws), len(d.Flaws[0].URL))
	}
}
