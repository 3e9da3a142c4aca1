// What becomes of a page's requests: let go, kept in the line of their address,
// answered by us, or refused.

package browser

import (
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"

	"github.com/beianwatch/beianwatch/crawler"
)

// asked decides what becomes of a request.
func (t *traffic) asked(e *fetch.EventRequestPaused) {
	if e.Request == nil {
		return
	}
	many := t.counts()
	t.mu.Lock()
	over := many || t.over
	t.fly(e.NetworkID, e.Request.URL, e.ResourceType)
	t.mu.Unlock()
	switch {
	case over:
		t.fail(e.RequestID)
	case e.ResourceType == network.ResourceTypeImage:
		// A picture has come for the page's scripts, and none was fetched.
		tell(t.s, fetch.FulfillRequest, fetch.FulfillRequestParams{
			RequestID: e.RequestID, ResponseCode: 200, Body: dot,
			ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "image/gif"}, {Name: "Access-Control-Allow-Origin", Value: "*"}},
		})
	case e.ResourceType == network.ResourceTypeFont || e.ResourceType == network.ResourceTypeMedia:
		t.fail(e.RequestID)
	default:
		t.admit(paused{e.RequestID, e.NetworkID, e.Request.Headers, e.ResourceType}, hostOf(e.Request.URL))
	}
}

// counts counts a request of the page or of a shared worker, and reports whether it is one
// too many. A page that goes on all the same is ended.
func (t *traffic) counts() (many bool) {
	t.mu.Lock()
	t.count++
	t.drawing.Requests = t.count
	many = t.count > maxRequests
	flood := t.count == maxFlood
	t.mu.Unlock()
	if many {
		t.flaw(crawler.DrawRequests, "", "")
	}
	if flood {
		tell(t.s, page.Crash, cdp.Empty{})
	}
	return many
}

// dot is a transparent GIF of one pixel.
var dot = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

// admit lets a request go when its address has room.
func (t *traffic) admit(p paused, host string) {
	t.mu.Lock()
	key, known := t.keys[host]
	switch {
	case known && key == "":
		t.asking[host] = append(t.asking[host], p)
		t.mu.Unlock()
	case !known:
		t.keys[host] = ""
		t.asking[host] = append(t.asking[host], p)
		t.mu.Unlock()
		go t.find(host)
	default:
		next := t.line(p, key)
		t.mu.Unlock()
		t.release(next)
	}
}

// line puts a request into the line of its address and returns what may start.
func (t *traffic) line(p paused, key string) []paused {
	var next []paused
	if r := t.flying[p.network]; r != nil && r.key != "" {
		next = t.land(r.key) // it was redirected, and its place there is free
		r.key = ""
	}
	t.queue[key] = append(t.queue[key], p)
	return append(next, t.take(key)...)
}

// find asks for the address of a host. A host without one counts by its name.
func (t *traffic) find(host string) {
	key := host
	if addrs, err := t.load.resolve(t.load.ctx, host); err == nil && len(addrs) > 0 {
		key = addrs[0].String()
	}
	t.mu.Lock()
	t.keys[host] = key
	var next []paused
	for _, p := range t.asking[host] {
		next = append(next, t.line(p, key)...)
	}
	delete(t.asking, host)
	t.mu.Unlock()
	t.release(next)
}

// release lets requests go, a page with the words whom to write to.
func (t *traffic) release(list []paused) {
	for _, p := range list {
		params := fetch.ContinueRequestParams{RequestID: p.id}
		if p.kind == network.ResourceTypeDocument && t.contact != "" {
			for name, value := range p.headers {
				if s, ok := value.(string); ok {
					params.Headers = append(params.Headers, &fetch.HeaderEntry{Name: name, Value: s})
				}
			}
			params.Headers = append(params.Headers, &fetch.HeaderEntry{Name: "From", Value: t.contact})
		}
		tell(t.s, fetch.ContinueRequest, params)
	}
}

// stop lets no more requests go.
func (t *traffic) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
}

func (t *traffic) fail(id fetch.RequestID) {
	tell(t.s, fetch.FailRequest, fetch.FailRequestParams{RequestID: id, ErrorReason: network.ErrorReasonBlockedByClient})
}
