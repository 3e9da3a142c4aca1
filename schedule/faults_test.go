package schedule

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
	"github.com/beianwatch/beianwatch/schedule/calendar"
	"github.com/beianwatch/beianwatch/schedule/polite"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// bareFooter is a page whose footer has no filing number.
const bareFooter = `<!doctype html><html><head><meta charset="utf-8"><title>青禾灌溉</title></head><body><h1>青禾灌溉设备</h1>
<p>喷灌机、滴灌带和过滤设备，用于大田、果园和温室。</p><footer>版权所有 © 2026 青禾灌溉设备有限公司 地址：平原县东关路 18 号 电话：0534-0000000</footer></body></html>`

// The database goes away for a while during a second run: the run goes on, and
// every finding keeps the day on which it was first found.
func TestOutageInASecondRun(t *testing.T) {
	t.Parallel()
	server := pgtest.New(t)
	dsn := server.DSN("test")
	b := newBed(t, 2)
	b.pages = map[string]string{}
	names := b.many(200)
	for _, n := range names {
		b.pages[n] = bareFooter
	}
	path, dir := inventoryOf(t, names...), t.TempDir()
	first, second := time.Date(2026, 10, 12, 2, 0, 0, 0, time.UTC), time.Date(2026, 10, 13, 2, 0, 0, 0, time.UTC)
	run := func(at time.Time, during func(*Run)) *reports.Run {
		scan := b.scanner(t, nil, 2*time.Second, 10*time.Millisecond)
		scan.At = at
		r := openRunner(t, Config{Dir: dir, Scanner: scan, Store: openStore(t, dsn), Options: Options{Concurrency: 8, JudgeAll: true, Evidence: EvidenceNone}})
		defer r.Close()
		rn := begin(t, r, Start{Inventory: path})
		if during != nil {
			during(rn)
		}
		return wait(t, rn)
	}
	run(first, nil)
	b.set(func(b *bed) { b.delay = 50 * time.Millisecond })
	last := run(second, func(rn *Run) {
		reach(t, rn, 20)
		if err := server.Halt(); err != nil {
			t.Error(err)
		}
		time.Sleep(3 * time.Second)
		if err := server.Start(); err != nil {
			t.Error(err)
		}
		expire(t, dsn)
	})
	st := openStore(t, dsn)
	since := map[string]int{}
	err := st.Results(context.Background(), last.ID, func(r store.Result) error {
		o, _ := r.Record.Outcome("footer-number-missing")
		since[string(o.Verdict)+" since "+o.Since.Format("01-02")]++
		return nil
	})
	if err != nil || since["found since 10-12"] != 200 {
		t.Errorf("%v, %v", since, err)
	}
}

// A SQLite file that another program has locked makes a run wait, not fail.
func TestLockedFile(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("holds a lock for longer than SQLite waits")
	}
	b := newBed(t, 1)
	b.delay = 5 * time.Millisecond
	dir := t.TempDir()
	file := filepath.Join(dir, "results.db")
	r := openRunner(t, Config{Dir: dir, Scanner: b.scanner(t, nil, time.Second), Store: openStore(t, file), Options: Options{Concurrency: 4}})
	rn := begin(t, r, Start{Inventory: inventoryOf(t, b.many(200)...)})
	reach(t, rn, 20)
	other := openStore(t, file)
	tx, err := other.Writer().BeginTx(context.Background(), nil) // immediate: it has the lock
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(13 * time.Second)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if run := wait(t, rn); run.Verdicts != 200 {
		t.Errorf("%+v", run)
	}
	leftOver(t, r)
}

// A run that is stopped while its reports are written is not done: the same
// command goes on with it, and writes them.
func TestReportsCutShort(t *testing.T) { onBoth(t, testReportsCutShort) }

