package schedule

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/polite"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// A Start says which run is to begin.
type Start struct {
	Inventory string    // path of the inventory
	Fresh     bool      // give up an unfinished run of this inventory instead of resuming it
	Entry     string    // calendar entry, "" if a person asks
	Tick      time.Time // the planned time of that entry

	fromCalendar bool // an unfinished run is not resumed: the calendar's tick is skipped for it
}

// ErrUnderWay reports that a run of the inventory is under way.
var ErrUnderWay = message.Errorf("该清单已有一个批次正在进行", "a run of this inventory is under way")

// ErrOtherSettings reports that the process that works on this database does so
// with other rules or settings.
var ErrOtherSettings = message.Errorf("另一个 beianwatch 进程正在用不同的规则或设置使用该数据库", "another beianwatch works on this database with other rules or settings")

// Begin begins a run over an inventory, or takes up an unfinished one
// (Run.Resumed says so) unless its rules are others than ours. Where another
// process works on the database, the run is handed to it (Run.Handed).
func (r *Runner) Begin(ctx context.Context, s Start) (*Run, error) {
	r.beginning.Lock()
	defer r.beginning.Unlock()
	rn, err := r.beginPatiently(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := r.attach(ctx, rn); err != nil {
		return nil, err
	}
	if err := r.park(ctx, rn); err != nil {
		return nil, r.cfg.Store.InWords(err)
	}
	return rn, r.work()
}

// beginPatiently tries again while the database is away.
func (r *Runner) beginPatiently(ctx context.Context, s Start) (rn *Run, err error) {
	err = store.Patiently(ctx, func() (err error) { rn, err = r.begin(ctx, s, nil); return err },
		func(err error) { r.log.Warn("waiting for the database", "err", err) })
	return rn, r.cfg.Store.InWords(err)
}

// begin makes the run; also is carried out in the transaction that makes it.
func (r *Runner) begin(ctx context.Context, s Start, also func(context.Context, *queue.Tx) error) (*Run, error) {
	path, err := filepath.Abs(s.Inventory)
	if err != nil {
		return nil, message.Errorf("查找清单：%w", "finding the inventory: %w", err)
	}
	s.Inventory = path
	if err := r.sameSettings(ctx); err != nil {
		return nil, err
	}
	digest, absent := digestOf(path) // a run that has read it whole goes on without it
	rn, err := r.unfinished(ctx, s, digest)
	if err != nil || rn != nil {
		return rn, err
	}
	if absent != nil {
		return nil, message.Errorf("清单 %s：%w；请给出 CSV、XLSX 或 JSON Lines 文件的路径", "inventory %s: %w; give the path of a CSV, XLSX or JSON Lines file", s.Inventory, absent)
	}
	return r.create(ctx, s, digest, also)
}

// digestOf names the content of a file.
func digestOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// unfinished finds the run to resume, nil if there is none. Runs that cannot be
// resumed are closed as failed.
func (r *Runner) unfinished(ctx context.Context, s Start, digest string) (found *Run, err error) {
	runs, err := r.cfg.Store.Unfinished(ctx)
	if err != nil {
		return nil, err
	}
	for _, run := range runs {
		if run.Inventory != s.Inventory {
			continue
		}
		info, err := r.run(ctx, run.ID)
		if errors.Is(err, errNoState) {
			info, err = &runInfo{Run: run}, nil
		}
		if err != nil {
			return nil, err
		}
		if info.number != 0 && (s.Fresh || s.fromCalendar) && !info.stopped() {
			busy, err := r.underWay(ctx, info)
			if err == nil && !busy && s.fromCalendar {
				busy, err = r.goesOn(ctx, info)
			}
			if err != nil {
				return nil, err
			}
			if busy {
				return nil, message.Errorf("%w：%s，批次 %s", "%w: %s, run %s", ErrUnderWay, s.Inventory, run.ID)
			}
		}
		why := r.hindrance(info, s)
		if why == "" && found != nil {
			why = "an older run was resumed"
		}
		if why != "" {
			if err := r.close(ctx, info, why); err != nil {
				return nil, err
			}
			continue
		}
		if found, err = r.resume(ctx, info, digest); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// hindrance says why a run cannot be resumed; "" if it can.
func (r *Runner) hindrance(info *runInfo, s Start) string {
	switch {
	case info.number == 0:
		return "it was stopped before it began, or an older version began it"
	case s.fromCalendar && info.stopped():
		return "a person stopped it, and its next time has come"
	case s.fromCalendar:
		return "its inventory's next time has come"
	case s.Fresh:
		return "given up for a new run"
	case info.Ruleset != r.ruleset:
		return "the rules have changed since it began"
	}
	return ""
}

// goesOn reports whether a run that nobody works at the moment goes on by itself: it has
// a job that is worked here.
func (r *Runner) goesOn(ctx context.Context, info *runInfo) (bool, error) {
	if info.state.config != r.fingerprint || info.Ruleset != r.ruleset {
		return false, nil
	}
	return r.queue.HasOpen(ctx, r.db.reader, info.ID, "")
}

// resume takes up a run: what is open of it goes on; what a stopped process or
// other settings left behind is put in again by the job that ends the run. An
// inventory that has changed is read again.
func (r *Runner) resume(ctx context.Context, info *runInfo, digest string) (*Run, error) {
	options, err := json.Marshal(r.opt)
	if err != nil {
		return nil, err
	}
	info.Options, info.Trouble = string(options), ""
	changed := digest != "" && digest != info.state.digest
	again := changed
	if changed {
		if again, err = r.mayReread(ctx, info); err != nil {
			return nil, err
		}
	}
	if again || info.state.config != r.fingerprint { // jobs of other settings are in queues that no one works
		if err := r.takeOver(ctx, info); err != nil {
			return nil, err
		}
	}
	err = r.queue.Do(ctx, func(tx *queue.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE run SET options = $2, trouble = '' WHERE id = $1`, info.ID, info.Options)
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE run_state SET config = $2, sweeps = 0 WHERE run = $1`, info.ID, r.fingerprint)
		}
		if err == nil && again {
			err = r.reread(ctx, tx, info, digest)
		}
		if err != nil {
			return err
		}
		if again {
			return r.queue.Insert(ctx, tx, r.planJob(info))
		}
		return r.queue.Insert(ctx, tx, r.nextJob(info))
	})
	r.goOn(info.ID)
	rn := r.newRun(info)
	rn.Resumed, rn.Changed, rn.Reread = true, changed, again
	return rn, err
}

// takenConfig stands in the place of a run's fingerprint while the jobs that were put in
// by others are deleted. Who finds it there begins with that again.
const takenConfig = "taken"

// takeOver takes a run from the workers that have it and deletes its jobs: in that
// order, so that they put in no more.
func (r *Runner) takeOver(ctx context.Context, info *runInfo) error {
	err := r.queue.Do(ctx, func(tx *queue.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE run SET options = $2 WHERE id = $1`, info.ID, info.Options) // waits for those who store
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE run_state SET config = $2 WHERE run = $1`, info.ID, takenConfig)
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.deleteJobs(ctx, info, true)
}

// nextJob is the job from which everything else of a run follows.
func (r *Runner) nextJob(info *runInfo) queue.Job {
	if info.state.planned {
		return r.finishJob(info)
	}
	return r.planJob(info)
}

// create stores a new run and its first job.
func (r *Runner) create(ctx context.Context, s Start, digest string, also func(context.Context, *queue.Tx) error) (*Run, error) {
	now := r.cfg.Now()
	options, err := json.Marshal(r.opt)
	if err != nil {
		return nil, err
	}
	run := &reports.Run{
		Inventory: s.Inventory, Entry: s.Entry, Tick: s.Tick, StartedAt: now, State: reports.RunPlanning,
		Ruleset: r.ruleset, Vantage: r.cfg.Scanner.Vantage, Options: string(options),
	}
	if run.ID, err = r.newID(ctx, now); err != nil {
		return nil, err
	}
	info := &runInfo{Run: run, state: runState{config: r.fingerprint, digest: digest}}
	last, err := r.cfg.Store.LastDone(ctx, s.Inventory, run.ID)
	if err != nil && !errors.Is(err, store.ErrNoRun) {
		return nil, err
	}
	if last != nil {
		if before, err := r.run(ctx, last.ID); err == nil {
			info.state.controls = before.state.controls
		} else if !errors.Is(err, errNoState) {
			return nil, err
		}
	}
	err = r.queue.Do(ctx, func(tx *queue.Tx) error {
		if err := r.alone(ctx, tx, run); err != nil {
			return err
		}
		if err := r.cfg.Store.AddRun(ctx, tx.Tx, run); err != nil {
			return err
		}
		if err := createState(ctx, tx.Tx, info); err != nil {
			return err
		}
		if also != nil {
			if err := also(ctx, tx); err != nil {
				return err
			}
		}
		return r.queue.Insert(ctx, tx, r.planJob(info))
	})
	if err != nil {
		return nil, err
	}
	return r.newRun(info), nil
}

// beginKey is the advisory lock under which runs are created. It stops no worker, as a
// lock of the table would while room for the results is made.
var beginKey = polite.LockID("begin")

// alone makes sure, to the end of the transaction, that no other run of the
// inventory is open: two callers may have begun at the same moment.
func (r *Runner) alone(ctx context.Context, tx *queue.Tx, run *reports.Run) error {
	if r.queue.Postgres() {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, beginKey); err != nil {
			return err
		}
	}
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM run n JOIN run_state s ON s.run = n.id WHERE n.inventory = $1 AND n.state IN ('planning', 'active')`,
		run.Inventory).Scan(&n)
	if err == nil && n > 0 {
		err = message.Errorf("%w：%s", "%w: %s", ErrUnderWay, run.Inventory)
	}
	return err
}

// newID names a run by its start, so that ids sort as runs began, even within
// one second.
func (r *Runner) newID(ctx context.Context, now time.Time) (string, error) {
	const form = "20060102T150405"
	runs, err := r.cfg.Store.Runs(ctx, 1)
	if err != nil {
		return "", err
	}
	stamp := now.Format(form)
	if len(runs) > 0 && len(runs[0].ID) >= len(form) && stamp <= runs[0].ID[:len(form)] {
		if at, err := time.ParseInLocation(form, runs[0].ID[:len(form)], now.Location()); err == nil {
			stamp = at.Add(time.Second).Format(form)
		}
	}
	var b [2]byte
	rand.Read(b[:]) //nolint:errcheck // it never fails
	return stamp + "-" + hex.EncodeToString(b[:]), nil
}
