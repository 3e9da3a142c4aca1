package schedule

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/reports/store"
)

// Progress is how far a run has come.
type Progress struct {
	Run       string
	Inventory string
	Phase     Phase
	Resumed   bool
	Lines     int           // input lines read so far
	Rejected  int           // of these, lines that could not be used
	Targets   int           // of these, names to be visited; the whole number once Phase is past PhasePlan
	Verdicts  int           // names that have theirs
	Pending   int           // names that are visited again later
	Held      int           // times that a verdict was held back because the trouble may be ours
	Kept      int           // names that kept the outcomes of the run before
	Found     int           // names with a violation or warning
	Paused    string        // why nothing is begun, empty if all is well
	Rate      float64       // verdicts a second over the last ten seconds or so
	Left      time.Duration // until the end at that rate; 0 if it cannot be told
	Elapsed   time.Duration // since this process began to watch the run
	Before    int           // verdicts that were there when this process began to watch
	Next      time.Time     // when the first of those that wait is visited again, while nothing else is left; else zero
}

// Phase is what a run is doing mainly.
type Phase string

// The phases of a run.
const (
	PhasePlan    Phase = "plan"    // the inventory is still being read
	PhaseVisit   Phase = "visit"   // names are resolved and visited
	PhaseConfirm Phase = "confirm" // only names that failed are left, and are visited again
	PhaseFinish  Phase = "finish"  // every name has its verdict
)

// sums count what was done for a run. They are stored in the transactions of the
// rows that they count.
type sums struct {
	verdicts, found, kept, held int64
	pending                     int64 // names that began to wait for another visit, less those that wait no more
}

func (s sums) plus(t sums) sums {
	return sums{s.verdicts + t.verdicts, s.found + t.found, s.kept + t.kept, s.held + t.held, s.pending + t.pending}
}

