package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// A batch is what the visits of one job have come to and what is not stored
// yet. It is stored in transactions that hold the job's row: what a job saw
// after it was handed to another worker is never stored.
type batch struct {
	w   *runWorker
	job *rivertype.JobRow

	mu       sync.Mutex
	results  []store.Result
	kept     []store.Kept
	laters   []later
	drawings drawings
	sums     sums
	first    time.Time // when the oldest of them came
}

// later is a name that is to be visited again.
type later struct {
	domain   string
	wait     time.Duration
	held     int
	attempts []byte
	// What the plan says of the name until this is stored. Of two jobs that visited it,
	// or of a transaction that is made again because its answer was lost, one counts.
	heldBefore int
	seenBefore []byte
}

// result takes a verdict; waited says that its name was postponed before.
func (b *batch) result(r *store.Result, accused, waited bool) {
	b.add(func() {
		b.results = append(b.results, *r)
		b.sums.verdicts++
		if waited {
			b.sums.pending--
		}
		if accused {
			b.sums.found++
		}
	})
}

func (b *batch) keep(k *store.Kept) {
	b.add(func() {
		b.kept = append(b.kept, *k)
		b.sums.verdicts++
		b.sums.kept++
		if k.Found {
			b.sums.found++
		}
	})
}

// postpone takes a name that is to be visited again; waited as for result.
func (b *batch) postpone(l later, waited bool) {
	b.add(func() {
		b.laters = append(b.laters, l)
		if !waited {
			b.sums.pending++
		}
	})
}

// hold counts a verdict that is held back.
func (b *batch) hold() { b.add(func() { b.sums.held++ }) }

// draw takes a name that needs a browser; last is what the run before knows of it.
func (b *batch) draw(domain string, last *store.Last) {
	b.add(func() {
		if last != nil && last.Undrawn {
			b.drawings.first = append(b.drawings.first, domain)
		} else {
			b.drawings.rest = append(b.drawings.rest, domain)
		}
	})
}

func (b *batch) add(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.first.IsZero() {
		b.first = time.Now()
	}
	f()
}

// A batch is stored when it has so many names or is so old, so that memory is
// bounded and little is lost with a process, and with its job at the latest.
const (
	batchNames = 100
	batchTime  = time.Second
)

// due reports whether the batch is worth a transaction of its own.
func (b *batch) due() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.results) + len(b.kept) + len(b.laters) + b.drawings.count()
	return n >= batchNames || n > 0 && time.Since(b.first) > batchTime
}

// flush stores what is due, ahead of the job's end.
func (b *batch) flush(ctx context.Context) error {
	if !b.due() {
		return nil
	}
	return b.commit(ctx, func(tx *queue.Tx) error { return b.w.r.queue.Hold(ctx, tx, b.job) })
}

// save stores what an attempt saw that is stopped before its end: the job stays,
// and its next attempt passes over the names that are stored.
func (b *batch) save(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	b.mu.Lock()
	empty := b.first.IsZero()
	b.mu.Unlock()
	if empty {
		return nil
	}
	return b.commit(ctx, func(tx *queue.Tx) error { return b.w.r.queue.Hold(ctx, tx, b.job) })
}

// run flushes what is due until the returned function is called.
func (b *batch) run(ctx context.Context) (stop func()) {
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		ticker := time.NewTicker(batchTime / 4)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			if err := b.flush(ctx); err != nil && !store.Unavailable(err) && ctx.Err() == nil {
				return // the job's last transaction meets the same error, and reports it
			}
		}
	}()
	return func() { close(done); <-over }
}

// storePatience is how long a job tries to store what it did while the database
// is away: until it is taken for lost and handed out again.
const storePatience = queue.Rescue

// end stores what is left and ends the job: complete and follow are carried out
// in the same transaction. While the database is away it tries again.
func (b *batch) end(ctx context.Context, began time.Time, complete, follow func(context.Context, *queue.Tx) error) error {
	work := context.WithoutCancel(ctx) // its values are River's; the job's time may be over, what it saw is kept all the same
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		limit, cancel := context.WithTimeout(work, 30*time.Second)
		err := b.commit(limit, func(tx *queue.Tx) error {
			if err := complete(limit, tx); err != nil {
				return err
			}
			return follow(limit, tx)
		})
		cancel()
		if !store.Unavailable(err) || time.Since(began) > storePatience || b.w.r.stopping() {
			return err
		}
		b.w.r.log.Warn("results wait for the database", "run", b.w.run.ID, "err", err)
		if pace.Wait(work, wait) != nil {
			return err
		}
	}
}

