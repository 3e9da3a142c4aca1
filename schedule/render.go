package schedule

import (
	"context"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/schedule/queue"
)

// renderNames is how many names one job draws: some seconds of work, so that
// renderers share a run fairly and little is lost with one.
const renderNames = 10

// render works a job that visits names with a browser.
func (w *runWorker) render(ctx context.Context, job *river.Job[renderArgs]) error {
	a := again[renderArgs]{
		w: w, job: job, names: job.Args.Names, mark: job.Args.partial, places: w.r.drawings, one: w.renderOne,
		rest: func(left []string) queue.Job { return w.r.renderJob(w.run, left) },
		part: func(names []string) river.JobArgs {
			return renderArgs{Run: w.run.ID, Names: names, partial: partial{true}}
		},
	}
	return a.run(ctx)
}

// renderOne makes the whole visit anew, with a browser: what is judged together
// was seen together.
func (w *runWorker) renderOne(ctx context.Context, t *target, out *batch) error {
	line, attempts, err := t.read()
	if err != nil {
		return err
	}
	c, end := w.r.cfg.Scanner.VisitAgain(ctx, line, nil, attempts, nil)
	if ctx.Err() != nil {
		return nil
	}
	return w.decide(ctx, c, history{held: t.held, waits: len(attempts) > 0, whole: end.Whole}, out)
}
