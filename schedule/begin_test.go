package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/schedule/queue"
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

// mixed puts n names on so many addresses of the bed, and says what is to be seen of each:
// of every so many of them, in a row, one does not exist and one refuses.
func (b *bed) mixed(n, addrs, every, missing, refusing int) (names []string, want map[string]string) {
	want = map[string]string{}
	for i := range n {
		name := fmt.Sprintf("site%04d.cn", i)
		names = append(names, name)
		switch i % every {
		case missing:
			want[name] = "down dns-nxdomain"
		case refusing:
			b.name(name, refusedAddr)
			want[name] = "down refused"
		default:
			b.name(name, webAddr(i%addrs))
			want[name] = "serving "
		}
	}
	return names, want
}

// openRunner opens a runner that the test closes itself.
func openRunner(t testing.TB, cfg Config) *Runner {
	if testing.Verbose() {
		cfg.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	t.Helper()
	r, err := Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// reach waits until a run has some verdicts, while it gets on.
func reach(t testing.TB, rn *Run, verdicts int) {
	t.Helper()
	most, limit := -1, time.Time{}
	for now := 0; now < verdicts; time.Sleep(5 * time.Millisecond) {
		if now = rn.Progress().Verdicts; now > most {
			most, limit = now, time.Now().Add(time.Minute)
		}
		if time.Now().After(limit) {
			t.Fatalf("the run does not get on: %+v", rn.Progress())
		}
	}
}

func begin(t testing.TB, r *Runner, s Start) *Run {
	t.Helper()
	rn, err := r.Begin(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return rn
}

func wait(t testing.TB, rn *Run) *reports.Run {
	t.Helper()
	run, err := rn.Wait(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// leftOver fails if the newest run has left rows or jobs behind but the job that
// ended it.
func leftOver(t testing.TB, r *Runner) {
	t.Helper()
	for _, query := range []string{
		`SELECT COUNT(*) FROM target`, `SELECT COUNT(*) FROM chunk`, `SELECT COUNT(*) FROM progress`,
		`SELECT COUNT(*) FROM river_job WHERE kind <> 'finish' AND args ->> 'run' = (SELECT MAX(id) FROM run)`,
	} {
		if n, err := r.db.number(context.Background(), query); n != 0 || err != nil {
			t.Errorf("%s: %d, %v", query, n, err)
		}
	}
}

// A run that was stopped goes on with the same command, and every name has one
// verdict in the end.
func TestStoppedAndResumed(t *testing.T) { onBoth(t, testStoppedAndResumed) }

func testStoppedAndResumed(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	b.delay = 2 * time.Millisecond
	path := inventoryOf(t, b.many(700)...)
	cfg := Config{Dir: t.TempDir(), Scanner: b.scanner(t, nil, time.Second), Options: Options{Concurrency: 8}, Single: true}
	in(&cfg)
	if cfg.Store == nil {
		cfg.Store = openStore(t, filepath.Join(cfg.Dir, "results.db"))
	}
	first := openRunner(t, cfg)
	old := begin(t, first, Start{Inventory: path})
	reach(t, old, 150)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	r := openRunner(t, cfg)
	rn := begin(t, r, Start{Inventory: path})
	if !rn.Resumed || rn.ID() != old.ID() {
		t.Errorf("run %s (resumed: %v), want %s", rn.ID(), rn.Resumed, old.ID())
	}
	if run := wait(t, rn); run.Verdicts != 700 || run.State != reports.RunDone {
		t.Errorf("%+v", run)
	}
	if got := verdicts(t, r.cfg.Store, rn.ID()); len(got) != 700 {
		t.Errorf("%d verdicts", len(got))
	}
	if b.total["site0000.cn"] > 2 {
		t.Errorf("the first name was asked %d times", b.total["site0000.cn"])
	}
	leftOver(t, r)
}

// TestStopAndStart: a person stops a run and has it go on, in the same process.
func TestStopAndStart(t *testing.T) { onBoth(t, testStopAndStart) }

func testStopAndStart(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	b.delay = 2 * time.Millisecond
	path := inventoryOf(t, b.many(700)...)
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{Concurrency: 8}, in)
	ctx := context.Background()
	rn, err := r.Start(ctx, Start{Inventory: path})
	if err != nil {
		t.Fatal(err)
	}
	reach(t, rn, 150)
	if err := r.Stop(ctx, rn.ID()); err != nil {
		t.Fatal(err)
	}
	for limit := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		busy, err := r.queue.RunningElsewhere(ctx, r.db.reader, rn.ID())
		if err != nil || time.Now().After(limit) {
			t.Fatalf("jobs of the stopped run are under way: %v", err)
		}
		if !busy {
			break
		}
	}
	run, err := r.cfg.Store.Run(ctx, rn.ID())
	if err != nil || run.State == reports.RunDone || run.Trouble != reports.Stopped {
		t.Fatalf("%+v, %v", run, err)
	}
	again, err := r.Start(ctx, Start{Inventory: path})
	if err != nil || again.ID() != rn.ID() || !again.Resumed {
		t.Fatalf("%+v, %v", again, err)
	}
	if run := wait(t, again); run.Verdicts != 700 || run.State != reports.RunDone || run.Trouble != "" {
		t.Errorf("%+v", run)
	}
	if err := r.Stop(ctx, rn.ID()); !errors.Is(err, ErrNotOpen) {
		t.Errorf("stopping a run that is over: %v", err)
	}
	leftOver(t, r)
}

// A run was read to its end while the job that reads it was put in once more, and what
// followed from that is gone: it ends all the same.
func TestReadToItsEndMeanwhile(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		b := newBed(t, 1)
		r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{}, in)
		rn, err := r.begin(t.Context(), Start{Inventory: inventoryOf(t, b.many(1)...)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{`UPDATE run_state SET planned = 1`, `UPDATE run SET state = 'active'`} {
			if err := r.db.exec(t.Context(), query); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.work(); err != nil {
			t.Fatal(err)
		}
		wait(t, rn)
		leftOver(t, r)
	})
}

func TestFreshGivesUpTheOldRun(t *testing.T) { onBoth(t, testFreshGivesUpTheOldRun) }

func testFreshGivesUpTheOldRun(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	b.delay = 5 * time.Millisecond
	path := inventoryOf(t, b.many(300)...)
	cfg := Config{Dir: t.TempDir(), Scanner: b.scanner(t, nil, time.Second), Options: Options{Concurrency: 4}}
	in(&cfg)
	if cfg.Store == nil {
		cfg.Store = openStore(t, filepath.Join(cfg.Dir, "results.db"))
	}
	first := openRunner(t, cfg)
	old := begin(t, first, Start{Inventory: path})
	reach(t, old, 20)
	if _, err := first.Begin(context.Background(), Start{Inventory: path, Fresh: true}); !errors.Is(err, ErrUnderWay) {
		t.Errorf("a run under way was given up: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	r := openRunner(t, cfg)
	rn := begin(t, r, Start{Inventory: path, Fresh: true})
	if rn.Resumed || rn.ID() <= old.ID() {
		t.Errorf("run %s resumed: %v", rn.ID(), rn.Resumed)
	}
	was, err := r.cfg.Store.Run(context.Background(), old.ID())
	if err != nil || was.State != reports.RunFailed || was.Trouble == "" {
		t.Errorf("%+v, %v", was, err)
	}
	if run := wait(t, rn); run.Verdicts != 300 {
		t.Errorf("%+v", run)
	}
	leftOver(t, r)
}

// A run that is closed takes no rows of a job that is late, and one that is being
// written to is closed after that.
func TestClosedRunTakesNoRows(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		b := newBed(t, 1)
		b.delay = 20 * time.Millisecond
		r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{Concurrency: 2}, in)
		rn := begin(t, r, Start{Inventory: inventoryOf(t, b.many(100)...)})
		reach(t, rn, 5)
		hold := func() error {
			return r.queue.Do(t.Context(), func(tx *queue.Tx) error { return r.holdOpen(t.Context(), tx, rn.ID()) })
		}
		if err := hold(); err != nil {
			t.Errorf("a run under way: %v", err)
		}
		info, err := r.run(t.Context(), rn.ID())
		if err != nil {
			t.Fatal(err)
		}
		if err := r.close(t.Context(), info, "given up"); err != nil {
			t.Fatal(err)
		}
		if err := hold(); !errors.Is(err, errOver) {
			t.Errorf("a closed run: %v", err)
		}
	})
}

// Two callers begin the same inventory at once: one run, and nobody's is closed.
func TestBeginTwice(t *testing.T) { onBoth(t, testBeginTwice) }

func testBeginTwice(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	path := inventoryOf(t, b.many(20)...)
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{}, in)
	type result struct {
		rn  *Run
		err error
	}
	out := make(chan result, 2)
	for range 2 {
		go func() {
			rn, err := r.Begin(context.Background(), Start{Inventory: path, Fresh: true})
			out <- result{rn, err}
		}()
	}
	won, lost := <-out, <-out
	if won.err != nil {
		won, lost = lost, won
	}
	if won.err != nil || !errors.Is(lost.err, ErrUnderWay) {
		t.Fatalf("%v, %v", won.err, lost.err)
	}
	if run := wait(t, won.rn); run.Verdicts != 20 {
		t.Errorf("%+v", run)
	}
	if runs, err := r.cfg.Store.Runs(context.Background(), 0); err != nil || len(runs) != 1 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

// A run cannot go on by other rules than it began with.
func TestWhatCannotBeResumed(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"rules": `UPDATE run SET ruleset = 'another'`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t, 1)
			b.delay = 5 * time.Millisecond
			path := inventoryOf(t, b.many(100)...)
			dir := t.TempDir()
			cfg := Config{Dir: dir, Scanner: b.scanner(t, nil, time.Second), Options: Options{Concurrency: 4}, Store: openStore(t, filepath.Join(dir, "results.db"))}
			first := openRunner(t, cfg)
			old := begin(t, first, Start{Inventory: path})
			reach(t, old, 10)
			first.Close()
			if _, err := cfg.Store.Writer().Exec(change); err != nil {
				t.Fatal(err)
			}
			r := openRunner(t, cfg)
			rn := begin(t, r, Start{Inventory: path})
			if rn.Resumed {
				t.Error("the run was resumed")
			}
			if run := wait(t, rn); run.Verdicts != 100 {
				t.Errorf("%+v", run)
			}
			leftOver(t, r)
		})
	}
}

