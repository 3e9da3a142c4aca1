package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// work is the work of every job: it takes the task that the job is for, does
// what can be done in its time, and puts back what is left. Whatever fails here
// (the database is away, the disk is full) leaves the task to be handed out
// again; a job is never tried twice by River.
func (r *Runner) work(ctx context.Context, job taskJob) error {
	served, ok := r.atTable(ctx, job.Of)
	if !ok {
		return river.JobSnooze(time.Millisecond) // we have enough: somebody else may take it
	}
	defer served()
	g, err := r.grips.grip(ctx)
	if err != nil {
		return river.JobSnooze(time.Second)
	}
	t, ok, err := r.claim(ctx, job, g.id)
	if err != nil || !ok {
		return err
	}
	m, err := r.member(ctx, job.Round)
	if errors.Is(err, errOver) {
		return nil
	}
	if err != nil {
		return r.leaveFor(ctx, &t, fmt.Errorf("joining a run: %w", err))
	}
	m.nudge()
	ctx, leave, ok := m.join(ctx, g)
	if !ok {
		return r.leaveFor(ctx, &t, nil)
	}
	defer leave()
	switch t.kind {
	case kindResolve:
		err = m.resolve(ctx, &t, served)
	case kindVisit:
		err = m.visits(ctx, &t, served)
	default:
		err = m.confirm(ctx, &t, served)
	}
	if err != nil {
		t.again = true
		m.strike(err)
		return r.leaveFor(ctx, &t, err)
	}
	m.strike(nil)
	m.nudge()
	return nil
}

// leaveFor puts a task back that came to nothing here. If that fails too, the
// conductor takes it back in time.
func (r *Runner) leaveFor(ctx context.Context, t *task, why error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	wait := time.Duration(0)
	if why != nil {
		wait = time.Second
	}
	if why != nil && !outage(why) {
		r.log.Warn("a task is left for later", "kind", t.kind, "err", why)
	}
	if _, err := t.putBack(ctx, r.db.writer, wait); err != nil {
		r.log.Warn("a task could not be put back; it is taken back in time", "kind", t.kind, "err", err)
	}
	return nil
}

// maxStrikes is how many tasks in a row may fail before the run is stopped
// here. An outage of the database does not count.
const maxStrikes = 5

// strike counts tasks that failed in a row.
func (m *member) strike(err error) {
	if outage(err) || m.ctx.Err() != nil {
		return
	}
	m.mu.Lock()
	m.strikes++
	if err == nil {
		m.strikes = 0
	}
	n := m.strikes
	m.mu.Unlock()
	if n >= maxStrikes {
		m.fail(err)
	}
}

// atTable waits until there is room for a task of a kind, but not for long. One
// at a time is served until it has begun its looks, so that what it adds is seen
// before the next is let in.
func (r *Runner) atTable(ctx context.Context, kind string) (served func(), ok bool) {
	table := r.tables[kind]
	ctx, cancel := context.WithTimeout(ctx, tableWait)
	defer cancel()
	select {
	case table <- struct{}{}:
	case <-ctx.Done():
		return nil, false
	}
	for !r.hungry(kind) {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			<-table
			return nil, false
		}
	}
	free := true
	return func() {
		if free {
			free = false
			<-table
		}
	}, true
}

// tableWait is how long a job waits for room here before somebody else may
// have it.
const tableWait = 500 * time.Millisecond

// hungry tells whether there is room for one more task of a kind. What is
// loaded is in memory and its job's time runs, so no more is taken than keeps
// the looks busy.
func (r *Runner) hungry(kind string) bool {
	if time.Now().UnixMilli() < r.resting.Load() {
		return false
	}
	switch kind {
	case kindVisit:
		enough := int64(2)
		if r.cfg.Gate.Limited() {
			// Each lane waits by itself; most of them wait for their address.
			enough = int64(r.opt.Concurrency/4 + 2)
		}
		return r.looks.waiting.Load() < enough && r.loaded.Load() < maxLoaded
	case kindConfirm:
		return r.confirms.waiting.Load() < confirmNames
	}
	return true
}

// maxLoaded bounds the names that jobs hold in memory and have not looked at
// yet, at some 2 kB each. A name that has been looked at does not count though
// its job goes on: every shard has a few dead hosts and ends with the last.
const maxLoaded = 20_000

// rest lets this process take no task for a while.
func (r *Runner) rest() { r.resting.Store(time.Now().Add(restFor).UnixMilli()) }

// restFor is how long a process takes no task after its own failure.
const restFor = 30 * time.Second
