package schedule

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/beianwatch/beianwatch/reports"
)

// A Round conducts one run: it reads the inventory, hands out the work and
// closes the run when every name has its verdict. The work is done by the
// members of this and other processes.
type Round struct {
	Resumed bool // it continues a run that was interrupted

	r         *Runner
	run       *reports.Run
	id        int64
	inventory string
	given     string // names seen serving in the run before, a line each

	ctx   context.Context
	end   context.CancelCauseFunc
	wake  chan struct{}
	ended chan struct{}
	grip  *grip                  // by which it is ours
	own   atomic.Pointer[member] // this process' part in the work; nil if it does none
	rate  rate

	// Of the conductor's goroutine alone.
	looked   time.Time // when those who work were last looked after
	hands    int       // how many processes there are
	doubtful int       // names before this one may have been resolved by an older program
	sweeps   int

	mu       sync.Mutex // guards what follows
	began    time.Time  // zero before Run
	planned  bool       // the inventory was read to its end
	line     int        // up to which it was read
	lines    int
	rejected int
	targets  int // also the next seq
	nextSeq  int // the first name that no resolve task has yet
	warnings string
	base     counts // what was done before the processes that count now
	others   counts // what other processes have done
}

// errElsewhere says that another process conducts the run.
var errElsewhere = errors.New("the run is conducted by another process")

func newRound(r *Runner, run *reports.Run) *Round {
	rd := &Round{r: r, run: run, inventory: run.Inventory, wake: make(chan struct{}, 1), ended: make(chan struct{}), hands: 1}
	rd.ctx, rd.end = context.WithCancelCause(context.Background())
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

// priority is that of the round's jobs: runs that a person started come before
// those of the calendar.
func (rd *Round) priority() int {
	if rd.run.Entry == "" {
		return priorityPerson
	}
	return priorityCalendar
}

// Run works until every line of the inventory has its verdict or rejection and
// the run is closed, or until ctx ends: then all looks under way here are
// dropped and the run can be resumed. It may be called once.
func (rd *Round) Run(ctx context.Context) (*reports.Run, error) {
	defer close(rd.ended)
	defer rd.r.leave(rd)
	defer context.AfterFunc(ctx, func() { rd.end(context.Cause(ctx)) })()
	rd.mu.Lock()
	rd.began = time.Now()
	rd.mu.Unlock()
	err := rd.lead()
	for wait := time.Duration(0); rd.ctx.Err() == nil && outage(err); {
		rd.r.log.Warn("the run waits for the database", "run", rd.run.ID, "err", err)
		if began := time.Now(); backoff(rd.ctx, &wait) {
			if err = rd.lead(); time.Since(began) > time.Minute {
				wait = 0
			}
		}
	}
	rd.end(err)
	if own := rd.own.Load(); own != nil && !errors.Is(err, errElsewhere) {
		if closing := rd.r.dismiss(own, cmp.Or(err, errOver)); err == nil {
			err = closing
		}
	}
	err = rd.conclude(ctx, err)
	if rd.grip != nil {
		rd.grip.release(rd.lock())
	}
	return rd.run, rd.trouble(ctx, err)
}

// conclude closes the run, or leaves it as it can be resumed.
func (rd *Round) conclude(ctx context.Context, err error) error {
	var bad *unreadable
	switch {
	case err == nil:
		return rd.finish(ctx)
	case errors.Is(err, errElsewhere):
	case errors.As(err, &bad):
		return errors.Join(bad.error, rd.r.giveUp(ctx, rd.run, rd, bad.Error()))
	default:
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
		defer cancel()
		if told := errors.Join(rd.recall(ctx), rd.tell(ctx)); told != nil {
			rd.r.log.Error("the state of the run could not be stored", "run", rd.run.ID, "err", told)
		}
	}
	return err
}

// lock is the round's among this process' locks.
func (rd *Round) lock() int64 { return key("round " + rd.run.ID) }

// take makes the round this process': [errElsewhere] if another one has it.
func (rd *Round) take(ctx context.Context) error {
	g, err := rd.r.grips.grip(ctx)
	if err != nil {
		return err
	}
	got, err := g.try(rd.lock())
	if err != nil {
		return err
	}
	if !got[rd.lock()] {
		return errElsewhere
	}
	rd.grip = g
	return nil
}

// lead conducts the run for as long as this process has its grip. It may be
// called again after an outage.
func (rd *Round) lead() error {
	if rd.grip == nil || rd.grip.lost() {
		if err := rd.take(rd.ctx); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancelCause(rd.ctx)
	defer cancel(nil)
	over, gone := make(chan struct{}), rd.grip.gone
	defer close(over)
	go func() {
		select {
		case <-gone:
			cancel(errLost)
		case <-over:
		}
	}()
	if err := rd.restore(ctx); err != nil {
		return err
	}
	var planning sync.WaitGroup
	planning.Go(func() {
		if err := rd.plan(ctx); err != nil && ctx.Err() == nil {
			cancel(err)
		}
		rd.nudge()
	})
	err := rd.conduct(ctx)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	cancel(err)
	planning.Wait()
	return err
}

// restore finds out where the run stands and takes back what is with nobody
// any more.
func (rd *Round) restore(ctx context.Context) error {
	if err := rd.r.db.exec(ctx, `UPDATE round SET conductor = $2, sign = $3 WHERE id = $1`, rd.id, rd.grip.id, rd.r.sign()); err != nil {
		return err
	}
	if err := rd.read(ctx); err != nil {
		return err
	}
	if rd.own.Load() == nil && rd.r.works() {
		own, err := rd.r.member(ctx, rd.id)
		if err != nil {
			return err
		}
		rd.own.Store(own)
	}
	if err := rd.lookAfter(ctx, true); err != nil {
		return err
	}
	return rd.recount(ctx)
}

// read reads how far the run has come.
func (rd *Round) read(ctx context.Context) error {
	rd.mu.Lock()
	defer rd.mu.Unlock()
	err := rd.r.db.reader.QueryRowContext(ctx, `SELECT planned, line, lines, rejected, targets, next_seq, warnings FROM round WHERE id = $1`, rd.id).
		Scan(&rd.planned, &rd.line, &rd.lines, &rd.rejected, &rd.targets, &rd.nextSeq, &rd.warnings)
	if rd.Resumed {
		rd.doubtful = rd.nextSeq + window
	}
	return err
}

// recount finds out how many names are where.
func (rd *Round) recount(ctx context.Context) error {
	verdicts, err := rd.r.cfg.Store.Count(ctx, rd.run.ID)
	if err != nil {
		return err
	}
	pending, err := rd.r.db.number(ctx, `SELECT COUNT(*) FROM pending WHERE round = $1`, rd.id)
	if err != nil {
		return err
	}
	counted := rd.sum()
	rd.mu.Lock()
	defer rd.mu.Unlock()
	rd.base.verdicts += int64(verdicts) - counted.verdicts
	rd.base.pending += pending - counted.pending
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
	if errors.Is(err, errElsewhere) {
		return fmt.Errorf("run %s goes on in another process, which took it over while this one was cut off from the database", rd.run.ID)
	}
	return fmt.Errorf("run %s stopped: %w; the same command resumes it", rd.run.ID, err)
}
