package browser

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"

	"github.com/beianwatch/beianwatch/crawler"
)

// A transcript is what was said to a browser that never answers.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *transcript) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(b)
}

func (r *transcript) Close() error { return nil }

// count returns how often a command was given.
func (r *transcript) count(command string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Count(r.text.Bytes(), []byte(`"`+command+`"`))
}

// silentTraffic makes the traffic of a page in such a browser, to hosts of which the
// addresses are known.
func silentTraffic(t *testing.T, addrs map[string]string) (*traffic, *transcript) {
	t.Helper()
	said := &transcript{}
	in, out := io.Pipe()
	t.Cleanup(func() { out.Close() })
	tr := newTraffic(session{c: newConn(in, said)}, newLoad(t.Context(), nil, nil), &crawler.Drawing{}, func(string) bool { return false }, "")
	tr.keys = addrs
	return tr, said
}

// ask makes the nth request, or leads it on, to a host.
func ask(tr *traffic, n int, host string) {
	tr.asked(&fetch.EventRequestPaused{
		RequestID: fetch.RequestID(fmt.Sprint(n)), NetworkID: network.RequestID(fmt.Sprint(n)), ResourceType: network.ResourceTypeScript, Request: &network.Request{URL: "http://" + host + "/"},
	})
}

// TestRedirectedRequestsMakeRoom: requests that are led on to another address leave their
// place to those that wait for the first.
func TestRedirectedRequestsMakeRoom(t *testing.T) {
	tr, said := silentTraffic(t, map[string]string{"a.example": "192.0.2.1", "b.example": "192.0.2.2"})
	for n := range 2 * maxFlight {
		ask(tr, n, "a.example")
	}
	if n := said.count(fetch.CommandContinueRequest); n != maxFlight {
		t.Errorf("%d requests to one address, want %d", n, maxFlight)
	}
	for n := range maxFlight {
		ask(tr, n, "b.example")
	}
	if n := said.count(fetch.CommandContinueRequest); n != 3*maxFlight {
		t.Errorf("%d requests were let go, want %d: all that go on, and all that waited", n, 3*maxFlight)
	}
}

// TestFloodEndsItsPage: a page that does not stop asking is ended, for its requests keep
// the browser from the pages beside it.
func TestFloodEndsItsPage(t *testing.T) {
	tr, said := silentTraffic(t, map[string]string{"a.example": "192.0.2.1"})
	for n := range maxFlood - 1 {
		ask(tr, n, "a.example")
	}
	if n := said.count(page.CommandCrash); n != 0 {
		t.Errorf("ended %d times before it asked too often", n)
	}
	for n := range 10 {
		ask(tr, maxFlood+n, "a.example")
	}
	if n := said.count(page.CommandCrash); n != 1 {
		t.Errorf("ended %d times, want 1", n)
	}
}
