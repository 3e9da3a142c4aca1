package schedule

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/schedule/queue"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// maxHeld is how often a verdict is held back because the trouble may be ours
// before it becomes "unknown".
const maxHeld = 3

// confirm works a job that visits names again which have failed, not before
// they are due.
func (w *runWorker) confirm(ctx context.Context, job *river.Job[confirmArgs]) error {
	if wait := time.Until(time.UnixMilli(job.Args.Due)); wait > 0 {
		return river.JobSnooze(wait)
	}
	a := again[confirmArgs]{
		w: w, job: job, names: job.Args.Names, mark: job.Args.partial, pace: w.r.confirmPace, places: w.r.confirms, one: w.confirmOne,
		rest: func(left []string) queue.Job { return w.r.confirmJob(w.run, time.Now(), left) },
		part: func(names []string) river.JobArgs {
			return confirmArgs{Run: w.run.ID, Due: job.Args.Due, Names: names, partial: partial{true}}
		},
	}
	return a.run(ctx)
}

// confirmOne visits one name again and decides. A failure that would now count
// is held back while our own standing is in doubt.
func (w *runWorker) confirmOne(ctx context.Context, t *target, out *batch) error {
	line, attempts, err := t.read()
	if err != nil {
		return err
	}
	c, end := w.r.static.VisitAgain(ctx, line, nil, attempts, nil)
	if ctx.Err() != nil {
		return nil
	}
	if end.Render {
		out.draw(t.domain, nil)
		return nil
	}
	h := history{held: t.held, waits: true}
	if _, again := w.visitAgain(c); !again && visit.Accuses(c) {
		if why := w.health.doubt(ctx, c); why != "" {
			if ctx.Err() != nil {
				return nil
			}
			return w.hold(ctx, c, attempts, h, why, out)
		}
	}
	return w.decide(ctx, c, h, out)
}

// hold keeps a verdict back, or gives it up as unknown when it was held often
// enough. The visit that was made in doubt does not count.
func (w *runWorker) hold(ctx context.Context, c *detect.Case, attempts []detect.Attempt, h history, why string, out *batch) error {
	if h.held < maxHeld {
		delays := w.retries()
		wait := max(delays[len(delays)-1], time.Second) * time.Duration(h.held+1)
		out.hold()
		return w.postpone(c, attempts, h, h.held+1, wait, out)
	}
	return w.verdict(ctx, w.r.cfg.Scanner.Doubted(c, why, attempts), h, out)
}
