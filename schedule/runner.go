package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A Role is a kind of work that a process does.
type Role string

// The roles. On SQLite one process has them all.
const (
	RoleScheduler Role = "scheduler" // keeps the calendar and conducts runs
	RoleWorker    Role = "worker"    // resolves, visits, confirms, and does the checks that people ask for
	RoleWeb       Role = "web"       // takes what people ask for
)

// Config is what a [Runner] works with.
type Config struct {
	Store   *store.Store
	Dir     string  // data folder: the evidence is kept there, on SQLite the job queue queue.db too
	Roles   []Role  // empty: all
	Looker  *Looker // looks at the sites
	Gate    *Gate   // the gate that Looker.Web passes; nil: no politeness per address
	Options Options
	// Checker looks at the sites that people ask for (Runner.Ask): it does not
	// wait as long as Looker before it looks again. Inquire makes the target of
	// what they ask for. nil: this process answers nobody.
	Checker *Looker
	Inquire func(domain, filing string) (*crawler.Target, error)
	// Finished is called when a run is closed, to write reports and tell
	// people; nil: nothing is called.
	Finished func(context.Context, *reports.Run) error
	Log      *slog.Logger     // nil: nothing is logged
	Now      func() time.Time // the clock of runs and calendar; nil: time.Now
}

// A Runner works on one results database. On SQLite it holds the data folder
// against other processes from Open to Close; on PostgreSQL many work together.
type Runner struct {
	cfg         Config
	opt         Options
	db          *tables
	queue       queue
	grips       *gripper
	log         *slog.Logger
	resolves    *slots // questions about addresses
	looks       *slots // first looks
	confirms    *slots // looks that confirm a failure: with bounds of their own, so that the dead do not slow the live
	resolvePace *pacer
	confirmPace *pacer
	lanes       laneKeeper
	strain      strain
	calendar    calendar
	window      int          // names that are resolved ahead at a time
	resolving   atomic.Int64 // resolve tasks under way
	loaded      atomic.Int64 // names that visits hold in memory
	resting     atomic.Int64 // until when no task is taken, in milliseconds since 1970
	stop        context.CancelFunc
	tasks       sync.WaitGroup

	closing sync.Once
	closed  error
	signing sync.Once
	signed  string

	beginning sync.Mutex // one round begins at a time
	joining   sync.Mutex // one member is made at a time

	mu      sync.Mutex
	rounds  map[int64]*Round  // those that are conducted here
	members map[int64]*member // those that are worked here
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

// The least time after which a look, and a name that is being resolved, moves
// to the slow side. A packet to a resolver that was lost costs seconds.
const (
	slowAfter = 250 * time.Millisecond
	lostAfter = 100 * time.Millisecond
)

// Open begins to work on the database. [ErrBusy] says that another process has
// the data folder.
func Open(ctx context.Context, cfg Config) (*Runner, error) {
	r := newRunner(cfg)
	if err := os.MkdirAll(cfg.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	var err error
	if r.queue, err = openQueue(ctx, cfg.Store, cfg.Dir); err != nil {
		return nil, err
	}
	if r.db, err = openTables(ctx, cfg.Store); err == nil {
		r.grips, err = newGripper(ctx, connConfig(cfg.Store), cfg.Looker.timeout(), r.log)
	}
	if err != nil {
		r.queue.close() //nolint:errcheck // the first error says more
		return nil, err
	}
	r.share()
	return r, r.start(ctx)
}

func newRunner(cfg Config) *Runner {
	r := &Runner{cfg: cfg, opt: cfg.Options.settle(), log: cfg.Log, window: window, rounds: map[int64]*Round{}, members: map[int64]*member{}}
	if len(cfg.Roles) == 0 {
		r.cfg.Roles = []Role{RoleScheduler, RoleWorker, RoleWeb}
	}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if r.cfg.Now == nil {
		r.cfg.Now = time.Now
	}
	r.opt.Confirm, r.opt.Fails = cfg.Looker.Confirm, cfg.Looker.Fails
	slow := min(maxSlow, max(64, (fileLimit()-512-2*r.opt.Concurrency)/3))
	r.strain.look = cfg.Looker
	if cfg.Gate != nil {
		cfg.Gate.calm = r.strain.calm
	}
	r.resolves = newSlots(resolvers, min(resolvesMax, slow), lostAfter, r.strain.typicalName, r.strain.keepsUp)
	r.resolvePace, r.confirmPace = perSecond(r.opt.ResolveRate), perSecond(perCore(confirmRate))
	r.looks = newSlots(r.opt.Concurrency, slow, slowAfter, r.strain.typical, r.strain.keepsUp)
	r.confirms = newSlots(max(4, r.opt.Concurrency/confirmPerQuick), slow, slowAfter, r.strain.typical, r.strain.keepsUp)
	r.calendar = calendar{r: r}
	return r
}

// share lets the gate's limits hold over all processes on the database.
func (r *Runner) share() {
	r.lanes.grips, r.lanes.log, r.lanes.most = r.grips, r.log, 1<<30
	if !r.grips.shared() || !r.cfg.Gate.Limited() {
		return
	}
	r.lanes.most = max(minLanes, lanesPerLook*r.opt.Concurrency)
	r.cfg.Gate.share(&r.lanes)
}

// A process holds at most so many lanes: each is a lock in the server's table,
// which has room for some thousands (max_locks_per_transaction).
const (
	lanesPerLook = 4
	minLanes     = 64
)

// has tells whether this process has a role.
func (r *Runner) has(role Role) bool { return slices.Contains(r.cfg.Roles, role) }

// works tells whether this process works tasks.
func (r *Runner) works() bool { return r.has(RoleWorker) }

// start begins to work jobs and to watch this machine.
func (r *Runner) start(ctx context.Context) error {
	// The work outlives the context of Open: Close ends it.
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	r.stop = stop
	if err := r.queue.start(base, r.riverConfig()); err != nil {
		stop()
		r.grips.close()
		r.queue.close() //nolint:errcheck // the first error says more
		return err
	}
	r.tasks.Go(func() { r.strain.watch(base) })
	r.tasks.Go(func() { r.tend(base) })
	return nil
}

// shardStarts is how long a job goes on beginning looks. With the last look
// begun then, a job at the usual timeout of 15 s ends after 70 s at most, it
// is stopped after 75 s and taken for lost after 90 s.
const shardStarts = 20 * time.Second

// Close stops all work, at the latest when the looks under way have noticed.
// What was not finished waits to be taken up again, here or elsewhere.
func (r *Runner) Close() error {
	r.closing.Do(func() { r.closed = r.end() })
	return r.closed
}

func (r *Runner) end() error {
	r.endRounds(context.Canceled)
	err := r.queue.stop()
	for _, m := range r.everyMember() {
		err = errors.Join(err, r.dismiss(m, context.Canceled))
	}
	r.stop()
	r.tasks.Wait()
	r.grips.close()
	return errors.Join(err, r.queue.close())
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

// Rounds lists the rounds that are conducted here, the oldest first.
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

// roundOf gives the round over an inventory, nil if none is conducted here.
func (r *Runner) roundOf(inventory string) *Round {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, rd := range r.rounds {
		if rd.inventory == inventory {
			return rd
		}
	}
	return nil
}

// errUnderWay says that a run of the inventory is under way.
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
