package schedule

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// slots bounds the looks under way. A look that answers takes some tens of
// milliseconds; one at a dead host takes three timeouts. So that dead hosts do
// not keep the live ones waiting, a look that takes much longer than those
// that answer moves to the slow side, which has its own, larger bound, and its
// place goes to the next name.
//
// That is right only as long as it is the host that keeps us waiting. When
// this machine is late itself, letting more in would make it later still; then
// nobody moves. When its line is slow, all answers take longer, and so does the
// time after which a look moves.
type slots struct {
	quick   chan struct{}
	slow    chan struct{}
	least   time.Duration        // no look moves sooner
	typical func() time.Duration // what those that answer take of late; 0: not known
	calm    func() bool          // tells whether this machine keeps up
	waiting atomic.Int64         // those who wait for a place
}

// slowTimes is how many times as long as is typical a look takes before it
// moves to the slow side.
const slowTimes = 4

func newSlots(quick, slow int, least time.Duration, typical func() time.Duration, calm func() bool) *slots {
	return &slots{quick: make(chan struct{}, max(quick, 1)), slow: make(chan struct{}, max(slow, 1)), least: least, typical: typical, calm: calm}
}

// A place is one look's right to be under way.
type place struct {
	s     *slots
	since time.Time
	mu    sync.Mutex
	timer *time.Timer
	slow  bool
	idle  bool // between two looks
	over  bool
}

// enter waits for a place.
func (s *slots) enter(ctx context.Context) (*place, error) {
	select {
	case s.quick <- struct{}{}:
	default:
		s.waiting.Add(1)
		defer s.waiting.Add(-1)
		select {
		case s.quick <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p := &place{s: s, since: time.Now()}
	p.mu.Lock()
	p.timer = time.AfterFunc(s.least, p.move)
	p.mu.Unlock()
	return p, nil
}

// move goes over to the slow side if there is room; else it tries again a
// little later.
func (p *place) move() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over || p.idle || p.slow { // a timer that was set anew may have fired before
		return
	}
	if early := slowTimes*p.s.typical() - time.Since(p.since); early > 0 {
		p.timer.Reset(early)
		return
	}
	if p.s.calm() {
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

// pause says that a look is over, and begin that the next one begins: the place
// of one who looks at many names one after the other.
func (p *place) pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = true
}

func (p *place) begin(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle, p.since = false, now
	p.timer.Reset(p.s.least)
}

// moved tells whether the place is on the slow side: it is good for the look
// that moved there, not for another.
func (p *place) moved() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.slow
}

// leave gives the place back.
func (p *place) leave() {
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
