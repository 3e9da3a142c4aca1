package polite

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

func TestMain(m *testing.M) {
	code := pgtest.Main(m)
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// openLocks opens the locks of one more process on a database.
func openLocks(t *testing.T, dsn string, grace time.Duration) *Locks {
	t.Helper()
	conf, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := OpenLocks(t.Context(), conf, grace, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// sharedGate is a gate over the locks of one more process.
func sharedGate(t *testing.T, dsn string, perIP int, rate float64) *Gate {
	g := NewGate(perIP, rate, nil)
	g.Share(openLocks(t, dsn, 0))
	return g
}

var testAddr = netip.MustParseAddr("192.0.2.1")

// tryEnter enters unless the address cannot be had for a while.
func tryEnter(t *testing.T, l *Locks, addr string) (leave func(), err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	return l.Enter(ctx, netip.MustParseAddr(addr))
}

// An address is one process' at a time: one that holds it gives it back, or
// away after the request in flight, and a process that dies holds nothing.
func TestAddressesAreLocks(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	one, two := openLocks(t, dsn, 0), openLocks(t, dsn, 0)
	ctx := t.Context()
	got, release := one.Take(ctx, []string{"192.0.2.1", "192.0.2.2"})
	if len(got) != 2 {
		t.Fatalf("one took %v", got)
	}
	if got, _ := two.Take(ctx, []string{"192.0.2.1", "192.0.2.3"}); len(got) != 1 || !got["192.0.2.3"] {
		t.Fatalf("two took %v", got)
	}
	again, releaseAgain := one.Take(ctx, []string{"192.0.2.1", "192.0.2.1"})
	if len(again) != 1 {
		t.Fatalf("another job of one took %v", again)
	}
	releaseAgain("192.0.2.1")
	releaseAgain("192.0.2.1") // the first job has it still
	releaseAgain("192.0.2.2") // not this job's
	if got, _ := two.Take(ctx, []string{"192.0.2.1", "192.0.2.2"}); len(got) != 0 {
		t.Fatalf("two took %v, which a job of one has", got)
	}
	leave, err := one.Enter(ctx, testAddr)
	if err != nil {
		t.Fatalf("one could not enter its own address: %v", err)
	}
	if _, err := tryEnter(t, two, "192.0.2.1"); err == nil {
		t.Fatal("two entered while a request of one was in flight")
	}
	leave()
	leave()
	if leave, err = two.Enter(ctx, testAddr); err != nil {
		t.Fatalf("two could not enter an address that nothing is in flight to: %v", err)
	}
	if _, err := tryEnter(t, one, "192.0.2.1"); err == nil {
		t.Fatal("one entered while a request of two was in flight")
	}
	leave()
	if leave, err = one.Enter(ctx, testAddr); err != nil {
		t.Fatalf("one did not get its address back: %v", err)
	}
	leave()
	release("192.0.2.1")
	// One dies with an address in its hands and a request in flight.
	if leave, err = one.Enter(ctx, netip.MustParseAddr("192.0.2.2")); err != nil {
		t.Fatal(err)
	}
	s, err := one.Session(ctx)
	if err != nil {
		t.Fatal(err)
	}
	end(t, dsn, s)
	leaveTwo, err := two.Enter(ctx, netip.MustParseAddr("192.0.2.2"))
	if err != nil {
		t.Fatalf("two could not enter the address of one that died: %v", err)
	}
	leaveTwo()
	leave() // of a session that is lost: it must not give back what is another's
	next, err := one.Session(ctx)
	if err != nil || next.ID() == s.ID() {
		t.Errorf("the new session: %v, %v", next, err)
	}
	one.mu.Lock()
	defer one.mu.Unlock()
	if len(one.addresses) != 1 { // 192.0.2.2 is taken still
		t.Errorf("%d addresses are kept", len(one.addresses))
	}
}

// end ends a session by the server and waits until it is noticed.
func end(t *testing.T, dsn string, s *Session) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), `SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.objid::bigint = $1`, s.ID()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Done():
	case <-t.Context().Done():
	}
}

