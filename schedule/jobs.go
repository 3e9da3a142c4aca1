package schedule

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/schedule/queue"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// The jobs. Arguments name what the tables hold; each names its run, by which
// the jobs of a run are found.

// planArgs: read the inventory on from the last line that is stored.
type planArgs struct {
	Run string `json:"run" river:"unique"`
}

// resolveArgs: ask for the addresses of the targets from From to To, or of
// those in Only.
type resolveArgs struct {
	Run  string `json:"run"`
	From int    `json:"from"`
	To   int    `json:"to"`
	Only []int  `json:"only,omitempty"`
	// Again says that some may have their verdict, or a job that visits them again.
	Again bool `json:"again,omitempty"`
	partial
}

// visitArgs: visit the names of a shard, or the next ones that wait for one
// busy address.
type visitArgs struct {
	Run     string `json:"run" river:"unique"`
	Address string `json:"address,omitempty" river:"unique"`
	Shard   int64  `json:"shard,omitempty"`
	Patient bool   `json:"patient,omitempty"` // its names kept a job waiting before
	partial
}

// confirmArgs: visit the names again, not before Due.
type confirmArgs struct {
	Run   string   `json:"run"`
	Due   int64    `json:"due"` // milliseconds since 1970
	Names []string `json:"names"`
	// The process that inserted the job, and Due as its own count of milliseconds, which
	// does not change when a clock is set.
	By string `json:"by,omitempty"`
	In int64  `json:"in,omitempty"`
	partial
}

// renderArgs: visit the names with a browser.
type renderArgs struct {
	Run   string   `json:"run"`
	Names []string `json:"names"`
	First bool     `json:"first,omitempty"` // the run before had no time for them
	partial
}

// finishArgs: end the run when nothing else of it is left.
type finishArgs struct {
	Run string `json:"run" river:"unique"`
}

// checkArgs: answer the request of a person.
type checkArgs struct {
	ID string `json:"id"`
}

// calendarArgs: insert what the calendar has due.
type calendarArgs struct{}

// tellArgs: send a message of the outbox.
type tellArgs struct {
	Message string `json:"message" river:"unique"`
}

// tellRunArgs: put what people are to be told of a run into the outbox. Its run stands
// under another name than in other jobs: it outlives the run's.
type tellRunArgs struct {
	Of string `json:"of" river:"unique"`
}

const kindFinish = "finish"

func (planArgs) Kind() string     { return "plan" }
func (resolveArgs) Kind() string  { return "resolve" }
func (visitArgs) Kind() string    { return "visit" }
func (confirmArgs) Kind() string  { return "confirm" }
func (renderArgs) Kind() string   { return "render" }
func (finishArgs) Kind() string   { return kindFinish }
func (checkArgs) Kind() string    { return "check" }
func (calendarArgs) Kind() string { return "calendar" }
func (tellArgs) Kind() string     { return "tell" }
func (tellRunArgs) Kind() string  { return "tell-run" }

// Priorities of jobs: River hands out those with a lower number first.
const (
	priorityCheck    = 1
	priorityPerson   = 2
	priorityCalendar = 3
)

// Queues. Those of runs have the process' fingerprint behind their name: a
// process with other rules or settings never sees jobs that it would judge
// otherwise, so a rolling restart mixes nothing.
const (
	queuePlan     = "plan"
	queueResolve  = "resolve"
	queueVisit    = "visit"
	queuePatient  = "patient" // names and addresses that keep a job waiting
	queueConfirm  = "confirm"
	queueRender   = "render"
	queueFinish   = "finish"
	queueCheck    = "check"
	queueCalendar = "calendar"
	queueTell     = "tell"
)

// A workFunc works one kind of job.
type workFunc[A river.JobArgs] func(context.Context, *river.Job[A]) error

// A worker gives River a function that works jobs.
type worker[A river.JobArgs] struct {
	river.WorkerDefaults[A]
	r    *Runner
	work workFunc[A]
	time time.Duration
}

// Work works one job. River goes by a job's id: what it notes of an attempt that comes
// late would end the one of the worker that has the job now, so that is waited for.
func (w *worker[A]) Work(ctx context.Context, job *river.Job[A]) error {
	err := w.work(ctx, job)
	if errors.Is(err, queue.ErrNotMine) {
		w.r.queue.AwaitOther(w.r.ctx, w.r.db.reader, job.JobRow, w.r.stopping)
	}
	return err
}

// Timeout is the job's time; 0 is [queue.Timeout].
func (w *worker[A]) Timeout(*river.Job[A]) time.Duration { return w.time }

// workers is every kind of job. A process that leads the queue must know all
// of them, also those that it does not work: River discards a stuck job of a
// kind that its leader does not know.
func (r *Runner) workers() *river.Workers {
	all := river.NewWorkers()
	river.AddWorker(all, &worker[planArgs]{r: r, work: r.plan})
	river.AddWorker(all, &worker[resolveArgs]{r: r, work: ofRun(r, (*runWorker).resolve)})
	river.AddWorker(all, &worker[visitArgs]{r: r, work: ofRun(r, (*runWorker).visit)})
	river.AddWorker(all, &worker[confirmArgs]{r: r, work: ofRun(r, (*runWorker).confirm)})
	river.AddWorker(all, &worker[renderArgs]{r: r, work: ofRun(r, (*runWorker).render), time: queue.Timeout + visit.MoreDrawTime})
	river.AddWorker(all, &worker[finishArgs]{r: r, work: r.finish})
	river.AddWorker(all, &worker[checkArgs]{r: r, work: r.check, time: r.checkTime()})
	river.AddWorker(all, &worker[calendarArgs]{r: r, work: r.keepCalendar})
	river.AddWorker(all, &worker[tellArgs]{r: r, work: r.send})
	river.AddWorker(all, &worker[tellRunArgs]{r: r, work: r.tellRun})
	return all
}

