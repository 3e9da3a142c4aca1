package schedule

import (
	"context"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/schedule/packed"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// How many attempts at a job may be lost with their process before its names are
// suspected: a name that ends the process would otherwise end it for ever. A single
// name has two more, since it is given up then: who kills processes at random, every few
// seconds, meets the same name twice more easily than four times in a row.
const (
	maxLost      = 2
	maxLostAlone = 4
)

// partial is a mark on jobs. The parts of a suspected job are worked one at a time
// in a process, so that a part that ends it does not cast suspicion on the others;
// and because it is its own doing, a part of several names is parted again when one
// attempt is lost.
type partial struct {
	Suspect bool `json:"suspect,omitempty"`
}

func (p partial) suspected() bool { return p.Suspect }

// maxSuspects is how many names a part of a suspected job has at most: a job of
// thousands would be halved too often.
const maxSuspects = 200

// suspectWait is when a part that found another at work asks again. It must not
// wait in its place: a job under way is lost with its process, and suspected.
const suspectWait = 300 * time.Millisecond

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

// A suspect is a name of a job whose attempts were lost.
type suspect func() (*crawler.Target, []detect.Attempt, error)

// A part is the names of a suspected job from one place to another.
type part struct{ from, to int }

// poisoned reports whether a job of n names lost so many attempts with their
// process that one of its names is to blame. Then it must not be worked as it is:
// the names are parted, each part for a job of its own; a single name is given up,
// which out has then. What it does to us says nothing about the site.
func (w *runWorker) poisoned(ctx context.Context, job *rivertype.JobRow, mark partial, n int, only suspect) (out *batch, parts []part, yes bool, err error) {
	lost, limit := lostAttempts(job), maxLost
	switch {
	case n == 1:
		limit = maxLostAlone
	case mark.Suspect:
		limit--
	}
	if n == 0 || lost < limit {
		return nil, nil, false, nil
	}
	out = &batch{w: w, job: job}
	if n > 1 {
		w.r.log.Warn("a job was lost with its process several times; its names are checked in parts", "run", w.run.ID, "kind", job.Kind, "names", n)
		return out, partsOf(n), true, nil
	}
	t, attempts, err := only()
	if err != nil {
		return nil, nil, false, err
	}
	why := message.ProcessLost.Fill(lost)
	return out, nil, true, w.giveUp(ctx, t, attempts, why, out)
}

// partsOf cuts n names in halves, or into as many parts as keep them small.
func partsOf(n int) (parts []part) {
	size := min((n+1)/2, maxSuspects)
	for from := 0; from < n; from += size {
		parts = append(parts, part{from, min(from+size, n)})
	}
	return parts
}

// visitParts ends a suspected visit job: its names are visited by parts.
func (w *runWorker) visitParts(ctx context.Context, job *river.Job[visitArgs], chunks []int64, names []visiting, parts []part, out *batch) error {
	return out.end(ctx, time.Now(), completing(w.r.queue, job), func(ctx context.Context, tx *queue.Tx) error {
		if err := w.dropChunks(ctx, tx.Tx, chunks); err != nil {
			return err
		}
		for _, p := range parts {
			var list []packed.Resolved
			for i := p.from; i < p.to; i++ {
				list = append(list, names[i].Resolved)
			}
			id, err := w.addChunk(ctx, tx.Tx, "", list)
			if err != nil {
				return err
			}
			if err := w.r.queue.Insert(ctx, tx, w.r.job(w.run, queuePatient, visitArgs{Run: w.run.ID, Shard: id, Patient: true, partial: partial{true}}, river.InsertOpts{})); err != nil {
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

// insertParts ends a suspected job of another kind: args makes the
// arguments of a part.
func insertParts[A river.JobArgs](ctx context.Context, w *runWorker, job *river.Job[A], parts []part, out *batch, args func(part) river.JobArgs) error {
	return out.end(ctx, time.Now(), completing(w.r.queue, job), func(ctx context.Context, tx *queue.Tx) error {
		jobs := make([]queue.Job, len(parts))
		for i, p := range parts {
			jobs[i] = queue.Job{Args: args(p), Opts: river.InsertOpts{Queue: job.Queue, Priority: w.run.priority()}}
		}
		return w.r.queue.Insert(ctx, tx, jobs...)
	})
}
