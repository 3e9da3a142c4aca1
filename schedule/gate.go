package schedule

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler/pace"
)

// A Gate keeps politeness per address, for all runs of the process: at most
// so many requests in flight to one address and so many a second. Memory holds
// the addresses in use and those used within the last moments.
type Gate struct {
	usual    limits // of every address in no network
	networks networkTable
	limited  bool
	calm     func() bool // tells whether servers, not we, are what is slow; nil: they are
	// hold keeps other processes off an address for one request; nil: there are
	// none.
	hold func(ctx context.Context, lane netip.Addr) (leave func(), err error)

	mu    sync.Mutex
	doors map[netip.Addr]*door
	sweep int // entries since idle doors were last looked for
}

// A door is one address.
type door struct {
	limits limits
	inside int             // requests in flight
	next   time.Time       // when the next request may begin
	queue  []chan struct{} // those who wait for a slot, first come first
	temper temper
}

// NewGate makes a gate for perIP requests in flight and rate requests a second
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

// Limited tells whether the gate limits anything.
func (g *Gate) Limited() bool { return g != nil && g.limited }

// limitsOf gives the limits of an address or lane.
func (g *Gate) limitsOf(a netip.Addr) limits {
	if n := g.networks.of(a); n != nil {
		return newLimits(n.PerIP, n.Rate)
	}
	return g.usual
}

// abreast is how many names of a lane are worth looking at side by side. Names
// have no lane if no address was limited when they were resolved: they lead to
// many addresses, and only the gate holds their requests back.
func (g *Gate) abreast(lane netip.Addr) int {
	if !lane.IsValid() {
		return limits{}.abreast()
	}
	return g.limitsOf(lane).abreast()
}

// Lane is what politeness takes an address for: the network that the config
// names, the /64 of an IPv6 address (one server may have all of it), or the
// address itself.
func (g *Gate) Lane(a netip.Addr) netip.Addr {
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

// Enter waits for leave to send one request to the address. The function that
// it returns must be called when the answer has been read. It has the form of
// web.Options.Gate.
func (g *Gate) Enter(ctx context.Context, addr netip.Addr) (leave func(), err error) {
	if !g.Limited() {
		return func() {}, ctx.Err()
	}
	lane := g.Lane(addr)
	if g.limitsOf(lane).none() {
		return func() {}, ctx.Err()
	}
	giveUp := func() {}
	if g.hold != nil {
		if giveUp, err = g.hold(ctx, lane); err != nil {
			return nil, err
		}
	}
	if err := g.slot(ctx, lane); err != nil {
		giveUp()
		return nil, err
	}
	var once sync.Once
	leave = func() { once.Do(func() { g.leave(lane); giveUp() }) }
	if err := g.turn(ctx, lane); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

// share lets the limits hold together with other processes: each address is
// one process' at a time. It is not to be called after the first request.
func (g *Gate) share(lanes *laneKeeper) {
	g.hold = lanes.enter
	lanes.fresh = g.rest
}

// rest lets a gap pass before the next request: the address was another
// process' until now.
func (g *Gate) rest(lane string) {
	addr, err := netip.ParseAddr(lane)
	if err != nil || g.limitsOf(addr).gap == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.door(addr)
	if next := time.Now().Add(d.gap()); d.next.Before(next) {
		d.next = next
	}
}

// slot takes one of the address' slots.
func (g *Gate) slot(ctx context.Context, lane netip.Addr) error {
	g.mu.Lock()
	d := g.door(lane)
	if d.limits.slots == 0 || d.inside < d.limits.slots {
		d.inside++
		g.mu.Unlock()
		return nil
	}
	free := make(chan struct{})
	d.queue = append(d.queue, free)
	g.mu.Unlock()
	select {
	case <-free: // the slot was handed over, inside counts it already
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	for i, c := range d.queue {
		if c == free {
			d.queue = append(d.queue[:i], d.queue[i+1:]...)
			g.mu.Unlock()
			return ctx.Err()
		}
	}
	g.mu.Unlock()
	g.leave(lane) // it was handed over in this very moment
	return ctx.Err()
}

// turn waits until the address' gap has passed. The slot is held meanwhile, so
// no more wait than may be inside. A turn that would come too late is not
// waited for.
func (g *Gate) turn(ctx context.Context, lane netip.Addr) error {
	g.mu.Lock()
	d, now := g.doors[lane], time.Now()
	at := d.next
	if at.Before(now) {
		at = now
	}
	if end, ok := ctx.Deadline(); ok && at.After(end) {
		g.mu.Unlock()
		return fmt.Errorf("%w in %v", errTooSoon, at.Sub(now).Round(time.Millisecond))
	}
	d.next = at.Add(d.gap())
	g.mu.Unlock()
	return pace.Wait(ctx, at.Sub(now))
}

// errTooSoon says that an address must be left alone for longer than the look
// has time.
var errTooSoon = errors.New("its turn comes only")

// gap is the time from one request to the next.
func (d *door) gap() time.Duration { return d.limits.gap + d.temper.extra }

// leave gives the slot to the next who waits, or back.
func (g *Gate) leave(lane netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.doors[lane]
	if len(d.queue) > 0 {
		close(d.queue[0])
		d.queue = d.queue[1:]
		return
	}
	d.inside--
	if d.idle(time.Now()) {
		delete(g.doors, lane)
	}
}

// door gives the door of an address. Now and then it drops those that nobody
// uses any more.
func (g *Gate) door(lane netip.Addr) *door {
	if g.sweep++; g.sweep >= max(1024, len(g.doors)/2) {
		g.sweep = 0
		now := time.Now()
		for a, d := range g.doors {
			if d.idle(now) {
				delete(g.doors, a)
			}
		}
	}
	d := g.doors[lane]
	if d == nil {
		d = &door{limits: g.limitsOf(lane)}
		g.doors[lane] = d
	}
	return d
}

// idle tells whether the door says no more than a new one would, or nothing
// that is still worth knowing.
func (d *door) idle(now time.Time) bool {
	return d.inside == 0 && len(d.queue) == 0 && !d.next.After(now) && (!d.temper.knows() || now.Sub(d.temper.seen) > remember)
}

// Pace waits until a request to the lane would not have to wait, without taking
// leave: a lane waits here rather than with a place among the names under way.
// It is fair enough because a lane is worked by one at a time. It tells false
// if that will be after until, and does not wait then, or if ctx ends.
func (g *Gate) Pace(ctx context.Context, lane netip.Addr, until time.Time) bool {
	if !g.Limited() || !lane.IsValid() {
		return ctx.Err() == nil && time.Now().Before(until)
	}
	g.mu.Lock()
	next := time.Now()
	if d := g.doors[lane]; d != nil && d.next.After(next) {
		next = d.next
	}
	g.mu.Unlock()
	return next.Before(until) && pace.Wait(ctx, time.Until(next)) == nil
}
