package schedule

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// Under the rule for government sites each look waits for its turn of 72
// minutes, through answers and through our own trouble, until the verdict
// cannot change any more.
func TestWaitsOfAWeek(t *testing.T) {
	gov, _ := Preset("gov")
	rd := &member{opt: Options{Confirm: gov.Delays, Fails: gov.Fails}}
	look := &Looker{Confirm: gov.Delays, Fails: gov.Fails}
	down := detect.Attempt{Liveness: detect.Down, Cause: "refused"}
	up := detect.Attempt{Liveness: detect.Serving}
	ours := detect.Attempt{Liveness: detect.Unseen, Cause: "ours"}
	tests := map[string]struct {
		then  []detect.Attempt // after the first failure, again and again
		looks int              // in all
		took  time.Duration
	}{
		"dead":              {[]detect.Attempt{down}, 8, 7 * 72 * time.Minute},
		"a single accident": {[]detect.Attempt{up}, 135, 134 * 72 * time.Minute},
		"every second one":  {[]detect.Attempt{down, up}, 14, 13 * 72 * time.Minute},
		"one in fifty":      {append(slices.Repeat([]detect.Attempt{up}, 49), down), 137, 136 * 72 * time.Minute},
		"our trouble too":   {[]detect.Attempt{ours, down}, 15, 14 * 72 * time.Minute},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := &detect.Case{Target: &crawler.Target{}, Obs: &crawler.Observation{}, Policy: look.policy(), Attempts: []detect.Attempt{down}, Liveness: down.Liveness, Cause: down.Cause}
			var took time.Duration
			for {
				wait, again := rd.lookAgain(c)
				if !again {
					break
				}
				took += wait
				a := tt.then[(len(c.Attempts)-1)%len(tt.then)]
				c.Attempts, c.Liveness, c.Cause = append(c.Attempts, a), a.Liveness, a.Cause
			}
			if len(c.Attempts) != tt.looks || took != tt.took {
				t.Errorf("%d looks in %v, want %d in %v", len(c.Attempts), took, tt.looks, tt.took)
			}
		})
	}
}

// A run that watches a site by a share of its looks can be stopped in the
// middle of the watch and carries on with the looks it had.
func TestWatchIsCarriedOn(t *testing.T) {
	b := newBed(t, 1)
	b.name("dead.cn", refusedAddr)
	b.name("flaky.cn", refusedAddr)
	b.name("well.cn", webAddr(0))
	dir, path := t.TempDir(), inventoryOf(t, "dead.cn", "flaky.cn", "well.cn")
	waits := slices.Repeat([]time.Duration{60 * time.Millisecond}, 20)
	waits[0] = time.Second // flaky.cn must be up before it is looked at again
	look := b.looker(t, nil, time.Second, waits...)
	look.Fails = 4
	ctx, stop := context.WithCancelCause(context.Background())
	r := runnerIn(t, dir, look, nil, Options{})
	rd, err := r.Begin(ctx, Start{Inventory: path})
	if err != nil {
		t.Fatal(err)
	}
	id, stopped := rd.ID(), errors.New("stopped by the test")
	go func() {
		for rd.Progress().Pending < 2 {
			time.Sleep(time.Millisecond)
		}
		b.name("flaky.cn", webAddr(0)) // up from now on
		for rd.Progress().Verdicts < 2 {
			time.Sleep(time.Millisecond)
		}
		stop(stopped) // dead.cn has its verdict after 5 looks, flaky.cn needs 18
	}()
	if _, err := rd.Run(ctx); !errors.Is(err, stopped) {
		t.Fatalf("the run was not stopped in its watch: %v", err)
	}
	if rd, err = r.Begin(context.Background(), Start{Inventory: path}); err != nil || rd.ID() != id {
		t.Fatalf("not carried on: %v, %v", rd, err)
	}
	if _, err := rd.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	for domain, want := range map[string]struct {
		liveness string
		attempts int
	}{"dead.cn": {"down", 5}, "flaky.cn": {"serving", 18}, "well.cn": {"serving", 1}} {
		res, err := r.cfg.Store.Result(context.Background(), id, domain)
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Record; string(got.Liveness) != want.liveness || got.Attempts != want.attempts {
			t.Errorf("%s: %s after %d looks, want %s after %d", domain, got.Liveness, got.Attempts, want.liveness, want.attempts)
		}
	}
}
