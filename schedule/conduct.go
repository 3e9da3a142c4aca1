package schedule

import (
	"context"
	"time"

	"github.com/beianwatch/beianwatch/reports"
)

// beat is how often the conductor looks around when nobody wakes it.
const beat = 100 * time.Millisecond

// conduct hands out work until nothing is left. It returns nil when every
// target has its verdict.
func (rd *Round) conduct() error {
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for told := time.Now(); ; {
		if time.Since(told) > tellEvery {
			told = time.Now()
			if err := rd.tell(rd.ctx); err != nil {
				return err
			}
		}
		done, err := rd.step()
		if err != nil || done {
			return err
		}
		select {
		case <-rd.ctx.Done():
			return context.Cause(rd.ctx)
		case <-rd.wake:
		case <-ticker.C:
		}
	}
}

// tellEvery is how often the run's row is brought up to date for other
// processes to read.
const tellEvery = 10 * time.Second

// tell stores how far the run has come.
func (rd *Round) tell(ctx context.Context) error {
	run := *rd.run
	rd.mu.Lock()
	run.Lines, run.Rejected = rd.lines, rd.rejected
	if rd.planned {
		run.State = reports.RunActive
	}
	rd.mu.Unlock()
	run.Verdicts = int(rd.tally.verdicts.Load())
	return rd.r.cfg.Store.UpdateRun(ctx, &run)
}

// step looks around once.
func (rd *Round) step() (done bool, err error) {
	if rd.ctx.Err() != nil {
		return false, context.Cause(rd.ctx)
	}
	if err := rd.stepResolve(); err != nil {
		return false, err
	}
	if !rd.isPaused() {
		if err := rd.feedShards(); err != nil {
			return false, err
		}
		if err := rd.feedConfirms(); err != nil {
			return false, err
		}
	}
	if !rd.idle() {
		return false, nil
	}
	return rd.complete()
}

// stepResolve opens the next window when fewer than half a window's names wait
// for their visit.
func (rd *Round) stepResolve() error {
	rd.mu.Lock()
	wanted := !rd.resolving && rd.windowReady() && rd.tally.waiting.Load() < int64(rd.r.window/2) && rd.paused == ""
	if wanted {
		rd.resolving = true
	}
	rd.mu.Unlock()
	if !wanted {
		return nil
	}
	return rd.r.queue.insert(rd.ctx, queueResolve, resolveJob{rd.id})
}

// windowReady tells whether the next window is planned whole. The caller holds
// rd.mu.
func (rd *Round) windowReady() bool {
	from := rd.nextWindow * rd.r.window
	return from < rd.targets && (rd.planned || rd.targets >= from+rd.r.window)
}

// idle tells whether nothing is under way and nothing is left to hand out.
func (rd *Round) idle() bool {
	rd.mu.Lock()
	defer rd.mu.Unlock()
	return rd.planned && !rd.resolving && rd.nextWindow*rd.r.window >= rd.targets &&
		rd.feed.empty() && rd.due.none()
}

func (rd *Round) isPaused() bool {
	rd.mu.Lock()
	defer rd.mu.Unlock()
	return rd.paused != ""
}

// join counts a job of this round in; false if the round is over. The context
// ends with the job or with the round.
func (rd *Round) join(ctx context.Context) (context.Context, func(), bool) {
	rd.mu.Lock()
	defer rd.mu.Unlock()
	if rd.ctx.Err() != nil {
		return nil, nil, false
	}
	rd.work.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(rd.ctx, cancel)
	return ctx, func() { stop(); cancel(); rd.work.Done() }, true
}
