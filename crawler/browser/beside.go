// What lives beside the page and is not driven by its virtual time: workers, and
// sockets of the page and of its workers.

package browser

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"

	"github.com/beianwatch/beianwatch/crawler"
)

// maxWorkers bounds the workers of one page that are listened to, and maxSockets
// its sockets. The drawing of a page that starts more is not whole.
const (
	maxWorkers = 50
	maxSockets = 50
)

// attach listens to a worker that was started, in this session or by a worker of
// it, and lets it begin: it waits for us, so that none of its requests is missed.
func (t *tab) attach(e *target.EventAttachedToTarget) {
	s := session{t.in.conn, e.SessionID}
	if len(t.workers) < maxWorkers {
		t.workers = append(t.workers, e.SessionID)
		s.c.listen(s.id, func(e event) { e.worker = true; t.events.put(e) })
		total, each := int64(1), int64(1) // no body is asked for
		tell(s, network.Enable, network.EnableParams{MaxTotalBufferSize: &total, MaxResourceBufferSize: &each})
		tell(s, target.SetAutoAttach, autoAttach())
	}
	tell(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
}

// autoAttach has a session told of the workers that its target starts.
func autoAttach() target.SetAutoAttachParams {
	return target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: new(true)}
}

// detach listens no longer to workers: to one that has ended, or to all.
func (t *tab) detach(ended func(target.SessionID) bool) {
	t.workers = slices.DeleteFunc(t.workers, func(id target.SessionID) bool {
		if !ended(id) {
			return false
		}
		t.in.conn.listen(id, nil)
		return true
	})
}

// attached notes what runs beside the page.
func (d *drawing) attached(e *target.EventAttachedToTarget) {
	if e.TargetInfo == nil {
		return
	}
	switch e.TargetInfo.Type {
	case "worker", "shared_worker", "service_worker":
		workers := 0
		d.note(func() {
			d.beyond, d.workers = true, d.workers+1
			d.shared = d.shared || e.TargetInfo.Type != "worker"
			workers = d.workers
		})
		if workers > maxWorkers {
			d.traffic.flaw(crawler.DrawRequests, "", "")
		}
	}
}

// A socket is a WebSocket or WebTransport of the page.
type socket struct {
	url   string
	ended bool // it is open, or its failure is told
}

// opening notes a socket that the page asks for.
func (d *drawing) opening(id network.RequestID, url string) {
	many := false
	d.note(func() {
		d.beyond = true
		if many = len(d.sockets) >= maxSockets; !many {
			d.sockets[id] = &socket{url: url}
		}
	})
	d.traffic.seek(httpAddress(url))
	if many {
		d.traffic.flaw(crawler.DrawRequests, "", "")
	}
}

// opened notes that a socket is open: what it brings, it brings to all.
func (d *drawing) opened(id network.RequestID) {
	d.note(func() {
		if s := d.sockets[id]; s != nil {
			s.ended = true
		}
	})
}

// broken notes that a socket failed before it was open. A refusal that visitors
// get as well is no flaw.
func (d *drawing) broken(id network.RequestID, why string) {
	var failed string
	d.note(func() {
		if s := d.sockets[id]; s != nil && !s.ended {
			failed, s.ended = s.url, true
		}
	})
	if failed == "" {
		return
	}
	d.traffic.judge(httpAddress(failed))
	if !refusedToAll(why) {
		d.traffic.flaw(crawler.DrawRequest, httpAddress(failed), why)
	}
}

// refusedToAll reports whether the browser's word for a failed handshake names a
// status that the site's visitors get as well.
func refusedToAll(why string) bool {
	_, code, ok := strings.Cut(why, "Unexpected response code: ")
	status, err := strconv.Atoi(code)
	return ok && err == nil && !withheld(status)
}

// httpAddress is the address of a socket as one of the web: lists of hosts know
// no other.
func httpAddress(address string) string {
	if rest, ok := strings.CutPrefix(address, "ws"); ok {
		return "http" + rest
	}
	return address
}

// unanswered notes what a worker or a socket was still waiting for, and every
// place that could not be reached from here although no request is known to have
// failed there: then one beside the page has. Of a place that nothing is known to
// have asked for, that is said only where a shared worker runs, which is not heard
// from its beginning: elsewhere it was connected to for no request.
func (d *drawing) unanswered() {
	var urls []string
	beyond, shared := false, false
	d.note(func() {
		beyond, shared = d.beyond, d.shared
		for _, s := range d.sockets {
			if !s.ended {
				urls = append(urls, httpAddress(s.url))
			}
		}
	})
	if !beyond {
		return
	}
	urls = append(urls, d.traffic.underWay()...)
	slices.Sort(urls)
	for _, url := range urls {
		d.traffic.flaw(crawler.DrawRequest, url, "no answer in time")
	}
	for place, err := range d.load.failed() {
		if !d.traffic.judged(place) && (shared || d.traffic.asksFor(place)) {
			d.traffic.flaw(crawler.DrawRequest, addressOf(place), err.Error())
		}
	}
}

// broke notes that a request has failed, which is judged by itself.
func (t *traffic) broke(id network.RequestID) {
	t.mu.Lock()
	r := t.flying[id]
	t.mu.Unlock()
	if r != nil {
		t.judge(r.url)
	}
}

// judge notes that what was asked for at an address has failed and is judged by itself.
func (t *traffic) judge(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	note(t.ends, address)
}

// seek notes that a socket asks for an address.
func (t *traffic) seek(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	note(t.sought, address)
}

// note adds the place of an address to places.
func note(places map[string]bool, address string) {
	if len(places) < 2*maxRequests {
		places[strings.ToLower(placeOf(address))] = true
	}
}

// judged reports whether a request to a place is known to have failed.
func (t *traffic) judged(place string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ends[place]
}

// asksFor reports whether something that can bring text was asked of a place. One that
// was only connected to beforehand (preconnect) brings none; where more places are
// asked than are noted, each may have been.
func (t *traffic) asksFor(place string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sought[place] || len(t.sought) >= 2*maxRequests
}

// addressOf is the address of a place host:port.
func addressOf(place string) string {
	u := url.URL{Scheme: "https", Host: place, Path: "/"}
	switch u.Port() {
	case "80":
		u.Scheme, u.Host = "http", strings.TrimSuffix(place, ":80")
	case "443":
		u.Host = strings.TrimSuffix(place, ":443")
	}
	return u.String()
}
