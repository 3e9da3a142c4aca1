package schedule

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A Round is one run under way: it reads the inventory, resolves, visits,
// confirms and closes. The work is done by River jobs; the round's conductor
// decides what is to be done next.
type Round struct {
	Resumed bool // it continues a run that was interrupted

	r         *Runner
	run       *reports.Run
	id        int64
	inventory string
	before    string // the last finished run of this inventory, "" if there is none

	ctx   context.Context // of all work for this round
	end   context.CancelCauseFunc
	wake  chan struct{}
	ended chan struct{}
	work  sync.WaitGroup // jobs and goroutines of this round
	sink  *sink
	watch health
	tally tally

	mu          sync.Mutex // guards what follows
	began       time.Time  // zero before Run
	planned     bool       // the inventory was read to its end
	line        int        // up to which it was read
	lines       int
	rejected    int
	targets     int // also the next seq
	nextWindow  int
	nextPart    int
	warnings    string
	controlList string // names seen serving, a line each
	resolving   bool   // a job to resolve the next window has been given out …
	resolveBusy bool   // … and is at work
	again       bool   // the window under way was begun before: some of its names are dealt with
	feed        feed
	due         dueClock
	paused      string // why nothing is fed, empty if all is well
	sweeps      int

	known atomic.Bool // some names may be dealt with already: look before looking
}

func newRound(r *Runner, run *reports.Run) *Round {
	rd := &Round{r: r, run: run, inventory: run.Inventory, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	rd.ctx, rd.end = context.WithCancelCause(context.Background())
	rd.feed.active, rd.feed.shards = map[int64]int{}, map[int64]shard{}
	return rd
}

// ID is the run's id.
func (rd *Round) ID() string { return rd.run.ID }

// fail ends the round with an error; it can be resumed.
func (rd *Round) fail(err error) { rd.end(err) }

// running tells whether Run has been called.
func (rd *Round) running() bool {
	rd.mu.Lock()
	defer rd.mu.Unlock()
	return !rd.began.IsZero()
}

// nudge lets the conductor look around.
func (rd *Round) nudge() {
	select {
	case rd.wake <- struct{}{}:
	default:
	}
}

// Run works until every line of the inventory has its verdict or rejection and
// the run is closed, or until ctx ends: then all looks under way are dropped
// and the run can be resumed. It may be called once.
func (rd *Round) Run(ctx context.Context) (*reports.Run, error) {
	defer close(rd.ended)
	defer rd.r.leave(rd)
	defer context.AfterFunc(ctx, func() { rd.end(context.Cause(ctx)) })()
	rd.mu.Lock()
	rd.began = time.Now()
	rd.mu.Unlock()
	if err := rd.restore(); err != nil {
		rd.end(err)
		return rd.run, rd.trouble(ctx, err)
	}
	rd.sink = newSink(rd)
	rd.work.Go(func() {
		if err := rd.plan(rd.ctx); err != nil {
			rd.end(err)
		}
		rd.nudge()
	})
	rd.work.Go(func() { rd.guard(rd.ctx) })
	err := rd.conduct()
	rd.mu.Lock() // no job joins from here on
	rd.end(err)
	rd.mu.Unlock()
	rd.work.Wait()
	if closing := rd.sink.close(); err == nil {
		err = closing
	}
	var bad *unreadable
	switch {
	case err == nil:
		err = rd.finish(ctx)
	case errors.As(err, &bad):
		return rd.run, errors.Join(bad.error, rd.r.giveUp(ctx, rd.run, rd, bad.Error()))
	default:
		if told := rd.tell(context.WithoutCancel(ctx)); told != nil {
			rd.r.log.Error("the state of the run could not be stored", "run", rd.run.ID, "err", told)
		}
	}
	return rd.run, rd.trouble(ctx, err)
}

// restore brings the state of an interrupted run in order and finds out where
// it stands.
func (rd *Round) restore() error {
	last, err := rd.r.cfg.Store.LastDone(rd.ctx, rd.inventory, rd.run.ID)
	switch {
	case err == nil:
		rd.before = last.ID
	case !errors.Is(err, store.ErrNoRun):
		return err
	}
	rd.watch.round = rd
	if !rd.Resumed {
		return nil
	}
	rd.again = true
	rd.known.Store(true)
	if err := rd.r.db.exec(rd.ctx, `UPDATE pending SET batch = 0 WHERE round = $1`, rd.id); err != nil {
		return err
	}
	if err := rd.recut(); err != nil {
		return err
	}
	return rd.recount()
}

// recount finds out how many names are where.
func (rd *Round) recount() error {
	verdicts, err := rd.r.cfg.Store.Count(rd.ctx, rd.run.ID)
	if err != nil {
		return err
	}
	pending, err := rd.r.db.number(rd.ctx, `SELECT COUNT(*) FROM pending WHERE round = $1`, rd.id)
	if err != nil {
		return err
	}
	waiting, err := rd.r.db.number(rd.ctx, `SELECT COUNT(*) FROM waiting WHERE round = $1`, rd.id)
	if err != nil {
		return err
	}
	rd.tally.verdicts.Store(int64(verdicts))
	rd.tally.atStart = int64(verdicts)
	rd.tally.pending.Store(pending)
	rd.tally.waiting.Store(waiting)
	rd.due.set(time.Now())
	return nil
}

// trouble says what a person needs to know when the round did not come to its
// end.
func (rd *Round) trouble(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if cause := context.Cause(rd.ctx); cause != nil && errors.Is(err, context.Canceled) {
		err = cause
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("run %s stopped: %w; the same command resumes it", rd.run.ID, err)
}
