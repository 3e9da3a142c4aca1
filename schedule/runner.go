package schedule

import (
	"context"
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
	"github.com/riverqueue/river/rivertype"
	"golang.org/x/sync/semaphore"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/calendar"
	"github.com/beianwatch/beianwatch/schedule/load"
	"github.com/beianwatch/beianwatch/schedule/polite"
	"github.com/beianwatch/beianwatch/schedule/queue"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// A Role is a kind of work that a process does.
type Role string

// The roles. On SQLite one process has them all.
const (
	RoleScheduler Role = "scheduler" // keeps the calendar, plans runs and ends them
	RoleWorker    Role = "worker"    // resolves, visits, confirms, and does the checks that people ask for
	RoleRenderer  Role = "renderer"  // draws pages in a browser
	RoleWeb       Role = "web"       // takes what people ask for
)

// ErrHeld reports that another process works on the SQLite database; runs can
// be handed to it.
var ErrHeld = queue.ErrHeld

// Config is what a [Runner] works with.
type Config struct {
	Store   *store.Store
	Dir     string         // data folder: the evidence is kept there, on SQLite the lock file too
	Roles   []Role         // empty: all
	Single  bool           // the process is there for the run that Begin begins, and works when that has; on SQLite others' unfinished runs wait
	Scanner *visit.Scanner // visits the sites
	Gate    *polite.Gate   // the gate that Scanner.Web passes; nil: no limits per address
	Options Options
	// Renderers is how many pages are drawn at once; 0: none are drawn here, and
	// if Scanner cannot draw either, nowhere.
	Renderers int
	// DefaultControls are sites that are known to be up, for a run that has seen
	// none yet.
	DefaultControls []string
	// Checker visits the sites that people ask for (Runner.Ask): it does not
	// wait as long as Scanner before it visits again. CheckTarget makes the target
	// of what they ask for. nil: this process answers no one.
	Checker     *visit.Scanner
	CheckTarget func(domain, filing string) (*crawler.Target, error)
	// Finished is called before a run is marked as done, to write reports and
	// tell people. It may be called again for the same run if it was cut short.
	Finished func(context.Context, *reports.Run) error
	Log      *slog.Logger     // nil: nothing is logged
	Now      func() time.Time // the clock of runs and calendar; nil: time.Now
}

// A Runner works on one results database: on SQLite alone, or next to the
// process that does; on PostgreSQL together with others.
type Runner struct {
	cfg         Config
	opt         Options
	ruleset     string
	fingerprint string         // of everything that decides verdicts
	static      *visit.Scanner // Scanner without the browser: it says which names need one
	db          *tables
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

	mu         sync.Mutex // guards what follows
	runWorkers map[string]*runWorker
	attached   map[string]*Run
	readings   map[string]*reading
	writings   map[string]*writing
	failures   map[string]error // of runs, or of all ("")
	strikes    int              // jobs that failed in a row
	entries    []calendar.Planned
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
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	var err error
	if r.db, err = openTables(ctx, cfg.Store); err != nil {
		return nil, err
	}
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
		cfg: cfg, opt: cfg.Options.filled(), log: cfg.Log, ruleset: detect.Ruleset(),
		runWorkers: map[string]*runWorker{}, attached: map[string]*Run{}, readings: map[string]*reading{}, writings: map[string]*writing{}, failures: map[string]error{},
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
	fmt.Fprintln(h, r.db.form, resolvedForm, r.ruleset, p.Ruleset(), p.Render, p.Pages, p.VantageMainland, s.Vantage, s.RequestTimeout(), s.Confirm.Delays, s.Confirm.Fails)
	return fmt.Sprintf("%08x", h.Sum32())
}

// openQueue takes the queue and begins to work jobs, or to insert them only.
func (r *Runner) openQueue(ctx context.Context) (held error) {
	q, err := queue.Open(ctx, r.cfg.Store, r.cfg.Dir)
	if err != nil && !errors.Is(err, ErrHeld) {
		return err
	}
	r.queue, r.working = q, false
	starting := q.Start(r.ctx, r.cfg.Store, queue.Options{Log: r.log})
	if starting == nil && q.Works() && !q.Postgres() {
		if starting = r.db.exec(ctx, `DELETE FROM holder`); starting == nil {
			starting = r.db.exec(ctx, `INSERT INTO holder (config) VALUES ($1)`, r.fingerprint)
		}
	}
	if starting != nil {
		q.Close()
		return starting
	}
	return err
}

// work begins to work jobs. A process that is there for one run does so when it
// knows which: else it would end a run that was left, and begin it again.
func (r *Runner) work() error {
	if r.working || !r.queue.Works() {
		return nil
	}
	r.working = true
	return r.queue.Start(r.ctx, r.cfg.Store, queue.Options{
		Workers: r.workers(), Queues: r.queues(), Lead: true, Periodic: []*river.PeriodicJob{r.everyMinute()}, Log: r.log,
	})
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
	q, err := queue.Open(ctx, r.cfg.Store, r.cfg.Dir)
	if err != nil {
		return err
	}
	q.Close()
	if err := r.openQueue(ctx); err != nil {
		return err
	}
	return r.work()
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

// maxStrikes is how many jobs in a row may fail before a person is told that
// something is wrong with this machine (the disk, as a rule). An outage of the
// database does not count.
const maxStrikes = 5

// told counts what became of a job, and returns its error to River, which tries
// it again.
func (r *Runner) told(err error) error {
	var snooze *rivertype.JobSnoozeError
	switch {
	case err == nil || errors.As(err, &snooze):
		r.mu.Lock()
		r.strikes = 0
		r.mu.Unlock()
		return err
	case errors.Is(err, store.ErrClosed):
		return nil // the run is over
	case errors.Is(err, queue.ErrNotMine):
		// River goes by the id: with no error it would complete the attempt of the
		// worker that has the job now. An error lets the job be tried once more.
		return err
	case store.Unavailable(err) || errors.Is(err, context.Canceled) || errors.Is(err, polite.ErrLost):
		return err
	}
	r.mu.Lock()
	r.strikes++
	n := r.strikes
	r.mu.Unlock()
	r.log.Warn("a job failed and is tried again", "err", err)
	if n >= maxStrikes {
		r.fail("", err)
	}
	return err
}

// fail lets those who wait for a run, or for any ("" ), know that it cannot go
// on here.
func (r *Runner) fail(run string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures[run] = err
}

func (r *Runner) failure(run string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.failures[run]; err != nil {
		return err
	}
	if err := r.failures[""]; err != nil {
		return fmt.Errorf("%w; the same command resumes it", err)
	}
	return nil
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