func testReportsCutShort(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	path := inventoryOf(t, b.many(20)...)
	begun := make(chan struct{})
	cfg := Config{Dir: t.TempDir(), Scanner: b.scanner(t, nil, time.Second), Single: true}
	in(&cfg)
	if cfg.Store == nil {
		cfg.Store = openStore(t, filepath.Join(cfg.Dir, "results.db"))
	}
	cfg.Finished = func(ctx context.Context, _ *reports.Run) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	}
	first := openRunner(t, cfg)
	old := begin(t, first, Start{Inventory: path})
	<-begun
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	var written atomic.Int32
	cfg.Finished = func(_ context.Context, run *reports.Run) error {
		if run.State != reports.RunDone || run.Verdicts != 20 {
			t.Errorf("reports of %+v", run)
		}
		written.Add(1)
		return nil
	}
	r := openRunner(t, cfg)
	rn := begin(t, r, Start{Inventory: path})
	if rn.ID() != old.ID() || !rn.Resumed {
		t.Errorf("run %s, not %s", rn.ID(), old.ID())
	}
	wait(t, rn)
	if written.Load() != 1 {
		t.Errorf("reports were written %d times", written.Load())
	}
	leftOver(t, r)
}

// What a worker saw that lost its job is not stored: not while the run is open,
// and not after it is closed.
func TestLateWorker(t *testing.T) { onBoth(t, testLateWorker) }

