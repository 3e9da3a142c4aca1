package browser

import (
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"
	"golang.org/x/net/publicsuffix"
)

// A watch counts the requests of a page. A page whose data is still on the way,
// or was kept from our browser, is not yet what a visitor sees, and nothing may
// be said to be missing from it.
type watch struct {
	site string // the registrable domain of the page

	mu     sync.Mutex
	flying map[network.RequestID]string // requests under way and their hosts
	quiet  time.Time                    // when the last of them ended
	lost   bool                         // a script or an answer of the site did not come
}

func newWatch(address string) *watch {
	return &watch{site: siteOf(address), flying: map[network.RequestID]string{}, quiet: time.Now()}
}

// siteOf gives the registrable domain of an address, or its host.
func siteOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if name, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return name
	}
	return host
}

// see takes in an event of the tab. It runs on the goroutine that reads them
// and must be quick.
func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if carries(e.Type) && e.Request != nil {
			w.flying[e.RequestID] = siteOf(e.Request.URL)
		}
	case *network.EventResponseReceived:
		if site, ok := w.flying[e.RequestID]; ok && site == w.site && e.Response != nil && withheld(int(e.Response.Status)) {
			w.lost = true
		}
	case *network.EventLoadingFinished:
		w.land(e.RequestID)
	case *network.EventLoadingFailed:
		if w.flying[e.RequestID] == w.site && !e.Canceled {
			w.lost = true
		}
		w.land(e.RequestID)
	}
}

func (w *watch) land(id network.RequestID) {
	if _, ok := w.flying[id]; !ok {
		return
	}
	if delete(w.flying, id); len(w.flying) == 0 {
		w.quiet = time.Now()
	}
}

// idle is how long nothing has been under way.
func (w *watch) idle() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.flying) > 0 {
		return 0
	}
	return time.Since(w.quiet)
}

// missed tells whether something of the site did not come.
func (w *watch) missed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lost
}

// carries tells whether requests of this type can bring text into the page.
func carries(t network.ResourceType) bool {
	switch t {
	case network.ResourceTypeDocument, network.ResourceTypeScript, network.ResourceTypeXHR, network.ResourceTypeFetch, network.ResourceTypeStylesheet:
		return true
	}
	return false
}

// withheld tells whether the site may answer other browsers better than ours:
// refusals of firewalls, and its bad moments. That a visitor is not logged in
// (401) or a file is not there (404) is so for everybody.
func withheld(status int) bool {
	switch status {
	case 403, 405, 412, 418, 421, 429:
		return true
	}
	return status >= 500
}
