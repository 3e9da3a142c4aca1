package browser

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"

	"github.com/beianwatch/beianwatch/crawler"
)

const (
	maxRequests = 300  // a page load
	maxFlood    = 1500 // of a page that does not stop: it is ended, for the browser would serve none beside it
	maxFlight   = 6    // requests on the way to one address, as a browser has them to one host

	smallAnswer = 64 << 10 // bytes that come with the headers, or right after them
)

// traffic sees every request of a page before it is made, and its end. It is
// what keeps a page within its bounds and what knows whether all of it came.
type traffic struct {
	s        session
	load     *load
	harmless func(url string) bool
	contact  string // for the From header; empty: none

	mu      sync.Mutex
	drawing *crawler.Drawing
	flying  map[network.RequestID]*request
	count   int
	flight  map[string]int                 // address → requests on the way
	queue   map[string][]paused            // address → requests that wait for it
	keys    map[string]string              // host → address, "" while it is being asked for
	asking  map[string][]paused            // host → requests that wait for its address
	changed time.Time                      // when a request last began or ended
	over    bool                           // no more requests are let go
	fetched map[network.RequestID]*fetched // what the page may be made of, by the request
	fickle  bool                           // it is made of more than that
	ends    map[string]bool                // places at which a request is known to have failed
	sought  map[string]bool                // places that something that can bring text was asked of
}

// A request is one on the way.
type request struct {
	url   string
	kind  network.ResourceType
	key   string    // the address whose flight it counts in; empty if it was let pass
	since time.Time // when it was let go, or was first heard of

	answered bool // its headers came …
	status   int  // … with this status
	late     bool // it was waited for long enough

	worker target.SessionID // whose it is: virtual time goes on without it; empty: the page's
}

// paused is a request that the browser asks us about.
type paused struct {
	id      fetch.RequestID
	network network.RequestID
	headers network.Headers
	kind    network.ResourceType
}

func newTraffic(s session, l *load, d *crawler.Drawing, harmless func(string) bool, contact string) *traffic {
	return &traffic{
		s: s, load: l, harmless: harmless, contact: contact, drawing: d,
		flying: map[network.RequestID]*request{}, flight: map[string]int{}, queue: map[string][]paused{},
		keys: map[string]string{}, asking: map[string][]paused{}, changed: time.Now(), fetched: map[network.RequestID]*fetched{}, ends: map[string]bool{}, sought: map[string]bool{},
	}
}

// began notes a request, of the page or of a worker, or that one was redirected.
func (t *traffic) began(e *network.EventRequestWillBeSent, worker target.SessionID) {
	if e.Request == nil || !strings.HasPrefix(e.Request.URL, "http") {
		return // data:, blob: and the like are at hand
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fetch(e)
	kind := e.Type
	if worker != "" && kind == network.ResourceTypeOther {
		kind = network.ResourceTypeScript // one that it imports
	}
	if brings(kind) {
		note(t.sought, e.Request.URL)
	}
	if r := t.fly(e.RequestID, e.Request.URL, kind); r != nil {
		r.kind, r.worker = kind, worker // the other event calls an event stream a fetch
	}
}

// fly notes a request under way. Its two events come in either order.
func (t *traffic) fly(id network.RequestID, url string, kind network.ResourceType) *request {
	t.changed = time.Now()
	r := t.flying[id]
	if r == nil {
		if id == "" || len(t.flying) >= 2*maxRequests {
			return nil
		}
		r = &request{since: t.changed, kind: kind}
		t.flying[id] = r
	}
	r.url = url
	return r
}

// answered takes in the headers of an answer and judges its status.
func (t *traffic) answered(e *network.EventResponseReceived, page bool) {
	if e.Response == nil {
		return
	}
	kind, next := t.heard(e)
	t.release(next)
	if page || !brings(kind) || !withheld(int(e.Response.Status)) {
		return
	}
	t.flaw(crawler.DrawRequest, e.Response.URL, "HTTP "+strconv.Itoa(int(e.Response.Status)))
}

// heard notes that an answer has begun, and returns what it is and what may start. A
// small one is as good as here: how long the page takes to read it is its own affair.
func (t *traffic) heard(e *network.EventResponseReceived) (network.ResourceType, []paused) {
	t.mu.Lock()
	defer t.mu.Unlock()
	res := e.Response
	t.changed = time.Now()
	if f := t.fetched[e.RequestID]; f != nil {
		f.status, f.utf8 = int(res.Status), strings.EqualFold(res.Charset, "utf-8")
	}
	r := t.flying[e.RequestID]
	if r == nil {
		return e.Type, nil
	}
	r.answered, r.status = true, int(res.Status)
	length, _ := res.Headers["Content-Length"].(string)
	if n, err := strconv.Atoi(length); err != nil || n > smallAnswer {
		return r.kind, nil
	}
	key := r.key
	r.key = ""
	return r.kind, t.land(key)
}

// received counts the bytes of a body that came.
func (t *traffic) received(e *network.EventDataReceived) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.fetched[e.RequestID]; f != nil {
		f.size += e.DataLength
	}
}

