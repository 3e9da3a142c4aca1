package polite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/reports/store"
)

// An address is one politeness key, while this process has it or wants it. All
// of it is guarded by Locks.mu.
type address struct {
	key     string
	session *Session      // under which it is locked; nil: it is not ours
	asking  bool          // a try is under way
	again   bool          // it was given to us meanwhile: if the try came too early, another will not
	taken   int           // jobs that visit its names
	demand  int           // requests that want it or are under way
	flying  int           // of these, those under way
	served  bool          // one has begun since it was locked
	since   time.Time     // when it was locked
	wanted  []int64       // sessions that wait for it, first come first
	retry   time.Time     // no try before: it is another's turn
	granted time.Duration // how long it must be left alone, by the process that gave it to us; -1: not known
	changed chan struct{} // closed and made anew when any of this changes for those who wait
}

const (
	// turn is how long a process goes on with requests to an address that
	// another one wants.
	turn = 100 * time.Millisecond
	// retryEvery is how often an address is tried and asked for that another
	// process has: messages can be lost with a session.
	retryEvery = 200 * time.Millisecond
	// maxWanted bounds a queue: there are some tens of processes at most.
	maxWanted = 256
)

// address returns the address of a key. The caller holds l.mu and calls settle
// when it has changed it.
func (l *Locks) address(key string) *address {
	a := l.addresses[key]
	if a == nil {
		a = &address{key: key, granted: -1, changed: make(chan struct{})}
		l.addresses[key] = a
	}
	return a
}

// lock is the address' advisory lock.
func (a *address) lock() int64 { return LockID("address " + a.key) }

// wake lets those who wait try again.
func (a *address) wake() {
	close(a.changed)
	a.changed = make(chan struct{})
}

// turnOver reports whether it is another process' turn.
func (a *address) turnOver() bool {
	return len(a.wanted) > 0 && a.served && time.Since(a.since) > turn
}

// A request is one request to an address that other processes may want too. The
// methods of a nil request do nothing.
type request struct {
	l      *Locks
	a      *address
	flying bool
}

// enlist notes that a request wants the address. end must be called.
func (l *Locks) enlist(key string) *request {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.address(key)
	a.demand++
	return &request{l: l, a: a}
}

// begin waits until the address is ours and counts the request in.
func (r *request) begin(ctx context.Context) error {
	if r == nil {
		return nil
	}
	l, a := r.l, r.a
	for {
		l.mu.Lock()
		l.settle(a)
		if a.session != nil && !a.turnOver() {
			a.flying++
			a.served, r.flying = true, true
			l.mu.Unlock()
			return nil
		}
		wait, changed := l.want(a), a.changed
		l.mu.Unlock()
		timer := time.NewTimer(wait)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("other processes were using that address all the time: %w", ctx.Err())
		}
		timer.Stop()
	}
}

// end counts the request out, begun or not.
func (r *request) end() {
	if r == nil {
		return
	}
	r.l.mu.Lock()
	defer r.l.mu.Unlock()
	r.a.demand--
	if r.flying {
		r.a.flying--
	}
	r.l.settle(r.a)
}

// want tries to lock the address if it is time to; it returns how long to wait
// unless something changes. The caller holds l.mu.
func (l *Locks) want(a *address) time.Duration {
	now, s := time.Now(), l.session
	switch {
	case a.session != nil || a.asking:
		return beatEvery
	case s == nil:
		return retryEvery
	case now.Before(s.from):
		return s.from.Sub(now)
	case now.Before(a.retry):
		return a.retry.Sub(now)
	}
	l.try(a, s)
	return beatEvery
}

// try tries to lock the address, and asks for it if another process has it. The
// caller holds l.mu.
func (l *Locks) try(a *address, s *Session) {
	a.asking = true
	told := func(got bool, err error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.tried(a, s, got, err)
	}
	s.add(func(w *work) {
		w.try = append(w.try, attempt{a.lock(), message{Key: a.key, From: s.id}.String(), told})
	})
}

