// Package pace keeps us polite towards registries and registers: one question
// at a time to each server, a least time between two, and silence after a
// server has said that it is too much.
package pace

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

var (
	// ErrNoTurn says that the turn would come later than our patience lasts.
	ErrNoTurn = errors.New("too many questions are waiting for this server")
	// ErrHeld says that the server is left alone for a while.
	ErrHeld = errors.New("the server asked for fewer questions and is left alone for a while")
)

// Backing off after a server's complaint that names no time: a minute, then
// twice as long each time, at most an hour.
const (
	firstHold = time.Minute
	longest   = time.Hour
)

// A Pace knows when each server may be asked again. It is safe for concurrent
// use.
type Pace struct {
	every    time.Duration
	patience time.Duration

	mu      sync.Mutex
	servers map[string]*server
}

type server struct {
	limit *rate.Limiter
	busy  chan struct{} // holds one: who asks
	until time.Time     // left alone until then
	hold  time.Duration // of the next complaint
}

// New makes a pace: every is the least time between the beginnings of two
// questions to one server, patience how long a question waits for its turn.
func New(every, patience time.Duration) *Pace {
	return &Pace{every: every, patience: patience, servers: map[string]*server{}}
}

func (p *Pace) server(name string) *server {
	s := p.servers[name]
	if s == nil {
		s = &server{limit: rate.NewLimiter(rate.Every(p.every), 1), busy: make(chan struct{}, 1), hold: firstHold}
		p.servers[name] = s
	}
	return s
}

// Enter waits for leave to ask the server. The function that it returns is to
// be called when the answer has come. The errors are [ErrHeld], [ErrNoTurn] and
// those of ctx.
func (p *Pace) Enter(ctx context.Context, name string) (leave func(), err error) {
	p.mu.Lock()
	s := p.server(name)
	held := time.Now().Before(s.until)
	p.mu.Unlock()
	if held {
		return nil, ErrHeld
	}
	turn := s.limit.Reserve()
	if turn.Delay() > p.patience {
		turn.Cancel()
		return nil, ErrNoTurn
	}
	if err := Wait(ctx, turn.Delay()); err != nil {
		turn.Cancel()
		return nil, err
	}
	timer := time.NewTimer(max(p.patience, time.Millisecond))
	defer timer.Stop()
	select {
	case s.busy <- struct{}{}:
	case <-timer.C:
		return nil, ErrNoTurn
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	held = time.Now().Before(s.until)
	p.mu.Unlock()
	if held { // who asked before us was turned away
		<-s.busy
		return nil, ErrHeld
	}
	return func() { <-s.busy }, nil
}

// Wait waits for a time, or until ctx ends: then it gives that error.
func Wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// BackOff leaves the server alone for the time that it named, 0 if it named
// none; an hour at most.
func (p *Pace) BackOff(name string, named time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.server(name)
	if named <= 0 {
		named = s.hold
		s.hold = min(2*s.hold, longest)
	}
	s.until = time.Now().Add(min(named, longest))
}

// Fine says that the server answered: the next complaint is its first.
func (p *Pace) Fine(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.server(name).hold = firstHold
}
