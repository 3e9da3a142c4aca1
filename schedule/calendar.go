package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/robfig/cron/v3"
)

// An Entry is one planned scan.
type Entry struct {
	Name      string // unique; runs are kept under it
	Cron      string // five fields; CRON_TZ=Asia/Shanghai may stand before them
	Inventory string // path
}

// A calendar starts runs at the ticks of its entries. A tick is data: what is
// due is computed from the last tick that was dealt with, which is kept in the
// database, so a tick that falls in an outage is found after it.
type calendar struct {
	r *Runner

	mu      sync.Mutex
	entries []plannedEntry
	launch  func(Start) error    // starts a round and lets it run
	failed  map[string]time.Time // runs that stopped with an error, and when
}

type plannedEntry struct {
	Entry
	schedule cron.Schedule
}

// maxSkipped is how many missed ticks of an entry are recorded; of more, the
// newest.
const maxSkipped = 100

// ParseEntries checks calendar entries. The error says which one is wrong.
func ParseEntries(entries []Entry) error {
	_, err := parseEntries(entries)
	return err
}

func parseEntries(entries []Entry) ([]plannedEntry, error) {
	seen := map[string]bool{}
	list := make([]plannedEntry, 0, len(entries))
	for i, e := range entries {
		switch {
		case e.Name == "":
			return nil, fmt.Errorf("calendar entry %d has no name: give it one, the runs are kept under it", i+1)
		case seen[e.Name]:
			return nil, fmt.Errorf("calendar entry %q stands there twice: give each a name of its own", e.Name)
		case e.Inventory == "":
			return nil, fmt.Errorf("calendar entry %q has no inventory: give the path of a CSV, XLSX or JSON Lines file", e.Name)
		}
		seen[e.Name] = true
		s, err := cron.ParseStandard(e.Cron)
		if err != nil {
			return nil, fmt.Errorf("calendar entry %q: cron %q: %w; five fields are wanted, for example: CRON_TZ=Asia/Shanghai 0 2 * * *", e.Name, e.Cron, err)
		}
		list = append(list, plannedEntry{e, s})
	}
	return list, nil
}

// minutely makes River insert the planner's job.
func minutely() *river.PeriodicJob {
	minute, err := cron.ParseStandard("* * * * *")
	if err != nil {
		panic(err) // a constant
	}
	waiting := []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}
	return river.NewPeriodicJob(minute, func() (river.JobArgs, *river.InsertOpts) {
		// One waits at most, however long no scheduler is there.
		return plannerJob{}, &river.InsertOpts{Queue: queuePlanner, MaxAttempts: 1, Priority: priorityInquiry, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: waiting}}
	}, &river.PeriodicJobOpts{ID: "planner"})
}

// kept tells whether this process keeps a calendar.
func (c *calendar) kept() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.launch != nil
}

// plan deals with every tick up to now and starts the runs that are due. It is
// the work of the planner's job, each minute; one process does it at a time.
func (c *calendar) plan(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	free, ok, err := c.r.alone(ctx, "calendar")
	if err != nil || !ok {
		return err
	}
	defer free()
	var trouble error
	for i := range c.entries {
		if err := c.planEntry(ctx, &c.entries[i], c.r.cfg.Now()); err != nil {
			trouble = errors.Join(trouble, fmt.Errorf("calendar entry %q: %w", c.entries[i].Name, err))
		}
	}
	return errors.Join(trouble, c.startDue(ctx), c.resume(ctx))
}

// planEntry records the ticks since the last one: the newest as due, older
// ones as skipped, since one night's look replaces another's. An entry that is
// seen for the first time, or has another cron than before, counts from now.
func (c *calendar) planEntry(ctx context.Context, e *plannedEntry, now time.Time) error {
	return c.r.db.tx(ctx, func(tx *sql.Tx) error {
		var was string
		var last int64
		err := tx.QueryRowContext(ctx, `SELECT cron, last_planned FROM calendar WHERE name = $1`, e.Name).Scan(&was, &last)
		if errors.Is(err, sql.ErrNoRows) || err == nil && was != e.Cron {
			_, err = tx.ExecContext(ctx, `INSERT INTO calendar (name, cron, last_planned) VALUES ($1, $2, $3)
				ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, last_planned = excluded.last_planned`, e.Name, e.Cron, millis(now))
			return err
		}
		if err != nil {
			return err
		}
		missed := ticksBetween(e.schedule, time.UnixMilli(last).In(now.Location()), now)
		if len(missed) == 0 {
			return nil
		}
		return c.record(ctx, tx, e, missed)
	})
}

