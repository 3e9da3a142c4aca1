// Package schedule decides when sites are visited and runs the visiting. A
// [Runner] works on a results database, alone on SQLite and together with
// others on PostgreSQL. [Runner.Begin] begins a run over an inventory,
// [Runner.Serve] keeps a calendar of runs, [Runner.Ask] takes single sites.
//
// Every piece of work is a job of River ([queue]): plan reads the inventory,
// resolve asks for addresses, visit and confirm visit sites, render those that
// need a browser, finish ends the run. A job stores its rows, the jobs that
// follow from them and its own completion in one transaction, so a process
// that is killed loses nothing and doubles nothing.
//
// The inner rooms know more: visit one site, polite the limits of an address,
// load whether this machine keeps up, queue River, calendar the ticks, lint
// what needs no network. This room does not know what a rule is about, and
// never reports a local error as a site's failure.
package schedule

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"golang.org/x/sync/semaphore"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/calendar"
	"github.com/beianwatch/beianwatch/schedule/load"
	"github.com/beianwatch/beianwatch/schedule/outbox"
	"github.com/beianwatch/beianwatch/schedule/packed"
	"github.com/beianwatch/beianwatch/schedule/polite"
	"github.com/beianwatch/beianwatch/schedule/queue"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// A Runner works on one results database: on SQLite alone, or next to the
// process that does; on PostgreSQL together with others.
type Runner struct {
	cfg         Config
	opt         Options
	ruleset     string
	fingerprint string         // of everything that decides verdicts
	name        string         // of this process among those that insert jobs …
	began       time.Time      // … and from when it counts its own time
	static      *visit.Scanner // Scanner without the browser: it says which names need one
	db          *tables
	lives       *lifecycle.Store
	outbox      *outbox.Outbox
	queue       *queue.Queue
	working     bool // jobs are worked here
	locks       *polite.Locks
	log         *slog.Logger
	load        *load.Monitor
	resolves    *load.Slots // questions about addresses
	visits      *load.Slots // first visits
	confirms    *load.Slots // visits that confirm a failure: with bounds of their own, so that the dead do not slow the live
	drawings    *load.Slots
	resolvePace *load.Pacer
	confirmPace *load.Pacer
	room        *semaphore.Weighted // names that visit jobs may hold

	ctx     context.Context // of everything that outlives a job
	stop    context.CancelFunc
	ending  atomic.Bool
	tasks   sync.WaitGroup
	closing sync.Once
	closed  error

	beginning sync.Mutex // one run begins at a time
	joining   sync.Mutex // one runWorker is made or closed at a time
	suspects  sync.Mutex // one suspected part is worked at a time

	mu         sync.Mutex // guards what follows
	runWorkers map[string]*runWorker
	attached   map[string]*Run
	readings   map[string]*reading
	writings   map[string]*writing
	failures   map[string]error // of runs, or of all ("")
	strikes    int              // jobs that failed in a row
	entries    []calendar.Planned
	halts      map[string]*halt // of runs that were worked here
}

// Bounds on visits that keep us waiting. Such a visit holds one socket and some
// 10 kB.
const (
	maxSlow         = 8192
	confirmPerQuick = 4 // one place in so many is for confirming
)

// The least time after which a visit, and a name that is being resolved, moves
// to the slow side. A packet to a resolver that was lost costs seconds.
const (
	slowAfter = 250 * time.Millisecond
	lostAfter = 100 * time.Millisecond
)

