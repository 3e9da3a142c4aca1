package polite

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Locks keep other processes that work on the same database off what this one
// is doing: an address is one process' at a time, so that a gate's limits hold
// over all of them. They are advisory locks of one PostgreSQL session at a time;
// after a loss a new one is opened.
//
// A process that wants an address which another one has says so, and is given
// it after the requests in flight; see [Locks.Enter].
type Locks struct {
	conf  *pgx.ConnConfig // nil: this process is alone
	grace time.Duration
	log   *slog.Logger

	stop context.CancelFunc
	done sync.WaitGroup

	rest     func(key string, wait time.Duration) // see Gate.rest
	restLeft func(key string) time.Duration       // see Gate.restLeft

	mu         sync.Mutex
	session    *Session      // nil: there is none just now
	opened     chan struct{} // closed when there is one
	addresses  map[string]*address
	named      map[string]*Session // by which they are held
	complained time.Time
}

// OpenLocks opens the session for locks on the database of conf; nil says that
// this process has its database to itself, so that everything can be had. grace
// is the time of one request: after a loss no address is locked for so long,
// because requests under the old lock may be under way. log may be nil. Close
// must be called.
func OpenLocks(ctx context.Context, conf *pgx.ConnConfig, grace time.Duration, log *slog.Logger) (*Locks, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	l := &Locks{conf: conf, grace: grace, log: log, stop: func() {}, opened: make(chan struct{}),
		addresses: map[string]*address{}, named: map[string]*Session{},
		rest: func(string, time.Duration) {}, restLeft: func(string) time.Duration { return 0 }}
	if conf == nil {
		l.session = &Session{id: newID(), done: make(chan struct{})}
		return l, nil
	}
	first, err := connect(ctx, conf, grace, l.heard)
	if err != nil {
		return nil, err
	}
	l.session = first
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	l.stop = stop
	l.done.Go(func() { l.keep(base, first) })
	return l, nil
}

// Shared reports whether other processes may work on the same database.
func (l *Locks) Shared() bool { return l.conf != nil }

