package polite

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler/pace"
)

// A door is one address.
type door struct {
	limits  limits
	inside  int             // requests that have a slot
	slots   []chan struct{} // requests that wait for a slot, first come first
	head    bool            // a request waits for its beginning; the others wait for that one
	lined   []chan struct{} // those others, first come first
	next    time.Time       // when the next request may begin
	backoff backoff
}

// idle reports whether the door says no more than a new one would, or nothing
// that is still worth knowing.
func (d *door) idle(now time.Time) bool {
	return d.inside == 0 && len(d.slots) == 0 && !d.next.After(now) && (!d.backoff.knows() || now.Sub(d.backoff.seen) > maxMemory)
}

// slot takes one of the address' slots.
func (g *Gate) slot(ctx context.Context, key netip.Addr) error {
	g.mu.Lock()
	d := g.door(key)
	if d.limits.slots == 0 || d.inside < d.limits.slots {
		d.inside++
		g.mu.Unlock()
		return nil
	}
	free := make(chan struct{})
	d.slots = append(d.slots, free)
	g.mu.Unlock()
	return g.await(ctx, &d.slots, free, func() { g.leave(key) }) // inside counts a slot that is handed over
}

// await waits in a queue until turn is closed. If ctx ends first, the turn is
// given up, or given back where it came in that very moment.
func (g *Gate) await(ctx context.Context, queue *[]chan struct{}, turn chan struct{}, back func()) error {
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	waited := forget(queue, turn)
	g.mu.Unlock()
	if !waited {
		back()
	}
	return ctx.Err()
}

// forget takes a waiter out of a queue; it reports whether it was there.
func forget(queue *[]chan struct{}, c chan struct{}) bool {
	i := slices.Index(*queue, c)
	if i < 0 {
		return false
	}
	*queue = slices.Delete(*queue, i, i+1)
	return true
}

// leave gives the slot to the next that waits, or back.
func (g *Gate) leave(key netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.doors[key]
	if len(d.slots) > 0 {
		close(d.slots[0])
		d.slots = d.slots[1:]
		return
	}
	d.inside--
	if d.idle(time.Now()) {
		delete(g.doors, key)
	}
}

// begin waits until the address is ours and its gap has passed, one request
// after the other: what may be known only then (another process' last request,
// a server's Retry-After) holds for all that wait behind. The slot is held
// meanwhile, so no more wait than may be inside. A request that could begin
// only after its deadline is told at once.
func (g *Gate) begin(ctx context.Context, key netip.Addr, shared *request) error {
	if err := g.line(ctx, key); err != nil {
		return err
	}
	defer g.unline(key)
	if err := shared.begin(ctx); err != nil {
		return err
	}
	for {
		g.mu.Lock()
		d, now := g.doors[key], time.Now()
		at := d.next
		if !at.After(now) {
			d.next = d.after(at, now)
			g.mu.Unlock()
			return ctx.Err()
		}
		g.mu.Unlock()
		if err := inTime(ctx, at, now); err != nil {
			return err
		}
		if err := pace.Wait(ctx, at.Sub(now)); err != nil {
			return err
		}
	}
}

// after is when the next request may begin if one that was due then begins now:
// a timer that woke up late does not make the pace slower.
func (d *door) after(due, now time.Time) time.Time {
	if now.Sub(due) > maxTimerLag {
		due = now
	}
	return due.Add(d.gap())
}

// maxTimerLag is how late a timer may wake us up for its lateness to be made
// good.
const maxTimerLag = 5 * time.Millisecond

// inTime returns an error if at is after the deadline of ctx.
func inTime(ctx context.Context, at, now time.Time) error {
	if end, ok := ctx.Deadline(); ok && at.After(end) {
		return fmt.Errorf("%w in %v", errTooLate, at.Sub(now).Round(time.Millisecond))
	}
	return nil
}

// errTooLate says that an address must be left alone for longer than the visit
// has time.
var errTooLate = errors.New("the address may be asked again only")

// line waits until no other request of this process waits for its beginning.
func (g *Gate) line(ctx context.Context, key netip.Addr) error {
	g.mu.Lock()
	d, now := g.doors[key], time.Now()
	if !d.head {
		d.head = true
		g.mu.Unlock()
		return nil
	}
	if err := inTime(ctx, d.next.Add(time.Duration(len(d.lined)+1)*d.gap()), now); err != nil {
		g.mu.Unlock()
		return err
	}
	mine := make(chan struct{})
	d.lined = append(d.lined, mine)
	g.mu.Unlock()
	return g.await(ctx, &d.lined, mine, func() { g.unline(key) })
}

// unline lets the next request wait for its beginning.
func (g *Gate) unline(key netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.doors[key]
	if len(d.lined) == 0 {
		d.head = false
		return
	}
	close(d.lined[0])
	d.lined = d.lined[1:]
}

// gap is the time from one request to the next.
func (d *door) gap() time.Duration { return d.limits.gap + d.backoff.extra }
