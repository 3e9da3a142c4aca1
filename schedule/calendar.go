package schedule

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/calendar"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// Serve keeps the calendar until ctx ends: a run begins at each tick, and what
// fell due in an outage is made up for after it. River goes on with interrupted
// runs by itself.
func (r *Runner) Serve(ctx context.Context, entries []calendar.Entry) error {
	list, err := calendar.Parse(entries)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.entries = list
	r.mu.Unlock()
	// River inserts the calendar's job every minute. An entry counts from now,
	// and what fell in an outage is made up for at once.
	if err := r.planEntries(ctx); err != nil && ctx.Err() == nil {
		r.log.Error("the calendar could not be kept", "err", err)
	}
	<-ctx.Done()
	return nil
}

// everyMinute makes River insert the calendar's job. One waits at most, however
// long no process is there that keeps a calendar.
func (r *Runner) everyMinute() *river.PeriodicJob {
	return river.NewPeriodicJob(minutes{}, func() (river.JobArgs, *river.InsertOpts) {
		if !r.calendarUsed() {
			return nil, nil
		}
		return calendarArgs{}, &river.InsertOpts{Queue: queueCalendar, Priority: priorityCheck, UniqueOpts: once()}
	}, &river.PeriodicJobOpts{ID: "calendar", RunOnStart: true})
}

// minutes is River's schedule of something that is done every minute. Of the minutes that
// this machine slept through, or that its clock left out, there is one: River would insert
// the job for each.
type minutes struct{}

// Next returns the minute after a time that has passed.
func (minutes) Next(last time.Time) time.Time {
	now := time.Now()
	if now.Before(last) {
		now = last
	}
	return now.Truncate(time.Minute).Add(time.Minute)
}

// calendarUsed reports whether any process has kept a calendar on this
// database.
func (r *Runner) calendarUsed() bool {
	ctx, cancel := context.WithTimeout(r.ctx, 5*time.Second)
	defer cancel()
	n, err := r.db.number(ctx, `SELECT COUNT(*) FROM calendar`)
	return err == nil && n > 0
}

// keepCalendar works the calendar's job.
func (r *Runner) keepCalendar(ctx context.Context, _ *river.Job[calendarArgs]) error {
	if len(r.calendar()) == 0 {
		return river.JobSnooze(busyWait * 2) // another process may keep one
	}
	return r.planEntries(ctx)
}

func (r *Runner) calendar() []calendar.Planned {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.entries
}

// planEntries deals with every tick up to now and begins the runs that are due.
func (r *Runner) planEntries(ctx context.Context) error {
	r.beginning.Lock()
	defer r.beginning.Unlock()
	trouble := r.takeUp(ctx)
	for _, e := range r.calendar() {
		if err := r.planEntry(ctx, &e); err != nil {
			trouble = errors.Join(trouble, message.Errorf("日程 %q：%w", "calendar entry %q: %w", e.Name, err))
		}
	}
	return trouble
}

// clocksDiffer is by how much the clocks of two processes that keep a calendar may differ.
const clocksDiffer = 10 * time.Minute

