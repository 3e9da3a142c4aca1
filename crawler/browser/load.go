package browser

import (
	"context"
	"iter"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/beianwatch/beianwatch/crawler/guard"
)

// A load is what one page may do on the network while it is drawn, and what
// became of it.
type load struct {
	ctx     context.Context
	guard   *guard.Guard
	resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	local   *folder      // serves the page of a file; nil for a site's
	left    atomic.Int64 // bytes that the page may still bring in

	mu     sync.Mutex
	conns  map[net.Conn]struct{} // open connections of both sides; nil once it is over
	opened int                   // connections taken so far
	places map[string]error      // host:port → how our last dial of it failed; nil: it is connected
}

const (
	// maxPage bounds what a page may bring into the browser with all its
	// requests: without pictures and media a home page has a few megabytes.
	maxPage = 64 << 20
	// maxConns bounds the connections of one page, those to sites and those of
	// the browser together.
	maxConns = 2 * maxRequests
)

func newLoad(ctx context.Context, g *guard.Guard, resolve func(context.Context, string) ([]netip.Addr, error)) *load {
	l := &load{ctx: ctx, guard: g, resolve: resolve, conns: map[net.Conn]struct{}{}, places: map[string]error{}}
	l.left.Store(maxPage)
	return l
}

// enter counts a connection, and reports whether the load may have it.
func (l *load) enter(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conns == nil || l.opened >= maxConns {
		return false
	}
	l.opened++
	l.conns[c] = struct{}{}
	return true
}

func (l *load) leave(c net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, c)
}

// end closes every connection of the load: the next page of the tab finds none
// that another page has opened.
func (l *load) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		c.Close()
	}
	l.conns = nil
}

// dialled notes how a dial of a place went.
func (l *load) dialled(place string, err error) {
	place = strings.ToLower(place)
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.places[place]; known || len(l.places) < maxRequests {
		l.places[place] = err
	}
}

// reached reports whether a place was dialled, and how the last dial failed.
func (l *load) reached(place string) (dialled bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	err, dialled = l.places[strings.ToLower(place)]
	return dialled, err
}

// failed returns the places that the last dial did not reach, in order, and why.
func (l *load) failed() iter.Seq2[string, error] {
	l.mu.Lock()
	places := maps.Clone(l.places)
	l.mu.Unlock()
	return func(yield func(string, error) bool) {
		for _, place := range slices.Sorted(maps.Keys(places)) {
			if err := places[place]; err != nil && !yield(place, err) {
				return
			}
		}
	}
}
