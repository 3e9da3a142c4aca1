package schedule

import (
	"context"
	"slices"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/queue"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// renderNames is how many names one job draws: some seconds of work, so that
// renderers share a run fairly and little is lost with one.
const renderNames = 10

// render works a job that visits names with a browser.
func (w *runWorker) render(ctx context.Context, job *river.Job[renderArgs]) error {
	a := again[renderArgs]{
		w: w, job: job, names: job.Args.Names, mark: job.Args.partial, places: w.r.drawings, one: w.renderOne,
		rest: func(left []string) queue.Job { return w.r.renderJob(w.run, left, job.Args.First) },
		part: func(names []string) river.JobArgs {
			return renderArgs{Run: w.run.ID, Names: names, First: job.Args.First, partial: partial{true}}
		},
	}
	return a.run(ctx)
}

// drawings are names that need a browser.
type drawings struct {
	first []string // those that the run before had no time for
	rest  []string
}

func (d drawings) count() int { return len(d.first) + len(d.rest) }

func (d drawings) and(more drawings) drawings {
	return drawings{append(d.first, more.first...), append(d.rest, more.rest...)}
}

// drawingJobs cuts names into jobs.
func (w *runWorker) drawingJobs(d drawings) (jobs []queue.Job) {
	for part := range slices.Chunk(d.first, renderNames) {
		jobs = append(jobs, w.r.renderJob(w.run, slices.Clone(part), true))
	}
	for part := range slices.Chunk(d.rest, renderNames) {
		jobs = append(jobs, w.r.renderJob(w.run, slices.Clone(part), false))
	}
	return jobs
}

// rationed returns a scanner that draws a page if the run's budget has one left, by
// time and by pages. A page waits for a tab until then; what is left is visited
// all the same, and what only a browser could tell of it is unknown. A page that is
// drawn twice because a process died counts twice.
func (w *runWorker) rationed() *visit.Scanner {
	opt, scanner := w.opt.Render, w.r.cfg.Scanner
	if opt == (RenderOptions{}) {
		return scanner
	}
	return scanner.Rationed(func(ctx context.Context) (bool, error) {
		if opt.Budget > 0 && w.passed() >= opt.Budget {
			return false, nil
		}
		if opt.Pages == 0 {
			return true, nil
		}
		return w.takePage(ctx, opt.Pages)
	})
}

// draws reports whether a name is to be drawn after a visit that has left it to a browser.
// Where a run's budget is one of pages, none is taken for a picture alone.
func (w *runWorker) draws(end visit.Ending) bool {
	return end.Render && (!end.Whole || w.opt.Render.Pages == 0)
}

// takePage takes one page from the run's budget, in all processes together.
func (w *runWorker) takePage(ctx context.Context, budget int) (taken bool, err error) {
	err = store.Patiently(ctx, func() error {
		res, err := w.r.db.writer.ExecContext(ctx, `UPDATE run_state SET drawn = drawn + 1 WHERE run = $1 AND drawn < $2`, w.run.ID, budget)
		if err == nil {
			var n int64
			n, err = res.RowsAffected()
			taken = n > 0
		}
		return err
	}, func(err error) { w.r.log.Warn("waiting for the database", "err", err) })
	return taken, err
}

// renderOne makes the whole visit anew, with a browser: what is judged together
// was seen together.
func (w *runWorker) renderOne(ctx context.Context, t *target, out *batch) error {
	line, attempts, err := t.read()
	if err != nil {
		return err
	}
	prev, err := w.previousDrawing(ctx, t.domain, attempts)
	if err != nil {
		return err
	}
	c, end := w.drawing.VisitAgain(ctx, line, nil, attempts, prev)
	defer end.Release()
	if end.Short {
		return errNotNow
	}
	if ctx.Err() != nil {
		return nil
	}
	if end.Kept != nil {
		return w.keep(c, end.Kept, out)
	}
	h := history{held: t.held, seen: t.attempts, waits: attempts != nil, whole: end.Whole}
	if why := visit.Undrawn(c); why != "" && h.held < maxHeld && w.r.hasBrowser() {
		w.r.log.Warn("a page could not be drawn and is drawn again later", "domain", t.domain, "why", why)
		out.hold()
		return w.postpone(c, visit.Earlier(c), h, h.held+1, min(w.holdFor(h.held), troubleRetries[h.held]), out)
	}
	return w.decide(ctx, c, h, out)
}

// hasBrowser reports whether a browser can be started here: without one no page will ever
// be drawn.
func (r *Runner) hasBrowser() bool {
	return r.cfg.Scanner.Browser == nil || r.cfg.Scanner.Browser() != ""
}

// previousDrawing is what may let a name keep its drawing that was to be made: the
// process that visited it may have had no browser to compare with.
func (w *runWorker) previousDrawing(ctx context.Context, domain string, attempts []detect.Attempt) (*visit.Previous, error) {
	if w.before == "" || attempts != nil || w.r.has(RoleWorker) && w.r.cfg.Scanner.Browser != nil {
		return nil, nil
	}
	last, err := w.r.cfg.Store.Last(ctx, w.before, []string{domain})
	if err != nil {
		return nil, err
	}
	return w.previous(last[domain]), nil
}
