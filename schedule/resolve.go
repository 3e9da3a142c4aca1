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
	"github.com/beianwatch/beianwatch/schedule/load"
	"github.com/beianwatch/beianwatch/schedule/packed"
	"github.com/beianwatch/beianwatch/schedule/queue"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// Bounds of the resolving.
const (
	resolvers    = 144  // names being asked about at once: dnsmasq refuses the 151st question by default …
	maxResolvers = 1000 // … and as many that wait for a resolver that waits for others
	// resolveTail is how long a job waits for the last of its names; those that
	// have no answer then are another job's.
	resolveTail = 2 * time.Second
	// maxAhead is how many visit jobs may wait before no more names are resolved:
	// answers would be too old when their visit comes.
	maxAhead = 250
)

// resolve works a job that asks for the addresses of names. Those that have
// one are sorted into visit jobs; those that have none are judged at once and
// cost no request.
func (w *runWorker) resolve(ctx context.Context, job *river.Job[resolveArgs]) error {
	ahead, err := w.r.queue.Waiting(ctx, w.r.db.reader, w.r.queueOf(queueVisit), maxAhead)
	if err != nil {
		return err
	}
	if ahead >= maxAhead {
		return river.JobSnooze(busyWait)
	}
	list, err := w.unresolved(ctx, job)
	if err != nil {
		return err
	}
	suspected, parts, yes, err := w.poisoned(ctx, job.JobRow, job.Args.partial, len(list), func() (*crawler.Target, []detect.Attempt, error) { return list[0].read() })
	if err != nil {
		return err
	}
	if yes {
		return insertParts(ctx, w, job, parts, suspected, func(p part) river.JobArgs {
			args := resolveArgs{Run: w.run.ID, partial: partial{true}}
			for _, t := range list[p.from:p.to] {
				args.Only = append(args.Only, t.seq)
			}
			return args
		})
	}
	began, out := time.Now(), &batch{w: w, job: job.JobRow}
	ask := &asking{w: w, out: out, left: list, patient: job.Args.Only != nil}
	ask.run(ctx)
	if err := ask.failed.get(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	found, unanswered := ask.found, ask.unanswered
	slices.SortFunc(found, func(a, b packed.Resolved) int {
		if c := strings.Compare(a.Key, b.Key); c != 0 {
			return c
		}
		return a.Seq - b.Seq
	})
	return out.end(ctx, began, completing(w.r.queue, job), func(ctx context.Context, tx *queue.Tx) error {
		if len(unanswered) > 0 {
			if err := w.r.queue.Insert(ctx, tx, w.r.resolveAgainJob(w.run, unanswered)); err != nil {
				return err
			}
		}
		return w.cut(ctx, tx, found, false)
	})
}

// unresolved reads the targets of a job.
func (w *runWorker) unresolved(ctx context.Context, job *river.Job[resolveArgs]) (list []target, err error) {
	if job.Args.Only != nil {
		list, err = w.r.targetsAt(ctx, w.run.number, job.Args.Only)
	} else {
		list, err = w.r.targetRange(ctx, w.run.number, job.Args.From, job.Args.To)
	}
	if err != nil || job.Attempt == 1 && !job.Args.Again {
		return list, err
	}
	// An attempt that was stopped may have stored the names without an address.
	if list, err = w.withoutVerdict(ctx, list); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(t target) bool { return len(t.attempts) > 0 }), nil
}

// asking is the asking for the addresses of a job's names.
type asking struct {
	w       *runWorker
	out     *batch
	patient bool // its names kept a job waiting before: wait for all of them

	mu         sync.Mutex
	left       []target // not asked for yet
	found      []packed.Resolved
	unanswered []int // names whose job went on without their answer
	failed     firstError
}

// run asks for all names and returns when they have their answers, or the job
// need not wait longer for the last of them.
func (a *asking) run(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stopFlush := a.out.run(ctx)
	defer stopFlush()
	var askers sync.WaitGroup
	over := make(chan struct{})
	starts, stopStarts := context.WithTimeout(ctx, visitStarts)
	defer stopStarts()
	a.begin(ctx, starts, &askers)
	go func() { askers.Wait(); close(over) }()
	var tail <-chan time.Time
	if !a.patient {
		tail = time.After(resolveTail)
	}
	select {
	case <-over:
	case <-tail:
		stop()
		<-over
	}
}

