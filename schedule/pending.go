package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// notePending stores which names wait to be looked at again and drops those
// that have got their verdict.
func (rd *member) notePending(ctx context.Context, tx *sql.Tx, batch []entry) error {
	note, err := tx.PrepareContext(ctx, `INSERT INTO pending (round, domain, due, held, batch, attempts) VALUES ($1, $2, $3, $4, 0, $5)
		ON CONFLICT (round, domain) DO UPDATE SET due = excluded.due, held = excluded.held, batch = 0, attempts = excluded.attempts`)
	if err != nil {
		return err
	}
	drop, err := tx.PrepareContext(ctx, `DELETE FROM pending WHERE round = $1 AND domain = $2`)
	if err != nil {
		return err
	}
	for i := range batch {
		e := &batch[i]
		switch {
		case e.later != nil:
			l := e.later
			_, err = note.ExecContext(ctx, rd.id, l.domain, millis(l.due), l.held, l.attempts)
		case e.again:
			_, err = drop.ExecContext(ctx, rd.id, e.result.Record.Domain)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A pendingName is one that is to be looked at again.
type pendingName struct {
	target   *crawler.Target
	standing standing
}

// pendingOf reads the names that a job has claimed.
func (rd *member) pendingOf(ctx context.Context, batch int64) ([]pendingName, error) {
	var names []pendingName
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		n := pendingName{standing: standing{again: true}}
		var domain string
		var line int
		var attempts, data sql.RawBytes
		err := rows.Scan(&domain, &n.standing.held, &attempts, &line, &data)
		if err == nil {
			n.target, err = unpackTarget(domain, line, data)
		}
		if err == nil {
			n.standing.attempts, err = unpackAttempts(attempts)
		}
		names = append(names, n)
		return err
	}, `SELECT p.domain, p.held, p.attempts, t.line, t.data FROM pending p JOIN target t ON t.round = p.round AND t.domain = p.domain
		WHERE p.round = $1 AND p.batch = $2 ORDER BY p.due`, rd.id, batch)
	return names, err
}

// confirmNames is how many names one job looks at again: side by side, since
// nearly all of them wait for a host that does not answer.
const confirmNames = 100

// confirmRate is how many names are begun to be looked at again, a second
// and core. Many of them are names that do not exist, and resolvers take a
// flood of questions for such names for an attack and drop them. On two cores
// it is 7 million a night, the dead tenth of 20 million names three times.
const confirmRate = 125

// confirmGather is how long a name that has fallen due waits for more to come:
// a task costs as much as some names, and names fall due one by one.
const confirmGather = 500 * time.Millisecond

// gather is confirmGather, or less where looks follow each other quickly.
func (o *Options) gather() time.Duration { return min(confirmGather, o.retries()[0]/4) }

// confirmLate is how late a look that confirms may be for the sake of first
// looks. A night has more of both than it has time: behind by so much they go
// side by side.
const confirmLate = 30 * time.Second

// openConfirms makes tasks of the names that have fallen due, as many as will
// be begun soon. first says that names wait for their first look: they go first.
// It tells whether any name waits, one that has just got its task too.
func (rd *Round) openConfirms(ctx context.Context, open int, first bool) (waits bool, err error) {
	for {
		next, err := rd.r.db.number(ctx, `SELECT COALESCE(MIN(due), -1) FROM pending WHERE round = $1 AND batch = 0`, rd.id)
		if err != nil || next < 0 {
			return waits, err
		}
		now := time.Now()
		if next > now.UnixMilli() || open >= rd.hands {
			return true, nil
		}
		if first && next > millis(now.Add(-confirmLate)) {
			return true, nil
		}
		if next > millis(now.Add(-rd.r.opt.gather())) {
			due, err := rd.r.db.number(ctx, `SELECT COUNT(*) FROM pending WHERE round = $1 AND batch = 0 AND due <= $2`, rd.id, millis(now))
			if err != nil || due < confirmNames {
				return true, err
			}
		}
		if err := rd.r.db.tx(ctx, func(tx *sql.Tx) error { return rd.claimDue(ctx, tx) }); err != nil {
			return true, fmt.Errorf("handing out names to confirm: %w", err)
		}
		open, waits = open+1, true
	}
}

// claimDue makes one task of the names that are due.
func (rd *Round) claimDue(ctx context.Context, tx *sql.Tx) error {
	tasks := []task{{kind: kindConfirm, names: confirmNames}}
	if err := addTasks(ctx, tx, rd.id, tasks); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE pending SET batch = $2 WHERE round = $1 AND batch = 0 AND domain IN
		(SELECT domain FROM pending WHERE round = $1 AND batch = 0 AND due <= $3 ORDER BY due LIMIT $4)`, rd.id, tasks[0].id, time.Now().UnixMilli(), confirmNames)
	return err
}
