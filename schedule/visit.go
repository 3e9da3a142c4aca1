package schedule

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/packed"
	"github.com/beianwatch/beianwatch/schedule/queue"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// The times of a visit job.
const (
	// visitStarts is how long a job begins visits. With the last one begun then,
	// a job at the usual timeout of 15 s ends within [queue.Timeout].
	visitStarts = 20 * time.Second
	// intakeWait is how long a job waits until this process has room for its
	// names; then it is left for a process that has.
	intakeWait = 10 * time.Second
	// busyWait is the time after which a job whose addresses others hold is
	// tried again. A shorter snooze comes back at once.
	busyWait = 2 * time.Second
	// A name that keeps its job waiting longer than so many times what is typical
	// is visited by another job: the others' results shall not wait for it.
	tailTimes        = 8
	minTail, maxTail = 2 * time.Second, 10 * time.Second
)

// A visiting is one name that is to be visited.
type visiting struct {
	packed.Resolved
	target *crawler.Target
	last   *store.Last // what the run before knows of it, nil for nothing
	begun  bool
	done   bool
}

// visit works the job that visits the names of a shard, or the next ones of a
// busy address.
func (w *runWorker) visit(ctx context.Context, job *river.Job[visitArgs]) error {
	if w.health.pause(ctx) != "" {
		return river.JobSnooze(busyWait)
	}
	names, chunks, err := w.load(ctx, job)
	if err != nil {
		return err
	}
	suspected, parts, yes, err := w.poisoned(ctx, job.JobRow, job.Args.partial, len(names), func() (*crawler.Target, []detect.Attempt, error) { return names[0].target, nil, nil })
	if err != nil {
		return err
	}
	if yes {
		return w.visitParts(ctx, job, chunks, names, parts, suspected)
	}
	patient := job.Args.Patient || job.Args.Address != ""
	leave := func() {}
	if !patient {
		var ok bool
		if leave, ok = w.r.intake(ctx, len(names)); !ok {
			return river.JobSnooze(busyWait)
		}
	}
	defer leave()
	began, out := time.Now(), &batch{w: w, job: job.JobRow}
	stop := out.run(ctx)
	err = w.visitAll(ctx, names, patient, leave, out)
	stop()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil { // what was seen until then is kept
		return errors.Join(err, out.save(ctx))
	}
	if !slices.ContainsFunc(names, func(v visiting) bool { return v.begun }) && len(names) > 0 {
		return river.JobSnooze(busyWait) // others hold all of its addresses, or visits are held back
	}
	return out.end(ctx, began, completing(w.r.queue, job), func(ctx context.Context, tx *queue.Tx) error {
		return w.afterVisit(ctx, tx, job, chunks, names)
	})
}

// visitAll visits the names, those of one address as many at a time as it may
// have requests. Addresses that another process holds are left out. What is
// left when it returns has not been visited.
// begun is called when the last visit has begun.
func (w *runWorker) visitAll(ctx context.Context, names []visiting, patient bool, begun func(), to *batch) error {
	until := time.Now().Add(visitStarts)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	groups := byKey(names)
	held, err := w.r.hold(ctx, groups, stop)
	if err != nil {
		return err
	}
	defer held.end()
	var visits, beginning sync.WaitGroup
	var failed firstError
	for _, g := range groups {
		if !held.has(g.key) {
			continue
		}
		beginning.Add(1)
		visits.Go(func() {
			defer held.give(g.key)
			failed.set(w.visitGroup(ctx, g, until, beginning.Done, to))
		})
	}
	over := make(chan struct{})
	go func() { visits.Wait(); close(over) }()
	beginning.Wait()
	begun()
	var tail <-chan time.Time
	if !patient {
		tail = time.After(min(max(tailTimes*w.r.load.TypicalVisit(), minTail), maxTail))
	}
	select {
	case <-over:
	case <-tail:
		stop()
		<-over
	}
	return failed.get()
}

// A group is the names of one address.
type group struct {
	key   string // the politeness key; "" where no address is limited
	names []visiting
}

// byKey cuts names, sorted by key, where the key changes. Where no address is
// limited each name is a group of its own.
func byKey(names []visiting) []group {
	var groups []group
	for from := 0; from < len(names); {
		to := from + 1
		for to < len(names) && names[from].Key != "" && names[to].Key == names[from].Key {
			to++
		}
		groups = append(groups, group{names[from].Key, names[from:to]})
		from = to
	}
	return groups
}

