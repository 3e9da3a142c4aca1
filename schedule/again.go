package schedule

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/schedule/load"
	"github.com/beianwatch/beianwatch/schedule/queue"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// again is the work of a job that visits targets of the plan once more: those
// that are to be confirmed, and those that need a browser.
type again[A river.JobArgs] struct {
	w      *runWorker
	job    *river.Job[A]
	names  []string
	pace   *load.Pacer // nil: visits begin as places come free
	places *load.Slots
	one    func(ctx context.Context, t *target, out *batch) error
	rest   func(names []string) queue.Job // for those that the job had no time for
	mark   partial
	part   func(names []string) river.JobArgs // for a part of them that is suspected
}

func (a *again[A]) run(ctx context.Context) error {
	w := a.w
	list, err := w.r.targetsNamed(ctx, w.run.number, a.names)
	if err == nil { // the job may have been stored twice: a commit whose answer is lost is made again
		list, err = w.withoutVerdict(ctx, list)
	}
	if err != nil {
		return err
	}
	suspected, parts, yes, err := w.poisoned(ctx, a.job.JobRow, a.mark, len(list), func() (*crawler.Target, []detect.Attempt, error) { return list[0].read() })
	if err != nil {
		return err
	}
	if yes {
		return insertParts(ctx, w, a.job, parts, suspected, func(p part) river.JobArgs { return a.part(domainsOf(list[p.from:p.to])) })
	}
	began, out := time.Now(), &batch{w: w, job: a.job.JobRow}
	stop := out.run(ctx)
	left, err := a.visit(ctx, list, began.Add(visitStarts), out)
	stop()
	if err != nil {
		return errors.Join(err, out.save(ctx))
	}
	return out.end(ctx, began, completing(w.r.queue, a.job), func(ctx context.Context, tx *queue.Tx) error {
		if len(left) == 0 {
			return nil
		}
		return w.r.queue.Insert(ctx, tx, a.rest(left))
	})
}

// visit visits the targets side by side and returns the names of those that it
// did not get to.
func (a *again[A]) visit(ctx context.Context, list []target, until time.Time, out *batch) (left []string, err error) {
	done := make([]bool, len(list))
	var failed firstError
	var visits sync.WaitGroup
	for i := range list {
		if time.Now().After(until) || a.pace != nil && !a.pace.Wait(ctx) {
			break
		}
		visits.Go(func() {
			place, err := a.places.Enter(ctx)
			if err != nil {
				return
			}
			defer place.Leave()
			if time.Now().Before(until) {
				err := a.one(ctx, &list[i], out)
				if errors.Is(err, errNotNow) {
					return
				}
				failed.set(err)
				done[i] = ctx.Err() == nil
			}
		})
	}
	visits.Wait()
	if ctx.Err() != nil {
		failed.set(ctx.Err())
	}
	for i := range list {
		if !done[i] {
			left = append(left, list[i].domain)
		}
	}
	return left, failed.get()
}

// errNotNow says that a visit could not be made at the moment: it is left to be
// made by another job.
var errNotNow = errors.New("not now")

// maxHeld is how many visits in a row may come to nothing because the trouble may
// be ours before the verdict is "unknown".
const maxHeld = 3

// confirm works a job that visits names again which have failed, not before
// they are due.
func (w *runWorker) confirm(ctx context.Context, job *river.Job[confirmArgs]) error {
	if wait := w.r.early(job.Args); wait > 0 {
		return river.JobSnooze(wait)
	}
	a := again[confirmArgs]{
		w: w, job: job, names: job.Args.Names, mark: job.Args.partial, pace: w.r.confirmPace, places: w.r.confirms, one: w.confirmOne,
		rest: func(left []string) queue.Job { return w.r.confirmJob(w.run, 0, left) },
		part: func(names []string) river.JobArgs {
			return confirmArgs{Run: w.run.ID, Due: job.Args.Due, Names: names, partial: partial{true}}
		},
	}
	return a.run(ctx)
}

// confirmOne visits one name again and decides.
func (w *runWorker) confirmOne(ctx context.Context, t *target, out *batch) error {
	line, attempts, err := t.read()
	if err != nil {
		return err
	}
	c, end := w.r.static.VisitAgain(ctx, line, nil, attempts, nil)
	defer end.Release()
	if end.Short {
		return errNotNow
	}
	if ctx.Err() != nil {
		return nil
	}
	if w.draws(end) {
		out.draw(t.domain, nil)
		return nil
	}
	return w.decide(ctx, c, history{held: t.held, seen: t.attempts, waits: true}, out)
}

// hold makes a visit that was made in doubt again later, or gives the name up as
// unknown when that was done often enough in a row. The visit does not count.
func (w *runWorker) hold(ctx context.Context, c *detect.Case, h history, why string, out *batch) error {
	attempts := visit.Earlier(c)
	if h.held < maxHeld {
		out.hold()
		return w.postpone(c, attempts, h, h.held+1, w.holdFor(h.held), out)
	}
	return w.verdict(ctx, w.r.cfg.Scanner.Doubted(c, why, attempts), h, out)
}

// holdFor is how long a name waits that was held back so many times: longer each time.
func (w *runWorker) holdFor(held int) time.Duration {
	if len(w.r.cfg.Scanner.Confirm.Delays) == 0 {
		return troubleRetries[min(held, len(troubleRetries)-1)]
	}
	delays := w.retries()
	return max(delays[len(delays)-1], time.Second) * time.Duration(held+1)
}
