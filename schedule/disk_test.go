package schedule

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler/disktest"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A process that stays when its disk is full, with the database and the evidence on it,
// goes on with the run by itself when there is room.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	d := disktest.New(t, 24<<10)
	b := newBed(t, 1)
	b.delay = 10 * time.Millisecond
	b.pages = map[string]string{}
	names := b.many(240)
	for _, n := range names {
		b.pages[n] = bareFooter
	}
	r := runnerIn(t, d.Path, b.scanner(t, nil, time.Second), nil, Options{Concurrency: 8, Evidence: EvidenceAll})
	rn := begin(t, r, Start{Inventory: inventoryOf(t, names...)})
	reach(t, rn, 40)
	d.Fill()
	await := func(what string, cond func() bool) {
		t.Helper()
		for limit := time.Now().Add(3 * time.Minute); !cond(); {
			if err := pace.Wait(t.Context(), 50*time.Millisecond); err != nil || time.Now().After(limit) {
				t.Fatalf("%s: %v, %+v", what, err, rn.Progress())
			}
		}
	}
	await("the trouble is told", func() bool { return r.failure(rn.ID()) != nil })
	d.MakeRoom()
	var run *reports.Run
	var err error
	await("the end", func() bool {
		lose(t, r)
		if run, err = r.cfg.Store.Run(t.Context(), rn.ID()); err != nil {
			t.Fatal(err)
		}
		return run.State == reports.RunDone
	})
	got := 0
	err = r.cfg.Store.Results(t.Context(), run.ID, func(res store.Result) error {
		got++
		obs, err := ReadEvidence(d.Path, run.ID, res.Evidence)
		if err == nil && (obs.Domain != res.Record.Domain || string(res.Record.Liveness) != "serving") {
			t.Errorf("%s: %s, evidence of %s", res.Record.Domain, res.Record.Liveness, obs.Domain)
		}
		return err
	})
	if err != nil || got != len(names) || run.Verdicts != len(names) {
		t.Errorf("%d verdicts, %v, %+v", got, err, run)
	}
	leftOver(t, r)
}

// lose lets the time of attempts pass whose end could not be stored: River hands their jobs
// out again 90 s after they began.
func lose(t *testing.T, r *Runner) {
	t.Helper()
	res, err := r.db.writer.ExecContext(t.Context(), `UPDATE river_job SET attempted_at = datetime('now', '-10 minutes')
		WHERE state = 'running' AND attempted_at BETWEEN datetime('now', '-5 minutes') AND datetime('now', '-30 seconds')`)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := res.RowsAffected(); err == nil && n > 0 {
		err = r.db.exec(t.Context(), `DELETE FROM river_leader`)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A database that is full keeps jobs from being handed out, so that none is there to fail
// and tell so: who waits for the run is told all the same, and the run can be resumed.
func TestDiskFullWhileNamesWait(t *testing.T) {
	t.Parallel()
	d := disktest.New(t, 24<<10)
	b := newBed(t, 1)
	names := b.many(20)
	for _, n := range names[1:] {
		b.name(n, refusedAddr)
	}
	scan, path := b.scanner(t, nil, time.Second, 4*time.Second), inventoryOf(t, names...)
	first := openRunner(t, Config{Dir: t.TempDir(), Scanner: scan, Store: openStore(t, filepath.Join(d.Path, "results.db")), Single: true})
	rn := begin(t, first, Start{Inventory: path})
	for limit := time.Now().Add(time.Minute); rn.Progress().Pending < len(names)-1; {
		if err := pace.Wait(t.Context(), 10*time.Millisecond); err != nil || time.Now().After(limit) {
			t.Fatalf("%v, %+v", err, rn.Progress())
		}
	}
	d.Fill()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if _, err := rn.Wait(ctx); err == nil || !strings.Contains(err.Error(), "make room") || !strings.Contains(message.Explain(err, "zh"), "腾出空间") {
		t.Fatalf("%v", err)
	}
	d.MakeRoom()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	r := openRunner(t, Config{Dir: first.cfg.Dir, Scanner: scan, Store: first.cfg.Store, Single: true})
	again := begin(t, r, Start{Inventory: path})
	if !again.Resumed || again.ID() != rn.ID() {
		t.Errorf("run %s (resumed: %v), want %s", again.ID(), again.Resumed, rn.ID())
	}
	run := wait(t, again)
	got := verdicts(t, r.cfg.Store, run.ID)
	for i, n := range names {
		if want := []string{"serving ", "down refused"}[min(i, 1)]; got[n] != want {
			t.Errorf("%s: %q, want %q", n, got[n], want)
		}
	}
	leftOver(t, r)
}

// However few jobs are left to fail: who waits for the run is told.
func TestDiskFullAtTheLastName(t *testing.T) {
	t.Parallel()
	d := disktest.New(t, 1<<10)
	b := newBed(t, 1)
	r := runnerIn(t, d.Path, b.scanner(t, nil, time.Second), nil, Options{Evidence: EvidenceAll}, func(c *Config) { c.Store = openStore(t, filepath.Join(t.TempDir(), "results.db")) })
	d.Fill()
	rn := begin(t, r, Start{Inventory: inventoryOf(t, b.many(1)...)})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := rn.Wait(ctx); err == nil || !strings.Contains(message.Explain(err, "en"), "make room") {
		t.Errorf("%v", err)
	}
}
