package schedule

import (
	"context"
	"database/sql"
	"time"

	"github.com/beianwatch/beianwatch/reports"
)

// beat is how often the conductor looks around when nobody wakes it.
const beat = 100 * time.Millisecond

// conduct hands out work until nothing is left. It returns nil when every
// target has its verdict.
func (rd *Round) conduct(ctx context.Context) error {
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for told := time.Now(); ; {
		if time.Since(told) > tellEvery {
			told = time.Now()
			if err := rd.tell(ctx); err != nil {
				return err
			}
		}
		done, err := rd.step(ctx)
		if err != nil || done {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-rd.wake:
		case <-ticker.C:
		}
	}
}

// tellEvery is how often the run's row is brought up to date for other
// processes to read.
const tellEvery = 10 * time.Second

// tell stores how far the run has come.
func (rd *Round) tell(ctx context.Context) error {
	run := *rd.run
	rd.mu.Lock()
	run.Lines, run.Rejected = rd.lines, rd.rejected
	if rd.planned {
		run.State = reports.RunActive
	}
	rd.mu.Unlock()
	run.Verdicts = int(rd.sum().verdicts)
	return rd.r.cfg.Store.UpdateRun(ctx, &run)
}

// step looks around once.
func (rd *Round) step(ctx context.Context) (done bool, err error) {
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	if now := time.Now(); now.Sub(rd.looked) > lookEvery {
		rd.looked = now
		if err := rd.lookAfter(ctx, false); err != nil {
			return false, err
		}
	}
	at, err := rd.stocks(ctx)
	if err != nil {
		return false, err
	}
	if err := rd.openResolves(ctx, at); err != nil {
		return false, err
	}
	waits, err := rd.openConfirms(ctx, at[kindConfirm].open(), at[kindVisit].open() > 0)
	if err != nil {
		return false, err
	}
	handed, err := rd.handOut(ctx, at)
	if err != nil || handed || waits || len(at) > 0 || !rd.resolved() {
		return false, err
	}
	return rd.complete(ctx)
}

// lookEvery is how often the conductor looks after those who work.
const lookEvery = time.Second

// lookAfter takes tasks back from processes that have died and adds up what
// the others have done.
func (rd *Round) lookAfter(ctx context.Context, first bool) error {
	alive, err := rd.grip.alive()
	if err != nil {
		return err
	}
	rd.hands = len(alive)
	if err := rd.takeBack(ctx, alive, first); err != nil {
		return err
	}
	return rd.addUp(ctx)
}

// A stock is how much of one kind of task there is.
type stock struct {
	waiting, given, held int // tasks: in our tables, in River, at work
	names                int
}

// open is how many tasks nobody has begun.
func (s stock) open() int { return s.waiting + s.given }

// stocks counts the tasks of each kind.
func (rd *Round) stocks(ctx context.Context) (map[string]stock, error) {
	at := map[string]stock{}
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		var kind string
		var state, tasks, names int
		if err := rows.Scan(&kind, &state, &tasks, &names); err != nil {
			return err
		}
		s := at[kind]
		s.names += names
		switch state {
		case 0:
			s.waiting += tasks
		case 1:
			s.given += tasks
		default:
			s.held += tasks
		}
		at[kind] = s
		return nil
	}, `SELECT kind, CASE WHEN given = 0 THEN 0 WHEN holder = 0 THEN 1 ELSE 2 END, COUNT(*), CAST(SUM(names) AS BIGINT) FROM task WHERE round = $1 GROUP BY 1, 2`, rd.id)
	return at, err
}

// openResolves makes tasks of names that nobody has resolved yet, as far as
// the window goes.
func (rd *Round) openResolves(ctx context.Context, at map[string]stock) error {
	chunk := min(resolveNames, max(rd.r.window/4, 1))
	ahead := at[kindVisit].names + at[kindResolve].names
	rd.mu.Lock()
	next, targets, planned := rd.nextSeq, rd.targets, rd.planned
	rd.mu.Unlock()
	var tasks []task
	for open := at[kindResolve].open(); open < rd.hands && ahead < rd.r.window && next < targets && (planned || targets-next >= chunk); open++ {
		n := min(chunk, targets-next)
		tasks = append(tasks, task{kind: kindResolve, from: next, to: next + n - 1, names: n, again: next < rd.doubtful})
		next, ahead = next+n, ahead+n
	}
	if len(tasks) == 0 {
		return nil
	}
	err := rd.r.db.tx(ctx, func(tx *sql.Tx) error {
		if err := addTasks(ctx, tx, rd.id, tasks); err != nil {
			return err
		}
		return rd.ours(tx.ExecContext(ctx, `UPDATE round SET next_seq = $2 WHERE id = $1 AND conductor = $3`, rd.id, next, rd.grip.id))
	})
	if err != nil {
		return err
	}
	at[kindResolve] = stock{waiting: at[kindResolve].waiting + len(tasks)}
	rd.mu.Lock()
	rd.nextSeq = next
	rd.mu.Unlock()
	return nil
}

// ours makes sure that a change of the round's row was made: nobody else
// conducts it by now.
func (rd *Round) ours(res sql.Result, err error) error {
	mine, err := changed(res, err)
	if err == nil && !mine {
		err = errElsewhere
	}
	return err
}

// handOut gives River as many tasks as will be begun soon, and no more: a
// task that waits in our tables can still be given to the one who is free
// first. It tells whether it gave any.
func (rd *Round) handOut(ctx context.Context, at map[string]stock) (any bool, err error) {
	for kind, want := range map[string]int{kindResolve: rd.hands, kindVisit: 2 * rd.hands, kindConfirm: rd.hands} {
		if at[kind].waiting == 0 || at[kind].given >= want {
			continue
		}
		thin := kind == kindVisit && rd.r.grips.shared() && at[kind].waiting < want
		n, err := rd.handOutSome(ctx, kind, want-at[kind].given, thin)
		if err != nil {
			return any, err
		}
		any = any || n > 0
	}
	return any, nil
}

// handOutSome gives River up to n tasks of a kind. thin asks those who get them
// to share, because there are few. They are marked first: if
// we are stopped in between they are taken back, and a job whose task is not
// marked does nothing.
func (rd *Round) handOutSome(ctx context.Context, kind string, n int, thin bool) (int, error) {
	now := time.Now()
	var jobs []taskJob
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		j := taskJob{Round: rd.id, Of: kind, Thin: thin}
		err := rows.Scan(&j.Task, &j.Turn)
		j.Turn++
		jobs = append(jobs, j)
		return err
	}, `SELECT id, turn FROM task WHERE round = $1 AND kind = $2 AND given = 0 AND (ready <= $3 OR ready > $4) ORDER BY id LIMIT $5`,
		rd.id, kind, millis(now), millis(now.Add(waitMost)), n)
	if err != nil || len(jobs) == 0 {
		return 0, err
	}
	err = rd.r.db.tx(ctx, func(tx *sql.Tx) error {
		for _, j := range jobs {
			if _, err := tx.ExecContext(ctx, `UPDATE task SET given = $3, turn = $4, holder = 0 WHERE round = $1 AND id = $2`, j.Round, j.Task, millis(now), j.Turn); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return len(jobs), rd.r.queue.insert(ctx, rd.r.queueOf(kind), rd.priority(), jobs)
}

// resolved tells whether the plan is whole and all of it has been given to
// resolve tasks.
func (rd *Round) resolved() bool {
	rd.mu.Lock()
	defer rd.mu.Unlock()
	return rd.planned && rd.nextSeq >= rd.targets
}
