package schedule

import (
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler/pace"
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
