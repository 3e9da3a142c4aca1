package store

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
)

// later is a result of two rules of a visit some hours after the first.
func later(run, domain, packed string, hours int) Result {
	r := plainResult(run, domain, packed)
	r.Record.At = night.Add(time.Duration(hours) * time.Hour)
	return r
}

// packedOf is what a run says of a domain, a character a rule, and how many
// findings there are; "" for no result.
func packedOf(t *testing.T, s *Store, run, domain string) (string, int) {
	t.Helper()
	r, err := s.Verdict(context.Background(), run, domain)
	if errors.Is(err, ErrNoResult) {
		return "", 0
	}
	if err != nil {
		t.Fatal(err)
	}
	packed, err := packOutcomes(r.Outcomes)
	if err != nil {
		t.Fatal(err)
	}
	return packed, len(r.Findings())
}

// TestLooksInAnyOrder stores visits of one domain in each order, as workers that
// were thought lost do: the latest stays, with its findings and no others.
func TestLooksInAnyOrder(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		begin(t, s, "run-1", "run-2")
		put(t, s, plainResult("run-1", "b.cn", "NN"))
		for _, order := range [][]int{{1, 2, 3}, {3, 2, 1}, {2, 3, 1}, {3, 3, 3}} {
			sqlExec(t, s, `DELETE FROM result WHERE run = 'run-2'`, `DELETE FROM finding WHERE run = 'run-2'`)
			for _, h := range order {
				batch := []Result{later("run-2", "a.cn", []string{"", "VV", "V.", ".W"}[h], h)}
				if err := storeResults(ctx, s, append(batch, later("run-2", "b.cn", "..", 2))); err != nil {
					t.Fatal(err)
				}
				kept := []Kept{{Domain: "b.cn", At: night.Add(time.Duration(h) * time.Hour), Findings: true}}
				if err := keepResults(ctx, s, "run-2", "run-1", kept); err != nil {
					t.Fatal(err)
				}
			}
			if got, n := packedOf(t, s, "run-2", "a.cn"); got != ".W" || n != 1 {
				t.Errorf("%v: %s with %d findings", order, got, n)
			}
			if got, n := packedOf(t, s, "run-2", "b.cn"); got != "NN" || n != 2 {
				t.Errorf("%v: kept %s with %d findings", order, got, n)
			}
		}
		twice := []Result{later("run-2", "c.cn", ".W", 3), later("run-2", "c.cn", "VV", 1)}
		if err := storeResults(ctx, s, twice); err != nil {
			t.Fatal(err)
		}
		if got, n := packedOf(t, s, "run-2", "c.cn"); got != ".W" || n != 1 {
			t.Errorf("twice in one batch: %s with %d findings", got, n)
		}
	})
}

// TestClosedRunTakesNothing lets a worker come late, and one whose transaction is
// rolled back.
func TestClosedRunTakesNothing(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		begin(t, s, "before", "run")
		put(t, s, plainResult("before", "b.cn", "V."))
		in := func(f func(*sql.Tx) error) error { return s.once(ctx, f) }
		stop := errors.New("stop")
		err := in(func(tx *sql.Tx) error {
			if err := putTx(ctx, s, tx, "run", []Result{plainResult("run", "a.cn", "VV")}); err != nil {
				return err
			}
			return stop
		})
		if got, n := packedOf(t, s, "run", "a.cn"); err != stop || got != "" || n != 0 {
			t.Errorf("rolled back: %v, %s", err, got)
		}
		run, err := s.Run(ctx, "run")
		if err != nil {
			t.Fatal(err)
		}
		for _, state := range []reports.RunState{reports.RunDone, reports.RunFailed} {
			run.State = state
			if err := s.UpdateRun(ctx, run); err != nil {
				t.Fatal(err)
			}
			if err := storeResults(ctx, s, []Result{plainResult("run", "a.cn", "VV")}); !errors.Is(err, ErrClosed) {
				t.Errorf("%s: %v", state, err)
			}
			if err := keepResults(ctx, s, "run", "before", []Kept{{Domain: "b.cn", At: night}}); !errors.Is(err, ErrClosed) {
				t.Errorf("%s: %v", state, err)
			}
		}
		if err := storeResults(ctx, s, []Result{plainResult("nosuch", "a.cn", "VV")}); !errors.Is(err, ErrNoRun) {
			t.Errorf("no run: %v", err)
		}
		if _, err := Pack("run", []Result{plainResult("other", "a.cn", "VV")}); err == nil {
			t.Error("a result of another run was packed")
		}
		if n, _ := s.Count(ctx, "run"); n != 0 {
			t.Errorf("%d results", n)
		}
	})
}

// TestRunStaysOpenForAWriter holds a worker's transaction while the run is closed:
// it is closed after the worker's results, not in their midst.
func TestRunStaysOpenForAWriter(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		begin(t, s, "run")
		tx, err := s.Writer().BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := putTx(ctx, s, tx, "run", []Result{plainResult("run", "a.cn", "VV")}); err != nil {
			t.Fatal(err)
		}
		run := runOf("run", reports.RunDone)
		closed := make(chan error, 1)
		go func() { closed <- s.UpdateRun(ctx, run) }()
		if err := putTx(ctx, s, tx, "run", []Result{plainResult("run", "b.cn", "VV")}); err != nil {
			t.Error(err)
		}
		if err := tx.Commit(); err != nil {
			t.Error(err)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if n, err := s.Count(ctx, "run"); n != 2 || err != nil {
			t.Errorf("%d results, %v", n, err)
		}
	})
}