// addProgress adds to the sums of this process. Each process has a row of its
// own, so that none waits for another's transaction.
func (w *runWorker) addProgress(ctx context.Context, tx *sql.Tx, s sums) error {
	if s == (sums{}) {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO progress (run, worker, verdicts, held, found, kept, pending, controls) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (run, worker) DO UPDATE SET verdicts = progress.verdicts + excluded.verdicts, held = progress.held + excluded.held,
			found = progress.found + excluded.found, kept = progress.kept + excluded.kept,
			pending = progress.pending + excluded.pending, controls = excluded.controls`,
		w.run.number, w.id, s.verdicts, s.held, s.found, s.kept, s.pending, strings.Join(w.health.seen(), "\n"))
	return err
}

// controlsSeen lists the sites that the processes of a run saw serving.
func (r *Runner) controlsSeen(ctx context.Context, run int64) (names []string, err error) {
	err = r.db.rows(ctx, func(rows *sql.Rows) error {
		var list string
		err := rows.Scan(&list)
		names = append(names, strings.Fields(list)...)
		return err
	}, `SELECT controls FROM progress WHERE run = $1 ORDER BY worker`, run)
	return names, err
}

// rate is how fast verdicts come.
type rate struct {
	mu    sync.Mutex
	marks []mark // of the last seconds
}

// A mark is the number of verdicts at a moment.
type mark struct {
	at       time.Time
	verdicts int
}

// rateOver is the time over which the rate is taken.
const rateOver = 10 * time.Second

// of returns the recent number of verdicts a second, n of them now. Calling it
// keeps a mark.
func (t *rate) of(n int, now time.Time) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.marks) == 0 || now.Sub(t.marks[len(t.marks)-1].at) > 200*time.Millisecond {
		t.marks = append(t.marks, mark{now, n})
	}
	for len(t.marks) > 2 && now.Sub(t.marks[1].at) > rateOver {
		t.marks = t.marks[1:]
	}
	took := now.Sub(t.marks[0].at).Seconds()
	if took <= 0 {
		return 0
	}
	return float64(n-t.marks[0].verdicts) / took
}

// Progress returns how far the run has come. It costs a few small queries; while
// the database cannot be read, it returns what it returned last.
func (rn *Run) Progress() Progress {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	p, err := rn.read(ctx)
	rn.mu.Lock()
	defer rn.mu.Unlock()
	if err == nil {
		rn.last = p
	}
	return rn.last
}

func (rn *Run) read(ctx context.Context) (Progress, error) {
	now, r, run := time.Now(), rn.r, rn.info.number
	p := Progress{Run: rn.ID(), Inventory: rn.info.Inventory, Resumed: rn.Resumed, Elapsed: now.Sub(rn.began)}
	var planned bool
	var step string
	err := r.db.reader.QueryRowContext(ctx, `SELECT planned, line_count, rejected, targets, step FROM run_state WHERE number = $1`, run).
		Scan(&planned, &p.Lines, &p.Rejected, &p.Targets, &step)
	if err != nil {
		return p, err
	}
	if step == stepCleared { // the sums are gone with the rows that they counted
		run, err := r.cfg.Store.Run(ctx, rn.ID())
		if err == nil {
			rn.mu.Lock()
			p.Phase, p.Verdicts, p.Held, p.Found, p.Kept = PhaseFinish, run.Verdicts, rn.last.Held, rn.last.Found, rn.last.Kept
			rn.mu.Unlock()
		}
		return p, err
	}
	err = r.db.reader.QueryRowContext(ctx, `SELECT COALESCE(SUM(verdicts), 0), COALESCE(SUM(held), 0), COALESCE(SUM(found), 0), COALESCE(SUM(kept), 0), COALESCE(SUM(pending), 0)
		FROM progress WHERE run = $1`, run).Scan(&p.Verdicts, &p.Held, &p.Found, &p.Kept, &p.Pending)
	if err != nil {
		return p, err
	}
	p.Pending = max(p.Pending, 0)
	p.Rate, p.Paused = rn.rate.of(p.Verdicts, now), r.paused(rn.ID())
	left := p.Targets - p.Verdicts
	switch {
	case !planned:
		p.Phase = PhasePlan
	case left <= 0:
		p.Phase = PhaseFinish
	case left <= p.Pending:
		p.Phase = PhaseConfirm
	default:
		p.Phase = PhaseVisit
	}
	rn.mu.Lock()
	if rn.before < 0 {
		if rn.before = 0; rn.Resumed {
			rn.before = p.Verdicts
		}
	}
	p.Before = rn.before
	rn.mu.Unlock()
	if p.Phase == PhaseConfirm {
		if p.Next, err = r.queue.NextAt(ctx, r.db.reader, rn.ID(), confirmArgs{}.Kind()); err != nil {
			return p, err
		}
	}
	if planned && p.Rate > 0 && p.Phase == PhaseVisit {
		p.Left = time.Duration(float64(left) / p.Rate * float64(time.Second))
	}
	return p, nil
}

// Standing returns how many names of a run have their verdict, of how many that were
// read from the inventory so far, for whoever does not watch it.
func Standing(ctx context.Context, s *store.Store, run string) (verdicts, targets int, err error) {
	err = s.Reader().QueryRowContext(ctx, `SELECT s.targets, (SELECT COALESCE(SUM(p.verdicts), 0) FROM progress p WHERE p.run = s.number)
		FROM run_state s WHERE s.run = $1`, run).Scan(&targets, &verdicts)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, nil
	}
	return verdicts, targets, err
}

// Watch returns a run to read the progress of, which others may be watching too.
func (r *Runner) Watch(ctx context.Context, id string) (*Run, error) {
	info, err := r.run(ctx, id)
	if err != nil {
		return nil, err
	}
	return r.newRun(info), nil
}

// Waiting returns how many jobs are not finished, by kind.
func (r *Runner) Waiting(ctx context.Context) (map[string]int, error) {
	jobs := map[string]int{}
	err := r.db.rows(ctx, func(rows *sql.Rows) error {
		var kind string
		var n int
		err := rows.Scan(&kind, &n)
		jobs[kind] = n
		return err
	}, `SELECT kind, COUNT(*) FROM river_job WHERE state NOT IN ('completed', 'cancelled', 'discarded') GROUP BY kind`)
	return jobs, err
}
