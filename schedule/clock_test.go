package schedule

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports"
)

// A machineClock is the clock of the machine that a runner is on. No test can set the real
// one. What a process sees of a jump is that all that was stored before is further away by
// as much, so those times are moved, and the clock of runs and calendar with them.
type machineClock struct {
	mu  sync.Mutex
	off time.Duration
}

func (c *machineClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().UTC().Round(0).Add(c.off)
}

func (c *machineClock) use(cfg *Config) { cfg.Now = c.now }

// set puts the clock to a time; it goes on from there.
func (c *machineClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off = time.Until(at.Round(0))
}

// jump moves the clock forward, or back, while a runner is at work.
func (c *machineClock) jump(t *testing.T, r *Runner, by time.Duration) {
	t.Helper()
	past := int64(-by / time.Second)
	moved := func(column string) string { return fmt.Sprintf(`datetime(%s, 'subsec', '%d seconds')`, column, past) }
	due := fmt.Sprintf(`jsonb_set(args, '$.due', (args ->> 'due') + %d)`, 1000*past)
	if r.queue.Postgres() {
		moved = func(column string) string { return fmt.Sprintf(`%s + interval '%d seconds'`, column, past) }
		due = fmt.Sprintf(`jsonb_set(args, '{due}', to_jsonb((args ->> 'due')::bigint + %d))`, 1000*past)
	}
	tx, err := r.db.writer.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	for _, query := range []string{
		`UPDATE river_job SET created_at = ` + moved("created_at") + `, scheduled_at = ` + moved("scheduled_at") + `, attempted_at = ` + moved("attempted_at") + `, finalized_at = ` + moved("finalized_at"),
		`UPDATE river_job SET args = ` + due + ` WHERE kind = 'confirm'`,
		`UPDATE river_leader SET elected_at = ` + moved("elected_at") + `, expires_at = ` + moved("expires_at"),
	} {
		if _, err := tx.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off += by
}

// waitFor is wait with a limit: a run that hangs fails the test, not the package.
func waitFor(t *testing.T, rn *Run, limit time.Duration) *reports.Run {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	run, err := rn.Wait(ctx)
	if err != nil {
		t.Fatalf("%v, %+v", err, rn.Progress())
	}
	return run
}

// onJumps runs a test on both databases with a clock that jumps forward, and back.
func onJumps(t *testing.T, test func(t *testing.T, in func(*Config), by time.Duration)) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		for name, by := range map[string]time.Duration{"forward": 5 * time.Hour, "back": -5 * time.Hour} {
			t.Run(name, func(t *testing.T) { test(t, in, by) })
		}
	})
}

// The clock of the machine jumps by hours in the middle of a run: the run goes on at once,
// and ends, with the verdicts that it would have had.
func TestClockJumpsInARun(t *testing.T) { onJumps(t, testClockJumpsInARun) }

func testClockJumpsInARun(t *testing.T, in func(*Config), by time.Duration) {
	b := newBed(t, 2)
	b.delay = 20 * time.Millisecond
	names, want := b.mixed(300, 2, 20, 7, 13)
	var clock machineClock
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, 2*time.Second, 200*time.Millisecond), nil, Options{Concurrency: 4, Evidence: EvidenceNone}, in, clock.use)
	rn := begin(t, r, Start{Inventory: inventoryOf(t, names...)})
	reach(t, rn, 30)
	clock.jump(t, r, by)
	run := waitFor(t, rn, 2*time.Minute)
	if run.State != reports.RunDone || run.Verdicts != len(names) || run.FinishedAt.Before(run.StartedAt) {
		t.Errorf("%+v", run)
	}
	got := verdicts(t, r.cfg.Store, run.ID)
	for n, w := range want {
		if got[n] != w {
			t.Errorf("%s: %q, want %q", n, got[n], w)
		}
	}
	leftOver(t, r)
}

// A failure is confirmed after its time and not long after it, whatever the clock calls
// it: a site that is away for a moment must not be called down because the clock jumped
// forward, and its name must not wait for hours because it jumped back.
func TestClockJumpsBeforeAConfirmation(t *testing.T) { onJumps(t, testClockJumpsBeforeAConfirmation) }

func testClockJumpsBeforeAConfirmation(t *testing.T, in func(*Config), by time.Duration) {
	const delay = 8 * time.Second
	b := newBed(t, 2)
	names := b.many(40)
	b.name("open.cn", webAddr(1))
	first, last := map[string]time.Time{}, map[string]time.Time{}
	b.down, b.spare = true, "open.cn"
	b.came = func(host string) {
		if first[host].IsZero() {
			first[host] = time.Now()
		}
		last[host] = time.Now()
	}
	var clock machineClock
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second, delay), nil, Options{Controls: []string{"open.cn"}, Evidence: EvidenceNone}, in, clock.use)
	rn := begin(t, r, Start{Inventory: inventoryOf(t, names...)})
	for limit := time.Now().Add(time.Minute); rn.Progress().Pending < len(names); {
		if err := pace.Wait(t.Context(), 10*time.Millisecond); err != nil || time.Now().After(limit) {
			t.Fatalf("%v, %+v", err, rn.Progress())
		}
	}
	clock.jump(t, r, by)
	run := waitFor(t, rn, 2*time.Minute)
	if got := verdicts(t, r.cfg.Store, run.ID); len(got) != len(names) || run.Verdicts != len(names) {
		t.Errorf("%+v, %d verdicts", run, len(got))
	}
	b.set(func(b *bed) {
		for _, n := range names {
			if apart := last[n].Sub(first[n]); apart < delay {
				t.Errorf("%s was visited again %v after its first visit, not %v", n, apart, delay)
			}
		}
	})
	leftOver(t, r)
}
