package schedule

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// However often the jobs of a run are lost, as by a resume with other settings: no name
// is given up while some get their verdict in between.
func TestLossesWithProgress(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		b := newBed(t, 1)
		b.delay = 20 * time.Millisecond
		names := b.many(400)
		r := runnerIn(t, t.TempDir(), b.scanner(t, nil, 10*time.Second), nil, Options{Concurrency: 4}, in)
		rn := begin(t, r, Start{Inventory: inventoryOf(t, names...)})
		open := func() bool {
			open, err := r.queue.HasOpen(t.Context(), r.db.reader, rn.ID(), kindFinish)
			if err != nil {
				t.Fatal(err)
			}
			return open
		}
		await := func(what string, cond func() bool) {
			for limit := time.Now().Add(time.Minute); !cond(); {
				if err := pace.Wait(t.Context(), 5*time.Millisecond); err != nil || time.Now().After(limit) {
					t.Fatalf("%s: %v, %+v", what, err, rn.Progress())
				}
			}
		}
		for range maxSweeps + 1 {
			before := rn.Progress().Verdicts
			await("verdicts", func() bool { return rn.Progress().Verdicts > before+5 })
			await("loss", func() bool {
				err := r.db.exec(t.Context(), `UPDATE river_job SET state = 'discarded', finalized_at = CURRENT_TIMESTAMP WHERE state IN ('available', 'scheduled', 'retryable', 'running') AND kind IN ('visit', 'resolve')`)
				if err != nil {
					t.Fatal(err)
				}
				return !open()
			})
			await("sweep", open)
		}
		for n, v := range verdicts(t, r.cfg.Store, wait(t, rn).ID) {
			if v != "serving " {
				t.Errorf("%s: %q", n, v)
			}
		}
	})
}

// A transaction whose answer was lost is made again: the names that it postponed are
// visited by one job, not by two.
func TestStoredTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		b := newBed(t, 1)
		b.name("shut.cn", refusedAddr)
		r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second, time.Hour, time.Hour), nil, Options{}, in)
		rn := begin(t, r, Start{Inventory: inventoryOf(t, "shut.cn")})
		confirms := func() int64 {
			n, err := r.db.number(t.Context(), `SELECT COUNT(*) FROM river_job WHERE kind = 'confirm'`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		for confirms() == 0 {
			if err := pace.Wait(t.Context(), 5*time.Millisecond); err != nil {
				t.Fatal(err)
			}
		}
		w, err := r.runWorker(t.Context(), rn.ID())
		if err != nil {
			t.Fatal(err)
		}
		defer w.leave()
		list, err := r.targetsNamed(t.Context(), w.run.number, []string{"shut.cn"})
		if err != nil || len(list) != 1 {
			t.Fatalf("%v, %v", list, err)
		}
		_, attempts, err := list[0].read()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			h    history
			want int64
		}{{"the first visit again", history{}, 1}, {"the second visit", history{seen: list[0].attempts}, 2}, {"the second visit again", history{seen: list[0].attempts}, 2}} {
			out := &batch{w: w}
			seen := attempts
			if c.h.seen != nil {
				seen = append(seen, attempts...)
			}
			line, err := list[0].unpack()
			if err == nil {
				err = w.postpone(&detect.Case{Target: line}, seen, c.h, 0, time.Hour, out)
			}
			if err == nil {
				err = out.commit(t.Context(), func(*queue.Tx) error { return nil })
			}
			if n := confirms(); err != nil || n != c.want {
				t.Errorf("%s: %d jobs, want %d, %v", c.name, n, c.want, err)
			}
		}
	})
}