func testLateWorker(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	names := b.many(5)
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{}, in)
	b.set(func(b *bed) { b.delay = 50 * time.Millisecond })
	rn := begin(t, r, Start{Inventory: inventoryOf(t, names...)})
	ctx := context.Background()
	w, err := r.runWorker(ctx, rn.ID())
	if err != nil {
		t.Fatal(err)
	}
	defer w.leave()
	late := func(job *rivertype.JobRow) error {
		out := &batch{w: w, job: job}
		target := &crawler.Target{Domain: names[0], Given: names[0], Line: 2}
		if err := w.giveUp(ctx, target, nil, "what a late worker saw", out); err != nil {
			t.Fatal(err)
		}
		return out.commit(ctx, func(tx *queue.Tx) error { return r.queue.Hold(ctx, tx, job) })
	}
	if err := late(&rivertype.JobRow{ID: 1 << 40, Attempt: 1}); !errors.Is(err, queue.ErrNotMine) {
		t.Errorf("a job that is gone: %v", err)
	}
	run := wait(t, rn)
	// As if a job of it were still running when the run had been closed.
	var id int64
	err = r.queue.Do(ctx, func(tx *queue.Tx) error {
		if err := r.queue.Insert(ctx, tx, queue.Job{Args: confirmArgs{Run: run.ID}, Opts: river.InsertOpts{Queue: "nobody"}}); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT MAX(id) FROM river_job`).Scan(&id)
	})
	if err == nil {
		err = r.db.exec(ctx, `UPDATE river_job SET state = 'running', attempt = 1 WHERE id = $1`, id)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := late(&rivertype.JobRow{ID: id, Attempt: 1}); !errors.Is(err, queue.ErrNotMine) {
		t.Errorf("a run that is over: %v", err)
	}
	if err := late(&rivertype.JobRow{ID: id, Attempt: 2}); !errors.Is(err, queue.ErrNotMine) {
		t.Errorf("another attempt's job: %v", err)
	}
	if got := verdicts(t, r.cfg.Store, run.ID); got[names[0]] != "serving " {
		t.Errorf("%s is %q", names[0], got[names[0]])
	}
}

// A job that River has discarded, or that has been deleted, loses no name.
func TestLostJobs(t *testing.T) { onBoth(t, testLostJobs) }

func testLostJobs(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	b.delay = 20 * time.Millisecond
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{Concurrency: 2}, in)
	rn := begin(t, r, Start{Inventory: inventoryOf(t, b.many(300)...)})
	reach(t, rn, 20)
	ctx := context.Background()
	for _, change := range []string{
		`UPDATE river_job SET state = 'discarded', finalized_at = CURRENT_TIMESTAMP WHERE state IN ('available', 'scheduled', 'retryable') AND kind IN ('visit', 'resolve') AND id % 2 = 0`,
		`DELETE FROM river_job WHERE state IN ('available', 'scheduled', 'retryable') AND kind IN ('visit', 'resolve')`,
	} {
		if err := r.db.exec(ctx, change); err != nil {
			t.Fatal(err)
		}
	}
	if run := wait(t, rn); run.Verdicts != 300 {
		t.Errorf("%+v", run)
	}
	if got := verdicts(t, r.cfg.Store, rn.ID()); len(got) != 300 {
		t.Errorf("%d verdicts", len(got))
	}
	leftOver(t, r)
}

// A run that has no job left at all goes on when the calendar is looked after.
func TestRunWithoutJobs(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		b := newBed(t, 1)
		b.delay = 20 * time.Millisecond
		r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{Concurrency: 2}, in)
		r.entries = []calendar.Planned{{Entry: calendar.Entry{Name: "nightly"}}}
		rn := begin(t, r, Start{Inventory: inventoryOf(t, b.many(60)...), Entry: "nightly"})
		reach(t, rn, 5)
		for open := true; open; { // those under way insert others
			if err := r.db.exec(t.Context(), `UPDATE river_job SET state = 'discarded', finalized_at = CURRENT_TIMESTAMP WHERE state IN ('available', 'scheduled', 'retryable', 'pending')`); err != nil {
				t.Fatal(err)
			}
			var err error
			if open, err = r.queue.HasOpen(t.Context(), r.db.reader, rn.ID(), ""); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.takeUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if run := wait(t, rn); run.Verdicts != 60 {
			t.Errorf("%+v", run)
		}
		leftOver(t, r)
	})
}

// Sites on one address that lead to another and back, with two processes: the
// politeness of the two addresses does not make them wait for each other.
func TestCrossingAddresses(t *testing.T) {
	t.Parallel()
	took := map[int]time.Duration{}
	for _, processes := range []int{1, 2} {
		dsn := pgtest.DSN(t)
		b := newBed(t, 2)
		b.delay = 10 * time.Millisecond
		b.moved = map[string]string{}
		var names []string
		for i := range 200 {
			n := fmt.Sprintf("site%03d.cn", i)
			names = append(names, n)
			b.name(n, webAddr(i%2))
			b.name("www."+n, webAddr(1-i%2))
			b.moved[n] = "www." + n
		}
		var runners []*Runner
		for range processes {
			gate := polite.NewGate(2, 100, nil)
			runners = append(runners, runnerIn(t, t.TempDir(), b.scanner(t, gate, 5*time.Second, 50*time.Millisecond), gate, Options{Concurrency: 16},
				func(c *Config) { c.Store = openStore(t, dsn) }))
		}
		began := time.Now()
		run := wait(t, begin(t, runners[0], Start{Inventory: inventoryOf(t, names...)}))
		took[processes] = time.Since(began)
		for n, v := range verdicts(t, runners[0].cfg.Store, run.ID) {
			if v != "serving " {
				t.Errorf("%s: %q", n, v)
			}
		}
		for addr, most := range b.most {
			if most > 2 {
				t.Errorf("%d requests in flight to %s", most, addr)
			}
		}
	}
	t.Logf("%v", took)
}

// One address with many slow names does not hold up the others.
func TestBusyAddress(t *testing.T) {
	t.Parallel()
	b := newBed(t, 3)
	var names []string
	for i := range 60 {
		n := fmt.Sprintf("slow%02d.cn", i)
		b.name(n, tarpitAddr)
		names = append(names, n)
	}
	for i := range 60 {
		n := fmt.Sprintf("quick%02d.cn", i)
		b.name(n, webAddr(i%3))
		names = append(names, n)
	}
	gate := polite.NewGate(2, 0, nil)
	r := runnerIn(t, t.TempDir(), b.scanner(t, gate, 300*time.Millisecond), gate, Options{Concurrency: 8})
	rn := begin(t, r, Start{Inventory: inventoryOf(t, names...)})
	reach(t, rn, 60)
	got := verdicts(t, r.cfg.Store, rn.ID())
	quick := 0
	for n := range got {
		if n[0] == 'q' {
			quick++
		}
	}
	if quick < 50 {
		t.Errorf("%d of the first 60 verdicts are of quick names", quick)
	}
	wait(t, rn)
}

// A job whose names all keep it waiting hands them on: they get their verdict.
func TestSilentHostsAlone(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	var names []string
	for i := range 3 {
		n := fmt.Sprintf("silent%d.cn", i)
		b.name(n, tarpitAddr)
		names = append(names, n)
	}
	b.name("open.cn", webAddr(0))
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, 3*time.Second), nil, Options{Concurrency: 8, Controls: []string{"open.cn"}})
	run := wait(t, begin(t, r, Start{Inventory: inventoryOf(t, names...)}))
	if got := verdicts(t, r.cfg.Store, run.ID); len(got) != 3 {
		t.Errorf("%v", got)
	}
	leftOver(t, r)
}
