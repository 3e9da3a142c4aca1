package schedule

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A Start says which run is to begin.
type Start struct {
	Inventory string    // path of the inventory
	Fresh     bool      // give up an unfinished run of this inventory instead of resuming it
	Entry     string    // calendar entry, "" if a person asks
	Tick      time.Time // the planned time of that entry
	ID        string    // of the run, if the calendar has given it one; else empty
}

// Begin makes a round ready: an unfinished run of the same inventory is
// resumed (Round.Resumed says so), unless its rules are others than ours or
// the file has changed before it was read whole; otherwise a new run begins.
// Nothing is looked at before Round.Run.
func (r *Runner) Begin(ctx context.Context, s Start) (*Round, error) {
	path, err := filepath.Abs(s.Inventory)
	if err != nil {
		return nil, fmt.Errorf("finding the inventory: %w", err)
	}
	info, absent := os.Stat(path)
	if absent != nil {
		// A run that has read it whole goes on without it.
		absent = fmt.Errorf("inventory %s: %w; give the path of a CSV, XLSX or JSON Lines file", s.Inventory, absent)
	}
	s.Inventory = path
	if other := r.roundOf(path); other != nil {
		return nil, fmt.Errorf("%w: %s, run %s", errUnderWay, path, other.run.ID)
	}
	r.beginning.Lock()
	defer r.beginning.Unlock()
	free, err := r.wait(ctx, "begin")
	if err != nil {
		return nil, err
	}
	defer free()
	rd, err := r.unfinished(ctx, s, info)
	if err == nil && rd == nil {
		if absent != nil {
			return nil, absent
		}
		if rd, err = r.create(ctx, s, info); err == nil {
			err = rd.take(ctx)
		}
	}
	if err != nil {
		return nil, err
	}
	if err := r.enter(rd); err != nil {
		rd.grip.release(rd.lock())
		return nil, err
	}
	return rd, nil
}

// alone tells whether no other process does what the name says. If so, free
// must be called when it is done.
func (r *Runner) alone(ctx context.Context, what string) (free func(), ok bool, err error) {
	g, err := r.grips.grip(ctx)
	if err != nil {
		return nil, false, err
	}
	k := key(what)
	got, err := g.try(k)
	return func() { g.release(k) }, got[k], err
}