// A worker of other settings, or of a run that was stopped, puts no job in after the run
// was taken from it; what it saw of a stopped run is stored.
func TestJobsOfATakenRun(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		b := newBed(t, 1)
		b.delay = 20 * time.Millisecond
		names := b.many(60)
		r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{Concurrency: 1}, in)
		rn := begin(t, r, Start{Inventory: inventoryOf(t, names...)})
		reach(t, rn, 1)
		w, err := r.runWorker(t.Context(), rn.ID())
		if err != nil {
			t.Fatal(err)
		}
		defer w.leave()
		if err := r.Stop(t.Context(), rn.ID()); err != nil {
			t.Fatal(err)
		}
		store := func(name string) (int64, error) {
			out := &batch{w: w}
			if err := w.giveUp(t.Context(), &crawler.Target{Domain: name, Given: name, Line: 2}, nil, "a test", out); err != nil {
				t.Fatal(err)
			}
			err := out.commit(t.Context(), func(tx *queue.Tx) error {
				return r.queue.Insert(t.Context(), tx, queue.Job{Args: confirmArgs{Run: rn.ID(), Names: []string{name}}, Opts: river.InsertOpts{Queue: "nobody"}})
			})
			n, failed := r.db.number(t.Context(), `SELECT COUNT(*) FROM river_job WHERE queue = 'nobody'`)
			if failed != nil {
				t.Fatal(failed)
			}
			return n, err
		}
		if n, err := store(names[59]); n != 0 || err != nil || verdicts(t, r.cfg.Store, rn.ID())[names[59]] != "unknown ours" {
			t.Errorf("stopped: %d jobs, %v", n, err)
		}
		if err := r.db.exec(t.Context(), `UPDATE run_state SET config = 'other'`); err != nil {
			t.Fatal(err)
		}
		if n, err := store(names[58]); n != 0 || !errors.Is(err, queue.ErrNotMine) || verdicts(t, r.cfg.Store, rn.ID())[names[58]] == "unknown ours" {
			t.Errorf("taken: %d jobs, %v", n, err)
		}
	})
}

// A worker that comes late ends no attempt of another: what River notes of it waits for
// the one that has the job.
func TestLateWorkerWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		r := runnerIn(t, t.TempDir(), newBed(t, 1).scanner(t, nil, time.Second), nil, Options{}, in)
		var id int64
		err := r.queue.Do(t.Context(), func(tx *queue.Tx) error {
			if err := r.queue.Insert(t.Context(), tx, queue.Job{Args: checkArgs{"x"}, Opts: river.InsertOpts{Queue: "nobody"}}); err != nil {
				return err
			}
			return tx.QueryRowContext(t.Context(), `SELECT MAX(id) FROM river_job`).Scan(&id)
		})
		set := func(state string) {
			if err == nil {
				err = r.db.exec(t.Context(), `UPDATE river_job SET state = '`+state+`', attempt = 2 WHERE id = $1`, id)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		set("running")
		late := &worker[checkArgs]{r: r, work: func(context.Context, *river.Job[checkArgs]) error { return queue.ErrNotMine }}
		work := func(attempt int) chan error {
			done := make(chan error, 1)
			go func() {
				done <- late.Work(context.Background(), &river.Job[checkArgs]{JobRow: &rivertype.JobRow{ID: id, Attempt: attempt}})
			}()
			return done
		}
		if err := <-work(2); !errors.Is(err, queue.ErrNotMine) { // its own attempt: nobody else is at it
			t.Error(err)
		}
		first := work(1)
		for range 3 {
			if pace.Wait(t.Context(), 100*time.Millisecond) != nil || len(first) > 0 {
				t.Fatal("it did not wait for the other attempt")
			}
		}
		set("available")
		if err := <-first; !errors.Is(err, queue.ErrNotMine) {
			t.Error(err)
		}
	})
}

// The reader of an inventory ends when no attempt here takes its windows any more: the
// plan may go on in another process.
func TestReaderThatNobodyUses(t *testing.T) {
	b := newBed(t, 1)
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{}, func(c *Config) { c.Single = true })
	rn, err := r.Start(t.Context(), Start{Inventory: inventoryOf(t, b.many(3000)...)})
	if err != nil {
		t.Fatal(err)
	}
	p := r.reading(rn.info)
	if r.endReading(rn.ID(), p); r.reading(rn.info) != p {
		t.Error("a reader in use was ended")
	}
	r.leaveReading(p)
	r.leaveReading(p)
	r.endReading(rn.ID(), p) // as its timer does
	for range p.windows {    // what it had read; then it ends
	}
	if p.err == nil {
		t.Error("it read on to the end")
	}
	next := r.reading(rn.info)
	if next == p {
		t.Error("an ended reader is used")
	}
	r.stopReading(rn.ID())
	r.leaveReading(next)
}
