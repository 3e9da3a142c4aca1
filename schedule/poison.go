package schedule

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/schedule/queue"
)

// maxLost is how many attempts at a job may be lost with their process before
// its names are suspected: a name that ends the process would otherwise end it
// for ever.
const maxLost = 2

// lostAttempts counts the attempts before this one that ended with their
// process and not with an error: River's rescue notes them, and a process that
// has SQLite to itself puts them back without a note.
func lostAttempts(job *rivertype.JobRow) int {
	failed := 0
	for _, e := range job.Errors {
		if !strings.Contains(e.Error, "rescued by JobRescuer") {
			failed++
		}
	}
	return max(job.Attempt-1-failed, 0)
}

// poisoned splits the names of a job whose attempts were lost into halves. A
// single name that was lost so often is given up: what it does to us says
// nothing about the site.
func (w *runWorker) poisoned(ctx context.Context, job *river.Job[visitArgs], chunks []int64, names []visiting) error {
	out := &batch{w: w, job: job.JobRow}
	var halves [][]resolved
	if len(names) == 1 {
		why := fmt.Sprintf("the check of this name ended with its process %d times", lostAttempts(job.JobRow))
		if err := w.giveUp(ctx, names[0].target, nil, why, out); err != nil {
			return err
		}
	} else {
		list := make([]resolved, len(names))
		for i := range names {
			list[i] = names[i].resolved
		}
		halves = [][]resolved{list[:len(list)/2], list[len(list)/2:]}
		w.r.log.Warn("a job was lost with its process several times; its names are checked in halves", "run", w.run.ID, "names", len(names))
	}
	return out.end(ctx, time.Now(), completing(w.r.queue, job), func(ctx context.Context, tx *queue.Tx) error {
		if err := w.dropChunks(ctx, tx.Tx, chunks); err != nil {
			return err
		}
		for _, half := range halves {
			id, err := w.addChunk(ctx, tx.Tx, "", half)
			if err != nil {
				return err
			}
			if err := w.r.queue.Insert(ctx, tx, w.r.shardJob(w.run, id, true)); err != nil {
				return err
			}
		}
		if job.Args.Address == "" {
			return nil
		}
		more, err := w.hasChunk(ctx, tx.Tx, job.Args.Address)
		if err != nil || !more {
			return err
		}
		return w.r.queue.Insert(ctx, tx, w.r.addressJob(w.run, job.Args.Address))
	})
}