// Open begins to work on the database. With [ErrHeld] another process works on
// it, and the Runner returned hands runs to that one.
func Open(ctx context.Context, cfg Config) (*Runner, error) {
	r := newRunner(cfg)
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, message.Errorf("建立数据文件夹：%w", "making the data folder: %w", err)
	}
	var err error
	if r.db, err = openTables(ctx, cfg.Store); err != nil {
		return nil, err
	}
	if r.lives, err = lifecycle.Open(ctx, cfg.Store); err != nil {
		return nil, err
	}
	r.outbox = &outbox.Outbox{Writer: r.db.writer, Reader: r.db.reader, Telling: cfg.Tell, Now: r.cfg.Now, Log: r.log}
	r.fingerprint = r.makeFingerprint()
	if r.locks, err = polite.OpenLocks(ctx, connConfig(cfg.Store), cfg.Scanner.RequestTimeout(), r.log); err != nil {
		return nil, err
	}
	if cfg.Gate != nil {
		cfg.Gate.Share(r.locks)
	}
	held := r.openQueue(ctx)
	if held != nil && !errors.Is(held, ErrHeld) {
		r.locks.Close()
		return nil, held
	}
	r.tasks.Go(func() { r.load.Watch(r.ctx) })
	r.tasks.Go(r.probe)
	r.tasks.Go(func() { r.queue.KeepTime(r.ctx, r.cfg.Now, r.log) })
	if !cfg.Single {
		if err := r.work(); err != nil {
			r.Close() //nolint:errcheck // the first error says more
			return nil, err
		}
	}
	return r, held
}

// connConfig is how to reach the database for a connection of one's own; nil if
// it is a file.
func connConfig(st *store.Store) *pgx.ConnConfig {
	if !st.Postgres() {
		return nil
	}
	return st.Pool().Config().ConnConfig.Copy()
}

func newRunner(cfg Config) *Runner {
	r := &Runner{
		cfg: cfg, opt: cfg.Options.filled(), log: cfg.Log, ruleset: detect.Ruleset(), name: rand.Text()[:8], began: time.Now(),
		runWorkers: map[string]*runWorker{}, attached: map[string]*Run{}, readings: map[string]*reading{}, writings: map[string]*writing{}, failures: map[string]error{}, halts: map[string]*halt{},
	}
	if len(cfg.Roles) == 0 {
		r.cfg.Roles = []Role{RoleScheduler, RoleWorker, RoleRenderer, RoleWeb}
	}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if r.cfg.Now == nil {
		r.cfg.Now = time.Now
	}
	r.ctx, r.stop = context.WithCancel(context.Background())
	r.static = cfg.Scanner
	if cfg.Renderers > 0 {
		r.static = cfg.Scanner.Deferring()
	}
	r.load = load.NewMonitor(r.static.Reading)
	if cfg.Gate != nil {
		cfg.Gate.SetCalm(r.load.Calm)
	}
	slow := min(maxSlow, max(64, (load.MaxFiles()-512-2*r.opt.Concurrency)/3))
	r.resolves = load.NewSlots(resolvers, min(maxResolvers, slow), lostAfter, r.load.TypicalName, r.load.KeepsUp)
	r.resolvePace, r.confirmPace = load.PerSecond(r.opt.ResolveRate), load.PerSecond(perCore(confirmRate))
	r.visits = load.NewSlots(r.opt.Concurrency, slow, slowAfter, r.load.TypicalVisit, r.load.KeepsUp)
	r.confirms = load.NewSlots(max(4, r.opt.Concurrency/confirmPerQuick), slow, slowAfter, r.load.TypicalVisit, r.load.KeepsUp)
	r.drawings = load.NewSlots(max(1, cfg.Renderers), 1, time.Hour, r.load.TypicalVisit, r.load.KeepsUp)
	r.room = semaphore.NewWeighted(int64(roomFor(r.opt.Concurrency)))
	return r
}

// roomFor is how many names visit jobs may hold and not have begun: enough that
// no place is ever free, and no more than are begun soon.
func roomFor(concurrency int) int { return 2*concurrency + 2*maxShard }

// makeFingerprint names everything that decides verdicts: a process with
// another one must not work the same jobs.
func (r *Runner) makeFingerprint() string {
	h, s := fnv.New32a(), r.cfg.Scanner
	p := s.EffectivePolicy()
	fmt.Fprintln(h, r.db.form, packed.Form, r.ruleset, p.Ruleset(), p.Render, p.Pages, p.VantageMainland, s.Vantage, s.RequestTimeout(), s.Confirm.Delays, s.Confirm.Fails)
	return fmt.Sprintf("%08x", h.Sum32())
}

