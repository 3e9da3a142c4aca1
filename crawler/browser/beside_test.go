package browser

import (
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/network"

	"github.com/beianwatch/beianwatch/crawler"
)

// inWorker is a page that shows what its worker says.
func inWorker(code string) string {
	return `<h1>青禾灌溉</h1><script>const host = location.host; const w = new Worker(URL.createObjectURL(new Blob(["const host = '" + host + "';" + ` + "`" + code + "`" + `])));
		w.onmessage = e => document.body.append(e.data)</script>`
}

// inSharedWorker is the same with a shared one.
func inSharedWorker(code string) string {
	return `<h1>青禾灌溉</h1><script>const w = new SharedWorker(URL.createObjectURL(new Blob(["const host = '" + location.host + "'; onconnect = e => { const postMessage = m => e.ports[0].postMessage(m);" + ` + "`" + code + "`" + ` + "}"])));
		w.port.onmessage = e => document.body.append(e.data)</script>`
}

// saysWhatComes is code that asks for an address and says what came.
func saysWhatComes(address string) string {
	return "fetch('" + address + ").then(r => r.text()).then(postMessage).catch(() => {});"
}

// besidePages are pages whose text comes by what virtual time does not drive.
var besidePages = map[string]wholePage{
	"/good":       {inWorker(saysWhatComes("http://' + host + '/fast.json'")), "浙ICP备20031415号-1", ""},
	"/guarded":    {inWorker(saysWhatComes("http://' + host + ':8443/fast.json'")), "", crawler.DrawRequest},
	"/firewall":   {inWorker(saysWhatComes("http://' + host + '/403'")), "", crawler.DrawRequest},
	"/guest":      {inWorker(saysWhatComes("http://' + host + '/401'")), "", ""},
	"/missing":    {inWorker(saysWhatComes("http://' + host + '/404'")), "", ""},
	"/cut":        {inWorker(saysWhatComes("http://' + host + '/cut.js'")), "", crawler.DrawRequest},
	"/never1":     {inWorker(saysWhatComes("http://' + host + '/never'")), "", crawler.DrawRequest},
	"/xhr":        {inWorker("const x = new XMLHttpRequest(); x.open('GET', 'http://' + host + ':8443/'); x.send()"), "", crawler.DrawRequest},
	"/import":     {inWorker("importScripts('http://' + host + '/403')"), "", crawler.DrawRequest},
	"/nested":     {inWorker("new Worker(URL.createObjectURL(new Blob([\"fetch('http://\" + host + \"/403').catch(() => {})\"])))"), "", crawler.DrawRequest},
	"/nestedgood": {inWorker("const v = new Worker(URL.createObjectURL(new Blob([\"postMessage('第二层')\"]))); v.onmessage = e => postMessage(e.data)"), "第二层", ""},
	"/script":     {`<h1>青禾灌溉</h1><script>new Worker('/403')</script>`, "", crawler.DrawRequest},
	"/noscript":   {`<h1>青禾灌溉</h1><script>new Worker('/404')</script>`, "", ""},
	"/shared":     {inSharedWorker(saysWhatComes("http://' + host + '/fast.json'")), "浙ICP备20031415号-1", ""},
	"/sharedfail": {inSharedWorker(saysWhatComes("http://' + host + ':8443/fast.json'")), "", crawler.DrawRequest},
	"/shared403":  {inSharedWorker(saysWhatComes("http://' + host + '/403'")), "", crawler.DrawRequest},
	"/sharednest": {inSharedWorker("postMessage(self.Worker ? '有' : '没有')"), "没有", ""},                         // of a worker that it starts we would not be asked either
	"/sharedends": {inSharedWorker("postMessage('走了'); setTimeout(close, 100)"), "走了", crawler.DrawIncomplete}, // as one whose process ended
	"/socket":     {`<h1>青禾灌溉</h1><script>new WebSocket('ws://' + location.host + '/socket.json').onmessage = e => document.body.append(e.data)</script>`, "浙ICP备20031415号-1", ""},
	"/socket8443": {`<h1>青禾灌溉</h1><script>new WebSocket('wss://' + location.host + ':8443/').onmessage = e => document.body.append(e.data)</script>`, "", crawler.DrawRequest},
	"/socket403":  {`<h1>青禾灌溉</h1><script>new WebSocket('ws://' + location.host + '/403').onmessage = e => document.body.append(e.data)</script>`, "", crawler.DrawRequest},
	"/socket404":  {`<h1>青禾灌溉</h1><script>new WebSocket('ws://' + location.host + '/404').onmessage = e => document.body.append(e.data)</script>`, "", ""},
	"/socketwait": {`<h1>青禾灌溉</h1><script>new WebSocket('ws://' + location.host + '/never').onmessage = e => document.body.append(e.data)</script>`, "", crawler.DrawRequest},
	"/insocket":   {inWorker("new WebSocket('ws://' + host + ':8443/')"), "", crawler.DrawRequest},
	"/stream":     {`<h1>青禾灌溉</h1><script>new EventSource('http://' + location.host + ':8443/')</script>`, "", crawler.DrawRequest},
	"/closing":    {`<h1>青禾灌溉</h1><script>const s = new WebSocket('ws://' + location.host + '/never'); s.close()</script>`, "青禾灌溉", ""},
	"/closing1":   {`<h1>青禾灌溉</h1><script>const s = new WebSocket('ws://' + location.host + '/never'); setTimeout(() => s.close(), 500)</script>`, "青禾灌溉", ""},
	"/leaving":    {`<script>new WebSocket('ws://' + location.host + '/never'); setTimeout(() => location.replace('/foot.html'), 500)</script>`, "浙ICP备20031415号-1", ""},
	"/shareddata": {inSharedWorker("(async () => { for (let i = 0; i < 400; i++) await fetch('data:,' + i); postMessage('读完') })()"), "读完", ""},
	"/ended":      {inWorker("fetch('http://' + host + '/never'); new WebSocket('ws://' + host + '/never'); postMessage('走了')") + `<script>w.addEventListener('message', () => setTimeout(() => w.terminate(), 500))</script>`, "走了", ""},
	"/endednest":  {inWorker("const v = new Worker(URL.createObjectURL(new Blob([\"fetch('http://\" + host + \"/never'); postMessage('走了')\"]))); v.onmessage = e => postMessage(e.data)") + `<script>w.addEventListener('message', () => setTimeout(() => w.terminate(), 500))</script>`, "走了", ""},
	"/transport":  {`<h1>青禾灌溉</h1><script>new WebTransport('https://' + location.host + ':443/').closed.catch(() => {})</script>`, "", ""}, // no secure context
}

