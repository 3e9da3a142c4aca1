package schedule

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// work is the work of every job: it takes the task that the job is for. The job
// ends when the task's looks have begun, so that River gives this process the
// next one when it has room for it, and not before; the task goes on under this
// process' grip. Whatever fails leaves the task to be handed out again: a job is
// never tried twice by River.
func (r *Runner) work(ctx context.Context, job taskJob) error {
	if !r.room(ctx, job.Of) {
		return r.decline(ctx, job)
	}
	g, err := r.grips.grip(ctx)
	if err != nil {
		return err
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
	under, leave, ok := m.join(g, r.taskTime())
	if !ok {
		return r.leaveFor(ctx, &t, nil)
	}
	begun := make(chan struct{})
	served := sync.OnceFunc(func() { close(begun) })
	go func() {
		defer leave()
		defer served()
		m.do(under, &t, served)
	}()
	select {
	case <-begun:
	case <-ctx.Done(): // this process is being stopped
	}
	return nil
}

// do does what can be done of a task in its time, and puts back what is left.
// served is called when its looks have begun.
func (m *member) do(ctx context.Context, t *task, served func()) {
	var err error
	switch t.kind {
	case kindResolve:
		m.r.resolving.Add(1)
		err = m.resolve(ctx, t, served)
		m.r.resolving.Add(-1)
	case kindVisit:
		err = m.visits(ctx, t, served)
	default:
		err = m.confirm(ctx, t, served)
	}
	if errors.Is(err, errNotOurs) {
		return
	}
	m.strike(err)
	if err != nil {
		t.again = true
		m.r.leaveFor(ctx, t, err) //nolint:errcheck // it is logged
	}
	m.nudge()
}

// taskTime bounds the work on a task.
func (r *Runner) taskTime() time.Duration {
	return shardStarts + r.cfg.Looker.Records.patience() + r.cfg.Looker.limit() + 5*time.Second
}

// decline gives the handing out of a task back to the conductor, for somebody
// who has room.
func (r *Runner) decline(ctx context.Context, job taskJob) error {
	return r.db.exec(context.WithoutCancel(ctx), `UPDATE task SET given = 0, turn = turn + 1 WHERE round = $1 AND id = $2 AND turn = $3 AND holder = 0`,
		job.Round, job.Task, job.Turn)
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

// room waits until there is room for a task of a kind; false if others should
// have it, because there is none for long.
func (r *Runner) room(ctx context.Context, kind string) bool {
	if r.grips.shared() {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, roomWait)
		defer cancel()
	}
	for !r.hungry(kind) {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return false
		}
	}
	return ctx.Err() == nil
}

// roomWait is how long a job waits for room here before somebody else may
// have it.
const roomWait = 500 * time.Millisecond

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
	case kindResolve:
		return r.resolving.Load() < resolveTasks
	}
	return true
}

// resolveTasks is how many resolve tasks may be under way: one begins names,
// the others wait for the last of theirs.
const resolveTasks = 8

// maxLoaded bounds the names that jobs hold in memory and have not looked at
// yet, at some 2 kB each. A name that has been looked at does not count though
// its job goes on: every shard has a few dead hosts and ends with the last.
const maxLoaded = 20_000

// rest lets this process take no task for a while.
func (r *Runner) rest() { r.resting.Store(time.Now().Add(restFor).UnixMilli()) }

// restFor is how long a process takes no task after its own failure.
const restFor = 30 * time.Second