// settle takes answers that have begun and do not move out of the flight: the
// body of a fetch that no script reads never ends.
func (t *traffic) settle() {
	t.mu.Lock()
	var next []paused
	for _, r := range t.flying {
		if r.answered {
			key := r.key
			r.key = ""
			next = append(next, t.land(key)...)
		}
	}
	t.mu.Unlock()
	t.release(next)
}

// giveUp waits no longer for what can bring text, and returns its addresses.
func (t *traffic) giveUp() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var urls []string
	for _, r := range t.flying {
		if t.text(r) && r.worker == "" {
			r.late = true
			urls = append(urls, r.url)
		}
	}
	slices.Sort(urls)
	return urls
}

// text reports whether a request under way can bring text that is waited for.
func (t *traffic) text(r *request) bool { return carries(r.kind) && !r.late && !t.harmless(r.url) }

// ended notes that a request is over; failed is the browser's word for how, or
// empty.
func (t *traffic) ended(id network.RequestID, failed string) {
	t.mu.Lock()
	r := t.flying[id]
	delete(t.flying, id)
	t.changed = time.Now()
	var next []paused
	if r != nil {
		next = t.land(r.key)
	}
	t.mu.Unlock()
	t.release(next)
	if failed == errFailed && r != nil && r.status >= 400 {
		return // by its status, which is judged
	}
	if r != nil && failed != "" && brings(r.kind) {
		t.flaw(crawler.DrawRequest, r.url, failed)
	}
}

// errFailed is the browser's word for the failure of what it does not use.
const errFailed = "net::ERR_FAILED"

// land takes a request out of an address's flight and returns what may start.
func (t *traffic) land(key string) []paused {
	if key == "" {
		return nil
	}
	t.flight[key]--
	return t.take(key)
}

// take returns the waiting requests that an address has room for.
func (t *traffic) take(key string) []paused {
	var next []paused
	for len(t.queue[key]) > 0 && t.flight[key] < maxFlight {
		p := t.queue[key][0]
		t.queue[key] = t.queue[key][1:]
		if r := t.flying[p.network]; r != nil {
			r.key, r.since = key, time.Now()
			t.flight[key]++
		}
		next = append(next, p)
	}
	return next
}

// flaw notes why the page is not whole, unless what failed touches nothing.
func (t *traffic) flaw(reason crawler.DrawReason, url, detail string) {
	if url != "" && t.harmless(url) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drawing.Add(crawler.Flaw{Reason: reason, URL: url, Detail: detail})
}

// underWay returns the addresses from which workers wait for text.
func (t *traffic) underWay() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var urls []string
	for _, r := range t.flying {
		if r.worker != "" && t.text(r) {
			urls = append(urls, r.url)
		}
	}
	return urls
}

// pending returns the oldest request of the page under way that can bring text, and
// how many others there are.
func (t *traffic) pending() (data *request, others int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.flying {
		if r.worker != "" {
			continue
		}
		if !t.text(r) {
			others++
		} else if data == nil || r.since.Before(data.since) {
			data = r
		}
	}
	if data != nil {
		data = &request{url: data.url, kind: data.kind, since: data.since}
	}
	return data, others
}

// rested is how long no request has begun or ended.
func (t *traffic) rested() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Since(t.changed)
}

// hostOf returns the host of an address in lower case, without its port.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// carries reports whether requests of this type can bring text into the page.
func carries(t network.ResourceType) bool {
	switch t {
	case network.ResourceTypeDocument, network.ResourceTypeScript, network.ResourceTypeXHR, network.ResourceTypeFetch, network.ResourceTypeStylesheet:
		return true
	}
	return false
}

// brings reports whether the failure of such a request takes text from the page. An
// event stream is not waited for, but may have brought some.
func brings(t network.ResourceType) bool {
	return carries(t) || t == network.ResourceTypeEventSource
}
