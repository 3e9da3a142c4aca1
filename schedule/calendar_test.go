package schedule

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
	"github.com/beianwatch/beianwatch/schedule/calendar"
)

// A run that was left, with settings that no process works by, or without a job, does
// not keep the calendar from its inventory; one that goes on by itself does.
func TestAbandonedRunGivesWay(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		for name, c := range map[string]struct {
			timeout time.Duration // of the abandoned scan
			lost    bool          // its jobs are
			closed  bool
		}{
			"other settings": {timeout: 2 * time.Second, closed: true},
			"no job left":    {timeout: time.Second, lost: true, closed: true},
			"goes on":        {timeout: time.Second},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBed(t, 1)
				b.delay = 5 * time.Millisecond
				path := inventoryOf(t, b.many(300)...)
				cfg := Config{Dir: t.TempDir(), Options: Options{Concurrency: 2}, Single: true}
				in(&cfg)
				if cfg.Store == nil {
					cfg.Store = openStore(t, filepath.Join(cfg.Dir, "results.db"))
				}
				cfg.Scanner = b.scanner(t, nil, c.timeout)
				scan := openRunner(t, cfg)
				old := begin(t, scan, Start{Inventory: path})
				reach(t, old, 10)
				if err := scan.Close(); err != nil {
					t.Fatal(err)
				}
				cfg.Scanner = b.scanner(t, nil, time.Second) // it inserts, and works when a run has begun: Begin is not called
				serve := openRunner(t, cfg)
				if c.lost {
					for more := true; more; {
						var err error
						if more, err = serve.queue.Delete(t.Context(), old.ID(), "", true); err != nil {
							t.Fatal(err)
						}
					}
				}
				rn, err := serve.begin(t.Context(), Start{Inventory: path, Entry: "nightly", Tick: time.Now(), fromCalendar: true}, nil)
				was, failed := serve.cfg.Store.Run(context.Background(), old.ID())
				if failed != nil {
					t.Fatal(failed)
				}
				switch {
				case !c.closed && !errors.Is(err, ErrUnderWay):
					t.Errorf("%v", err)
				case c.closed && (err != nil || rn.Resumed || was.State != reports.RunFailed || was.Trouble != "its inventory's next time has come"):
					t.Errorf("%+v, %v; the old one %+v", rn, err, was)
				}
			})
		}
	})
}

// The clock jumps: of the ticks that it leaps over the newest has a run and the others are
// told; a tick that comes a second time has no second run; and a clock that was years ahead
// for a moment does not keep the calendar from its nights for as long.
func TestCalendarWhenTheClockJumps(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		b := newBed(t, 1)
		path := inventoryOf(t, b.many(3)...)
		var clock machineClock
		var said strings.Builder
		var mu sync.Mutex
		log := slog.New(slog.NewTextHandler(writerFunc(func(p []byte) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			return said.Write(p)
		}), nil))
		r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{Evidence: EvidenceNone}, in, clock.use, func(c *Config) { c.Log = log })
		list, err := calendar.Parse([]calendar.Entry{{Name: "nightly", Cron: "CRON_TZ=UTC 0 2 * * *", Inventory: path}})
		if err != nil {
			t.Fatal(err)
		}
		r.mu.Lock()
		r.entries = list
		r.mu.Unlock()
		var want []string
		at := func(now string, ticks ...string) { // the ticks that have a run now and had none before
			t.Helper()
			moment, err := time.Parse(time.DateTime, now)
			if err != nil {
				t.Fatal(err)
			}
			clock.set(moment)
			for range 2 { // a minute later it comes again
				if err := r.planEntries(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			want = append(want, ticks...)
			runs := ended(t, r)
			var got []string
			for _, run := range runs {
				got = append(got, run.Tick.UTC().Format("2006-01-02"))
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("at %s: runs of %v, want %v", now, got, want)
			}
		}
		at("2026-10-12 01:00:00")
		at("2026-10-12 02:00:30", "2026-10-12")
		at("2026-10-12 01:30:00") // back, and the same tick again
		at("2026-10-12 02:00:30")
		at("2026-10-11 21:00:30") // back by more
		at("2026-10-12 02:00:30")
		at("2026-10-13 02:00:30", "2026-10-13")
		at("2026-10-17 09:00:00", "2026-10-17") // forward, over three ticks and one
		mu.Lock()
		for _, tick := range []string{"2026-10-14", "2026-10-15", "2026-10-16"} {
			if n := strings.Count(said.String(), "time="+tick+"T02:00:00Z"); n != 1 {
				t.Errorf("%s is told %d times", tick, n)
			}
		}
		mu.Unlock()
		at("2031-01-01 03:00:00", "2031-01-01") // years ahead, and right again
		at("2026-10-17 10:00:00")
		at("2026-10-18 02:00:30", "2026-10-18")
		at("2026-10-19 02:00:30", "2026-10-19")
	})
}

// Two processes that keep one calendar see its tick at the same moment: it has one run,
// which nobody closes, and none is said to be skipped.
func TestTickOfTwoProcesses(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	b := newBed(t, 1)
	var clock machineClock
	log := slog.New(slog.NewTextHandler(writerFunc(func(p []byte) (int, error) {
		if strings.Contains(string(p), "skipped") {
			t.Errorf("%s", p)
		}
		return len(p), nil
	}), nil))
	list, err := calendar.Parse([]calendar.Entry{{Name: "nightly", Cron: "CRON_TZ=UTC 0 2 * * *", Inventory: inventoryOf(t, b.many(3)...)}})
	if err != nil {
		t.Fatal(err)
	}
	var both []*Runner
	for range 2 {
		r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{Evidence: EvidenceNone}, clock.use,
			func(c *Config) { c.Store, c.Log = openStore(t, dsn), log })
		r.entries = list
		both = append(both, r)
	}
	const nights = 12
	for night := range nights + 1 {
		clock.set(time.Date(2026, 10, 11+night, 2, 5, 0, 0, time.UTC))
		var planned sync.WaitGroup
		for _, r := range both {
			planned.Go(func() {
				if err := r.planEntries(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		planned.Wait()
		if runs := ended(t, both[0]); len(runs) != night {
			t.Fatalf("%d runs in %d nights", len(runs), night)
		}
	}
}

// ended returns the runs when all of them are done.
func ended(t *testing.T, r *Runner) []*reports.Run {
	t.Helper()
	for limit := time.Now().Add(3 * time.Minute); ; {
		runs, err := r.cfg.Store.Runs(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(runs, func(run *reports.Run) bool { return run.State != reports.RunDone }) {
			return runs
		}
		if pace.Wait(t.Context(), 50*time.Millisecond) != nil || time.Now().After(limit) {
			t.Fatalf("the runs do not end: %+v", runs)
		}
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// Of minutes that were slept through there is one.
func TestMinutes(t *testing.T) {
	t.Parallel()
	now := time.Now()
	next := minutes{}.Next(now.AddDate(0, -2, 0))
	if wait := time.Until(next); wait > time.Minute {
		t.Errorf("the next minute comes in %v", wait)
	}
	if after := (minutes{}).Next(next); after.Sub(next) != time.Minute {
		t.Errorf("the one after it %v later", after.Sub(next))
	}
}