// commit stores everything in one transaction with what f does, which comes
// first. If it fails, nothing is forgotten. Into a run that is over, or that others go
// on with, nothing is written.
func (b *batch) commit(ctx context.Context, f func(*queue.Tx) error) error {
	b.mu.Lock()
	results, kept, laters, draw, done := b.results, b.kept, b.laters, b.drawings, b.sums
	b.results, b.kept, b.laters, b.drawings, b.sums, b.first = nil, nil, nil, drawings{}, sums{}, time.Time{}
	b.mu.Unlock()
	w := b.w
	packed, err := store.Pack(w.run.ID, results) // takes longer than the transaction
	if err == nil {
		err = w.r.queue.Do(ctx, func(tx *queue.Tx) error {
			if err := w.r.holdOurs(ctx, tx, w.run.ID); errors.Is(err, errOver) {
				return queue.ErrNotMine
			} else if err != nil {
				return err
			}
			if err := f(tx); err != nil {
				return err
			}
			return w.store(ctx, tx, packed, kept, laters, draw, done)
		})
	}
	if err == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.results, b.kept = append(results, b.results...), append(kept, b.kept...)
	b.laters, b.drawings = append(laters, b.laters...), draw.and(b.drawings)
	b.sums = b.sums.plus(done)
	b.first = time.Now()
	return err
}

// store writes results, the visits that follow and the sums.
func (w *runWorker) store(ctx context.Context, tx *queue.Tx, results *store.Batch, kept []store.Kept, laters []later, draw drawings, done sums) error {
	s := w.r.cfg.Store
	if err := s.PutTx(ctx, tx.Tx, results); err != nil {
		return fmt.Errorf("storing verdicts: %w", err)
	}
	if err := s.KeepResultsTx(ctx, tx.Tx, w.run.ID, w.before, kept); err != nil {
		return fmt.Errorf("storing verdicts: %w", err)
	}
	jobs, err := w.postponed(ctx, tx.Tx, laters)
	if err != nil {
		return fmt.Errorf("storing names to be confirmed: %w", err)
	}
	jobs = append(jobs, w.drawingJobs(draw)...)
	if err := w.r.queue.Insert(ctx, tx, jobs...); err != nil {
		return err
	}
	return w.addProgress(ctx, tx.Tx, done)
}

// confirmNames is how many names one job visits again: side by side, since
// nearly all of them wait for a host that does not answer.
const confirmNames = 100

// postponed notes in the plan how far names are, and returns the jobs that
// visit them again. A name that has come further meanwhile has its job.
func (w *runWorker) postponed(ctx context.Context, tx *sql.Tx, laters []later) ([]queue.Job, error) {
	if len(laters) == 0 {
		return nil, nil
	}
	note, err := tx.PrepareContext(ctx, `UPDATE target SET held = $3, attempts = $4 WHERE run = $1 AND domain = $2 AND held = $5 AND attempts = $6`)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(laters, func(a, b later) int { return int(a.wait - b.wait) })
	var jobs []queue.Job
	for from := 0; from < len(laters); {
		to := from
		var names []string
		for to < len(laters) && laters[to].wait == laters[from].wait && len(names) < confirmNames {
			l := &laters[to]
			to++
			res, err := note.ExecContext(ctx, w.run.number, l.domain, l.held, l.attempts, l.heldBefore, append([]byte{}, l.seenBefore...))
			if err != nil {
				return nil, err
			}
			if n, err := res.RowsAffected(); err != nil {
				return nil, err
			} else if n == 1 {
				names = append(names, l.domain)
			}
		}
		if len(names) > 0 {
			jobs = append(jobs, w.r.confirmJob(w.run, laters[from].wait, names))
		}
		from = to
	}
	return jobs, nil
}
