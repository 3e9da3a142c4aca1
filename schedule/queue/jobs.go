package queue

import (
	"context"
	"database/sql"
	"time"

	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/crawler/pace"
)

// open matches the jobs of a run that are still to be done.
const open = unfinished + ` AND kind <> $2 AND args ->> 'run' = $1`

// HasOpen reports whether any job of the run is still to be done, jobs of the kind
// except not counted.
func (q *Queue) HasOpen(ctx context.Context, reader *sql.DB, run, except string) (bool, error) {
	var n int
	err := reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM river_job WHERE `+open+` LIMIT 1) j`, run, except).Scan(&n)
	return n > 0, err
}

// RunningElsewhere reports whether another process works a job of the run at
// this moment. On SQLite none can.
func (q *Queue) RunningElsewhere(ctx context.Context, reader *sql.DB, run string) (bool, error) {
	if !q.postgres {
		return false, nil
	}
	_, id := q.inserter()
	var n int
	err := reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM river_job WHERE state = 'running' AND args ->> 'run' = $1
		AND attempted_by[array_length(attempted_by, 1)] <> $2 LIMIT 1) j`, run, id).Scan(&n)
	return n > 0, err
}

// NextAt returns when the first of a run's jobs of a kind that wait for a later time
// is due, by the milliseconds since 1970 that stand in its args under due; the
// zero time if none waits.
func (q *Queue) NextAt(ctx context.Context, reader *sql.DB, run, kind string) (time.Time, error) {
	var due sql.NullInt64
	err := reader.QueryRowContext(ctx, `SELECT MIN(CAST(args ->> 'due' AS BIGINT)) FROM river_job
		WHERE state IN ('available', 'scheduled', 'retryable') AND kind = $2 AND args ->> 'run' = $1`, run, kind).Scan(&due)
	if err != nil || !due.Valid {
		return time.Time{}, err
	}
	return time.UnixMilli(due.Int64), nil
}

// Waiting counts the jobs of a queue that could begin at once, up to most.
func (q *Queue) Waiting(ctx context.Context, reader *sql.DB, queue string, most int) (n int, err error) {
	err = reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM river_job WHERE state = 'available' AND queue = $1 LIMIT $2) j`, queue, most).Scan(&n)
	return n, err
}

// Worked reports whether any process has worked a queue in the last day or so: River
// notes which are, and forgets them after that.
func (q *Queue) Worked(ctx context.Context, reader *sql.DB, queue string) (bool, error) {
	var n int
	err := reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM river_queue WHERE name = $1`, queue).Scan(&n)
	return n > 0, err
}

// awaitEvery is how often AwaitOther asks.
const awaitEvery = 250 * time.Millisecond

// AwaitOther returns when no other attempt than this one is under way at the job, at the
// latest when that one is taken for lost, or stopping says that the process ends. An error of the database counts
// for nothing: it may be away.
func (q *Queue) AwaitOther(ctx context.Context, reader *sql.DB, job *rivertype.JobRow, stopping func() bool) {
	for until := time.Now().Add(Rescue); time.Now().Before(until) && !stopping(); {
		var n int
		err := reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM river_job WHERE id = $1 AND state = 'running' AND attempt <> $2`, job.ID, job.Attempt).Scan(&n)
		if err == nil && n == 0 || pace.Wait(ctx, awaitEvery) != nil {
			return
		}
	}
}

// DeleteEnded deletes finished jobs of runs that are over, a step at a time; more
// says that there may be others.
func (q *Queue) DeleteEnded(ctx context.Context) (more bool, err error) {
	res, err := q.db.ExecContext(ctx, `DELETE FROM river_job WHERE id IN (SELECT j.id FROM river_job j JOIN run n ON n.id = j.args ->> 'run'
		WHERE j.state IN ('completed', 'cancelled', 'discarded') AND j.kind <> 'finish' AND n.state NOT IN ('planning', 'active') LIMIT $1)`, deleteStep)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == deleteStep, err
}

// deleteStep bounds what one statement deletes, so that workers do not wait.
const deleteStep = 2000

// Delete deletes the jobs of a run that nobody is working, but for those of the
// kind except: finished ones, and unfinished ones too if all is set. It returns
// whether there may be more.
func (q *Queue) Delete(ctx context.Context, run, except string, all bool) (more bool, err error) {
	states := endedStates
	if all {
		states += unworkedStates
	}
	return q.delete(ctx, run, except, states)
}

// DeleteAll is Delete of all jobs of a run, those too that are being worked: what they come
// to changes no row that is gone, and they must not be able to store.
func (q *Queue) DeleteAll(ctx context.Context, run string) (more bool, err error) {
	return q.delete(ctx, run, "", endedStates+unworkedStates+`, 'running'`)
}

// The states of jobs, as lists for a query.
const (
	endedStates    = `'completed', 'cancelled', 'discarded'`
	unworkedStates = `, 'available', 'pending', 'retryable', 'scheduled'`
)

func (q *Queue) delete(ctx context.Context, run, except, states string) (more bool, err error) {
	res, err := q.db.ExecContext(ctx, `DELETE FROM river_job WHERE id IN
		(SELECT id FROM river_job WHERE state IN (`+states+`) AND kind <> $2 AND args ->> 'run' = $1 LIMIT $3)`, run, except, deleteStep)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == deleteStep, err
}