// ticksBetween lists the ticks after last up to now, at most the newest
// maxSkipped+1.
func ticksBetween(s cron.Schedule, last, now time.Time) []time.Time {
	var ticks []time.Time
	for t := s.Next(last); !t.IsZero() && !t.After(now); t = s.Next(t) {
		if len(ticks) > maxSkipped {
			ticks = append(ticks[:0], ticks[1:]...)
		}
		ticks = append(ticks, t)
	}
	return ticks
}

// record stores ticks; the last of them is due.
func (c *calendar) record(ctx context.Context, tx *sql.Tx, e *plannedEntry, ticks []time.Time) error {
	if _, err := tx.ExecContext(ctx, `UPDATE tick SET state = 'skipped', run = '', reason = 'a later tick came before it could start' WHERE entry = $1 AND state = 'due'`, e.Name); err != nil {
		return err
	}
	for i, t := range ticks {
		state, reason, run := "skipped", "nothing ran at that time, and a later tick was due", ""
		if i == len(ticks)-1 {
			state, reason = "due", ""
			var err error
			if run, err = c.r.newID(ctx, c.r.cfg.Now()); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO tick (entry, at, run, state, reason) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			e.Name, millis(t), run, state, reason); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE calendar SET last_planned = $2 WHERE name = $1`, e.Name, millis(ticks[len(ticks)-1]))
	return err
}

// A dueTick is a tick whose run is to be started.
type dueTick struct {
	entry string
	at    int64
	run   string
}

// startDue starts the runs of due ticks. One that cannot start (the inventory
// is not there) stays due and is tried again each minute until the next tick.
func (c *calendar) startDue(ctx context.Context) error {
	var due []dueTick
	err := c.r.db.rows(ctx, func(rows *sql.Rows) error {
		var d dueTick
		err := rows.Scan(&d.entry, &d.at, &d.run)
		due = append(due, d)
		return err
	}, `SELECT entry, at, run FROM tick WHERE state = 'due' ORDER BY at`)
	if err != nil {
		return err
	}
	var trouble error
	for _, d := range due {
		e := c.entry(d.entry)
		if e == nil && c.r.grips.shared() {
			continue // it may stand in another scheduler's calendar
		}
		if e == nil {
			trouble = errors.Join(trouble, c.mark(ctx, d, "skipped", "the entry is not in the calendar any more"))
			continue
		}
		err := c.launch(Start{Inventory: e.Inventory, Fresh: true, Entry: e.Name, Tick: time.UnixMilli(d.at), ID: d.run})
		switch {
		case err == nil:
			err = c.mark(ctx, d, "started", "")
		case errors.Is(err, errUnderWay) && c.begun(ctx, d.run):
			err = c.mark(ctx, d, "started", "") // by another process
		case errors.Is(err, errUnderWay):
			err = c.mark(ctx, d, "skipped", err.Error())
		}
		if err != nil {
			trouble = errors.Join(trouble, fmt.Errorf("calendar entry %q: %w", e.Name, err))
		}
	}
	return trouble
}

// begun tells whether the run of a tick is there.
func (c *calendar) begun(ctx context.Context, run string) bool {
	_, err := c.r.cfg.Store.Run(ctx, run)
	return err == nil
}

func (c *calendar) mark(ctx context.Context, d dueTick, state, reason string) error {
	return c.r.db.exec(ctx, `UPDATE tick SET state = $3, reason = $4 WHERE entry = $1 AND at = $2 AND state = 'due'`, d.entry, d.at, state, reason)
}

// resume takes up runs of the calendar that nobody conducts: they were
// interrupted, or the process that conducted them has died. A run that cannot
// go on (this program has other rules) is closed, and another one begins in its
// place.
func (c *calendar) resume(ctx context.Context) error {
	runs, err := c.r.cfg.Store.Unfinished(ctx)
	if err != nil {
		return err
	}
	var trouble error
	for _, run := range runs {
		if c.entry(run.Entry) == nil || c.r.roundOf(run.Inventory) != nil || time.Since(c.failed[run.ID]) < failedRest {
			continue // a person's scan: a person resumes it
		}
		err := c.launch(Start{Inventory: run.Inventory, Entry: run.Entry, Tick: c.r.cfg.Now()})
		if err != nil && !errors.Is(err, errUnderWay) {
			trouble = errors.Join(trouble, err)
		}
	}
	return trouble
}

// failedRest is how long a run that stopped with an error is left alone before
// it is taken up again.
const failedRest = time.Minute

// stopped notes that a run stopped with an error.
func (c *calendar) stopped(run string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.failed = map[string]time.Time{}
	}
	c.failed[run] = time.Now()
}

// adopt looks for runs that nobody conducts.
func (c *calendar) adopt(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.resume(ctx)
}

func (c *calendar) entry(name string) *plannedEntry {
	for i := range c.entries {
		if c.entries[i].Name == name {
			return &c.entries[i]
		}
	}
	return nil
}