// Session returns the present session; it waits for one while there is none,
// until ctx ends.
func (l *Locks) Session(ctx context.Context) (*Session, error) {
	for {
		l.mu.Lock()
		s, opened := l.session, l.opened
		l.mu.Unlock()
		if s != nil && !s.lost() {
			return s, nil
		}
		select {
		case <-opened:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// keep runs the session and opens a new one after each loss.
func (l *Locks) keep(ctx context.Context, s *Session) {
	for {
		s.run(ctx)
		l.drop(s)
		if ctx.Err() != nil {
			return
		}
		lost := time.Now()
		l.log.Warn("the connection that holds this process' locks was lost; work goes on when it stands again")
		for wait := 250 * time.Millisecond; ; wait = min(2*wait, 10*time.Second) {
			next, err := connect(ctx, l.conf, l.grace, l.heard)
			if err == nil {
				s = next
				break
			}
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return
			}
		}
		if from := lost.Add(l.grace); from.After(s.from) {
			s.from = from
		}
		l.mu.Lock()
		l.session = s
		close(l.opened)
		l.opened = make(chan struct{})
		l.mu.Unlock()
		l.log.Info("the connection for locks stands again")
	}
}

// drop forgets what was held under a session that is lost.
func (l *Locks) drop(s *Session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.session = nil
	for name, by := range l.named {
		if by == s {
			delete(l.named, name)
		}
	}
	for _, a := range l.addresses {
		if a.session == s {
			a.session, a.wanted = nil, nil
			l.settle(a)
			a.wake()
		}
	}
}

// Close gives everything back.
func (l *Locks) Close() {
	l.stop()
	l.done.Wait()
}

// TryNamed takes the lock of a name if no process has it, this one included; it
// reports whether it did. The error says that the database could not be asked.
// The lock is held until Release or the end of the session; see [Locks.Session].
func (l *Locks) TryNamed(ctx context.Context, name string) (bool, error) {
	s, err := l.Session(ctx)
	if err != nil {
		return false, err
	}
	l.mu.Lock()
	if by := l.named[name]; by != nil && !by.lost() {
		l.mu.Unlock()
		return false, nil
	}
	l.named[name] = s
	l.mu.Unlock()
	if !l.Shared() {
		return true, nil
	}
	got := false
	answered := make(chan struct{})
	s.add(func(w *work) {
		w.try = append(w.try, attempt{lock: LockID(name), told: func(ok bool, failed error) { got, err = ok, failed; close(answered) }})
	})
	<-answered // within maxQuestion
	if !got {
		l.mu.Lock()
		if l.named[name] == s {
			delete(l.named, name)
		}
		l.mu.Unlock()
	}
	return got, err
}

// Release gives back the lock of a name; nothing happens if it is not held.
func (l *Locks) Release(name string) {
	l.mu.Lock()
	s := l.named[name]
	delete(l.named, name)
	l.mu.Unlock()
	if s != nil && l.Shared() {
		s.add(func(w *work) { w.unlock = append(w.unlock, LockID(name)) })
	}
}

// Alive returns the ids of the sessions of all processes that work on the
// database.
func (l *Locks) Alive(ctx context.Context) (map[int64]bool, error) {
	s, err := l.Session(ctx)
	if err != nil {
		return nil, err
	}
	set := map[int64]bool{s.id: true}
	if !l.Shared() {
		return set, nil
	}
	ask := func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, `SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 AND granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, presence)
		if err != nil {
			return err
		}
		var id int64
		_, err = pgx.ForEachRow(rows, []any{&id}, func() error { set[id] = true; return nil })
		return err
	}
	answered := make(chan error, 1)
	s.add(func(w *work) { w.query = append(w.query, query{ask, func(err error) { answered <- err }}) })
	return set, <-answered
}

// Take takes those of the keys (addresses as [Gate.Key] returns them) that no
// other process has, for a job that visits their names; several jobs of this
// process may have one, whose requests the gate bounds together. got has those
// that were taken. release gives one of them back; for others, and a second time,
// it does nothing.
//
// An address that was taken is kept between the requests of the job, which
// spares the database; if another process wants it, it is given away all the
// same and had back by the next request.
func (l *Locks) Take(ctx context.Context, keys []string) (got map[string]bool, release func(key string)) {
	got = make(map[string]bool, len(keys))
	held := make(map[string]*address, len(keys)) // guarded by l.mu
	release = func(key string) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if a := held[key]; a != nil {
			delete(held, key)
			a.taken--
			l.settle(a)
		}
	}
	s, err := l.Session(ctx)
	if err != nil {
		return got, release
	}
	var asked []*address
	l.mu.Lock()
	for _, key := range keys {
		a := l.address(key)
		switch {
		case held[key] != nil: // named twice
		case !l.Shared(), a.session != nil:
			a.taken++
			held[key], got[key] = a, true
		case a.asking || time.Now().Before(s.from):
			l.settle(a)
		default:
			a.taken, a.asking = a.taken+1, true
			asked = append(asked, a)
		}
	}
	l.mu.Unlock()
	list := l.tryAll(s, asked)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range list {
		held[a.key], got[a.key] = a, true
	}
	return got, release
}

// tryAll tries the locks of addresses for Take and returns those that were got.
func (l *Locks) tryAll(s *Session, list []*address) (got []*address) {
	if len(list) == 0 {
		return nil
	}
	var answers sync.WaitGroup
	answers.Add(len(list))
	s.add(func(w *work) {
		for _, a := range list {
			w.try = append(w.try, attempt{lock: a.lock(), told: func(ok bool, err error) {
				l.mu.Lock()
				if ok {
					got = append(got, a)
				} else {
					a.taken--
				}
				l.tried(a, s, ok, err)
				l.mu.Unlock()
				answers.Done()
			}})
		}
	})
	answers.Wait()
	return got
}

// Enter waits until one request may be sent to the address without meeting one
// of another process; leave must be called when the answer has been read. A
// [Gate] that shares these locks does it for each of its requests.
//
// If another process has the address, it is asked for it. That one gives it away
// when the requests in flight have ended, to those who asked in the order in
// which they did, and asks in its turn. While another waits, a process goes on
// with requests of its own for a turn of 100 ms, one request at least.
func (l *Locks) Enter(ctx context.Context, key netip.Addr) (leave func(), err error) {
	if !l.Shared() {
		return func() {}, ctx.Err()
	}
	r := l.enlist(key.String())
	if err := r.begin(ctx); err != nil {
		r.end()
		return nil, err
	}
	var once sync.Once
	return func() { once.Do(r.end) }, nil
}

// complain logs, now and then, that addresses cannot be locked. The caller
// holds l.mu.
func (l *Locks) complain(err error) {
	if time.Since(l.complained) < time.Minute {
		return
	}
	l.complained = time.Now()
	l.log.Warn("addresses cannot be locked against other processes, so their sites wait: raise max_locks_per_transaction of PostgreSQL", "err", err)
}

// jitter spreads tries of several processes.
func jitter(d time.Duration) time.Duration { return d + rand.N(d/2) }
