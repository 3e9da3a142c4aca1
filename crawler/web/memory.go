package web

import (
	"context"
	"io"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Memory bounds what large answers take in memory, over all visits that have
// one: the bodies, unpacked, and what a parser makes of them. It is safe for
// concurrent use.
//
// A visit whose bodies pass the bound of a class holds the weight of that class
// until nothing of it is used any more. Two visits cannot wait for one another:
// who waits has no connection open and no leave of the gate, and holds at most
// the weight of a lower class, for which no holder of a higher one ever waits.
type Memory struct {
	pools [len(classes)]*semaphore.Weighted
}

// classes are the sizes of visits, in bytes of their bodies together, from which
// on they take a weight. A parsed page takes up to ten times its bytes (one of
// links alone) beside them; those up to the first bound are free, so most sites
// never wait.
var classes = [...]struct{ above, weight, share int64 }{
	{64 << 10, 6 << 20, 1},
	{512 << 10, 144 << 20, 2},
}

const (
	// memoryBase is what a process takes beside large answers, in bytes.
	memoryBase = 96 << 20
	// maxMemoryWait is how long a visit waits for memory; then it is left to be
	// made later. It is time of the visit, but of no request.
	maxMemoryWait = 20 * time.Second
	// moreBodies is how many bytes the bodies of one visit may have in all beyond
	// one of the greatest length.
	moreBodies = 4 << 20
)

// NewMemory returns the memory of a process that may take so many bytes in all;
// nil, which bounds nothing, for 0. Of each class at least one visit has room at a
// time.
func NewMemory(limit int64) *Memory {
	if limit <= 0 {
		return nil
	}
	m := &Memory{}
	room, shares := limit-memoryBase, int64(0)
	for _, c := range classes {
		shares += c.share
	}
	for i, c := range classes {
		m.pools[i] = semaphore.NewWeighted(max(room/shares*c.share, c.weight))
	}
	return m
}

// A hold is what one visit holds of a Memory. Its methods may be called side by
// side.
type hold struct {
	m     *Memory       // nil: without bound over all visits
	total int64         // bound of the bodies of this visit together
	turn  chan struct{} // held by the one request of the visit that waits for memory

	mu      sync.Mutex // never held while anything is waited for
	bytes   int64      // of the bodies that are kept or being read
	has     int        // the class held, from 1; 0: none
	needs   int        // the class that the bodies need
	waiting bool       // one request waits: what runs beside it takes no weight
	short   bool       // a wait was in vain
}

func newHold(m *Memory, maxBody int) *hold {
	return &hold{m: m, total: int64(maxBody) + moreBodies, turn: make(chan struct{}, 1)}
}

// take counts n more bytes of bodies and reports whether there is room for them
// at once. Where there is none, the caller gives back what it took and waits.
func (h *hold) take(n int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bytes += n
	return h.room(h.bytes)
}

// expect reports whether there is room for n bytes that are announced.
func (h *hold) expect(n int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.room(h.bytes + n)
}

// room reports whether the weight of the class that so many bytes need is held, after
// taking it if it is free.
func (h *hold) room(bytes int64) bool {
	if h.m == nil {
		return true
	}
	class := 0
	for class < len(classes) && bytes > classes[class].above {
		class++
	}
	h.needs = max(h.needs, class)
	if h.has < class && !h.waiting && h.m.pools[h.needs-1].TryAcquire(classes[h.needs-1].weight) {
		h.change(h.needs)
	}
	return h.has >= class
}

// change gives the weight of the class held back for that of another one, which
// has been taken; 0 is none.
func (h *hold) change(to int) {
	if h.has > 0 {
		h.m.pools[h.has-1].Release(classes[h.has-1].weight)
	}
	h.has = to
}

// give gives back bytes that are not kept. The weights stay: the answer will be
// asked for again.
func (h *hold) give(n int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bytes -= n
}

// full reports whether the bodies of the visit have all the bytes they may have.
func (h *hold) full() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.bytes >= h.total
}

// wait waits for the weight that was found to be needed; false if ctx or the
// patience ended first. What is kept so far goes on being weighed. Of the requests of
// a visit one waits at a time; those that run beside it find no room meanwhile, give
// back what they have and wait in turn, so that no one who waits has a connection
// open.
func (h *hold) wait(ctx context.Context) bool {
	ctx, stop := context.WithTimeout(ctx, maxMemoryWait)
	defer stop()
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return h.waited(0, false)
	}
	class := h.lacks()
	if class == 0 {
		return true
	}
	return h.waited(class, h.m.pools[class-1].Acquire(ctx, classes[class-1].weight) == nil)
}

// lacks returns the class to wait for, 0 for none, and gives back what is not needed
// meanwhile.
func (h *hold) lacks() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.has >= h.needs {
		return 0
	}
	if h.bytes <= classes[0].above {
		h.change(0)
	}
	h.waiting = true
	return h.needs
}

// waited ends a wait for a class that has been taken, or not.
func (h *hold) waited(class int, taken bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if class > 0 {
		h.waiting = false
	}
	if !taken {
		h.short = true
		return false
	}
	if class > h.needs { // released meanwhile
		h.m.pools[class-1].Release(classes[class-1].weight)
		return false
	}
	h.change(class)
	return true
}

// wasShort reports whether a wait was in vain.
func (h *hold) wasShort() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.short
}

// release gives all weights back. It may be called more than once.
func (h *hold) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.change(0)
	h.needs, h.bytes = 0, 0
}

// A weighed reader counts what is read of a body.
type weighed struct {
	io.Reader
	h     *hold
	n     int64
	short bool // there was no room for what was read last
}

func (w *weighed) Read(p []byte) (int, error) {
	if w.h.full() {
		return 0, io.ErrShortBuffer
	}
	n, err := w.Reader.Read(p)
	w.n += int64(n)
	if !w.h.take(int64(n)) {
		w.short = true
		return n, io.ErrShortBuffer
	}
	return n, err
}
