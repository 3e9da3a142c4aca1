package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// Config is what a [Runner] works with.
type Config struct {
	Store   *store.Store
	Dir     string  // data folder: the job queue queue.db and the evidence are kept there
	Looker  *Looker // looks at the sites
	Gate    *Gate   // the gate that Looker.Web passes; nil: no politeness per address
	Options Options
	// Finished is called when a run is closed, to write reports and tell
	// people; nil: nothing is called.
	Finished func(context.Context, *reports.Run) error
	Log      *slog.Logger     // nil: nothing is logged
	Now      func() time.Time // the clock of runs and calendar; nil: time.Now
}

// A Runner runs rounds in one data folder, which it holds against other
// processes from Open to Close.
type Runner struct {
	cfg      Config
	opt      Options
	db       *tables
	queue    *queue
	log      *slog.Logger
	resolves *slots // questions about addresses
	looks    *slots // first looks
	confirms *slots // looks that confirm a failure: with bounds of their own, so that the dead do not slow the live
	lanes    laneKeeper
	strain   strain
	calendar calendar
	window   int // names that are resolved ahead at a time
	stop     context.CancelFunc
	tasks    sync.WaitGroup

	mu     sync.Mutex
	rounds map[int64]*Round // those under way
}

// window is how many names are resolved ahead at a time. What is planned ahead
// of the visits lies in the database, so memory does not grow with the
// inventory; the bound keeps DNS answers young.
const window = 50_000

// Bounds on looks that keep us waiting. Such a look holds one socket and some
// 10 kB.
const (
	maxSlow         = 8192
	confirmPerQuick = 4 // one place in so many is for confirming
)

// Open takes the data folder. [ErrBusy] says that another process has it.
func Open(ctx context.Context, cfg Config) (*Runner, error) {
	r := &Runner{cfg: cfg, opt: cfg.Options.settle(), log: cfg.Log, rounds: map[int64]*Round{}, window: window}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if r.cfg.Now == nil {
		r.cfg.Now = time.Now
	}
	r.opt.Confirm = cfg.Looker.Confirm
	if err := os.MkdirAll(cfg.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	var err error
	if r.queue, err = openQueue(ctx, filepath.Join(cfg.Dir, "queue.db")); err != nil {
		return nil, err
	}
	if r.db, err = openTables(ctx, cfg.Store); err != nil {
		r.queue.close() //nolint:errcheck // the first error says more
		return nil, err
	}
	slow := min(maxSlow, max(64, (fileLimit()-512-2*r.opt.Concurrency)/3))
	r.strain.look = cfg.Looker
	r.resolves = newSlots(resolvers, min(resolvesMax, slow), r.strain.calm)
	r.looks = newSlots(r.opt.Concurrency, slow, r.strain.calm)
	r.confirms = newSlots(max(4, r.opt.Concurrency/confirmPerQuick), slow, r.strain.calm)
	r.calendar = calendar{r: r}
	return r, r.start(ctx)
}

// start begins to work jobs and to watch this machine.
func (r *Runner) start(ctx context.Context) error {
	// The work outlives the context of Open: Close ends it.
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	r.stop = stop
	timeout := shardStarts + r.cfg.Looker.limit() + 5*time.Second
	if err := r.queue.start(base, r.workers(), timeout, timeout+15*time.Second, r.log); err != nil {
		stop()
		r.queue.close() //nolint:errcheck // the first error says more
		return err
	}
	r.tasks.Go(func() { r.strain.watch(base) })
	return nil
}

// shardStarts is how long a shard goes on beginning looks. With the last look
// begun then, a shard at the usual timeout of 15 s ends after 70 s at most, its
// job is stopped after 75 s and taken for lost after 90 s.
const shardStarts = 20 * time.Second

// Close stops all work, at the latest when the looks under way have noticed,
// and frees the data folder. What was not finished can be resumed.
func (r *Runner) Close() error {
	r.endRounds(context.Canceled)
	err := r.queue.close()
	r.stop()
	r.tasks.Wait()
	return err
}

// endRounds stops the rounds under way and waits for them; one that was begun
// and never run has nothing to stop.
func (r *Runner) endRounds(why error) {
	for _, rd := range r.Rounds() {
		rd.fail(why)
		if rd.running() {
			<-rd.ended
		}
	}
}

// Rounds lists the rounds under way, the oldest first.
func (r *Runner) Rounds() []*Round {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]*Round, 0, len(r.rounds))
	for _, rd := range r.rounds {
		list = append(list, rd)
	}
	slices.SortFunc(list, func(a, b *Round) int { return int(a.id - b.id) })
	return list
}

func (r *Runner) round(id int64) *Round {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rounds[id]
}

// errUnderWay says that a run of the inventory is under way in this process.
var errUnderWay = errors.New("a run of this inventory is under way")

// enter makes a round known to its jobs.
func (r *Runner) enter(rd *Round) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, other := range r.rounds {
		if other.inventory == rd.inventory {
			return fmt.Errorf("%w: %s, run %s", errUnderWay, rd.inventory, other.run.ID)
		}
	}
	r.rounds[rd.id] = rd
	return nil
}

func (r *Runner) leave(rd *Round) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.rounds, rd.id)
}
