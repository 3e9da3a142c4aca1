package browser

import (
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// A wholePage is a page with what must stand in its DOM and why its drawing is not
// whole.
type wholePage struct {
	page string
	text string
	flaw crawler.DrawReason
}

// wholePages are pages by their path whose foot comes in a way that needs care.
var wholePages = map[string]wholePage{
	"/slow":      {`<h1>青禾灌溉</h1><script>fetch('/slow.json').then(r => r.text()).then(t => { document.body.insertAdjacentHTML('beforeend', '<footer>' + t + '</footer>') })</script>`, "浙ICP备20031415号-1</footer>", ""},
	"/timer":     {`<h1>青禾灌溉</h1><script>setTimeout(() => fetch('/fast.json').then(r => r.text()).then(t => setTimeout(() => { document.body.append(t) }, 2500)), 3000)</script>`, "浙ICP备20031415号-1", ""},
	"/late":      {`<h1>青禾灌溉</h1><script src="/late.js" async></script>`, "浙ICP备20031415号-1", ""},
	"/first":     {`<h1>青禾灌溉</h1><script>for (const e of ['keydown', 'mousemove', 'wheel', 'scroll', 'touchstart']) addEventListener(e, () => document.body.append(' 有' + e), {once: true})</script><p style="height:3000px">`, "有keydown", ""},
	"/pointer":   {`<h1>青禾灌溉</h1><script>addEventListener('mousemove', () => setTimeout(() => document.body.append('动了'), 800), {once: true})</script>`, "动了", ""},
	"/wheel":     {`<h1>青禾灌溉</h1><script>addEventListener('wheel', () => document.body.append('转了'), {once: true})</script>`, "转了", ""},
	"/touch":     {`<h1>青禾灌溉</h1><script>addEventListener('touchstart', () => document.body.append('碰了'), {once: true})</script>`, "碰了", ""},
	"/onscroll":  {`<h1>青禾灌溉</h1><p style="height:3000px"></p><script>addEventListener('scroll', () => document.body.append('滚了'), {once: true})</script>`, "滚了", ""},
	"/moves":     {`<script>setTimeout(() => location.replace('/foot.html'), 1500)</script>`, "浙ICP备20031415号-1", ""},
	"/moving":    {`<script>location.replace('/moving?' + Math.random())</script>`, "", crawler.DrawIncomplete},
	"/refused":   {`<h1>青禾灌溉</h1><script>fetch('http://' + location.hostname + ':8443/api').then(r => r.text()).then(t => { document.body.append(t) }).catch(() => {})</script>`, "", crawler.DrawRequest},
	"/firewall":  {`<h1>青禾灌溉</h1><script>fetch('/403').then(r => r.text()).catch(() => {})</script>`, "", crawler.DrawRequest},
	"/cut":       {`<h1>青禾灌溉</h1><script src="/cut.js"></script>`, "", crawler.DrawRequest},
	"/missing":   {`<h1>青禾灌溉</h1><script src="/404.js"></script>`, "", ""},
	"/guest":     {`<h1>青禾灌溉</h1><script>fetch('/401').then(r => r.text()).catch(() => {})</script>`, "", ""},
	"/poll":      {`<h1>青禾灌溉</h1><script>fetch('/never').catch(() => {})</script>`, "", crawler.DrawRequest},
	"/stream":    {`<h1>青禾灌溉</h1><script>new EventSource('/never'); setTimeout(() => document.body.append('五秒后'), 5000)</script>`, "五秒后", ""},
	"/worker":    {`<h1>青禾灌溉</h1><script>const w = new Worker(URL.createObjectURL(new Blob(['setTimeout(() => postMessage("一秒后"), 1000)']))); w.onmessage = e => document.body.append(e.data)</script>`, "一秒后", ""},
	"/alert":     {`<h1>青禾灌溉</h1><script>alert(1); document.body.append('好了')</script>`, "好了", ""},
	"/confirm":   {`<h1>青禾灌溉</h1><script>document.body.append(confirm('满十八岁了吗') ? '是' : '否')</script>`, "否", crawler.DrawDialog},
	"/many":      {`<h1>青禾灌溉</h1><script>for (let i = 0; i < 400; i++) fetch('/fast.json?' + i).catch(() => {})</script>`, "", crawler.DrawRequests},
	"/unread":    {`<h1>青禾灌溉</h1><script>for (let i = 0; i < 12; i++) { fetch('/fast.json?' + i); fetch('/parts.json?' + i) } setTimeout(() => document.body.append('读完了'), 3000)</script>`, "读完了", ""},
	"/drip":      {`<h1>青禾灌溉</h1><script>fetch('/drip.json').then(r => r.text()).then(t => { document.body.append(t) })</script>`, "浙ICP备20031415号-1", ""},
	"/dripjs":    {`<h1>青禾灌溉</h1><script src="/drip.js" async></script>`, "浙ICP备20031415号-1", ""},
	"/dripxhr":   {`<h1>青禾灌溉</h1><script>const x = new XMLHttpRequest(); x.open('GET', '/drip.json'); x.onload = () => document.body.append(x.responseText); x.send()</script>`, "浙ICP备20031415号-1", ""},
	"/dripcss":   {`<link rel=stylesheet href="/drip.css"><h1>青禾灌溉</h1>`, "浙ICP备20031415号-1", ""},
	"/dripframe": {`<h1>青禾灌溉</h1><iframe src="/drip.html" width=500 height=90></iframe>`, "浙ICP备20031415号-1", ""},
	"/twice":     {`<iframe src="?1" width=300 height=99></iframe><iframe src="?2" width=300 height=99></iframe><p>第一层</p>`, "第一层", ""}, // no address stands more than twice in a line of frames: 19 documents
	"/ticker":    {`<p id="t"></p><footer>版权所有 青禾灌溉</footer><script>let n = 0; setInterval(() => { t.textContent = 'x'.repeat(n++ % 40) + 'y'.repeat(600) }, 40)</script>`, "版权所有", ""},
	"/restless":  {`<h1>青禾灌溉</h1><footer id="t"></footer><script>let n = 0; setInterval(() => { t.textContent = '第' + n++ + '次' }, 40)</script>`, "次", ""},
	"/frame":     {`<h1>青禾灌溉</h1><iframe src="/foot.html" width="600" height="60"></iframe><iframe src="/foot.html" style="display:none"></iframe>`, `<p><a href="https://beian.miit.gov.cn/">浙ICP备20031415号-1</a></p>`, ""},
	"/abroad":    {`<h1>青禾灌溉</h1><iframe src="http://other.example/foot.html" width="600" height="60"></iframe>`, `data-frame="http://other.example/foot.html"><p><a href="https://beian.miit.gov.cn/">`, ""},
	"/scroll":    {`<h1>青禾灌溉</h1><div style="height:4000px"></div><footer id="f"></footer><script>new IntersectionObserver(e => { if (e[0].isIntersecting) f.innerHTML = '浙ICP备20031415号-1 的页脚' }).observe(f)</script>`, "浙ICP备20031415号-1 的页脚", ""},
	"/slots": {`<h1>青禾灌溉</h1><x-out><i>外</i><b slot="foot">浙ICP备20031415号-1</b><u slot="none">无</u></x-out><script>
		class In extends HTMLElement { constructor() { super(); this.attachShadow({mode: 'closed'}).innerHTML = '<footer><slot name="a">空</slot></footer><p><slot></slot></p>' } }
		class Out extends HTMLElement { constructor() { super(); this.attachShadow({mode: 'open'}).innerHTML = '<x-in><slot name="foot" slot="a"></slot><em>内</em></x-in><slot></slot>' } }
		customElements.define('x-in', In); customElements.define('x-out', Out)</script>`, `<footer><slot name="a"><slot name="foot" slot="a"><b slot="foot">浙ICP备20031415号-1</b></slot></slot></footer><p><slot><em>内</em></slot></p></x-in><slot><i>外</i></slot>`, ""},
	"/fade": {`<h1>青禾灌溉</h1><footer style="opacity:0;transition:opacity 1s">版权所有 青禾灌溉</footer>`, `<footer>版权所有`, ""},
}

// slowSite serves such pages and what they ask for.
func slowSite(t *testing.T, pages map[string]wholePage) *httptest.Server {
	t.Helper()
	stop := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		whole, ok := pages[r.URL.Path]
		if r.URL.Path == "/foot.html" {
			whole.page, ok = `<p><a href="https://beian.miit.gov.cn/">浙ICP备20031415号-1</a></p>`, true
		}
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><body>", whole.page)
	})
	mux.HandleFunc("/slow.json", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(1500 * time.Millisecond)
		fmt.Fprint(w, "浙ICP备20031415号-1")
	})
	mux.HandleFunc("/fast.json", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "浙ICP备20031415号-1") })
	mux.HandleFunc("/parts.json", func(w http.ResponseWriter, r *http.Request) {
		for range 2 { // no length is told
			fmt.Fprint(w, strings.Repeat("浙ICP备20031415号-1", 5000))
			w.(http.Flusher).Flush()
		}
	})
	for name, whole := range map[string][2]string{
		"json": {"浙ICP备", "20031415号-1"}, "js": {"document.body.append('浙ICP", "备20031415号-1')"}, "html": {"<p>浙ICP备", "20031415号-1"},
		"css": {"h1::after { content: '浙ICP备", "20031415号-1' }"},
	} {
		mux.HandleFunc("/drip."+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", mime.TypeByExtension("."+name))
			fmt.Fprint(w, whole[0])
			w.(http.Flusher).Flush()
			time.Sleep(1500 * time.Millisecond)
			fmt.Fprint(w, whole[1])
		})
	}
	mux.HandleFunc("/late.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		fmt.Fprint(w, "setTimeout(() => document.body.append('浙ICP备20031415号-1'), 4000)")
	})
	mux.HandleFunc("/cut.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, "document.title = 1")
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
	mux.HandleFunc("/socket.json", upgrade)
	s := httptest.NewServer(mux)
	t.Cleanup(func() { close(stop); s.Close() })
	return s
}

