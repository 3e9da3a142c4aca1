package lifecycle

import (
	"database/sql"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// TestLifeOfAFinding follows one finding through nights.
func TestLifeOfAFinding(t *testing.T) {
	const p, q = "page", "another page"
	for name, nights := range map[string][]struct {
		say  said
		want reports.State
	}{
		"found, fixed by a change, found again": {
			{said{outcomes: "..", page: p}, ""}, {said{outcomes: "V.", page: p}, reports.StateOpened}, {said{outcomes: "V.", page: p}, reports.StateStill},
			{said{outcomes: "..", page: q}, reports.StateFixed}, {said{outcomes: "..", page: q}, reports.StateFixed}, {said{outcomes: "V.", page: p}, reports.StateReopened}, {said{outcomes: "V.", page: p}, reports.StateStill},
		},
		"a drawing that flaps fixes nothing": {
			{said{outcomes: "V.", page: p}, reports.StateOpened}, {said{outcomes: "..", page: p}, reports.StatePassed}, {said{outcomes: "V.", page: p}, reports.StateStill},
			{said{outcomes: "..", page: p}, reports.StatePassed}, {said{outcomes: "..", page: p}, reports.StateFixed},
		},
		"unknown fixes nothing, and takes no pass back": {
			{said{outcomes: "?.", page: p}, ""}, {said{outcomes: "W.", page: p}, reports.StateFirst}, {said{outcomes: "?.", page: ""}, reports.StateUnseen},
			{said{outcomes: "?.", page: q}, reports.StateUnseen}, {said{outcomes: "W.", page: p}, reports.StateStill}, {said{outcomes: "..", page: p}, reports.StatePassed},
			{said{outcomes: "?.", page: p}, reports.StatePassed}, {said{outcomes: "..", page: p}, reports.StateFixed},
		},
		"a page that is not there has not changed": {
			{said{outcomes: "V.", page: p}, reports.StateOpened}, {said{outcomes: "..", page: "", liveness: detect.Down}, reports.StatePassed}, {said{outcomes: "V.", page: p}, reports.StateStill},
		},
		"a site that answers again has": {
			{said{outcomes: "V.", page: "", liveness: detect.Down}, reports.StateOpened}, {said{outcomes: "..", page: p}, reports.StateFixed},
		},
		"the page on which it was last found decides": {
			{said{outcomes: "V.", page: p}, reports.StateOpened}, {said{outcomes: "?.", page: ""}, reports.StateUnseen}, {said{outcomes: "..", page: p}, reports.StatePassed},
		},
		"worse, worse again, better": {
			{said{outcomes: "N.", page: p}, reports.StateOpened}, {said{outcomes: "W.", page: p}, reports.StateWorse}, {said{outcomes: "V.", page: p}, reports.StateWorse},
			{said{outcomes: "V.", page: p}, reports.StateStill}, {said{outcomes: "N.", page: p}, reports.StateStill}, {said{outcomes: "W.", page: p}, reports.StateWorse},
		},
		"exempt, and hidden": {
			{said{outcomes: "V.", page: p}, reports.StateOpened}, {said{outcomes: "-.", page: p, liveness: detect.Placeholder}, reports.StateUnseen},
			{said{outcomes: "-.", page: q}, reports.StateGone}, {said{outcomes: "V.", page: p}, reports.StateReopened},
		},
		"out of the inventory and in again": {
			{said{outcomes: "V.", page: p}, reports.StateOpened}, {said{}, reports.StateGone}, {said{outcomes: "V.", page: p}, reports.StateReopened},
		},
	} {
		t.Run(name, func(t *testing.T) {
			forEachEngine(t, func(t *testing.T, b *bed) {
				for i, night := range nights {
					domains := map[string]said{"z.cn": {outcomes: "..", page: p}}
					if night.say.outcomes != "" {
						domains["a.cn"] = night.say
					}
					b.take(t, b.store(t, domains))
					got, _ := b.finding(t)
					if got.State != night.want {
						t.Errorf("night %d: %q, want %q", i+1, got.State, night.want)
					}
				}
			})
		})
	}
}

// finding is the only finding.
func (b *bed) finding(t testing.TB) (Finding, bool) {
	t.Helper()
	page, err := b.lives.Findings(t.Context(), &Query{Inventory: inventory, States: reports.States})
	if err != nil || len(page.Findings) > 1 {
		t.Fatal(page, err)
	}
	if len(page.Findings) == 0 {
		return Finding{}, false
	}
	return page.Findings[0], true
}

// TestDatesOfAFinding: what flaps keeps the day on which it was opened; what was
// fixed begins anew.
func TestDatesOfAFinding(t *testing.T) {
	forEachEngine(t, func(t *testing.T, b *bed) {
		seen := func(n int) time.Time { return day(n).Add(time.Minute) }
		for i, night := range []struct {
			say           said
			first, opened int // days
			last          time.Time
		}{
			{said{outcomes: "W.", page: "p"}, 1, 1, day(1)},
			{said{outcomes: "..", page: "p"}, 1, 1, seen(1)},
			{said{outcomes: "W.", page: "p"}, 1, 1, day(3)},
			{said{outcomes: "..", page: "q"}, 1, 1, seen(3)},
			{said{outcomes: "W.", page: "p"}, 1, 5, day(5)},
			{said{outcomes: "?.", page: ""}, 1, 5, seen(5)},
			{said{outcomes: "?.", page: ""}, 1, 5, seen(5)},
			{said{outcomes: "W.", page: "p"}, 1, 5, day(8)},
		} {
			run := b.store(t, map[string]said{"a.cn": night.say})
			b.take(t, run)
			f, _ := b.finding(t)
			if !f.First.Equal(seen(night.first)) || !f.Opened.Equal(seen(night.opened)) || !f.Seen.Equal(night.last) {
				t.Errorf("night %d: first %v, opened %v, last %v; want %d, %d, %v", i+1, f.First, f.Opened, f.Seen, night.first, night.opened, night.last)
			}
			if want := seen(night.opened).AddDate(0, 0, 10); !f.Due.Equal(want) || f.Owner != "张伟" || f.Team != "门户组" || f.Province != "广东" {
				t.Errorf("night %d: due %v, want %v; %s %s %s", i+1, f.Due, want, f.Owner, f.Team, f.Province)
			}
		}
	})
}

// TestTakenTwice: a run that is taken into account again, in part, whole or after
// its results have changed, comes to what it would have come to at once.
func TestTakenTwice(t *testing.T) {
	forEachEngine(t, func(t *testing.T, b *bed) {
		first := map[string]said{"a.cn": {outcomes: "V.", page: "p"}, "b.cn": {outcomes: ".W", page: "p"}, "c.cn": {outcomes: "..", page: "p"}, "d.cn": {outcomes: "N.", page: "p"}}
		b.take(t, b.store(t, first))
		run := b.store(t, map[string]said{"a.cn": {outcomes: "..", page: "p"}, "b.cn": {outcomes: ".V", page: "p"}, "c.cn": {outcomes: "VV", page: "p"}})
		b.take(t, run)
		want := b.states(t)
		counts, err := b.lives.Counts(t.Context(), run.ID)
		if err != nil || counts.Opened.Violations != 2 || counts.Worse.Violations != 1 || counts.Passed.Violations != 1 || counts.Gone.Notices != 1 {
			t.Fatalf("%+v, %v", counts, err)
		}
		again := func() {
			t.Helper()
			if err := b.tx(t.Context(), func(tx *sql.Tx) error { return b.lives.Reset(t.Context(), tx, run.ID) }); err != nil {
				t.Fatal(err)
			}
			b.take(t, run)
		}
		again()
		if got := b.states(t); !maps.Equal(got, want) {
			t.Errorf("again: %v, want %v", got, want)
		}
		if twice, err := b.lives.Counts(t.Context(), run.ID); err != nil || *twice != *counts {
			t.Errorf("again: %+v, want %+v; %v", twice, counts, err)
		}

		// The inventory of the run was read again: its results are others.
		run.State = reports.RunActive
		b.update(t, run)
		if err := b.tx(t.Context(), func(tx *sql.Tx) error {
			_, _, err := b.results.DropTx(t.Context(), tx, run.ID, []string{"c.cn", "b.cn"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		b.put(t, run, "", map[string]said{"b.cn": {outcomes: ".W", page: "p"}, "d.cn": {outcomes: "N.", page: "p"}})
		run.State = reports.RunDone
		b.update(t, run)
		again()
		want = map[string]string{"a.cn a-rule": "passed-once violation", "b.cn b-rule": "still warning", "d.cn a-rule": "still notice"}
		if got := b.states(t); !maps.Equal(got, want) {
			t.Errorf("after another reading: %v, want %v", got, want)
		}
	})
}

func (b *bed) update(t *testing.T, run *reports.Run) {
	t.Helper()
	if err := b.results.UpdateRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
}

// TestRunsOfOlderVersions: a database that was kept before findings had a life has
// its whole runs taken into account in their order.
func TestRunsOfOlderVersions(t *testing.T) {
	forEachEngine(t, func(t *testing.T, b *bed) {
		for _, say := range []said{{outcomes: "V.", page: "p"}, {outcomes: "..", page: "q"}, {outcomes: "VW", page: "p"}} {
			b.store(t, map[string]said{"a.cn": say})
		}
		run := b.store(t, map[string]said{"a.cn": {outcomes: "VV", page: "p"}})
		var taken []string
		for {
			behind, err := b.lives.Behind(t.Context(), run)
			if err != nil {
				break
			}
			taken = append(taken, behind.ID)
			b.take(t, behind)
		}
		b.take(t, run)
		want := map[string]string{"a.cn a-rule": "still violation", "a.cn b-rule": "worse violation"}
		if got := b.states(t); len(taken) != 3 || !slices.IsSorted(taken) || !maps.Equal(got, want) {
			t.Errorf("%v, %v, want %v", taken, got, want)
		}
	})
}
