package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// A runWorker is what this process knows of a run that it works on: it is made
// for the first job of the run here and kept until none has come for a while.
type runWorker struct {
	r       *Runner
	run     *runInfo
	opt     Options
	before  string            // the last finished run of this inventory, "" if there is none
	lived   *lifecycle.Before // the life of findings as that run has left it; nil if it is not known
	config  string            // what outcomes follow from beside the inputs of a visit
	id      int64             // tells this worker's progress from the others'
	health  *health
	writing *evidence
	drawing *visit.Scanner // draws within the run's budget
	made    time.Time      // when this worker was …
	age     time.Duration  // … and how long the run had been under way then

	mu   sync.Mutex
	jobs int         // under way
	idle *time.Timer // closes it
}

// workerIdle is how long a runWorker stays without a job: its evidence files
// are kept open for the next one.
const workerIdle = 30 * time.Second

// errOver reports that a run is not under way any more.
var errOver = errors.New("the run is over")

// ofRun is the work of a job of a run under way; of a run that is over the job
// has nothing left to do.
func ofRun[A interface {
	river.JobArgs
	runID() string
	suspected() bool
}](r *Runner, work func(*runWorker, context.Context, *river.Job[A]) error) workFunc[A] {
	return func(ctx context.Context, job *river.Job[A]) error {
		w, err := r.runWorker(ctx, job.Args.runID())
		if errors.Is(err, errOver) || errors.Is(err, store.ErrNoRun) {
			return nil
		}
		if err != nil {
			return r.told(err)
		}
		defer w.leave()
		ctx, end := r.untilStopped(ctx, w.run.ID)
		defer end()
		if job.Args.suspected() {
			if !r.suspects.TryLock() {
				return river.JobSnooze(suspectWait)
			}
			defer r.suspects.Unlock()
		}
		return r.told(work(w, ctx, job))
	}
}

func (a resolveArgs) runID() string { return a.Run }
func (a visitArgs) runID() string   { return a.Run }
func (a confirmArgs) runID() string { return a.Run }
func (a renderArgs) runID() string  { return a.Run }

// runWorker returns this process' worker of a run; leave must be called.
func (r *Runner) runWorker(ctx context.Context, id string) (*runWorker, error) {
	r.joining.Lock()
	defer r.joining.Unlock()
	r.mu.Lock()
	w := r.runWorkers[id]
	r.mu.Unlock()
	if w == nil {
		var err error
		if w, err = r.loadWorker(ctx, id); err != nil {
			return nil, err
		}
		r.mu.Lock()
		r.runWorkers[id] = w
		r.mu.Unlock()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.jobs++
	w.idle.Stop()
	return w, nil
}

func (w *runWorker) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.jobs--; w.jobs == 0 {
		w.idle.Reset(workerIdle)
	}
}

// close forgets the worker, unless a job has come meanwhile.
func (w *runWorker) close() {
	w.r.joining.Lock()
	defer w.r.joining.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.jobs > 0 {
		return
	}
	w.idle.Stop()
	w.r.mu.Lock()
	delete(w.r.runWorkers, w.run.ID)
	w.r.mu.Unlock()
	if err := w.writing.close(); err != nil {
		w.r.log.Error("closing evidence files", "run", w.run.ID, "err", err)
	}
}

// closeWorkers closes the worker of a run, or all of them.
func (r *Runner) closeWorkers(run string) {
	r.mu.Lock()
	var list []*runWorker
	for id, w := range r.runWorkers {
		if run == "" || run == id {
			list = append(list, w)
		}
	}
	r.mu.Unlock()
	for _, w := range list {
		w.close()
	}
}

// loadWorker reads what a worker must know of a run.
func (r *Runner) loadWorker(ctx context.Context, id string) (*runWorker, error) {
	info, err := r.run(ctx, id)
	switch {
	case errors.Is(err, errNoState):
		return nil, errOver
	case err != nil:
		return nil, err
	case !info.open() || info.stopped():
		return nil, errOver
	case info.Ruleset != r.ruleset:
		return nil, message.Errorf("批次 %s 以规则集 %s 开始，本程序的规则集为 %s", "run %s began with the rule set %s, this program has %s", id, info.Ruleset, r.ruleset)
	}
	w := &runWorker{r: r, run: info, id: rand.Int64(), writing: newEvidence(r.cfg.Dir, id), made: time.Now(), age: max(0, r.cfg.Now().Sub(info.StartedAt))}
	if err := json.Unmarshal([]byte(info.Options), &w.opt); err != nil {
		return nil, fmt.Errorf("reading the options of run %s: %w", id, err)
	}
	w.opt = w.opt.filled()
	w.drawing = w.rationed()
	w.config = visit.Fingerprint(r.cfg.Scanner.EffectivePolicy(), w.opt.Lang)
	last, err := r.cfg.Store.LastDone(ctx, info.Inventory, id)
	switch {
	case err == nil:
		w.before = last.ID
	case !errors.Is(err, store.ErrNoRun):
		return nil, err
	}
	if w.lived, err = r.lives.Before(ctx, info.Inventory, w.before, id); err != nil {
		return nil, err
	}
	w.health = newHealth(w)
	w.idle = time.AfterFunc(workerIdle, w.close)
	return w, nil
}

// passed is how long the run has been under way. While the worker is there it goes by this
// process' own count of time, which does not change when a clock is set.
func (w *runWorker) passed() time.Duration { return w.age + time.Since(w.made) }

// judge applies the rules.
func (w *runWorker) judge(c *detect.Case) []detect.Outcome { return w.r.cfg.Scanner.Judge(c) }

// record makes a case's record.
func (w *runWorker) record(c *detect.Case, outs []detect.Outcome) *reports.Record {
	return reports.NewRecord(w.run.Run, c, outs)
}