// tried takes in what came of a try. The caller holds l.mu.
func (l *Locks) tried(a *address, s *Session, got bool, err error) {
	again := a.again
	a.asking, a.again = false, false
	if again && !got && err == nil {
		l.try(a, s)
		return
	}
	if got && !s.lost() {
		a.session, a.since, a.served = s, time.Now(), false
		l.rest(a.key, a.granted)
	} else {
		a.retry = time.Now().Add(jitter(retryEvery))
		if err != nil && !errors.Is(err, ErrLost) && !store.Unavailable(err) {
			l.complain(err)
		}
	}
	a.granted = -1
	l.settle(a)
	a.wake()
}

// settle gives the address away or back if nothing here needs it any more or it
// is another's turn, and forgets what says nothing. The caller holds l.mu.
func (l *Locks) settle(a *address) {
	if a.session != nil && a.flying == 0 {
		switch {
		case a.turnOver(), len(a.wanted) > 0 && a.demand == 0:
			l.handOver(a)
		case a.demand == 0 && a.taken == 0:
			a.session.add(func(w *work) { w.unlock = append(w.unlock, a.lock()) })
			a.session = nil
		}
	}
	if a.session == nil && !a.asking && a.taken == 0 && a.demand == 0 {
		delete(l.addresses, a.key)
	}
}

// A message tells the other processes of an address: that From wants it, or
// that it was given to To, with the queue of those who wait after that one.
type message struct {
	Key   string
	From  int64   `json:",omitempty"`
	To    int64   `json:",omitempty"`
	Rest  int64   `json:",omitempty"` // how long it must be left alone, in microseconds
	Queue []int64 `json:",omitempty"`
}

// String is the message as it is sent.
func (m message) String() string {
	data, _ := json.Marshal(m) //nolint:errcheck // numbers and a text: it never fails
	return string(data)
}

// send sends a message with the next round trip, after what is unlocked there.
func (s *Session) send(m message, unlock ...int64) {
	s.add(func(w *work) { w.unlock, w.notify = append(w.unlock, unlock...), append(w.notify, m.String()) })
}

// handOver gives the address to the first who waits for it. The caller holds
// l.mu.
func (l *Locks) handOver(a *address) {
	s := a.session
	m := message{Key: a.key, To: a.wanted[0], Rest: l.restLeft(a.key).Microseconds(), Queue: a.wanted[1:]}
	if a.demand > 0 {
		m.Queue = append(m.Queue, s.id)
	}
	s.send(m, a.lock())
	a.session, a.wanted, a.retry = nil, nil, time.Now().Add(jitter(retryEvery))
	a.wake()
}

// heard takes in a message of a process, this one included.
func (l *Locks) heard(payload string) {
	var m message
	if json.Unmarshal([]byte(payload), &m) != nil || len(m.Queue) > maxWanted {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.session
	if s == nil {
		return
	}
	a := l.addresses[m.Key]
	switch {
	case m.From == s.id:
	case m.From != 0:
		if a != nil && !slices.Contains(a.wanted, m.From) && len(a.wanted) < maxWanted {
			a.wanted = append(a.wanted, m.From)
			l.settle(a)
		}
	case m.To == s.id:
		l.given(a, s, m)
	case a != nil && a.session == nil:
		a.wanted = slices.DeleteFunc(a.wanted, func(id int64) bool { return id == m.To })
		a.retry = time.Now().Add(jitter(retryEvery))
		if a.demand > 0 && !slices.Contains(m.Queue, s.id) {
			s.send(message{Key: a.key, From: s.id})
		}
	}
}

// given takes an address that another process has given to this one, or passes
// it on if nothing here wants it any more. The caller holds l.mu.
func (l *Locks) given(a *address, s *Session, m message) {
	if a == nil || a.demand == 0 {
		if len(m.Queue) > 0 {
			s.send(message{Key: m.Key, To: m.Queue[0], Rest: m.Rest, Queue: m.Queue[1:]})
		}
		return
	}
	for _, id := range m.Queue {
		if id != s.id && !slices.Contains(a.wanted, id) && len(a.wanted) < maxWanted {
			a.wanted = append(a.wanted, id)
		}
	}
	rest := max(0, time.Duration(m.Rest)*time.Microsecond)
	switch {
	case a.session != nil: // a try of our own came between the unlocking and this message
		l.rest(a.key, rest)
	case a.asking:
		a.granted, a.again = rest, true
	default:
		a.granted = rest
		l.try(a, s)
	}
}
