package schedule

import (
	"context"
	"net/netip"
	"sync"
	"time"
)

// A Gate keeps politeness per address, for all runs of the process: at most
// so many requests in flight to one address and so many a second. Memory holds
// the addresses in use and those used within the last moments.
type Gate struct {
	slots    int           // requests in flight to one address; 0: no limit
	gap      time.Duration // from one request to the next; 0: no limit
	networks []netip.Prefix
	// hold keeps other processes off an address for one request; nil: there are
	// none.
	hold func(ctx context.Context, lane netip.Addr) (leave func(), err error)

	mu    sync.Mutex
	doors map[netip.Addr]*door
	sweep int // entries since idle doors were last looked for
}

// A door is one address.
type door struct {
	inside int             // requests in flight
	next   time.Time       // when the next request may begin
	queue  []chan struct{} // those who wait for a slot, first come first
}

// NewGate makes a gate for perIP requests in flight and rate requests a second
// to one address; 0 lifts a limit. The addresses of one of the networks count
// as one.
func NewGate(perIP int, rate float64, networks []netip.Prefix) *Gate {
	g := &Gate{slots: max(perIP, 0), networks: networks, doors: map[netip.Addr]*door{}}
	if rate > 0 {
		g.gap = time.Duration(float64(time.Second) / rate)
	}
	return g
}

// Limited tells whether the gate limits anything.
func (g *Gate) Limited() bool { return g != nil && (g.slots > 0 || g.gap > 0) }

// abreast is how many names of one lane are worth looking at side by side.
func (g *Gate) abreast() int {
	if g.slots > 0 {
		return g.slots
	}
	return 64 // the rate alone limits: enough for a site that takes its time
}

// Lane is what politeness takes an address for: the network that the config
// names, the /64 of an IPv6 address (one server may have all of it), or the
// address itself.
func (g *Gate) Lane(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	for _, n := range g.networks {
		if n.Contains(a) {
			return n.Masked().Addr()
		}
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
	if err != nil || g.gap == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.door(addr)
	if next := time.Now().Add(g.gap); d.next.Before(next) {
		d.next = next
	}
}

// slot takes one of the address' slots.
func (g *Gate) slot(ctx context.Context, lane netip.Addr) error {
	g.mu.Lock()
	d := g.door(lane)
	if g.slots == 0 || d.inside < g.slots {
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
// no more wait than may be inside.
func (g *Gate) turn(ctx context.Context, lane netip.Addr) error {
	if g.gap == 0 {
		return nil
	}
	g.mu.Lock()
	d, now := g.doors[lane], time.Now()
	at := d.next
	if at.Before(now) {
		at = now
	}
	d.next = at.Add(g.gap)
	g.mu.Unlock()
	if !at.After(now) {
		return nil
	}
	timer := time.NewTimer(at.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

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
		d = &door{}
		g.doors[lane] = d
	}
	return d
}

// idle tells whether the door says no more than a new one would.
func (d *door) idle(now time.Time) bool {
	return d.inside == 0 && len(d.queue) == 0 && !d.next.After(now)
}

// Pace waits until a request to the address would not have to wait, without
// taking leave: a lane waits here rather than with a place among the names
// under way. It is fair enough because a lane is worked by one at a time.
func (g *Gate) Pace(ctx context.Context, addr netip.Addr) error {
	if !g.Limited() || g.gap == 0 {
		return ctx.Err()
	}
	g.mu.Lock()
	var wait time.Duration
	if d := g.doors[g.Lane(addr)]; d != nil {
		wait = time.Until(d.next)
	}
	g.mu.Unlock()
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