// openQueue opens the queue, and takes it if it is free; else [ErrHeld].
func (r *Runner) openQueue(ctx context.Context) (held error) {
	q, err := queue.Open(ctx, r.cfg.Store, r.cfg.Dir)
	if err != nil && !errors.Is(err, ErrHeld) {
		return err
	}
	r.queue = q
	if starting := r.enlist(ctx); starting != nil {
		q.Close()
		return starting
	}
	return err
}

// enlist begins to insert jobs. Who has taken the queue of a file says by what settings
// its jobs are worked.
func (r *Runner) enlist(ctx context.Context) error {
	err := r.queue.Start(r.ctx, r.cfg.Store, queue.Options{Log: r.log})
	if err == nil && r.queue.Works() && !r.queue.Postgres() {
		err = r.sayHeld(ctx)
	}
	return r.cfg.Store.InWords(err)
}

// work begins to work jobs. A process that is there for one run does so when it
// knows which: else it would end a run that was left, and begin it again.
func (r *Runner) work() error {
	if r.working || !r.queue.Works() {
		return nil
	}
	err := r.queue.Start(r.ctx, r.cfg.Store, queue.Options{
		Workers: r.workers(), Queues: r.queues(), Lead: true, Periodic: []*river.PeriodicJob{r.everyMinute()}, Log: r.log,
	})
	r.working = err == nil
	return err
}

// sameSettings makes sure that the process that holds the queue works with our
// rules and settings, so that it takes what we insert.
func (r *Runner) sameSettings(ctx context.Context) error {
	if r.queue.Postgres() || r.queue.Works() {
		return nil
	}
	n, err := r.db.number(ctx, `SELECT COUNT(*) FROM holder WHERE config = $1`, r.fingerprint)
	if err == nil && n == 0 {
		err = ErrOtherSettings
	}
	return err
}

// promote takes the queue over from a process that has gone away; [ErrHeld] if
// it has not.
func (r *Runner) promote(ctx context.Context) error {
	if r.queue.Works() {
		return nil
	}
	if err := r.queue.Take(ctx); err != nil {
		return err
	}
	err := r.enlist(ctx)
	if err == nil {
		err = r.work()
	}
	if err != nil {
		r.queue.Close()
	}
	return err
}

// has reports whether this process has a role.
func (r *Runner) has(role Role) bool { return slices.Contains(r.cfg.Roles, role) }

// renders reports whether this process draws pages.
func (r *Runner) renders() bool { return r.has(RoleRenderer) && r.cfg.Renderers > 0 }

// stopping reports whether the process is being stopped.
func (r *Runner) stopping() bool { return r.ending.Load() }

// Close stops all work, at the latest when the visits under way have noticed.
// What was not finished waits to be taken up again, here or elsewhere.
func (r *Runner) Close() error {
	r.closing.Do(func() {
		r.ending.Store(true)
		r.closed = r.queue.Stop()
		r.stop()
		r.closeWorkers("")
		r.tasks.Wait()
		r.locks.Close()
		r.queue.Close()
	})
	return r.closed
}

// paused says why visits of a run are held back here; "" if they are not.
func (r *Runner) paused(run string) string {
	r.mu.Lock()
	w := r.runWorkers[run]
	r.mu.Unlock()
	if w == nil {
		return ""
	}
	return w.health.paused()
}

// intake waits until there is room for names; false if there is none for long.
// Room is given back as names are done with, and the rest by leave.
func (r *Runner) intake(ctx context.Context, names int) (leave func(), ok bool) {
	n := int64(min(names, roomFor(r.opt.Concurrency)))
	ctx, cancel := context.WithTimeout(ctx, intakeWait)
	defer cancel()
	if r.room.Acquire(ctx, n) != nil {
		return nil, false
	}
	return sync.OnceFunc(func() { r.room.Release(n) }), true
}

// completing ends a job in a transaction.
func completing[A river.JobArgs](q *queue.Queue, job *river.Job[A]) func(context.Context, *queue.Tx) error {
	return func(ctx context.Context, tx *queue.Tx) error { return queue.Complete(ctx, q, tx, job) }
}