// A process that finds another one at work on the SQLite file hands its run over,
// and takes the work over when that one goes away.
func TestHandedToTheHolder(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	b.delay = 10 * time.Millisecond
	dir := t.TempDir()
	path := filepath.Join(dir, "results.db")
	open := func(lang string) (*Runner, error) {
		cfg := Config{Dir: dir, Scanner: b.scanner(t, nil, time.Second), Options: Options{Concurrency: 4, Lang: lang}, Store: openStore(t, path)}
		r, err := Open(context.Background(), cfg)
		if r != nil {
			t.Cleanup(func() { r.Close() })
		}
		return r, err
	}
	holder, err := open("zh")
	if err != nil {
		t.Fatal(err)
	}
	second, err := open("zh")
	if !errors.Is(err, ErrHeld) {
		t.Fatalf("the second process said %v", err)
	}
	rn := begin(t, second, Start{Inventory: inventoryOf(t, b.many(300)...)})
	if !rn.Handed {
		t.Error("the run was not handed over")
	}
	reach(t, rn, 50)
	if err := holder.Close(); err != nil {
		t.Fatal(err)
	}
	if run := wait(t, rn); run.Verdicts != 300 || rn.Handed {
		t.Errorf("%+v, handed: %v", run, rn.Handed)
	}
	leftOver(t, second)
}

// A holder with other settings would never take what is handed to it.
func TestHolderWithOtherSettings(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	dir := t.TempDir()
	path := filepath.Join(dir, "results.db")
	holder := Config{Dir: dir, Scanner: b.scanner(t, nil, time.Second), Store: openStore(t, path)}
	openRunner(t, holder)
	other := Config{Dir: dir, Scanner: b.scanner(t, nil, 2*time.Second), Store: openStore(t, path)}
	r, err := Open(context.Background(), other)
	if !errors.Is(err, ErrHeld) {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Begin(context.Background(), Start{Inventory: inventoryOf(t, b.many(1)...)}); !errors.Is(err, ErrOtherSettings) {
		t.Errorf("%v", err)
	}
}