// planEntry begins the run of the newest missed tick; older ones are skipped,
// since one night's run replaces another's. An entry that is seen for the first
// time, or has another cron than before, counts from now; so does one whose last
// tick is still to come, because the clock was set back. A tick that has had its run
// gets no other one.
func (r *Runner) planEntry(ctx context.Context, e *calendar.Planned) error {
	now := r.cfg.Now()
	var was string
	var until int64
	err := r.db.reader.QueryRowContext(ctx, `SELECT cron, planned_until FROM calendar WHERE name = $1`, e.Name).Scan(&was, &until)
	if errors.Is(err, sql.ErrNoRows) || err == nil && was != e.Cron {
		return r.db.exec(ctx, `INSERT INTO calendar (name, cron, planned_until) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, planned_until = excluded.planned_until`, e.Name, e.Cron, millis(now))
	}
	if err != nil {
		return err
	}
	dealt := time.UnixMilli(until).In(now.Location())
	if dealt.Sub(now) > clocksDiffer {
		r.log.Warn("the clock was set back: a calendar entry counts from now", "entry", e.Name, "was", dealt.Format(time.RFC3339))
		return r.db.exec(ctx, `UPDATE calendar SET planned_until = $2 WHERE name = $1 AND planned_until = $3`, e.Name, millis(now), until)
	}
	missed := e.Missed(dealt, now)
	if len(missed) == 0 {
		return nil
	}
	due := missed[len(missed)-1]
	for _, t := range missed[:len(missed)-1] {
		r.skipped(e, t, message.LaterTimeDue.Fill())
	}
	dealtWith := func(ctx context.Context, tx *queue.Tx) error { return plannedUntil(ctx, tx.Tx, e.Name, until, due) }
	runs := func() (int64, error) {
		return r.db.number(ctx, `SELECT COUNT(*) FROM run WHERE entry = $1 AND tick = $2`, e.Name, millis(due))
	}
	had, err := runs()
	if err != nil {
		return err
	}
	if had > 0 { // before the clock was set back
		return r.queue.Do(ctx, func(tx *queue.Tx) error { return dealtWith(ctx, tx) })
	}
	_, err = r.begin(ctx, Start{Inventory: e.Inventory, Entry: e.Name, Tick: due, fromCalendar: true}, dealtWith)
	switch {
	case errors.Is(err, ErrUnderWay):
		if begun, failed := runs(); failed == nil && begun == 0 { // else another process began this very one
			r.skipped(e, due, err.Error())
		}
	case errors.Is(err, store.ErrTaken): // another process was first
	default:
		return err // nil, or it stays due and is tried again in a minute
	}
	return r.queue.Do(ctx, func(tx *queue.Tx) error { return dealtWith(ctx, tx) })
}

// takeUp goes on with unfinished runs of the calendar whose jobs no one would
// work, because they began with other rules or settings. One that cannot go on
// is closed, and another one begins in its place.
func (r *Runner) takeUp(ctx context.Context) error {
	runs, err := r.cfg.Store.Unfinished(ctx)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, e := range r.calendar() {
		known[e.Name] = true
	}
	for _, run := range runs {
		if !known[run.Entry] {
			continue // a person's: a person resumes it
		}
		info, err := r.run(ctx, run.ID)
		if err != nil && !errors.Is(err, errNoState) {
			return err
		}
		if err == nil {
			if info.stopped() {
				continue // a person lets it go on
			}
			if info.state.config == r.fingerprint {
				if err := r.revive(ctx, info); err != nil {
					return err
				}
				continue // River goes on with it
			}
			busy, err := r.queue.RunningElsewhere(ctx, r.db.reader, run.ID)
			if err != nil {
				return err
			}
			if busy {
				continue // workers of its own version are at it
			}
		}
		if _, err := r.begin(ctx, Start{Inventory: run.Inventory, Entry: run.Entry, Tick: r.cfg.Now()}, nil); err != nil {
			return err
		}
	}
	return nil
}

// revive inserts the job by which a run goes on if River has discarded, or someone
// has deleted, the last one that was open.
func (r *Runner) revive(ctx context.Context, info *runInfo) error {
	open, err := r.queue.HasOpen(ctx, r.db.reader, info.ID, "")
	if err != nil || open {
		return err
	}
	r.log.Warn("a run had no job left and goes on", "run", info.ID)
	return r.queue.Do(ctx, func(tx *queue.Tx) error { return r.queue.Insert(ctx, tx, r.nextJob(info)) })
}

// plannedUntil notes that every tick of an entry up to a time was dealt with, if nobody has
// noted something since it was read: who is late may go by a clock that was set since.
func plannedUntil(ctx context.Context, tx *sql.Tx, entry string, read int64, until time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE calendar SET planned_until = $2 WHERE name = $1 AND planned_until = $3`, entry, millis(until), read)
	return err
}

func (r *Runner) skipped(e *calendar.Planned, tick time.Time, why string) {
	r.log.Warn("a planned run is skipped", "entry", e.Name, "time", tick.Format(time.RFC3339), "why", why)
}