// TestBesideThePage: what a worker or a socket could not get makes a drawing not whole,
// as if the page had asked for it.
func TestBesideThePage(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		opt := loopback(t, program, slowSite(t, besidePages))
		opt.Tabs = 8 // most of the time is waited for
		p := pool(t, opt)
		drawn := map[string]*crawler.Observation{}
		var all sync.WaitGroup
		for path := range besidePages {
			obs := &crawler.Observation{Domain: "spa.example"}
			drawn[path] = obs
			all.Go(func() {
				p.Do(t.Context(), obs, crawler.Ask{Kind: crawler.AskRender, URL: "http://spa.example" + path}, nil)
			})
		}
		all.Wait()
		for path, want := range besidePages {
			t.Run(path[1:], func(t *testing.T) { want.check(t, drawn[path]) })
		}
	})
}

// TestSharedWorkerIsBounded: a shared worker that asks without end is ended, and its page
// is not whole.
func TestSharedWorkerIsBounded(t *testing.T) {
	everyBrowser(t, func(t *testing.T, program string) {
		var asked atomic.Int32
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if r.URL.Path == "/" {
				fmt.Fprint(w, "<!doctype html>", inSharedWorker("for (let i = 0; i < 6; i++) (async () => { for (;;) await fetch('http://' + host + '/' + Math.random()) })()"))
				return
			}
			asked.Add(1)
		}))
		t.Cleanup(s.Close)
		obs := draw(t, pool(t, loopback(t, program, s)), "/")
		if n := asked.Load(); n > 2*maxRequests {
			t.Errorf("%d requests", n)
		}
		if !slices.ContainsFunc(obs.Drawing.Flaws, func(f crawler.Flaw) bool { return f.Reason == crawler.DrawRequests }) {
			t.Errorf("%d requests: flaws %+v", obs.Drawing.Requests, obs.Drawing.Flaws)
		}
	})
}

// TestUnseenDial: a place that our dial did not reach for nothing that is known makes
// a page with a shared worker not whole, unless it is harmless; with anything else
// beside the page, only if something was asked for there.
func TestUnseenDial(t *testing.T) {
	l := newLoad(t.Context(), nil, nil)
	facts := &crawler.Drawing{}
	d := &drawing{load: l, facts: facts, traffic: newTraffic(session{}, l, facts, func(url string) bool { return strings.HasPrefix(url, "https://count.example/") }, "")}
	for _, place := range []string{"known.example:80", "count.example:443", "foot.example:8443", "again.example:443", "asked.example:443"} {
		l.dialled(place, errors.New("i/o timeout"))
	}
	l.dialled("again.example:443", nil)
	d.traffic.seek("https://again.example/")
	d.traffic.judge("http://known.example/a.js")
	if d.unanswered(); !facts.Whole() {
		t.Errorf("nothing is beside the page, and yet: %+v", facts.Flaws)
	}
	d.beyond = true
	if d.unanswered(); !facts.Whole() {
		t.Errorf("nothing was asked for at what was not reached, and yet: %+v", facts.Flaws)
	}
	d.traffic.began(&network.EventRequestWillBeSent{RequestID: "1", Type: network.ResourceTypeFetch, Request: &network.Request{URL: "https://asked.example/"}}, "")
	if d.unanswered(); len(facts.Flaws) != 1 || facts.Flaws[0].URL != "https://asked.example/" {
		t.Errorf("flaws %+v", facts.Flaws)
	}
	facts.Flaws = nil
	d.traffic.judge("https://asked.example/")
	d.shared = true
	if d.unanswered(); len(facts.Flaws) != 1 || facts.Flaws[0].URL != "https://foot.example:8443/" || facts.Flaws[0].Reason != crawler.DrawRequest {
		t.Errorf("flaws %+v", facts.Flaws)
	}
}

// upgrade answers with a WebSocket (RFC 6455) that says one thing.
func upgrade(w http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	const text = "浙ICP备20031415号-1"
	fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n\x81%c%s",
		base64.StdEncoding.EncodeToString(sum[:]), rune(len(text)), text)
	c.Read(make([]byte, 1)) // until the page is over
	c.Close()
}
