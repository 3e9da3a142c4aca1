package load

import (
	"context"
	"sync"
	"time"
)

// Slots bound the visits under way. A visit that is answered takes some tens of
// milliseconds; one to a dead host takes three timeouts. So that dead hosts do
// not keep the live ones waiting, a visit that takes much longer than those
// that are answered moves to the slow side, which has its own, larger bound,
// and its place goes to the next name.
//
// That is right only as long as it is the host that is slow. When this machine
// is late itself, letting more in would make it later still; then no visit
// moves. When its line is slow, all answers take longer, and so does the time
// after which a visit moves.
type Slots struct {
	quick   chan struct{}
	slow    chan struct{}
	least   time.Duration        // no visit moves sooner
	typical func() time.Duration // what those that are answered take; 0: not known
	keepsUp func() bool          // reports whether this machine keeps up
}

// slowTimes is how many times as long as is typical a visit takes before it
// moves to the slow side.
const slowTimes = 4

// NewSlots returns slots with so many quick and slow places, at least one each.
// A visit moves to the slow side after minQuick at the earliest, and after four
// times typical() (see [Monitor.TypicalVisit]; 0: not known); none moves while
// keepsUp returns false.
func NewSlots(quick, slow int, minQuick time.Duration, typical func() time.Duration, keepsUp func() bool) *Slots {
	return &Slots{quick: make(chan struct{}, max(quick, 1)), slow: make(chan struct{}, max(slow, 1)), least: minQuick, typical: typical, keepsUp: keepsUp}
}

// A Place is the right of one visit to be under way.
type Place struct {
	s     *Slots
	since time.Time
	mu    sync.Mutex
	timer *time.Timer
	slow  bool
	idle  bool // between two visits
	over  bool
}

// Enter waits for a place. The error is that of ctx.
func (s *Slots) Enter(ctx context.Context) (*Place, error) {
	select {
	case s.quick <- struct{}{}:
	default:
		select {
		case s.quick <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p := &Place{s: s, since: time.Now()}
	p.mu.Lock()
	p.timer = time.AfterFunc(s.least, p.move)
	p.mu.Unlock()
	return p, nil
}

// move goes over to the slow side if a place is free there; else it tries again
// a little later.
func (p *Place) move() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over || p.idle || p.slow { // a timer that was set anew may have fired before
		return
	}
	if early := slowTimes*p.s.typical() - time.Since(p.since); early > 0 {
		p.timer.Reset(early)
		return
	}
	if p.s.keepsUp() {
		select {
		case p.s.slow <- struct{}{}:
			p.slow = true
			<-p.s.quick
			return
		default:
		}
	}
	p.timer.Reset(p.s.least / 4)
}

// Pause says that a visit is over, and Begin that the next one began at now:
// for a caller that uses its place for many names, one after the other.
func (p *Place) Pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = true
}

// Begin says that the next visit began at now; see [Place.Pause].
func (p *Place) Begin(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle, p.since = false, now
	p.timer.Reset(p.s.least)
}

// Moved reports whether the place is on the slow side: it is good for the visit
// that moved there, not for another.
func (p *Place) Moved() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.slow
}

// Leave gives the place back. It must be called exactly once.
func (p *Place) Leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	p.timer.Stop()
	if p.slow {
		<-p.s.slow
		return
	}
	<-p.s.quick
}