// wait waits until no other process does what the name says.
func (r *Runner) wait(ctx context.Context, what string) (free func(), err error) {
	for {
		free, ok, err := r.alone(ctx, what)
		if ok {
			return free, nil
		}
		if err != nil && !outage(err) {
			return nil, err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// unfinished finds the run to resume, nil if there is none, and makes it this
// process'. Runs that cannot be resumed are closed as failed.
func (r *Runner) unfinished(ctx context.Context, s Start, info os.FileInfo) (*Round, error) {
	runs, err := r.cfg.Store.Unfinished(ctx)
	if err != nil {
		return nil, err
	}
	var found *Round
	for _, run := range runs {
		if run.Inventory != s.Inventory {
			continue
		}
		rd, why, err := r.load(ctx, run, info)
		if err != nil {
			return nil, err
		}
		if info == nil && !rd.planned && why == "" {
			continue // only where the inventory can be read can it go on
		}
		switch err := rd.take(ctx); {
		case errors.Is(err, errElsewhere):
			return nil, fmt.Errorf("%w: %s, run %s, in another process; 'beianwatch serve --role worker' helps it", errUnderWay, s.Inventory, run.ID)
		case err != nil:
			return nil, err
		}
		switch {
		case s.ID != "" && run.ID == s.ID: // the very run that the calendar means
		case s.Fresh:
			why = "given up for a new run"
		case found != nil && why == "":
			why = "an older run was resumed"
		}
		if why == "" {
			found = rd
			continue
		}
		err = r.giveUp(ctx, run, rd, why)
		rd.grip.release(rd.lock())
		if err != nil {
			return nil, err
		}
	}
	if found == nil {
		return nil, nil
	}
	return found, r.renew(ctx, found.run)
}

// renew gives a run that is resumed the options of now.
func (r *Runner) renew(ctx context.Context, run *reports.Run) error {
	options, err := json.Marshal(r.opt)
	if err != nil {
		return err
	}
	run.Options = string(options)
	return r.cfg.Store.UpdateRun(ctx, run)
}

// load reads a round back; why says why it cannot be resumed.
func (r *Runner) load(ctx context.Context, run *reports.Run, info os.FileInfo) (rd *Round, why string, err error) {
	rd = newRound(r, run)
	rd.Resumed = true
	var size, modified int64
	err = r.db.reader.QueryRowContext(ctx, `SELECT id, size, modified, planned, lines, rejected, controls FROM round WHERE run = $1`, run.ID).
		Scan(&rd.id, &size, &modified, &rd.planned, &rd.lines, &rd.rejected, &rd.given)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return rd, "it was stopped before it began", nil
	case err != nil:
		return nil, "", fmt.Errorf("reading the state of run %s: %w", run.ID, err)
	case run.Ruleset != detect.Ruleset():
		why = "the rules have changed since it began"
	case !rd.planned && info != nil && (size != info.Size() || modified != info.ModTime().UnixMilli()):
		why = "the inventory has changed before it was read whole"
	}
	return rd, why, nil
}

// giveUp closes a run that will not be resumed.
func (r *Runner) giveUp(ctx context.Context, run *reports.Run, rd *Round, why string) error {
	run.State, run.Trouble, run.FinishedAt = reports.RunFailed, why, r.cfg.Now()
	n, err := r.cfg.Store.Count(ctx, run.ID)
	if err != nil {
		return err
	}
	run.Lines, run.Rejected, run.Verdicts = rd.lines, rd.rejected, n
	if err := r.cfg.Store.UpdateRun(ctx, run); err != nil {
		return err
	}
	r.log.Info("run closed unfinished", "run", run.ID, "why", why)
	return r.clear(ctx, rd.id)
}

// create stores a new run.
func (r *Runner) create(ctx context.Context, s Start, info os.FileInfo) (*Round, error) {
	now := r.cfg.Now()
	options, err := json.Marshal(r.opt)
	if err != nil {
		return nil, err
	}
	run := &reports.Run{
		ID: s.ID, Inventory: s.Inventory, Entry: s.Entry, Tick: s.Tick, StartedAt: now, State: reports.RunPlanning,
		Ruleset: detect.Ruleset(), Vantage: r.cfg.Looker.Vantage, Options: string(options),
	}
	if run.ID == "" {
		if run.ID, err = r.newID(ctx, now); err != nil {
			return nil, err
		}
	}
	rd := newRound(r, run)
	last, err := r.cfg.Store.LastDone(ctx, s.Inventory, run.ID)
	if err != nil && !errors.Is(err, store.ErrNoRun) {
		return nil, err
	}
	if last != nil {
		// A run from before these tables has no round; then there are no controls.
		err := r.db.reader.QueryRowContext(ctx, `SELECT controls FROM round WHERE run = $1`, last.ID).Scan(&rd.given)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
	}
	if err := r.cfg.Store.CreateRun(ctx, run); err != nil && !(errors.Is(err, store.ErrTaken) && s.ID != "") {
		return nil, err
	}
	return rd, r.db.tx(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) + 1 FROM round`).Scan(&rd.id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO round (id, run, size, modified, planned, line, lines, rejected, targets, next_seq, next_part, warnings, controls)
			VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0, 0, 0, '', $5)`, rd.id, run.ID, info.Size(), info.ModTime().UnixMilli(), rd.given)
		return err
	})
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

// clear deletes what a round that is over needed. Its rejections and its row
// stay.
func (r *Runner) clear(ctx context.Context, id int64) error {
	if id == 0 {
		return nil
	}
	for _, table := range []string{"waiting", "task", "pending", "progress", "target"} {
		emptied, err := r.emptyTable(ctx, table, id)
		if err == nil && !emptied {
			err = r.clearTable(ctx, table, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// emptyTable deletes all rows if no other round has any: without a condition
// SQLite does so at once. Where others write at the same time it does nothing.
func (r *Runner) emptyTable(ctx context.Context, table string, id int64) (emptied bool, err error) {
	if r.grips.shared() {
		return false, nil
	}
	err = r.db.tx(ctx, func(tx *sql.Tx) error {
		var others int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM `+table+` WHERE round <> $1 LIMIT 1) t`, id).Scan(&others); err != nil || others > 0 {
			return err
		}
		emptied = true
		_, err := tx.ExecContext(ctx, `DELETE FROM `+table)
		return err
	})
	return emptied, err
}

// clearTable deletes in steps, so that others do not wait for the writer.
func (r *Runner) clearTable(ctx context.Context, table string, id int64) error {
	column := map[string]string{"waiting": "part", "task": "id", "progress": "worker", "pending": "domain", "target": "domain"}[table]
	for {
		res, err := r.db.writer.ExecContext(ctx, `DELETE FROM `+table+` WHERE round = $1 AND `+column+` IN (SELECT `+column+` FROM `+table+` WHERE round = $1 LIMIT 5000)`, id)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
	}
}
