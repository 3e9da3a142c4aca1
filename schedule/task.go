package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// The kinds of task; the River queues bear the same names.
const (
	kindResolve = "resolve" // ask for the addresses of names
	kindVisit   = "visit"   // look at names that have an address
	kindConfirm = "confirm" // look again at names that failed
)

// A task is the work of one job. It stands in the database until nothing is
// left of it: waiting, handed out, or held by a process.
type task struct {
	round, id int64
	kind      string
	turn      int64 // the number of this handing out: with an older one it is somebody else's by now
	part      int64 // visit: whose chunks they are
	from, to  int   // visit: the first and the last chunk; resolve: the first and the last name
	names     int
	again     bool // some of its names may be dealt with already
	thin      bool // of this handing out: leave some of its names to others
}

// addTasks stores new tasks, numbered on.
func addTasks(ctx context.Context, tx *sql.Tx, round int64, tasks []task) error {
	if len(tasks) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `UPDATE round SET next_task = next_task + $2 WHERE id = $1`, round, len(tasks)); err != nil {
		return err
	}
	var next int64
	if err := tx.QueryRowContext(ctx, `SELECT next_task FROM round WHERE id = $1`, round).Scan(&next); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO task (round, id, kind, part, from_seq, to_seq, names, turn, given, holder, ready, again)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, $8)`)
	if err != nil {
		return err
	}
	for i := range tasks {
		t := &tasks[i]
		t.round, t.id = round, next-int64(len(tasks)-i)
		if _, err := insert.ExecContext(ctx, round, t.id, t.kind, t.part, t.from, t.to, t.names, flag(t.again)); err != nil {
			return err
		}
	}
	return nil
}

// claim takes the task of a job for this process; false if it is somebody
// else's by now, or done.
func (r *Runner) claim(ctx context.Context, job taskJob, holder int64) (t task, ok bool, err error) {
	res, err := r.db.writer.ExecContext(ctx, `UPDATE task SET holder = $4 WHERE round = $1 AND id = $2 AND turn = $3 AND given > 0 AND holder = 0`,
		job.Round, job.Task, job.Turn, holder)
	if err != nil {
		return t, false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return t, false, err
	}
	t = task{round: job.Round, id: job.Task, turn: job.Turn, thin: job.Thin}
	err = r.db.writer.QueryRowContext(ctx, `SELECT kind, part, from_seq, to_seq, names, again FROM task WHERE round = $1 AND id = $2`, t.round, t.id).
		Scan(&t.kind, &t.part, &t.from, &t.to, &t.names, &t.again)
	return t, err == nil, err
}

// An execer is a database or a transaction.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// drop deletes a task of which nothing is left. It tells false if the task is
// somebody else's by now.
func (t *task) drop(ctx context.Context, db execer) (mine bool, err error) {
	return changed(db.ExecContext(ctx, `DELETE FROM task WHERE round = $1 AND id = $2 AND turn = $3`, t.round, t.id, t.turn))
}

// putBack lets what is left of a task wait for its next turn.
func (t *task) putBack(ctx context.Context, db execer, wait time.Duration) (mine bool, err error) {
	var ready int64
	if wait > 0 {
		ready = millis(time.Now().Add(wait))
	}
	return changed(db.ExecContext(ctx, `UPDATE task SET given = 0, holder = 0, from_seq = $4, names = $5, ready = $6, again = $7 WHERE round = $1 AND id = $2 AND turn = $3`,
		t.round, t.id, t.turn, t.from, t.names, ready, flag(t.again)))
}

func changed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Leases: a task that was handed out is taken back when nobody has begun it
// after unclaimedMost, or has not ended it after a task's time and heldMore. A
// process that dies is noticed much sooner by what it holds.
const (
	unclaimedMost = time.Minute
	heldMore      = 30 * time.Second
	// waitMost is the longest that a task may be put back for; a later time was
	// set by a clock that is wrong.
	waitMost = time.Minute
)

// takeBack takes tasks back from those who will not end them: processes that
// are not alive any more, and those whose lease is over. first says that this
// conductor is new and knows of no job that is on its way.
func (rd *Round) takeBack(ctx context.Context, alive map[int64]bool, first bool) error {
	now, heldMost := time.Now(), unclaimedMost+rd.r.taskTime()+heldMore
	var lost []task
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		t := task{round: rd.id}
		var given, holder int64
		if err := rows.Scan(&t.id, &t.turn, &given, &holder); err != nil {
			return err
		}
		since := now.Sub(time.UnixMilli(given))
		if holder == 0 && (first || since > unclaimedMost) || holder != 0 && (!alive[holder] || since > heldMost) {
			lost = append(lost, t)
		}
		return nil
	}, `SELECT id, turn, given, holder FROM task WHERE round = $1 AND given > 0`, rd.id)
	if err != nil || len(lost) == 0 {
		return err
	}
	return rd.r.db.tx(ctx, func(tx *sql.Tx) error {
		for i := range lost {
			// A new turn, so that a job that comes all the same finds it gone.
			if _, err := tx.ExecContext(ctx, `UPDATE task SET turn = turn + 1, given = 0, holder = 0, ready = 0, again = 1 WHERE round = $1 AND id = $2 AND turn = $3`,
				rd.id, lost[i].id, lost[i].turn); err != nil {
				return fmt.Errorf("taking tasks back: %w", err)
			}
		}
		return nil
	})
}

// recall takes back what nobody has begun: the conductor stops.
func (rd *Round) recall(ctx context.Context) error {
	return rd.r.db.exec(ctx, `UPDATE task SET turn = turn + 1, given = 0 WHERE round = $1 AND given > 0 AND holder = 0`, rd.id)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
