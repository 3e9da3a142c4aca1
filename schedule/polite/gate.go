package polite

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler/pace"
)

// A Gate keeps politeness per address, for all runs of the process: at most so
// many requests in flight to one address and so many a second. Memory holds the
// addresses in use and those used within the last moments. It is safe for
// concurrent use; a nil *Gate limits nothing.
type Gate struct {
	usual    limits // of every address in no network
	networks networkTable
	limited  bool
	calm     func() bool // see SetCalm
	locks    *Locks      // nil: no other process works on these addresses

	mu    sync.Mutex
	doors map[netip.Addr]*door
	sweep int // entries since idle doors were last dropped
}

// NewGate returns a gate for perIP requests in flight and rate requests a second
// to one address; 0 lifts a limit. The networks have limits of their own; see
// [CheckNetworks].
func NewGate(perIP int, rate float64, networks []Network) *Gate {
	g := &Gate{usual: newLimits(perIP, rate), networks: newNetworkTable(networks), doors: map[netip.Addr]*door{}}
	g.limited = !g.usual.none()
	for _, n := range networks {
		g.limited = g.limited || !newLimits(n.PerIP, n.Rate).none()
	}
	return g
}

// SetCalm sets the function that reports whether this machine and its line keep
// up: only then a server that answers slowly is taken for slow. Without one it
// always is. To be called before the first request.
func (g *Gate) SetCalm(calm func() bool) { g.calm = calm }

// Share lets the limits hold together with other processes: while one has an
// address, the others wait for it. Locks of one process alone ([Locks.Shared]
// is false) change nothing. To be called before the first request.
func (g *Gate) Share(locks *Locks) {
	if !locks.Shared() {
		return
	}
	g.locks = locks
	locks.rest, locks.restLeft = g.rest, g.restLeft
}

// Limited reports whether the gate limits anything.
func (g *Gate) Limited() bool { return g != nil && g.limited }

// limitsOf returns the limits of an address or key.
func (g *Gate) limitsOf(a netip.Addr) limits {
	if n := g.networks.of(a); n != nil {
		return newLimits(n.PerIP, n.Rate)
	}
	return g.usual
}

// Abreast is how many names of a key are worth visiting side by side. Names
// have no key (it is not valid) if no address was limited when they were
// resolved: they lead to many addresses, and only the gate holds their requests
// back.
func (g *Gate) Abreast(key netip.Addr) int {
	if !key.IsValid() {
		return limits{}.abreast()
	}
	return g.limitsOf(key).abreast()
}

// Key is what an address counts as: the network that the config names, the /64
// of an IPv6 address (one server may have all of it), or the address itself.
func (g *Gate) Key(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	n := g.networks.of(a)
	if n != nil && !n.ByAddress {
		return n.Net.Addr()
	}
	if a.Is6() {
		return netip.PrefixFrom(a, 64).Masked().Addr()
	}
	return a
}

// Enter waits until one request may be sent to the address. The function that
// it returns must be called when the answer has been read. The error says that
// ctx ended, or that the address must be left alone until after its deadline.
// It has the form of web.Options.Gate.
func (g *Gate) Enter(ctx context.Context, addr netip.Addr) (leave func(), err error) {
	if !g.Limited() {
		return func() {}, ctx.Err()
	}
	key := g.Key(addr)
	if g.limitsOf(key).none() {
		return func() {}, ctx.Err()
	}
	shared := g.enlist(key)
	if err := g.slot(ctx, key); err != nil {
		shared.end()
		return nil, err
	}
	var once sync.Once
	leave = func() { once.Do(func() { g.leave(key); shared.end() }) }
	if err := g.begin(ctx, key, shared); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

// enlist says to the other processes' locks that a request wants the key; nil
// if there are none.
func (g *Gate) enlist(key netip.Addr) *request {
	if g.locks == nil {
		return nil
	}
	return g.locks.enlist(key.String())
}

// rest lets at least so much time pass before the next request: the address was
// another process' until now. wait < 0: it is not known when that one's last
// request began, so a whole gap passes.
func (g *Gate) rest(name string, wait time.Duration) {
	key, err := netip.ParseAddr(name)
	if err != nil {
		return
	}
	if wait < 0 {
		wait = g.limitsOf(key).gap
	}
	if wait == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.door(key)
	if next := time.Now().Add(wait); d.next.Before(next) {
		d.next = next
	}
}

// restLeft is how long the address must still be left alone, by what this
// process has sent to it.
func (g *Gate) restLeft(name string) time.Duration {
	key, err := netip.ParseAddr(name)
	if err != nil {
		return 0
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if d := g.doors[key]; d != nil {
		return max(0, time.Until(d.next))
	}
	return 0
}

// door returns the door of an address. Now and then it drops those that are not
// used any more.
func (g *Gate) door(key netip.Addr) *door {
	if g.sweep++; g.sweep >= max(1024, len(g.doors)/2) {
		g.sweep = 0
		now := time.Now()
		for a, d := range g.doors {
			if d.idle(now) {
				delete(g.doors, a)
			}
		}
	}
	d := g.doors[key]
	if d == nil {
		d = &door{limits: g.limitsOf(key)}
		g.doors[key] = d
	}
	return d
}

// Pace waits until a request to the key would not have to wait, without making
// one: the names of a busy address wait here rather than with a place among the
// visits under way. It is fair enough because one job at a time visits the names
// of an address. It returns false if that will be after until, and does not wait
// then, or if ctx ends.
func (g *Gate) Pace(ctx context.Context, key netip.Addr, until time.Time) bool {
	if !g.Limited() || !key.IsValid() {
		return ctx.Err() == nil && time.Now().Before(until)
	}
	g.mu.Lock()
	next := time.Now()
	if d := g.doors[key]; d != nil && d.next.After(next) {
		next = d.next
	}
	g.mu.Unlock()
	return next.Before(until) && pace.Wait(ctx, time.Until(next)) == nil
}
