package schedule

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// Two processes keep the same calendar. The one that conducts its run is
// stopped in the middle: the other takes the run over, and nothing is lost or
// begun twice.
func TestRollingRestart(t *testing.T) {
	dsn := pgtest.DSN(t)
	b := newBed(t, 2)
	b.delay = 20 * time.Millisecond
	names := b.many(400)
	path := inventoryOf(t, names...)
	now := time.Date(2026, 11, 20, 1, 59, 59, 0, shanghai)
	late := now.Add(2 * time.Second)
	serve := func(at *time.Time) (r *Runner, stop func()) {
		r = runnerIn(t, t.TempDir(), b.looker(t, nil, time.Second), nil, Options{Concurrency: 4}, func(c *Config) {
			c.Store = openStore(t, dsn)
			c.Now = func() time.Time { return *at }
		})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- r.Serve(ctx, []Entry{{Name: "all", Cron: nightly.Cron, Inventory: path}}) }()
		return r, func() {
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}
	first, stopFirst := serve(&now)
	wait(t, "the entry", func() bool {
		n, err := first.db.number(t.Context(), `SELECT COUNT(*) FROM calendar`)
		return err == nil && n == 1
	})
	stopFirst()
	first, stopFirst = serve(&late) // it is past two o'clock now
	second, stopSecond := serve(&late)
	defer func() { stopSecond() }()
	wait(t, "verdicts", func() bool {
		n, err := first.db.number(t.Context(), `SELECT COUNT(*) FROM result`)
		return err == nil && n > 50
	})
	if len(first.Rounds())+len(second.Rounds()) != 1 {
		t.Errorf("%d and %d rounds", len(first.Rounds()), len(second.Rounds()))
	}
	if len(first.Rounds()) == 0 { // the other one was first
		first, second = second, first
		stopFirst, stopSecond = stopSecond, stopFirst
	}
	stopFirst()
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	var runs []*reports.Run
	wait(t, "the end", func() bool {
		var err error
		runs, err = second.cfg.Store.Runs(t.Context(), 0)
		return err == nil && len(runs) == 1 && runs[0].State == reports.RunDone
	})
	if got := verdicts(t, second.cfg.Store, runs[0].ID); len(got) != len(names) || runs[0].Verdicts != len(names) {
		t.Errorf("%d verdicts, run %+v", len(got), runs[0])
	}
	b.set(func(b *bed) {
		again := 0
		for _, n := range b.total {
			again += n - 1
		}
		if again > 8 { // those under way when the first one stopped
			t.Errorf("%d names were asked twice", again)
		}
	})
}

// wait waits until something is true.
func wait(t *testing.T, what string, is func() bool) {
	t.Helper()
	for until := time.Now().Add(time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("%s did not come", what)
		}
	}
}

// A run goes on although its inventory is not there any more, once it was read
// whole.
func TestResumedWithoutTheInventory(t *testing.T) {
	b := newBed(t, 1)
	b.delay = 5 * time.Millisecond
	path := inventoryOf(t, b.many(300)...)
	r := runnerIn(t, t.TempDir(), b.looker(t, nil, time.Second), nil, Options{Concurrency: 4})
	first := stopRound(t, r, path, 20)
	if err := os.Rename(path, filepath.Join(t.TempDir(), "gone")); err != nil {
		t.Fatal(err)
	}
	rd, err := r.Begin(context.Background(), Start{Inventory: path})
	if err != nil {
		t.Fatal(err)
	}
	if run, err := rd.Run(context.Background()); err != nil || run.ID != first.ID() || run.Verdicts != 300 {
		t.Errorf("%+v, %v", run, err)
	}
}
