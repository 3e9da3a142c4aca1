package queue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"
)

// A transaction whose context ends while River inserts and completes jobs inside
// it is stored whole or not at all, and nobody writes on its connection while it
// is rolled back.
func TestContextEndsInside(t *testing.T) {
	for name, dsn := range dsns {
		t.Run(name, func(t *testing.T) { t.Parallel(); testContextEndsInside(t, dsn(t)) })
	}
}

func testContextEndsInside(t *testing.T, dsn string) {
	const jobs, tries, half = 8, 25, 5
	var mu sync.Mutex
	stored := map[string]bool{}
	ended := 0
	var over sync.WaitGroup
	over.Add(jobs)
	q := openQueue(t, dsn, func(ctx context.Context, q *Queue, job *river.Job[noteArgs]) error {
		defer over.Done()
		random := rand.New(rand.NewPCG(1, uint64(job.Args.N)))
		write := func(run string, limit time.Duration) time.Duration {
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			began := time.Now()
			err := q.Do(ctx, func(tx *Tx) error {
				if err := q.Insert(ctx, tx, notes("nobody", run, half)...); err != nil {
					return err
				}
				if err := q.Hold(ctx, tx, job.JobRow); err != nil {
					return err
				}
				return q.Insert(ctx, tx, notes("nobody", run, half)...)
			})
			mu.Lock()
			defer mu.Unlock()
			if stored[run] = err == nil; err != nil {
				ended++
			}
			return time.Since(began)
		}
		usual := write(fmt.Sprint(job.Args.N, ".whole"), time.Minute)
		for try := range tries {
			usual = max(usual/2, write(fmt.Sprint(job.Args.N, ".", try), time.Duration(random.Int64N(int64(2*usual)))))
		}
		for limit := usual / 4; ; limit = limit * 3 / 2 { // completing is a write of River's as well
			within, cancel := context.WithTimeout(ctx, limit)
			err := q.Do(within, func(tx *Tx) error { return Complete(within, q, tx, job) })
			cancel()
			if err == nil || ctx.Err() != nil || errors.Is(err, ErrNotMine) { // it had been stored all the same
				return nil
			}
		}
	})
	insert(t, q, notes(worked, "first", jobs)...)
	over.Wait()
	if ended == 0 || ended >= jobs*tries {
		t.Errorf("%d of %d transactions were cut short: the test tests nothing", ended, jobs*tries)
	}
	if n := number(t, q, `SELECT COUNT(*) FROM river_job WHERE queue = $1 AND state <> 'completed'`, worked); n > 0 {
		t.Errorf("%d jobs are not completed", n)
	}
	for run, whole := range stored {
		n := number(t, q, `SELECT COUNT(*) FROM river_job WHERE args ->> 'run' = $1`, run)
		if n != 2*half && (whole || n != 0) {
			t.Errorf("transaction %s stored %d jobs of %d; it was stored: %v", run, n, 2*half, whole)
		}
	}
}
