package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"
)

// A laneKeeper knows which lanes are being worked: one lane is worked by one
// job at a time, however many jobs, runs and processes there are. A request to
// an address of another lane (a redirect, a failure that is confirmed, a
// control) holds that lane for its time, so that the gate's limits hold over
// all processes.
type laneKeeper struct {
	grips *gripper
	fresh func(lane string) // called when a lane has just been had from others
	log   *slog.Logger
	most  int // lanes held at once: the server's table of locks is bounded

	mu         sync.Mutex
	held       map[string]*heldLane
	complained time.Time
}

// A heldLane is a lane that this process has.
type heldLane struct {
	grip   *grip
	since  time.Time
	ready  chan struct{} // closed when it is known whether it was had
	worked bool          // a job works along it
	uses   int           // requests from elsewhere
}

// laneYield is how long requests from elsewhere may keep a lane among
// themselves; then it is given back once, so that other processes get at it.
const laneYield = 2 * time.Second

// take takes those of the lanes that nobody works.
func (k *laneKeeper) take(ctx context.Context, lanes []string) map[string]bool {
	got := make(map[string]bool, len(lanes))
	g, err := k.grips.grip(ctx)
	if err != nil {
		return got
	}
	var wanted []string
	k.mu.Lock()
	if k.held == nil {
		k.held = map[string]*heldLane{}
	}
	for _, lane := range lanes {
		h := k.held[lane]
		switch {
		case h == nil && len(k.held) < k.most:
			k.held[lane] = &heldLane{grip: g, since: time.Now(), ready: make(chan struct{}), worked: true}
			wanted = append(wanted, lane)
		case h != nil && !h.worked && h.had() && !h.grip.lost():
			h.worked = true
			got[lane] = true
		}
	}
	k.mu.Unlock()
	for lane := range k.lock(g, wanted) {
		got[lane] = true
	}
	return got
}

// lock gets lanes that were entered as wanted from the other processes. Those
// that could not be had are taken out again.
func (k *laneKeeper) lock(g *grip, lanes []string) map[string]bool {
	got := make(map[string]bool, len(lanes))
	keys := make([]int64, len(lanes))
	for i, lane := range lanes {
		keys[i] = key("lane " + lane)
	}
	var had map[int64]bool
	if len(lanes) > 0 && !time.Now().Before(g.lanesFrom) {
		var err error
		if had, err = g.try(keys...); err != nil && !outage(err) { // what could not be asked for is not had
			k.complain(err)
		}
	}
	for i, lane := range lanes {
		if had[keys[i]] {
			got[lane] = true
			if k.fresh != nil {
				k.fresh(lane)
			}
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, lane := range lanes {
		h := k.held[lane]
		if !got[lane] {
			delete(k.held, lane)
		}
		close(h.ready)
	}
	return got
}

// complain tells, now and then, that lanes cannot be locked.
func (k *laneKeeper) complain(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.log == nil || time.Since(k.complained) < time.Minute {
		return
	}
	k.complained = time.Now()
	k.log.Warn("addresses cannot be locked against other processes, so their sites wait: raise max_locks_per_transaction of PostgreSQL", "err", err)
}

// had tells whether the lane was got. A lane that could not be had is not in
// the map any more when its ready is closed.
func (h *heldLane) had() bool {
	select {
	case <-h.ready:
		return true
	default:
		return false
	}
}

// give gives a lane back that a job has worked.
func (k *laneKeeper) give(lane string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if h := k.held[lane]; h != nil {
		h.worked = false
		k.drop(lane, h)
	}
}

// drop lets go of a lane that nobody here needs. The caller holds k.mu.
func (k *laneKeeper) drop(lane string, h *heldLane) {
	if h.worked || h.uses > 0 {
		return
	}
	delete(k.held, lane)
	h.grip.release(key("lane " + lane))
}

// enter holds a lane for one request. It waits until the lane can be had from
// others, or ctx ends.
func (k *laneKeeper) enter(ctx context.Context, addr netip.Addr) (leave func(), err error) {
	lane := addr.String()
	for wait := 20 * time.Millisecond; ; wait = min(wait+10*time.Millisecond, 100*time.Millisecond) {
		leave, retry, err := k.use(ctx, lane)
		if leave != nil || err != nil {
			return leave, err
		}
		if retry == nil {
			retry = make(chan struct{})
		}
		timer := time.NewTimer(wait)
		select {
		case <-retry:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return nil, fmt.Errorf("another process was at work on that address all the time: %w", ctx.Err())
		}
	}
}

// use counts one request in, if the lane is ours or can be had; else retry says
// when it is known more, nil after a while.
func (k *laneKeeper) use(ctx context.Context, lane string) (leave func(), retry <-chan struct{}, err error) {
	g, err := k.grips.grip(ctx)
	if err != nil {
		return nil, nil, err
	}
	k.mu.Lock()
	h := k.held[lane]
	switch {
	case h == nil:
		if k.held == nil {
			k.held = map[string]*heldLane{}
		}
		h = &heldLane{grip: g, since: time.Now(), ready: make(chan struct{}), uses: 1}
		k.held[lane] = h
		k.mu.Unlock()
		if !k.lock(g, []string{lane})[lane] {
			return nil, nil, nil
		}
		return k.leaver(lane, h), nil, nil
	case !h.had():
		k.mu.Unlock()
		return nil, h.ready, nil
	case h.grip.lost() || !h.worked && time.Since(h.since) > laneYield:
		k.mu.Unlock()
		return nil, nil, nil // it is given back when those under way have left
	}
	h.uses++
	k.mu.Unlock()
	return k.leaver(lane, h), nil, nil
}

// leaver is the function that ends one request's use.
func (k *laneKeeper) leaver(lane string, h *heldLane) func() {
	var once sync.Once
	return func() {
		once.Do(func() {
			k.mu.Lock()
			defer k.mu.Unlock()
			h.uses--
			k.drop(lane, h)
		})
	}
}
