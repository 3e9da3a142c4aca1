package schedule

import (
	"context"
	"fmt"
	"hash/fnv"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// The kinds of job. Their arguments only name what our tables hold.

// A taskJob is one handing out of a task.
type taskJob struct {
	Round int64  `json:"round"`
	Task  int64  `json:"task"`
	Turn  int64  `json:"turn"`
	Of    string `json:"of"`             // the kind of task
	Thin  bool   `json:"thin,omitempty"` // there are few tasks: leave some of its names to others
}

type plannerJob struct{}

func (taskJob) Kind() string    { return "task" }
func (plannerJob) Kind() string { return "planner" }

// Priorities of jobs: River takes those with a lower number first.
const (
	priorityInquiry  = 1
	priorityPerson   = 2
	priorityCalendar = 3
)

// A worker works the jobs of one kind.
type worker[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	work func(ctx context.Context, args T) error
}

// Work does one job.
func (w *worker[T]) Work(ctx context.Context, job *river.Job[T]) error { return w.work(ctx, job.Args) }

// queuePlanner is the queue of the calendar's job.
const queuePlanner = "planner"

// queueOf is the queue of a kind of task. It bears a sign of all that decides
// verdicts, so that processes of another version, with other settings or at
// another place never see what they would judge otherwise: a rolling restart
// mixes nothing.
func (r *Runner) queueOf(kind string) string { return kind + "_" + r.sign() }

// sign stands for all that decides verdicts, and for the form of the tables: a
// program that knows another one would take tasks and fail. It is made once: the
// policy is long.
func (r *Runner) sign() string {
	r.signing.Do(func() { r.signed = r.makeSign() })
	return r.signed
}

func (r *Runner) makeSign() string {
	h, l := fnv.New32a(), r.cfg.Looker
	p := l.policy()
	fmt.Fprintln(h, r.db.form, waiterForm, p.Ruleset(), p.Render, p.Pages, p.VantageMainland, l.Vantage, l.timeout(), r.opt.Confirm, r.opt.Fails)
	return fmt.Sprintf("%08x", h.Sum32())
}

// riverConfig is what the process asks of River. Each queue has its own bound,
// so that a host that never answers keeps neither the next name nor the next
// plan waiting.
func (r *Runner) riverConfig() *river.Config {
	all := river.NewWorkers()
	queues := map[string]river.QueueConfig{}
	if r.works() {
		// A job of these ends when its task has begun: one at a time is let in.
		river.AddWorker(all, &worker[taskJob]{work: r.work})
		queues[r.queueOf(kindResolve)] = river.QueueConfig{MaxWorkers: 1}
		queues[r.queueOf(kindVisit)] = river.QueueConfig{MaxWorkers: 1}
		queues[r.queueOf(kindConfirm)] = river.QueueConfig{MaxWorkers: 1}
		if r.cfg.Checker != nil {
			river.AddWorker(all, &inquirer{r: r})
			queues[queueInquiry] = river.QueueConfig{MaxWorkers: inquiryPlaces}
		}
	}
	var periodic []*river.PeriodicJob
	if r.has(RoleScheduler) {
		river.AddWorker(all, &worker[plannerJob]{work: r.planned})
		queues[queuePlanner] = river.QueueConfig{MaxWorkers: 1}
		periodic = append(periodic, minutely())
	}
	timeout := r.taskTime()
	return &river.Config{
		Queues: queues, Workers: all, PeriodicJobs: periodic, JobTimeout: timeout, RescueStuckJobsAfter: timeout + 15*time.Second,
		FetchCooldown: 20 * time.Millisecond, MaxAttempts: 1, RetryPolicy: spaced{},
		CompletedJobRetentionPeriod: 10 * time.Minute, CancelledJobRetentionPeriod: 10 * time.Minute, DiscardedJobRetentionPeriod: 10 * time.Minute,
		// The leader puts in the planner's job and cleans up.
		LeaderElectionDisabled: !r.has(RoleScheduler),
		SkipUnknownJobCheck:    true, Logger: slog.New(riverLog{r.log.Handler()}),
	}
}

// notHere is how long a planner's job waits for a process that keeps a
// calendar.
const notHere = 4 * time.Second

// planned is the work of the planner's job.
func (r *Runner) planned(ctx context.Context, _ plannerJob) error {
	if !r.calendar.kept() {
		return river.JobSnooze(notHere) // a scan knows no calendar: somebody else may
	}
	if err := r.calendar.plan(ctx); err != nil && ctx.Err() == nil {
		r.log.Error("the calendar could not be kept", "err", err)
	}
	return nil
}

// spaced is River's policy for the jobs that are tried again, those of
// inquiries: what fails there is the database, not a site.
type spaced struct{}

// NextRetry gives the time of another try.
func (spaced) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(time.Duration(job.Attempt) * 3 * time.Second)
}
