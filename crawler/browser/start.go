package browser

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// startMost bounds the start of a browser, with all the ways to run it, and wayMost
	// each of them. A loaded machine needs ten seconds.
	startMost = 60 * time.Second
	wayMost   = 25 * time.Second
	// openMost is the longest that a tab may take to open.
	openMost = 40 * time.Second
	// brokenRest is how long a browser that did not start is not tried again: every
	// page would wait for it in vain.
	brokenRest = time.Minute
)

// A starting is a browser that is being started, for all who wait for one.
type starting struct {
	cancel context.CancelFunc
	done   chan struct{} // closed when it is in use, or the pool is broken
}

// Product returns the browser's name and version, "HeadlessChrome/156.0.8078.108";
// "" if none can be started. It starts it if none runs.
func (p *Pool) Product() string {
	in, err := p.enter(context.Background()) // the start has a bound of its own
	if err != nil {
		return ""
	}
	defer p.leave(in)
	return in.product
}

// enter takes a place in the browser in use, and waits for one to start if there is
// none or the one in use is worn or has died. One is started at a time; it starts on
// for the others when ctx ends.
func (p *Pool) enter(ctx context.Context) (*instance, error) {
	for {
		in, s, err := p.place()
		if in != nil || err != nil {
			return in, err
		}
		select {
		case <-s.done:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for the browser to start: %w", ctx.Err())
		}
	}
}

// place takes a place in the browser in use, or returns the one that is being started.
func (p *Pool) place() (*instance, *starting, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, nil, errors.New("the browser was closed")
	}
	if p.now != nil && p.now.worn(p.opt.Memory, p.opt.Age) {
		p.now.old = true
		if p.now.users == 0 {
			go p.now.stop()
		}
		p.now = nil
	}
	if p.now != nil {
		p.now.users++
		return p.now, nil, nil
	}
	if p.starting == nil {
		if p.broken != nil && time.Since(p.since) < brokenRest {
			return nil, nil, p.broken
		}
		ctx, cancel := context.WithTimeout(context.Background(), startMost)
		p.starting = &starting{cancel: cancel, done: make(chan struct{})}
		go p.start(ctx, p.starting)
	}
	return nil, p.starting, nil
}

// start starts a browser and puts it in use.
func (p *Pool) start(ctx context.Context, s *starting) {
	defer close(s.done)
	defer s.cancel()
	in, err := start(ctx, p.opt.Path, p.opt.Shared)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.starting = nil
	switch p.broken, p.since = err, time.Now(); {
	case err != nil:
	case p.closed:
		in.stop()
	default:
		in.sources = p.opt.Sources
		p.now = in
	}
}

// leave gives the place back; the last one out of a replaced browser ends it.
func (p *Pool) leave(in *instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	in.users--
	if in.old && in.users == 0 {
		go in.stop()
	}
}

// start launches the program, with as few rights as it can be run with and, where
// that is possible, in a network namespace of its own; shared is told why if not.
func start(ctx context.Context, path string, shared func(error)) (*instance, error) {
	in, err := startIn(ctx, path, newNetns)
	if err == nil || ctx.Err() != nil {
		return in, err
	}
	if shared != nil {
		shared(err)
	}
	return startIn(ctx, path, func() (*netns, error) { return nil, nil })
}

// startIn tries the ways to run the program, each in a network that space makes, until
// ctx ends.
func startIn(ctx context.Context, path string, space func() (*netns, error)) (*instance, error) {
	var err error
	for _, how := range ways() {
		var n *netns
		if n, err = space(); err != nil {
			return nil, err
		}
		var in *instance
		if in, err = launch(ctx, path, how, n); err == nil {
			return in, nil
		}
		n.end()
		if ctx.Err() != nil {
			break
		}
	}
	return nil, fmt.Errorf("starting %s: %w", path, err)
}

func launch(ctx context.Context, path string, how way, n *netns) (*instance, error) {
	p, err := startProcess(path, how, n)
	if err != nil {
		return nil, err
	}
	in := newInstance(p)
	ctx, cancel := context.WithTimeout(ctx, wayMost)
	defer cancel()
	if err := in.greet(ctx); err != nil {
		in.stop()
		return nil, err
	}
	in.netns = n // ends with it from now on
	return in, nil
}
