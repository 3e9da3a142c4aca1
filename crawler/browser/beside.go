// What lives beside the page and is not driven by its virtual time: workers, and
// sockets of the page and of its workers.

package browser

import (
	"cmp"
	"maps"
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

// A worker is one that is listened to.
type worker struct {
	id     target.SessionID
	target target.ID
	parent target.SessionID // of the worker that started it, with which it ends; empty: none did
	shared bool             // we are not asked about what it asks for
}

// attach listens to a worker that was started, by the page or by a worker of
// it, and lets it begin: it waits for us, so that none of its requests is missed.
func (t *tab) attach(e *target.EventAttachedToTarget, parent target.SessionID) {
	s := session{t.in.conn, e.SessionID}
	w := worker{id: e.SessionID, parent: parent}
	if i := e.TargetInfo; i != nil {
		w.target, w.shared = i.TargetID, i.Type == "shared_worker"
	}
	switch {
	case len(t.workers) < maxWorkers:
		t.workers = append(t.workers, w)
		s.c.listen(s.id, func(e event) { e.worker = s.id; t.events.put(e) })
		total, each := int64(1), int64(1) // no body is asked for
		tell(s, network.Enable, network.EnableParams{MaxTotalBufferSize: &total, MaxResourceBufferSize: &each})
		tell(s, target.SetAutoAttach, autoAttach())
	case w.shared: // nothing would bound what it asks for
		t.in.end(w)
	}
	tell(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
}

// autoAttach has a session told of the workers that its target starts.
func autoAttach() target.SetAutoAttachParams {
	return target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: new(true)}
}

// detach listens no longer to a worker that has ended, nor to those that it started, and
// waits for nothing that they asked for: nobody is there to whom it could come.
func (t *tab) detach(id target.SessionID) {
	k := slices.IndexFunc(t.workers, func(w worker) bool { return w.id == id })
	if k < 0 {
		return
	}
	t.workers = slices.Delete(t.workers, k, k+1)
	t.in.conn.listen(id, nil)
	if t.now != nil {
		t.now.forget(func(w target.SessionID) bool { return w == id })
		t.now.traffic.drop(id)
	}
	for _, w := range slices.Clone(t.workers) {
		if w.parent == id {
			t.detach(w.id)
		}
	}
}

// unasked counts a request that was made without asking us, that of a shared worker, and
// ends the worker where it is one too many. Such are heard of when they are made: some
// more may be on their way.
func (d *drawing) unasked(url string, id target.SessionID) {
	k := slices.IndexFunc(d.tab.workers, func(w worker) bool { return w.id == id && w.shared })
	if k >= 0 && strings.HasPrefix(url, "http") && d.traffic.counts() {
		d.tab.in.end(d.tab.workers[k])
	}
}

// end ends a shared worker.
func (in *instance) end(w worker) {
	tell(in.root, target.CloseTarget, target.CloseTargetParams{TargetID: w.target})
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
	url    string
	worker target.SessionID // whose it is; empty: the page's
	ended  bool             // it is open, or its failure is told
	shut   string           // how it closed before it was open, where that may be the document's end
}

// forget waits no longer for sockets of those who are gone.
func (d *drawing) forget(gone func(worker target.SessionID) bool) {
	d.note(func() {
		maps.DeleteFunc(d.sockets, func(_ network.RequestID, s *socket) bool { return !s.ended && gone(s.worker) })
	})
}

// leave forgets what the document before has asked for and nobody waits for any more.
// What a worker still asks for is forgotten when that ends.
func (d *drawing) leave() {
	d.forget(func(worker target.SessionID) bool { return worker == "" })
	d.traffic.mu.Lock()
	defer d.traffic.mu.Unlock()
	clear(d.traffic.sought)
}

// drop waits no longer for the requests of a worker that has ended.
func (t *traffic) drop(worker target.SessionID) {
	t.mu.Lock()
	var next []paused
	for id, r := range t.flying {
		if r.worker == worker {
			delete(t.flying, id)
			next = append(next, t.land(r.key)...)
		}
	}
	t.mu.Unlock()
	t.release(next)
}

// opening notes a socket that the page asks for.
func (d *drawing) opening(id network.RequestID, url string, worker target.SessionID) {
	many := false
	d.note(func() {
		d.beyond = true
		if many = len(d.sockets) >= maxSockets; !many {
			d.sockets[id] = &socket{url: url, worker: worker}
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

// shut notes that a socket closed; how is empty where a failure would have been told:
// then its document or its worker is gone.
func (d *drawing) shut(id network.RequestID, how string) {
	d.note(func() {
		if s := d.sockets[id]; s != nil && !s.ended {
			s.shut, s.ended = how, how == ""
		}
	})
}

// errLeft is the browser's word for a socket that the page itself closed before it was
// open. Whether the place can be reached from here is not said by it.
const errLeft = "WebSocket is closed before the connection is established."

// broken notes that a socket failed before it was open. A refusal that visitors
// get as well is no flaw.
func (d *drawing) broken(id network.RequestID, why string) {
	if why == errLeft {
		d.shut(id, "")
		return
	}
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

// noAnswer is the word for what was waited for in vain.
const noAnswer = "no answer in time"

// unanswered notes what a worker or a socket was still waiting for, and every
// place that could not be reached from here although no request is known to have
// failed there: then one beside the page has. Of a place that nothing is known to
// have asked for, that is said only where a shared worker runs, which is not heard
// from its beginning: elsewhere it was connected to for no request.
func (d *drawing) unanswered() {
	late := map[string]string{} // address → why
	beyond, shared := false, false
	d.note(func() {
		beyond, shared = d.beyond, d.shared
		for _, s := range d.sockets {
			if !s.ended {
				late[httpAddress(s.url)] = cmp.Or(s.shut, noAnswer)
			}
		}
	})
	if !beyond {
		return
	}
	for _, url := range d.traffic.underWay() {
		late[url] = noAnswer
	}
	for _, url := range slices.Sorted(maps.Keys(late)) {
		d.traffic.flaw(crawler.DrawRequest, url, late[url])
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