// begin starts askers until no name is left, or no more are begun because a slow
// resolver has used up the time: they are another job's. An asker goes from name
// to name; one whose name keeps it waiting makes room for another.
func (a *asking) begin(ctx, starts context.Context, askers *sync.WaitGroup) {
	for starts.Err() == nil && a.remain() {
		p, err := a.w.r.resolves.Enter(starts)
		if err != nil {
			break
		}
		p.Pause() // until it has a name
		askers.Go(func() {
			defer p.Leave()
			for !p.Moved() {
				t, ok := a.next(starts)
				if !ok {
					return
				}
				a.one(ctx, &t, p)
			}
		})
	}
	for { // what was not begun
		t, ok := a.take()
		if !ok {
			return
		}
		a.skip(&t)
	}
}

// one asks for one name.
func (a *asking) one(ctx context.Context, t *target, p *load.Place) {
	now := time.Now()
	p.Begin(now)
	defer p.Pause()
	r, ok, err := a.w.resolveOne(ctx, t, now, a.out)
	switch {
	case ctx.Err() != nil:
		a.skip(t)
	case err != nil:
		a.failed.set(err)
	case ok:
		a.mu.Lock()
		a.found = append(a.found, r)
		a.mu.Unlock()
	}
}

// next waits for the turn of one more name.
func (a *asking) next(ctx context.Context) (target, bool) {
	if !a.w.r.resolvePace.Wait(ctx) {
		return target{}, false
	}
	return a.take()
}

func (a *asking) take() (t target, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.left) == 0 {
		return t, false
	}
	t, a.left = a.left[0], a.left[1:]
	return t, true
}

func (a *asking) remain() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.left) > 0
}

func (a *asking) skip(t *target) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.unanswered = append(a.unanswered, t.seq)
}

// resolveOne asks for the addresses of one name; false if it has none and is
// dealt with. The line of a name that has an address is not unpacked, unless the
// address stands in it: only its visit needs it.
func (w *runWorker) resolveOne(ctx context.Context, t *target, now time.Time, out *batch) (packed.Resolved, bool, error) {
	var line *crawler.Target
	var pin netip.Addr
	var err error
	if packed.Pinned(t.data) {
		if line, err = t.unpack(); err != nil {
			return packed.Resolved{}, false, err
		}
		pin = line.Address
	}
	lookups := w.r.cfg.Scanner.Resolve(ctx, t.domain, pin, 0)
	if ctx.Err() != nil {
		return packed.Resolved{}, false, nil
	}
	if visit.HasAddress(lookups) {
		w.r.load.Resolved(lookups[len(lookups)-1].At.Sub(now))
		return packed.Resolved{Key: w.key(t.domain, lookups), Seq: t.seq, Domain: t.domain, Line: t.line, Data: t.data, Lookups: lookups}, true, nil
	}
	if line == nil {
		if line, err = t.unpack(); err != nil {
			return packed.Resolved{}, false, err
		}
	}
	c := w.r.cfg.Scanner.Visit(ctx, line, lookups, nil)
	if ctx.Err() != nil {
		return packed.Resolved{}, false, nil
	}
	if err := w.decide(ctx, c, history{}, out); !errors.Is(err, errNotNow) {
		return packed.Resolved{}, false, err
	}
	return packed.Resolved{}, false, nil // ctx has ended: as if it had not been visited
}

// key is the politeness key of the address that a name's visit dials first. It
// is empty where no address is limited: then names are visited in the order of
// the inventory, because those of one dead address would come in a row and take
// all places at once.
func (w *runWorker) key(domain string, lookups []crawler.Lookup) string {
	if !w.r.cfg.Gate.Limited() {
		return ""
	}
	obs := crawler.Observation{Lookups: lookups}
	addrs, _ := obs.Addresses(domain)
	if len(addrs) == 0 {
		addrs, _ = obs.Addresses("www." + domain)
	}
	if len(addrs) == 0 {
		return ""
	}
	return w.r.cfg.Gate.Key(addrs[0]).String()
}
