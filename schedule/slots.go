package schedule

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// slots bounds the looks under way. A look that answers takes some tens of
// milliseconds; one at a dead host takes three timeouts. So that dead hosts do
// not keep the live ones waiting, a look that is not done after a second moves
// to the slow side, which has its own, larger bound, and its place goes to the
// next name.
//
// That is right only as long as it is the host that keeps us waiting. When it
// is this machine or its line that is slow, letting more in would make it
// slower still; then nobody moves.
type slots struct {
	quick   chan struct{}
	slow    chan struct{}
	calm    func() bool  // tells whether hosts, not we, are what looks wait for
	waiting atomic.Int64 // those who wait for a place
}

// slowAfter is when a look moves to the slow side.
const slowAfter = time.Second

func newSlots(quick, slow int, calm func() bool) *slots {
	return &slots{quick: make(chan struct{}, max(quick, 1)), slow: make(chan struct{}, max(slow, 1)), calm: calm}
}

// A place is one look's right to be under way.
type place struct {
	s     *slots
	mu    sync.Mutex
	timer *time.Timer
	slow  bool
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
	p := &place{s: s}
	p.mu.Lock()
	p.timer = time.AfterFunc(slowAfter, p.move)
	p.mu.Unlock()
	return p, nil
}

// move goes over to the slow side if there is room; else it tries again a
// little later.
func (p *place) move() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
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
	p.timer.Reset(slowAfter / 4)
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
