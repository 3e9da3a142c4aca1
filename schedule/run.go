package schedule

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A Run is a run that this process watches.
type Run struct {
	Resumed bool // it goes on where it was stopped
	Handed  bool // another process works on it
	Changed bool // its inventory is not as it was when the run read it …
	Reread  bool // … and is read again, see [Run.Changes]

	r     *Runner
	info  *runInfo
	began time.Time
	rate  rate

	mu     sync.Mutex
	last   Progress // what could be read last
	before int      // verdicts at the first reading; -1 before it
}

func (r *Runner) newRun(info *runInfo) *Run {
	return &Run{r: r, info: info, began: time.Now(), Handed: !r.queue.Works(), before: -1}
}

// ID returns the run's id.
func (rn *Run) ID() string { return rn.info.ID }

// attach enters the run among those that this process watches; [ErrUnderWay] if
// it, or another process, watches it already.
func (r *Runner) attach(ctx context.Context, rn *Run) error {
	id := rn.ID()
	r.mu.Lock()
	taken := r.attached[id] != nil
	if !taken {
		r.attached[id] = rn
		r.strikes = 0 // what failed before was of other runs
		delete(r.failures, "")
	}
	r.mu.Unlock()
	if taken {
		return message.Errorf("%w：%s，批次 %s", "%w: %s, run %s", ErrUnderWay, rn.info.Inventory, id)
	}
	ok, err := r.locks.TryNamed(ctx, "run "+id)
	if err == nil && !ok {
		err = message.Errorf("%w：%s，批次 %s，在另一个进程中；可用 beianwatch serve --role worker 协助", "%w: %s, run %s, in another process; 'beianwatch serve --role worker' helps it", ErrUnderWay, rn.info.Inventory, id)
	}
	if err != nil {
		r.detach(rn)
	}
	return err
}

func (r *Runner) detach(rn *Run) {
	r.mu.Lock()
	delete(r.attached, rn.ID())
	r.mu.Unlock()
	r.locks.Release("run " + rn.ID())
}

// underWay reports whether any process works on a run: this one watches it,
// another one does, or a worker has a job of it.
func (r *Runner) underWay(ctx context.Context, info *runInfo) (bool, error) {
	r.mu.Lock()
	own := r.attached[info.ID] != nil
	r.mu.Unlock()
	if own {
		return true, nil
	}
	busy, err := r.queue.RunningElsewhere(ctx, r.db.reader, info.ID)
	if busy || err != nil || !r.queue.Works() {
		return busy, err
	}
	free, err := r.locks.TryNamed(ctx, "run "+info.ID) // who watches a run holds it
	if free {
		r.locks.Release("run " + info.ID)
	}
	return !free && err == nil, err
}

// park takes the jobs of other runs that a person has left unfinished out of
// the queue of a process that was started for one run: they wait until their own
// command is given again.
func (r *Runner) park(ctx context.Context, rn *Run) error {
	if r.queue.Postgres() || !r.queue.Works() || !r.cfg.Single {
		return nil
	}
	runs, err := r.cfg.Store.Unfinished(ctx)
	for _, run := range runs {
		for more := run.ID != rn.ID(); more && err == nil; {
			more, err = r.queue.Delete(ctx, run.ID, "", true)
		}
	}
	return err
}

// How often Wait reads the run.
const (
	watchEvery   = 100 * time.Millisecond
	promoteEvery = 2 * time.Second
)

// Wait returns when the run is done, with its figures, or has ended without
// being done, with the reason, or ctx ends: then the run can be resumed by the
// same command. A process that only watches takes the work over if the one that
// did it goes away.
func (rn *Run) Wait(ctx context.Context) (*reports.Run, error) {
	r := rn.r
	defer r.detach(rn)
	promote := time.Now().Add(promoteEvery)
	for {
		failed := r.failure(rn.ID())
		run, err := r.cfg.Store.Run(ctx, rn.ID())
		switch {
		case failed != nil && err == nil:
			return run, message.Errorf("批次 %s 已中断：%w", "run %s stopped: %w", rn.ID(), failed)
		case failed != nil:
			return rn.info.Run, message.Errorf("批次 %s 已中断：%w", "run %s stopped: %w", rn.ID(), failed)
		case err != nil && !store.Unavailable(err) && ctx.Err() == nil:
			return rn.info.Run, err
		case err != nil: // the database is away: its jobs wait for it, and so do we
		case run.State == reports.RunDone:
			return run, nil
		case run.State == reports.RunFailed:
			return run, fmt.Errorf("run %s ended unfinished: %s", rn.ID(), run.Trouble)
		}
		if rn.Handed && time.Now().After(promote) {
			promote = time.Now().Add(promoteEvery)
			if err := r.promote(ctx); err == nil {
				rn.Handed = false
			} else if !errors.Is(err, ErrHeld) && ctx.Err() == nil {
				return rn.info.Run, err
			}
		}
		if pace.Wait(ctx, watchEvery) != nil {
			return rn.info.Run, context.Cause(ctx)
		}
	}
}

// Warnings are what the reader of the inventory remarked.
func (rn *Run) Warnings(ctx context.Context) (list []inventory.Message) {
	info, err := rn.r.run(ctx, rn.ID())
	if err != nil || info.state.warnings == "" {
		return nil
	}
	for w := range strings.SplitSeq(info.state.warnings, "\n") {
		list = append(list, inventory.StoredMessage(w))
	}
	return list
}
