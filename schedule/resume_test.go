package schedule

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler/warc"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// many puts n names on the bed's first address.
func (b *bed) many(n int) []string {
	var names []string
	for i := range n {
		name := fmt.Sprintf("site%04d.cn", i)
		names = append(names, name)
		b.name(name, webAddr(0))
	}
	return names
}

// stopRound begins a round and stops it when it has some verdicts.
func stopRound(t *testing.T, r *Runner, path string, after int) *Round {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	rd, err := r.Begin(ctx, Start{Inventory: path})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for rd.Progress().Verdicts < after && rd.ctx.Err() == nil {
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
	}()
	if _, err := rd.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("the stopped round said %v", err)
	}
	return rd
}

// Windows are resolved one after another, and an interruption in any of them
// loses nothing.
func TestManyWindowsAndAStop(t *testing.T) { onBoth(t, testManyWindowsAndAStop) }

func testManyWindowsAndAStop(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	b.delay = 2 * time.Millisecond
	path := inventoryOf(t, b.many(700)...)
	r := runnerIn(t, t.TempDir(), b.looker(t, nil, time.Second), nil, Options{Concurrency: 8}, in)
	r.window = 100
	first := stopRound(t, r, path, 150)
	rd, err := r.Begin(context.Background(), Start{Inventory: path})
	if err != nil {
		t.Fatal(err)
	}
	if !rd.Resumed || rd.ID() != first.ID() {
		t.Errorf("run %s (resumed: %v), want %s", rd.ID(), rd.Resumed, first.ID())
	}
	run, err := rd.Run(context.Background())
	if err != nil || run.Verdicts != 700 || run.State != reports.RunDone {
		t.Fatalf("%+v, %v", run, err)
	}
	if got := verdicts(t, r.cfg.Store, run.ID); len(got) != 700 {
		t.Errorf("%d verdicts", len(got))
	}
	if b.total["site0000.cn"] > 2 {
		t.Errorf("the first name was asked %d times", b.total["site0000.cn"])
	}
}

func TestFreshGivesUpTheOldRun(t *testing.T) { onBoth(t, testFreshGivesUpTheOldRun) }

func testFreshGivesUpTheOldRun(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	b.delay = 5 * time.Millisecond
	path := inventoryOf(t, b.many(300)...)
	r := runnerIn(t, t.TempDir(), b.looker(t, nil, time.Second), nil, Options{Concurrency: 4}, in)
	old := stopRound(t, r, path, 20)
	ctx := context.Background()
	rd, err := r.Begin(ctx, Start{Inventory: path, Fresh: true})
	if err != nil {
		t.Fatal(err)
	}
	if rd.Resumed || rd.ID() <= old.ID() {
		t.Errorf("run %s resumed: %v", rd.ID(), rd.Resumed)
	}
	was, err := r.cfg.Store.Run(ctx, old.ID())
	if err != nil || was.State != reports.RunFailed || was.Trouble == "" {
		t.Errorf("%+v, %v", was, err)
	}
	if _, err := r.Begin(ctx, Start{Inventory: path}); err == nil {
		t.Error("the same inventory began twice at once")
	}
	if run, err := rd.Run(ctx); err != nil || run.Verdicts != 300 {
		t.Errorf("%+v, %v", run, err)
	}
}

// A run cannot go on by other rules than it began with, nor with an inventory
// of which it has read a part that is not the same any more.
func TestWhatCannotBeResumed(t *testing.T) { onBoth(t, testWhatCannotBeResumed) }

func testWhatCannotBeResumed(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	b.delay = 5 * time.Millisecond
	path := inventoryOf(t, b.many(300)...)
	r := runnerIn(t, t.TempDir(), b.looker(t, nil, time.Second), nil, Options{Concurrency: 4}, in)
	ctx := context.Background()
	for _, change := range []func(*Round){
		func(rd *Round) {
			rd.run.Ruleset = "another"
			if err := r.cfg.Store.UpdateRun(ctx, rd.run); err != nil {
				t.Fatal(err)
			}
		},
		func(rd *Round) {
			if err := r.db.exec(ctx, `UPDATE round SET planned = 0, size = 1 WHERE id = $1`, rd.id); err != nil {
				t.Fatal(err)
			}
		},
	} {
		old := stopRound(t, r, path, 10)
		change(old)
		rd, err := r.Begin(ctx, Start{Inventory: path})
		if err != nil {
			t.Fatal(err)
		}
		if rd.Resumed {
			t.Error("the run was resumed")
		}
		r.leave(rd)
		if err := r.giveUp(ctx, rd.run, rd, "test"); err != nil {
			t.Fatal(err)
		}
	}
}

// Evidence is kept for findings, and for pages that have changed since the
// last finished run of the same inventory.
func TestEvidence(t *testing.T) {
	b := newBed(t, 1)
	names := b.many(3)
	b.name("down.cn", refusedAddr)
	path := inventoryOf(t, append(names, "down.cn")...)
	dir := t.TempDir()
	r := runnerIn(t, dir, b.looker(t, nil, time.Second, 10*time.Millisecond), nil, Options{})
	ctx := context.Background()
	scan := func() map[string]warc.Place {
		t.Helper()
		rd, err := r.Begin(ctx, Start{Inventory: path})
		if err != nil {
			t.Fatal(err)
		}
		run, err := rd.Run(ctx)
		if err != nil {
			t.Fatal(err)
		}
		kept := map[string]warc.Place{}
		err = r.cfg.Store.Results(ctx, run.ID, func(res store.Result) error {
			if res.Evidence.File != "" {
				kept[res.Record.Domain] = res.Evidence
				obs, err := warc.Read(EvidenceDir(dir, run.ID), res.Evidence)
				if err != nil || obs.Domain != res.Record.Domain {
					t.Errorf("evidence of %s: %v, %v", res.Record.Domain, obs, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	if kept := scan(); kept["down.cn"].File == "" || kept[names[0]].File != "" {
		t.Errorf("first run kept %v", kept)
	}
	b.set(func(b *bed) { b.pages = map[string]string{names[1]: strings.Replace(page, "生产", "制造", 1)} })
	if kept := scan(); kept[names[1]].File == "" || kept[names[0]].File != "" {
		t.Errorf("second run kept %v", kept)
	}
}