// After a loss no address is locked for the time of one request: those under
// the old lock may be under way.
func TestGraceAfterALoss(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	l := openLocks(t, dsn, time.Hour)
	s, err := l.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if time.Until(s.from) < 30*time.Minute {
		t.Errorf("a server that has just started may have forgotten locks: none before %v", s.from)
	}
	end(t, dsn, s)
	next, err := l.Session(t.Context())
	for err == nil && next == s { // it is noticed a moment later
		next, err = l.Session(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if time.Until(next.from) < 30*time.Minute {
		t.Errorf("after a loss: none before %v", next.from)
	}
	if got, _ := l.Take(t.Context(), []string{"192.0.2.9"}); len(got) != 0 {
		t.Errorf("took %v right after a loss", got)
	}
}

// Requests of several processes to one address are never more at once than
// allowed, nor closer than the gap, and all of them get their turn.
func TestLimitsHoldOverProcesses(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	const gap = 2 * time.Millisecond
	var flying, most atomic.Int32
	var mu sync.Mutex
	var begun []time.Time
	served := map[int]int{}
	var work sync.WaitGroup
	for p := range 3 {
		g := sharedGate(t, dsn, 2, float64(time.Second/gap))
		for range 4 { // always one of them wants it
			work.Go(func() {
				for range 60 {
					leave, err := g.Enter(t.Context(), testAddr)
					if err != nil {
						t.Error(err)
						return
					}
					n := flying.Add(1)
					mu.Lock()
					most.Store(max(most.Load(), n))
					begun = append(begun, time.Now())
					served[p]++
					mu.Unlock()
					time.Sleep(3 * time.Millisecond)
					flying.Add(-1)
					leave()
				}
			})
		}
	}
	work.Wait()
	if most.Load() > 2 {
		t.Errorf("%d requests at once", most.Load())
	}
	if len(begun) != 720 || served[0] != 240 || served[1] != 240 || served[2] != 240 {
		t.Errorf("%d requests: %v", len(begun), served)
	}
	if took := begun[len(begun)-1].Sub(begun[0]); took < 719*gap {
		t.Errorf("720 requests in %v are closer than the gap", took)
	}
}

// One process has requests without end to an address, another wants one now and
// then, a third too: they wait for a turn, not for the end. What passes in
// between is counted, not timed.
func TestAddressIsGivenAway(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	busy := openLocks(t, dsn, 0)
	_, release := busy.Take(t.Context(), []string{testAddr.String()})
	ctx, stop := context.WithCancel(t.Context())
	var count atomic.Int64
	var work sync.WaitGroup
	for range 2 {
		work.Go(func() {
			for ctx.Err() == nil {
				leave, err := busy.Enter(ctx, testAddr)
				if err != nil {
					continue
				}
				count.Add(1)
				time.Sleep(20 * time.Millisecond)
				leave()
			}
		})
	}
	for i := range 6 {
		l := openLocks(t, dsn, 0)
		if i > 2 {
			time.Sleep(turn) // it has had a turn of its own
		}
		var leave func()
		var err error
		entered := make(chan struct{})
		go func() {
			defer close(entered)
			leave, err = l.Enter(t.Context(), testAddr)
		}()
		before := heard(busy, entered, &count)
		<-entered
		if err != nil {
			t.Fatal(err)
		}
		// Two at a time in a turn of 100 ms are ten or twelve; of a machine that
		// is late, fewer.
		if n := count.Load() - before; n > 30 {
			t.Errorf("%d requests passed before another process had its turn", n)
		}
		leave()
	}
	stop()
	work.Wait()
	release(testAddr.String())
}

// heard waits until the one who has the address has heard that another process wants it,
// or that has entered, and returns what is counted then.
func heard(l *Locks, entered <-chan struct{}, count *atomic.Int64) int64 {
	for {
		l.mu.Lock()
		a := l.addresses[testAddr.String()]
		wanted := a != nil && len(a.wanted) > 0
		l.mu.Unlock()
		if wanted {
			return count.Load()
		}
		select {
		case <-entered:
			return count.Load()
		case <-time.After(time.Millisecond):
		}
	}
}

// Two processes have an address each and want the other's for every second
// request, as sites that redirect from one to the other do. Each gets through
// with a few of the other's requests in between.
func TestAddressesCross(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	addrs := []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")}
	var flying [2]atomic.Int32
	var work sync.WaitGroup
	var gates [2]*Gate
	var releases [2]func(string)
	for p := range 2 {
		gates[p] = sharedGate(t, dsn, 2, 0)
		got, release := gates[p].locks.Take(t.Context(), []string{addrs[p].String()})
		if len(got) != 1 {
			t.Fatalf("took %v", got)
		}
		releases[p] = release
	}
	for p, g := range gates {
		var sites sync.WaitGroup
		for range 2 {
			sites.Go(func() {
				for range 100 {
					for _, at := range []int{p, 1 - p} {
						leave, err := g.Enter(t.Context(), addrs[at])
						if err != nil {
							t.Error(err)
							return
						}
						if n := flying[at].Add(1); n > 2 {
							t.Errorf("%d requests at once to %s", n, addrs[at])
						}
						time.Sleep(time.Millisecond)
						flying[at].Add(-1)
						leave()
					}
				}
			})
		}
		work.Go(func() { sites.Wait(); releases[p](addrs[p].String()) })
	}
	work.Wait()
}

// What a process knows of when the address may be asked again goes with it.
func TestRestGoesWithTheAddress(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	one, two := sharedGate(t, dsn, 1, 0), sharedGate(t, dsn, 1, 0)
	leave, err := one.Enter(t.Context(), testAddr)
	if err != nil {
		t.Fatal(err)
	}
	one.Heard(testAddr, 429, map[string][]string{"Retry-After": {"3600"}}, 0)
	answer := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute/4)
		defer cancel()
		_, err := two.Enter(ctx, testAddr)
		answer <- err
	}()
	for waits := false; !waits; { // until one has heard that two wants it
		one.locks.mu.Lock()
		waits = len(one.locks.addresses[testAddr.String()].wanted) > 0
		one.locks.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
	leave()
	// Half a minute is the most that one site's Retry-After counts for its
	// address: two is told at once that its time does not last.
	if err := <-answer; err == nil || context.Cause(t.Context()) != nil || !errors.Is(err, errTooLate) {
		t.Errorf("two: %v", err)
	}
}

// A process that was given an address which it no longer wants passes it on,
// and the queue with it.
func TestAddressIsPassedOn(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	one, gone, three := openLocks(t, dsn, 0), openLocks(t, dsn, 0), openLocks(t, dsn, 0)
	leave, err := one.Enter(t.Context(), testAddr)
	if err != nil {
		t.Fatal(err)
	}
	waiting := func(n int) {
		for have := 0; have < n; time.Sleep(time.Millisecond) {
			one.mu.Lock()
			have = len(one.addresses[testAddr.String()].wanted)
			one.mu.Unlock()
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { _, err := gone.Enter(ctx, testAddr); ended <- err }()
	waiting(1)
	cancel()
	if err := <-ended; err == nil {
		t.Fatal("entered an address that another process uses")
	}
	go func() {
		leave, err := three.Enter(t.Context(), testAddr)
		if err == nil {
			leave()
		}
		ended <- err
	}()
	waiting(2)
	leave()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Locks of names: one process at a time and once in it, given back by release,
// by the end of the session and by the end of the process.
func TestNamedLocks(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	one, two := openLocks(t, dsn, 0), openLocks(t, dsn, 0)
	try := func(l *Locks, want bool) {
		t.Helper()
		got, err := l.TryNamed(t.Context(), "calendar")
		if err != nil || got != want {
			t.Errorf("%v, %v, want %v", got, err, want)
		}
	}
	try(one, true)
	try(one, false)
	try(two, false)
	two.Release("calendar") // not its own
	try(two, false)
	one.Release("calendar")
	for got := false; !got; { // one gives it back in its own time
		var err error
		if got, err = two.TryNamed(t.Context(), "calendar"); err != nil {
			t.Fatal(err)
		}
	}
	if alive, err := one.Alive(t.Context()); err != nil || len(alive) != 2 {
		t.Errorf("alive: %v, %v", alive, err)
	}
	s, err := two.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	end(t, dsn, s)
	for got := false; !got; { // the server lets go of it a moment after it has said so
		if got, err = one.TryNamed(t.Context(), "calendar"); err != nil {
			t.Fatal(err)
		}
	}
	one.Close()
	for got := false; !got; {
		if got, err = two.TryNamed(t.Context(), "calendar"); err != nil {
			t.Fatal(err)
		}
	}
}

// A process that is alone can have everything, each address once.
func TestAlone(t *testing.T) {
	t.Parallel()
	l, err := OpenLocks(t.Context(), nil, time.Hour, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got, release := l.Take(t.Context(), []string{"192.0.2.1", "192.0.2.2"})
	if len(got) != 2 || l.Shared() {
		t.Errorf("took %v", got)
	}
	release("192.0.2.1")
	release("192.0.2.2")
	if len(l.addresses) != 0 {
		t.Errorf("%d addresses are kept", len(l.addresses))
	}
	leave, err := l.Enter(t.Context(), testAddr)
	if err != nil {
		t.Fatal(err)
	}
	leave()
	for _, want := range []bool{true, false} {
		if got, err := l.TryNamed(t.Context(), "calendar"); err != nil || got != want {
			t.Errorf("%v, %v", got, err)
		}
	}
	l.Release("calendar")
	if got, _ := l.TryNamed(t.Context(), "calendar"); !got {
		t.Error("what was given back cannot be taken")
	}
	if alive, err := l.Alive(t.Context()); err != nil || len(alive) != 1 {
		t.Errorf("alive: %v, %v", alive, err)
	}
	g := NewGate(1, 0, nil)
	g.Share(l)
	if g.locks != nil {
		t.Error("a process that is alone locks addresses")
	}
}

// Messages are other processes' word: whatever they say, nothing breaks.
func FuzzHeard(f *testing.F) {
	f.Add(`{"Key":"192.0.2.1","From":7}`)
	f.Add(`{"Key":"192.0.2.1","To":1,"Rest":-5,"Queue":[1,2,2,0]}`)
	f.Add(`{"Key":"","To":9}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, payload string) {
		s := &Session{id: 1, done: make(chan struct{})}
		l := &Locks{session: s, addresses: map[string]*address{}, rest: func(string, time.Duration) {}, restLeft: func(string) time.Duration { return 0 }}
		r := l.enlist("192.0.2.1")
		l.heard(payload)
		l.mu.Lock()
		l.tried(r.a, s, true, nil)
		l.mu.Unlock()
		l.heard(payload)
		r.end()
		if len(l.addresses) != 0 || r.a.session != nil {
			t.Errorf("the address is kept: %+v", r.a)
		}
	})
}
