package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
)

func runOf(id string, state reports.RunState) *reports.Run {
	return &reports.Run{ID: id, Inventory: "all.csv", State: state, StartedAt: night}
}

func TestRuns(t *testing.T) { forEachEngine(t, testRuns) }

func testRuns(t *testing.T, s *Store) {
	ctx := context.Background()
	full := &reports.Run{ID: "20261123T020000-7f3a", Inventory: "all.csv", Entry: "nightly", Tick: night, StartedAt: night, FinishedAt: night.Add(time.Hour),
		State: reports.RunDone, Trouble: "t", Ruleset: "v1", Vantage: "cn-east", Lines: 10, Rejected: 1, Verdicts: 9, Options: `{"a":1}`, Thinned: true}
	if err := s.CreateRun(ctx, full); err != nil {
		t.Fatal(err)
	}
	got, err := s.Run(ctx, full.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []*time.Time{&got.Tick, &got.StartedAt, &got.FinishedAt} {
		*at = at.In(night.Location())
	}
	if !reflect.DeepEqual(got, full) {
		t.Errorf("got %+v, want %+v", got, full)
	}
	if err := s.CreateRun(ctx, full); !errors.Is(err, ErrTaken) {
		t.Errorf("the same id twice: %v", err)
	}
	again := *full
	again.ID = "20261123T020001-0000"
	if err := s.CreateRun(ctx, &again); !errors.Is(err, ErrTaken) {
		t.Errorf("the same tick twice: %v", err)
	}
	again.Entry, again.Tick = "", time.Time{}
	if err := s.CreateRun(ctx, &again); err != nil {
		t.Errorf("a run by hand: %v", err)
	}
	again.State, again.Verdicts, again.FinishedAt = reports.RunFailed, 3, night
	if err := s.UpdateRun(ctx, &again); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Run(ctx, again.ID); err != nil || got.Verdicts != 3 || got.State != reports.RunFailed {
		t.Errorf("%+v, %v", got, err)
	}
	if err := s.UpdateRun(ctx, &reports.Run{ID: "nosuch"}); !errors.Is(err, ErrNoRun) {
		t.Errorf("an update of no run: %v", err)
	}
}

func TestFindingRuns(t *testing.T) { forEachEngine(t, testFindingRuns) }

func testFindingRuns(t *testing.T, s *Store) {
	ctx := context.Background()
	for id, state := range map[string]reports.RunState{
		"20261120T020000-aaaa": reports.RunDone, "20261121T020000-bbbb": reports.RunDone, "20261122T020000-cccc": reports.RunFailed, "20261123T020000-dddd": reports.RunActive,
	} {
		if err := s.CreateRun(ctx, runOf(id, state)); err != nil {
			t.Fatal(err)
		}
	}
	find := func(word string) string {
		run, err := s.FindRun(ctx, word)
		switch {
		case errors.Is(err, ErrNoRun):
			return "none"
		case err != nil:
			return "several"
		}
		return run.ID[18-2:]
	}
	for word, want := range map[string]string{"last": "bbbb", "20261120T020000-aaaa": "aaaa", "20261122": "cccc", "202611": "several", "2027": "none", "": "none", "%": "none"} {
		if got := find(word); got != want {
			t.Errorf("%q means %s, want %s", word, got, want)
		}
	}
	if run, err := s.LastDone(ctx, "all.csv", "20261121T020000-bbbb"); err != nil || run.ID != "20261120T020000-aaaa" {
		t.Errorf("before bbbb: %v, %v", run, err)
	}
	if run, err := s.LastDone(ctx, "all.csv", ""); err != nil || run.ID != "20261121T020000-bbbb" {
		t.Errorf("the last: %v, %v", run, err)
	}
	if _, err := s.LastDone(ctx, "other.csv", ""); !errors.Is(err, ErrNoRun) {
		t.Errorf("of another inventory: %v", err)
	}
	if list, err := s.Runs(ctx, 3); err != nil || len(list) != 3 || list[0].ID != "20261123T020000-dddd" {
		t.Errorf("%v, %v", list, err)
	}
	if list, err := s.Unfinished(ctx); err != nil || len(list) != 1 || list[0].State != reports.RunActive {
		t.Errorf("%v, %v", list, err)
	}
}

// thinAll calls Thin until there is nothing to do, and counts the calls.
func thinAll(t *testing.T, s *Store, keep, limit int) (steps int) {
	t.Helper()
	for {
		steps++
		more, err := s.Thin(context.Background(), keep, limit)
		if err != nil || steps > 1000 {
			t.Fatal(steps, err)
		}
		if !more {
			return steps
		}
	}
}

func TestThin(t *testing.T) { forEachEngine(t, testThin) }

func testThin(t *testing.T, s *Store) {
	ctx := context.Background()
	// One domain a column; a letter is an outcome, a blank is no result.
	nights := []string{
		"VV..V", // n0
		"VV. V", // n1
		"V.. V", // n2
		"V..V.", // n3: the fourth comes back
		"V..V ", // n4
		"V..V ", // n5, under way
		"VV.V ", // n6
	}
	for n, outs := range nights {
		state := reports.RunDone
		if n == 5 {
			state = reports.RunActive
		}
		run := runOf(fmt.Sprintf("n%d", n), state)
		if err := s.CreateRun(ctx, run); err != nil {
			t.Fatal(err)
		}
		for d, c := range outs {
			if c != ' ' {
				put(t, s, plainResult(run.ID, fmt.Sprintf("d%d.cn", d), string(c)))
			}
		}
	}
	other := runOf("n1-other", reports.RunDone)
	other.Inventory = "other.csv"
	if err := s.CreateRun(ctx, other); err != nil {
		t.Fatal(err)
	}
	put(t, s, plainResult("n1-other", "d0.cn", "V"))

	if steps := thinAll(t, s, 2, 2); steps < 8 {
		t.Errorf("%d steps for four runs", steps)
	}
	want := []string{"   . ", " V   ", "    V", "    .", "V..V ", "V..V ", "VV.V "}
	for n := range nights {
		got := []byte("     ")
		for rec, err := range s.Records(ctx, fmt.Sprintf("n%d", n)) {
			if err != nil {
				t.Fatal(err)
			}
			got[rec.Domain[1]-'0'], _ = charOf(rec.Outcomes[0].Verdict, rec.Outcomes[0].Severity)
		}
		if string(got) != want[n] {
			t.Errorf("night %d is %q, want %q", n, got, want[n])
		}
	}
	if run, _ := s.Run(ctx, "n3"); !run.Thinned {
		t.Error("n3 does not say that it was thinned")
	}
	if n, _ := s.Count(ctx, "n1-other"); n != 1 {
		t.Error("the run of another inventory was touched")
	}
	if steps := thinAll(t, s, 2, 2); steps != 1 {
		t.Errorf("a second thinning took %d steps", steps)
	}
	if _, err := s.Thin(ctx, 0, 10); err == nil {
		t.Error("thinned everything")
	}
	orphans := 0
	if err := s.reader.QueryRow(`SELECT COUNT(*) FROM finding f LEFT JOIN result r ON r.run = f.run AND r.domain = f.domain WHERE r.run IS NULL`).Scan(&orphans); err != nil || orphans != 0 {
		t.Errorf("%d findings without a result, %v", orphans, err)
	}
}
