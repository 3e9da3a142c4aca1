package schedule

import (
	"context"
	"errors"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/reports/notify"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/outbox"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// tell lets a process that tells people do so: the one that ends a run may not know
// whom. Where none does, nothing is put in that would be told when one begins to.
func (f *finishing) tell(ctx context.Context) error {
	r := f.r
	if r.cfg.Tell == nil {
		worked, err := r.queue.Worked(ctx, r.db.reader, queueTell)
		if err != nil || !worked {
			return err
		}
	}
	return r.queue.Do(ctx, func(tx *queue.Tx) error {
		if err := r.queue.Hold(ctx, tx, f.job.JobRow); err != nil {
			return err
		}
		return r.queue.Insert(ctx, tx, queue.Job{Args: tellRunArgs{f.info.ID}, Opts: river.InsertOpts{Queue: queueTell, Priority: priorityCalendar, UniqueOpts: once()}})
	})
}

// tellRun works the job that puts the messages of a run into the outbox, each once
// however often it is called, with the jobs that send them.
func (r *Runner) tellRun(ctx context.Context, job *river.Job[tellRunArgs]) error {
	run, err := r.cfg.Store.Run(ctx, job.Args.Of)
	if errors.Is(err, store.ErrNoRun) {
		return nil
	}
	if err != nil {
		return r.told(err)
	}
	messages, err := r.cfg.Tell.Messages(ctx, run)
	if err != nil && (store.Unavailable(err) || ctx.Err() != nil) {
		return r.told(err)
	}
	if err != nil {
		r.log.Error("nobody is told of the run", "run", run.ID, "err", err) // a template or a notice that fails does not heal
		return nil
	}
	return r.told(r.queue.Do(ctx, func(tx *queue.Tx) error {
		if err := queue.Complete(ctx, r.queue, tx, job); err != nil {
			return err
		}
		_, err := r.post(ctx, tx, run.ID, messages)
		return err
	}))
}

// post puts messages into the outbox that are not there yet, with the jobs that send them,
// and returns how many are new.
func (r *Runner) post(ctx context.Context, tx *queue.Tx, run string, messages []*notify.Message) (added int, err error) {
	ids, err := r.outbox.Put(ctx, tx.Tx, run, messages)
	if err != nil {
		return 0, err
	}
	jobs := make([]queue.Job, len(ids))
	for i, id := range ids {
		jobs[i] = r.tellJob(id)
	}
	return len(ids), r.queue.Insert(ctx, tx, jobs...)
}

// send works a job of the outbox.
func (r *Runner) send(ctx context.Context, job *river.Job[tellArgs]) error {
	again, err := r.outbox.Send(ctx, job.Args.Message)
	if errors.Is(err, outbox.ErrTaken) {
		err = queue.ErrNotMine // the job was handed to another worker
	}
	if err == nil && again > 0 {
		return river.JobSnooze(again)
	}
	return r.told(err)
}

// Outbox is what people were told, and are to be.
func (r *Runner) Outbox() *outbox.Outbox { return r.outbox }

// Tell has messages about a run sent, by whichever process has their channels; those that
// are in the outbox already are not sent again. It returns how many are new.
func (r *Runner) Tell(ctx context.Context, run string, messages []*notify.Message) (added int, err error) {
	err = r.queue.Do(ctx, func(tx *queue.Tx) error {
		added, err = r.post(ctx, tx, run, messages)
		return err
	})
	return added, err
}
