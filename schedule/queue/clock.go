package queue

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/beianwatch/beianwatch/crawler/pace"
)

// How often the clocks are looked at, and by how much one must have been set back before
// anything is done about it.
const (
	clockEvery = 2 * time.Second
	clockSlack = 2 * time.Second
)

// A reading is what a clock showed, between two moments of this process' own count of time.
type reading struct {
	shown         time.Time
	before, after time.Time
}

// read reads a clock.
func read(ctx context.Context, clock func(context.Context) (time.Time, error)) (reading, error) {
	before := time.Now()
	shown, err := clock(ctx)
	return reading{shown.Round(0), before, time.Now()}, err // Round: what the clock shows, not the count of time that Go keeps beside it
}

// setBack reports whether the clock was set back between two readings of it.
func (r reading) setBack(later reading) bool {
	return later.shown.Sub(r.shown) < later.before.Sub(r.after)-clockSlack
}

// KeepTime looks, until ctx ends, whether a clock was set back by which jobs are handed
// out: this machine's, which now shows, or the database's. Until it shows the old time
// again no job would be handed out; so their times are moved ([Queue.Rewind]).
func (q *Queue) KeepTime(ctx context.Context, now func() time.Time, log *slog.Logger) {
	clocks := []func(context.Context) (time.Time, error){func(context.Context) (time.Time, error) { return now(), nil }}
	if q.postgres {
		clocks = append(clocks, q.databaseTime)
	}
	last := make([]reading, len(clocks))
	set := false    // a clock was set back, and nothing was done about it yet
	looked := false // whether one was set back while no process was there
	for {
		for i, clock := range clocks {
			r, err := read(ctx, clock)
			if err != nil {
				continue // the database is away
			}
			set = set || !last[i].shown.IsZero() && last[i].setBack(r)
			last[i] = r
		}
		if (set || !looked) && q.Works() {
			back, err := q.Rewind(ctx, set)
			set, looked = set && err != nil, looked || err == nil
			if err == nil && back > 0 {
				log.Warn("the clock was set back: jobs that wait for a time do not wait for it to come again", "by", back.Round(time.Second))
			}
		}
		if pace.Wait(ctx, clockEvery) != nil {
			return
		}
	}
}

func (q *Queue) databaseTime(ctx context.Context) (now time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, clockEvery)
	defer cancel()
	err = q.db.QueryRowContext(ctx, `SELECT clock_timestamp()`).Scan(&now)
	return now, err
}

// unfinished matches the jobs that are still to be done.
const unfinished = `state IN ('available', 'pending', 'retryable', 'running', 'scheduled')`

// The statements of Rewind. A job was inserted and handed out by the clock that there was;
// if either lies ahead of the clock, it was set back since.
const (
	aheadSQLite = `SELECT (julianday(MAX(MAX(created_at, COALESCE(attempted_at, created_at)))) - julianday('now')) * 86400 FROM river_job WHERE ` + unfinished
	moveSQLite  = `UPDATE river_job SET created_at = datetime(created_at, 'subsec', $1), attempted_at = datetime(attempted_at, 'subsec', $1), scheduled_at = datetime(scheduled_at, 'subsec', $1),
		args = CASE WHEN args ->> 'due' IS NULL THEN args ELSE jsonb_set(args, '$.due', CAST(args ->> 'due' AS INTEGER) + $2) END
		WHERE ` + unfinished + ` AND MAX(created_at, COALESCE(attempted_at, created_at)) > datetime('now', 'subsec')`
	aheadPostgres = `SELECT EXTRACT(EPOCH FROM MAX(GREATEST(created_at, attempted_at)) - clock_timestamp())::float8 FROM river_job WHERE ` + unfinished
	movePostgres  = `UPDATE river_job SET created_at = created_at + $1::interval, attempted_at = attempted_at + $1::interval, scheduled_at = scheduled_at + $1::interval,
		args = CASE WHEN args ->> 'due' IS NULL THEN args ELSE jsonb_set(args, '{due}', to_jsonb((args ->> 'due')::bigint + $2::bigint)) END
		WHERE ` + unfinished + ` AND GREATEST(created_at, attempted_at) > clock_timestamp()`
)

// Rewind moves the times of unfinished jobs that were stored by a clock that has been set
// back since, by as much; how far that was follows from the newest of them. back is 0 if
// there are none. Where one was, or set says that it is known otherwise, whoever leads the
// queue begins anew: River keeps when the next minute of its clock comes.
func (q *Queue) Rewind(ctx context.Context, set bool) (back time.Duration, err error) {
	find, move := aheadSQLite, moveSQLite
	if q.postgres {
		find, move = aheadPostgres, movePostgres
	}
	var ahead sql.NullFloat64
	if err := q.db.QueryRowContext(ctx, find).Scan(&ahead); err != nil {
		return 0, err
	}
	if back = time.Duration(ahead.Float64 * float64(time.Second)); back <= clockSlack {
		back = 0
	}
	if back == 0 && !set {
		return 0, nil
	}
	return back, q.Do(ctx, func(tx *Tx) error {
		if back > 0 {
			if _, err := tx.ExecContext(ctx, move, fmt.Sprintf("-%.3f seconds", back.Seconds()), -back.Milliseconds()); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM river_leader`)
		return err
	})
}