// TestDrawnWhole: a page is read when its work is done, and is not whole if
// something of it did not come.
func TestDrawnWhole(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		p := pool(t, loopback(t, program, slowSite(t, wholePages)))
		for path, want := range wholePages {
			t.Run(path[1:], func(t *testing.T) {
				t.Parallel()
				want.check(t, draw(t, p, path))
			})
		}
	})
}

// check holds a drawing of the page to what it must be.
func (want wholePage) check(t *testing.T, obs *crawler.Observation) {
	t.Helper()
	if obs.Rendered == nil {
		t.Fatalf("not drawn: %v; %+v", obs.Visits[0].Failure, obs.Drawing)
	}
	if dom := string(obs.Rendered.Body); !strings.Contains(dom, want.text) {
		t.Errorf("%q is not in:\n%s", want.text, dom)
	}
	var got crawler.DrawReason
	if len(obs.Drawing.Flaws) > 0 {
		got = obs.Drawing.Flaws[0].Reason
	}
	if got != want.flaw {
		t.Errorf("flaws %+v, want %q", obs.Drawing.Flaws, want.flaw)
	}
}

// TestDrawAtThePinnedAddress: the inventory's address holds in the browser.
func TestDrawAtThePinnedAddress(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		p := pool(t, loopback(t, program, slowSite(t, wholePages)))
		obs := &crawler.Observation{Domain: "pinned.example"}
		obs.Pin("pinned.example", netip.MustParseAddr("192.0.2.7"), time.Now())
		p.Do(t.Context(), obs, crawler.Ask{Kind: crawler.AskRender, URL: "http://pinned.example/fade"}, nil)
		if f := obs.Drawing.Failure; obs.Rendered != nil || f == nil || f.Kind != crawler.FailGuard {
			t.Errorf("drawn from elsewhere: %+v", obs.Drawing)
		}
	})
}

// TestNoBrowserIsOurs: whatever the program does, the visit says that it is us,
// and asking ends.
func TestNoBrowserIsOurs(t *testing.T) {
	ask := crawler.Ask{Kind: crawler.AskRender, URL: "http://spa.example/"}
	p := New(Options{Path: "/bin/false"})
	defer p.Close()
	obs := &crawler.Observation{Domain: "spa.example"}
	p.Do(t.Context(), obs, ask, nil)
	if len(obs.Visits) != 1 || obs.Visits[0].Failure == nil || obs.Visits[0].Failure.Kind != crawler.FailOurs {
		t.Errorf("visits %+v", obs.Visits)
	}
	p.Close()
	p.Do(t.Context(), obs, ask, nil)
	if len(obs.Visits) != 2 || obs.Visits[1].Failure == nil {
		t.Errorf("after Close: %+v", obs.Visits)
	}
}
