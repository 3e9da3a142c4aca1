package schedule

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/reports"
)

func TestOneRun(t *testing.T) { onBoth(t, testOneRun) }

func testOneRun(t *testing.T, in func(*Config)) {
	b := newBed(t, 2)
	var names []string
	for i := range 60 {
		n := fmt.Sprintf("site%02d.cn", i)
		names = append(names, n)
		switch {
		case i%10 == 7: // no such name
		case i%10 == 8:
			b.name(n, refusedAddr)
		case i%10 == 9:
			b.name(n, tarpitAddr)
		default:
			b.name(n, webAddr(i%2))
		}
	}
	path := inventoryOf(t, append(names, "site00.cn", "bad name")...)
	var finished *reports.Run
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, 500*time.Millisecond, 100*time.Millisecond, 200*time.Millisecond), nil, Options{Concurrency: 32},
		in, func(c *Config) {
			c.Finished = func(_ context.Context, run *reports.Run) error { finished = run; return nil }
		})
	ctx := context.Background()
	rd, err := r.Begin(ctx, Start{Inventory: path})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	run, err := rd.Wait(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("took %v", time.Since(began))
	if run.State != reports.RunDone || run.Lines != 62 || run.Rejected != 2 || run.Verdicts != 60 || finished == nil || finished.Verdicts != 60 {
		t.Errorf("run %+v", run)
	}
	got := verdicts(t, r.cfg.Store, run.ID)
	for i, n := range names {
		want := "serving "
		switch i % 10 {
		case 7:
			want = "down dns-nxdomain"
		case 8:
			want = "down refused"
		case 9:
			want = "down timeout"
		}
		if got[n] != want {
			t.Errorf("%s: %q, want %q", n, got[n], want)
		}
	}
	var rejected []string
	err = Rejections(ctx, r.cfg.Store, run.ID, func(j inventory.Rejection) error {
		rejected = append(rejected, fmt.Sprintf("%d %s", j.Line, j.Text))
		return nil
	})
	if want := "[62 site00.cn 63 bad name]"; err != nil || fmt.Sprint(rejected) != want {
		t.Errorf("rejections %v, %v", rejected, err)
	}
	for _, table := range []string{"target", "chunk", "progress"} {
		if n, err := r.db.number(ctx, `SELECT COUNT(*) FROM `+table); n != 0 || err != nil {
			t.Errorf("%d rows left in %s, %v", n, table, err)
		}
	}
	if p := rd.Progress(); p.Phase != PhaseFinish || p.Verdicts != 60 || p.Pending != 0 {
		t.Errorf("progress %+v", p)
	}
	// Each dead name was visited three times.
	res, err := r.cfg.Store.Result(ctx, run.ID, "site08.cn")
	if err != nil || res.Record.Attempts != 3 {
		t.Errorf("%v, %v", res, err)
	}
}

func TestInventoryAtFault(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{})
	path := inventoryOf(t)
	if err := os.WriteFile(path, []byte("name,owner\nx,y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	rd, err := r.Begin(ctx, Start{Inventory: path})
	if err != nil {
		t.Fatal(err)
	}
	run, err := rd.Wait(ctx)
	if err == nil || run.State != reports.RunFailed {
		t.Errorf("run %+v, err %v", run, err)
	}
	if _, err := r.Begin(ctx, Start{Inventory: path + ".absent"}); err == nil {
		t.Error("an absent inventory began a run")
	}
}