// visitGroup visits the names of one address. begun is called when the last
// visit has begun, or none will begin any more.
func (w *runWorker) visitGroup(ctx context.Context, g group, until time.Time, begun func(), to *batch) error {
	begun = sync.OnceFunc(begun)
	defer begun()
	var visits sync.WaitGroup
	defer visits.Wait()
	var failed firstError
	addr, _ := netip.ParseAddr(g.key) // not valid: no address is limited
	abreast := make(chan struct{}, w.r.cfg.Gate.Abreast(addr))
	for i := range g.names {
		select {
		case abreast <- struct{}{}:
		case <-ctx.Done():
			return failed.get()
		}
		if !w.r.cfg.Gate.Pace(ctx, addr, until) || w.health.pause(ctx) != "" {
			break
		}
		place, err := w.r.visits.Enter(ctx)
		if err != nil {
			break
		}
		visits.Go(func() {
			defer func() { place.Leave(); <-abreast }()
			failed.set(w.visitOne(ctx, &g.names[i], to))
		})
	}
	begun()
	visits.Wait()
	return failed.get()
}

// visitOne visits one name and decides what follows.
func (w *runWorker) visitOne(ctx context.Context, v *visiting, to *batch) error {
	began := time.Now()
	v.begun = true
	c, end := w.r.static.VisitAgain(ctx, v.target, v.Lookups, nil, w.previous(v.last))
	defer end.Release()
	if ctx.Err() != nil || end.Short {
		return nil // we were stopped: what was seen may be our doing
	}
	if c.Answer != nil {
		w.r.load.Answered(time.Since(began))
	}
	v.done = true
	switch {
	case end.Kept != nil:
		return w.keep(c, end.Kept, to)
	case w.draws(end):
		to.draw(v.Domain, v.last)
		return nil
	}
	err := w.decide(ctx, c, history{whole: end.Whole, asked: true, last: v.last}, to)
	if errors.Is(err, errNotNow) {
		v.done = false
		return nil
	}
	return err
}

// previous is what may let a name keep its outcomes; nil if it must be judged.
func (w *runWorker) previous(last *store.Last) *visit.Previous {
	if w.opt.JudgeAll {
		return nil
	}
	return visit.NewPrevious(last, w.config, w.opt.Evidence == EvidenceAll, w.r.cfg.Now(), w.opt.FullEvery)
}

// load reads the names of a job that have no verdict yet. chunks are the rows
// that they stand in.
func (w *runWorker) load(ctx context.Context, job *river.Job[visitArgs]) (names []visiting, chunks []int64, err error) {
	chunks, list, err := w.chunks(ctx, job.Args)
	if err != nil {
		return nil, nil, err
	}
	if job.Attempt > 1 {
		if list, err = w.unvisited(ctx, list); err != nil {
			return nil, nil, err
		}
	}
	slices.SortStableFunc(list, func(a, b packed.Resolved) int { return strings.Compare(a.Key, b.Key) })
	names = make([]visiting, len(list))
	domains := make([]string, len(list))
	for i := range list {
		names[i].Resolved, domains[i] = list[i], list[i].Domain
		if names[i].target, err = packed.ReadTarget(list[i].Domain, list[i].Line, list[i].Data); err != nil {
			return nil, nil, err
		}
	}
	if w.before == "" {
		return names, chunks, nil
	}
	last, err := w.r.cfg.Store.Last(ctx, w.before, domains)
	for i := range names {
		names[i].last = last[domains[i]]
	}
	return names, chunks, err
}

// unvisited drops the names that an earlier attempt at the job has dealt with:
// they have a verdict, or a job that visits them again.
func (w *runWorker) unvisited(ctx context.Context, list []packed.Resolved) ([]packed.Resolved, error) {
	domains := make([]string, len(list))
	for i := range list {
		domains[i] = list[i].Domain
	}
	done, err := w.r.cfg.Store.Stored(ctx, w.run.ID, domains)
	if err != nil {
		return nil, err
	}
	targets, err := w.r.targetsNamed(ctx, w.run.number, domains)
	for _, t := range targets {
		done[t.domain] = done[t.domain] || len(t.attempts) > 0
	}
	return slices.DeleteFunc(list, func(v packed.Resolved) bool { return done[v.Domain] }), err
}

// afterVisit stores what is left of a job's names, as jobs that follow it.
func (w *runWorker) afterVisit(ctx context.Context, tx *queue.Tx, job *river.Job[visitArgs], chunks []int64, names []visiting) error {
	var left []packed.Resolved
	for i := range names {
		if !names[i].done {
			left = append(left, names[i].Resolved)
		}
	}
	address := job.Args.Address
	if err := w.dropChunks(ctx, tx.Tx, chunks); err != nil {
		return err
	}
	if address == "" {
		return w.cut(ctx, tx, left, true)
	}
	if err := w.keepChunk(ctx, tx.Tx, chunks, address, left); err != nil {
		return err
	}
	more, err := w.hasChunk(ctx, tx.Tx, address)
	if err != nil || !more {
		return err
	}
	return w.r.queue.Insert(ctx, tx, w.r.addressJob(w.run, address))
}
