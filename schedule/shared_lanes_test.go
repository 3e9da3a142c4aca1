package schedule

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// Two processes share a run over two addresses: the limits of each address
// hold over both of them, also for requests that a redirect sends from a lane
// of the one to a lane of the other, and nobody starves.
func TestPolitenessOverProcesses(t *testing.T) {
	dsn := pgtest.DSN(t)
	b := newBed(t, 3)
	b.delay = 30 * time.Millisecond
	b.moved = map[string]string{}
	var names []string
	for i := range 150 {
		n := fmt.Sprintf("site%03d.cn", i)
		names = append(names, n)
		b.name(n, webAddr(i%2))
		if i%5 == 0 { // all of these land on the third address, or on the other lane
			to := "www." + n
			b.name(to, webAddr([]int{2, 1 - i%2}[i/5%2]))
			b.moved[n] = to
		}
	}
	open := func() *Runner {
		gate := NewGate(2, 50, nil)
		return runnerIn(t, t.TempDir(), b.looker(t, gate, 2*time.Second, 50*time.Millisecond), gate, Options{Concurrency: 16},
			func(c *Config) { c.Store = openStore(t, dsn) })
	}
	first := open()
	helper := open()
	rd, err := first.Begin(t.Context(), Start{Inventory: inventoryOf(t, names...)})
	if err != nil {
		t.Fatal(err)
	}
	run, err := rd.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n, v := range verdicts(t, first.cfg.Store, run.ID) {
		if v != "serving " && v != "unknown ours" {
			t.Errorf("%s: %q", n, v)
		}
	}
	b.set(func(b *bed) {
		for i := range 3 {
			if most := b.most[webAddr(i)]; most < 1 || most > 2 {
				t.Errorf("%d requests at once to %s", most, webAddr(i))
			}
		}
	})
	if n, err := helper.db.number(t.Context(), `SELECT COUNT(*) FROM task`); n != 0 || err != nil {
		t.Errorf("%d tasks are left, %v", n, err)
	}
}

// A lane is one process' at a time; what holds it, gives it back, and a process
// that dies holds nothing.
func TestLanesAreLocks(t *testing.T) {
	dsn := pgtest.DSN(t)
	b := newBed(t, 1)
	open := func() *Runner {
		gate := NewGate(1, 0, nil)
		return runnerIn(t, t.TempDir(), b.looker(t, gate, time.Second), gate, Options{}, func(c *Config) { c.Store = openStore(t, dsn) })
	}
	one, two := open(), open()
	for _, r := range []*Runner{one, two} {
		g, err := r.grips.grip(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Until(g.lanesFrom)) // the server has just started
	}
	ctx := t.Context()
	if got := one.lanes.take(ctx, []string{"192.0.2.1", "192.0.2.2"}); len(got) != 2 {
		t.Fatalf("one took %v", got)
	}
	if got := two.lanes.take(ctx, []string{"192.0.2.1", "192.0.2.3"}); len(got) != 1 || !got["192.0.2.3"] {
		t.Fatalf("two took %v", got)
	}
	if got := one.lanes.take(ctx, []string{"192.0.2.1"}); len(got) != 0 {
		t.Fatalf("one took its own lane twice: %v", got)
	}
	addr := func(r *Runner, s string) (func(), error) {
		ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
		defer cancel()
		return r.cfg.Gate.Enter(ctx, netip.MustParseAddr(s))
	}
	if _, err := addr(two, "192.0.2.1"); err == nil {
		t.Error("two entered a lane that one works")
	}
	leave, err := addr(one, "192.0.2.1")
	if err != nil {
		t.Fatalf("one could not enter its own lane: %v", err)
	}
	one.lanes.give("192.0.2.1")
	if _, err := addr(two, "192.0.2.1"); err == nil {
		t.Error("two entered while a request of one was in flight")
	}
	leave()
	leave, err = addr(two, "192.0.2.1")
	if err != nil {
		t.Fatalf("two could not enter a lane that was given back: %v", err)
	}
	leave()
	// One dies with a lane in its hands.
	g, err := one.grips.grip(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := two.db.exec(ctx, `SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.objid::bigint = $1`, g.id); err != nil {
		t.Fatal(err)
	}
	<-g.gone
	if leave, err = addr(two, "192.0.2.2"); err != nil {
		t.Fatalf("two could not enter the lane of one that died: %v", err)
	}
	leave()
	// It comes back, and takes no lane for one request's time.
	again, err := one.grips.grip(ctx)
	if err != nil || again.id == g.id || time.Until(again.lanesFrom) < time.Second/2 {
		t.Errorf("the new grip %v, %v", again, err)
	}
	if got := one.lanes.take(ctx, []string{"192.0.2.9"}); len(got) != 0 {
		t.Errorf("one took %v right after its loss", got)
	}
}

// Those who want one lane for requests from elsewhere all get it in the end.
func TestNobodyStarvesAtALane(t *testing.T) {
	dsn := pgtest.DSN(t)
	b := newBed(t, 1)
	var work sync.WaitGroup
	for range 3 {
		gate := NewGate(2, 0, nil)
		r := runnerIn(t, t.TempDir(), b.looker(t, gate, time.Second), gate, Options{}, func(c *Config) { c.Store = openStore(t, dsn) })
		for range 4 { // always one of them wants it
			work.Go(func() {
				for range 100 {
					ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
					leave, err := r.cfg.Gate.Enter(ctx, netip.MustParseAddr("192.0.2.1"))
					cancel()
					if err != nil {
						t.Error(err)
						return
					}
					time.Sleep(5 * time.Millisecond)
					leave()
				}
			})
		}
	}
	work.Wait()
}
