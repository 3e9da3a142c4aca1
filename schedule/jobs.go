package schedule

import (
	"context"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// The kinds of job. Their arguments only name what our tables hold.

type resolveJob struct {
	Round int64 `json:"round"`
}

type shardJob struct {
	Round int64 `json:"round"`
	Shard int64 `json:"shard"`
}

type confirmJob struct {
	Round int64 `json:"round"`
	Batch int64 `json:"batch"`
	Names int   `json:"names"`
}

type plannerJob struct{}

func (resolveJob) Kind() string { return "resolve" }
func (shardJob) Kind() string   { return "shard" }
func (confirmJob) Kind() string { return "confirm" }
func (plannerJob) Kind() string { return "planner" }

// A worker works the jobs of one kind for the runner.
type worker[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	work func(ctx context.Context, args T) error
	lost func(args T, err error) // the last attempt failed too
}

// Work does one job. A job that fails is tried again by River; what it has
// stored by then is skipped.
func (w *worker[T]) Work(ctx context.Context, job *river.Job[T]) error {
	err := w.work(ctx, job.Args)
	if err != nil && ctx.Err() == nil && job.Attempt >= job.MaxAttempts {
		w.lost(job.Args, err)
	}
	return err
}

// workers lists what the runner can do.
func (r *Runner) workers() *river.Workers {
	all := river.NewWorkers()
	river.AddWorker(all, &worker[resolveJob]{work: onRound(r, resolveJob.round, (*Round).resolve), lost: onLost(r, resolveJob.round)})
	river.AddWorker(all, &worker[shardJob]{work: onRound(r, shardJob.round, (*Round).shard), lost: onLost(r, shardJob.round)})
	river.AddWorker(all, &worker[confirmJob]{work: onRound(r, confirmJob.round, (*Round).confirm), lost: onLost(r, confirmJob.round)})
	river.AddWorker(all, &worker[plannerJob]{
		work: func(ctx context.Context, _ plannerJob) error { return r.calendar.plan(ctx) },
		lost: func(_ plannerJob, err error) { r.log.Error("the calendar could not be read", "err", err) },
	})
	return all
}

func (j resolveJob) round() int64 { return j.Round }
func (j shardJob) round() int64   { return j.Round }
func (j confirmJob) round() int64 { return j.Round }

// onRound hands a job to its round. A round that is not under way any more
// needs none of its jobs done.
func onRound[T river.JobArgs](r *Runner, id func(T) int64, do func(*Round, context.Context, T) error) func(context.Context, T) error {
	return func(ctx context.Context, args T) error {
		round := r.round(id(args))
		if round == nil {
			return nil
		}
		return do(round, ctx, args)
	}
}

// onLost ends the round whose job failed for good: something is wrong with
// this machine (the disk, as a rule), and it can be resumed when that is mended.
func onLost[T river.JobArgs](r *Runner, id func(T) int64) func(T, error) {
	return func(args T, err error) {
		if round := r.round(id(args)); round != nil {
			round.fail(err)
		}
	}
}

// retrySoon tries a failed job again after one, two, three … seconds: what
// fails here is the disk or the database, not a site.
type retrySoon struct{}

func (retrySoon) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(time.Duration(job.Attempt) * time.Second)
}