// Places of the kinds of job in one process. A visit job holds up to 200 names
// for a few seconds; patient jobs wait for hosts that do not answer.
const (
	planPlaces    = 2
	resolvePlaces = 3
	patientPlaces = 96
	confirmPlaces = 16
	finishPlaces  = 4
	checkPlaces   = 8
)

// rest is how long an idle queue waits for its next look at the table, where
// that may be longer than for the others: a look costs SQLite a millisecond of
// CPU, and jobs of these kinds wait for seconds anyway.
var rest = map[string]time.Duration{
	queueCalendar: time.Second,
	queueTell:     time.Second,
	queueConfirm:  500 * time.Millisecond,
	queueRender:   500 * time.Millisecond,
	queuePatient:  500 * time.Millisecond,
}

// queues is what this process works, by its roles.
func (r *Runner) queues() map[string]river.QueueConfig {
	queues := map[string]river.QueueConfig{}
	add := func(name string, places int) {
		queues[r.queueOf(name)] = river.QueueConfig{MaxWorkers: places, FetchPollInterval: rest[name]}
	}
	if r.has(RoleScheduler) {
		add(queuePlan, planPlaces)
		add(queueFinish, finishPlaces)
		add(queueCalendar, 1)
		if r.cfg.Tell != nil {
			add(queueTell, 1)
		}
	}
	if r.has(RoleWorker) {
		add(queueResolve, resolvePlaces)
		add(queueVisit, max(8, r.opt.Concurrency/10))
		add(queuePatient, patientPlaces)
		add(queueConfirm, confirmPlaces)
		if r.cfg.Checker != nil {
			add(queueCheck, checkPlaces)
		}
	}
	if r.renders() {
		add(queueRender, r.cfg.Renderers)
	}
	return queues
}

// queueOf is the name of a queue here.
func (r *Runner) queueOf(name string) string {
	if name == queueCheck || name == queueCalendar || name == queueTell {
		return name
	}
	return name + "_" + r.fingerprint
}

// The jobs of a run, ready to be inserted.

func (r *Runner) job(run *runInfo, name string, args river.JobArgs, opts river.InsertOpts) queue.Job {
	opts.Queue, opts.Priority = r.queueOf(name), run.priority()
	return queue.Job{Args: args, Opts: opts}
}

// once keeps a job from being inserted while the same one is still to be done.
func once() river.UniqueOpts {
	return river.UniqueOpts{ByArgs: true, ByState: queue.Unfinished()}
}

func (r *Runner) planJob(run *runInfo) queue.Job {
	return r.job(run, queuePlan, planArgs{run.ID}, river.InsertOpts{UniqueOpts: once()})
}

func (r *Runner) finishJob(run *runInfo) queue.Job {
	return r.job(run, queueFinish, finishArgs{run.ID}, river.InsertOpts{UniqueOpts: once()})
}

func (r *Runner) resolveJob(run *runInfo, from, to int) queue.Job {
	return r.job(run, queueResolve, resolveArgs{Run: run.ID, From: from, To: to, Again: run.state.first > 0}, river.InsertOpts{})
}

// resolveAgainJob is for names that a resolve job did not get an answer for.
func (r *Runner) resolveAgainJob(run *runInfo, seqs []int) queue.Job {
	return r.job(run, queuePatient, resolveArgs{Run: run.ID, Only: seqs}, river.InsertOpts{})
}

func (r *Runner) shardJob(run *runInfo, shard int64, patient bool) queue.Job {
	name := queueVisit
	if patient {
		name = queuePatient
	}
	return r.job(run, name, visitArgs{Run: run.ID, Shard: shard, Patient: patient}, river.InsertOpts{})
}

// addressJob is the one job that works on a busy address.
func (r *Runner) addressJob(run *runInfo, address string) queue.Job {
	return r.job(run, queuePatient, visitArgs{Run: run.ID, Address: address}, river.InsertOpts{UniqueOpts: once()})
}

// schedulerStep is how often River moves jobs that were scheduled for later to
// those that may begin. A job that is due sooner is inserted at once and snoozes
// until its time.
const schedulerStep = 5 * time.Second

// confirmJob is for names that are visited again after so long.
func (r *Runner) confirmJob(run *runInfo, wait time.Duration, names []string) queue.Job {
	opts, now := river.InsertOpts{}, time.Now()
	if wait > schedulerStep {
		opts.ScheduledAt = now.Add(wait - schedulerStep)
	}
	return r.job(run, queueConfirm, confirmArgs{Run: run.ID, Due: now.Add(wait).UnixMilli(), Names: names, By: r.name, In: (now.Sub(r.began) + wait).Milliseconds()}, opts)
}

// early is how long the names of a job are not to be visited yet.
func (r *Runner) early(a confirmArgs) time.Duration {
	if a.By == r.name {
		return time.Duration(a.In)*time.Millisecond - time.Since(r.began)
	}
	return time.Until(time.UnixMilli(a.Due))
}

// renderJob is for names that need a browser; first: the run before had no time
// for them, so they come before the others.
func (r *Runner) renderJob(run *runInfo, names []string, first bool) queue.Job {
	job := r.job(run, queueRender, renderArgs{Run: run.ID, Names: names, First: first}, river.InsertOpts{})
	if first {
		job.Opts.Priority--
	}
	return job
}

func (r *Runner) tellJob(message string) queue.Job {
	return queue.Job{Args: tellArgs{message}, Opts: river.InsertOpts{Queue: queueTell, Priority: priorityCalendar, UniqueOpts: once()}}
}
