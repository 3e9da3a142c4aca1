package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// notePending stores which names wait to be looked at again and drops those
// that have got their verdict.
func (rd *Round) notePending(ctx context.Context, tx *sql.Tx, batch []entry) error {
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
func (rd *Round) pendingOf(ctx context.Context, batch int64) ([]pendingName, error) {
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

// A dueClock knows when the next pending name falls due, so that the database
// is asked only then.
type dueClock struct {
	mu     sync.Mutex
	next   time.Time // zero: nobody waits
	active int       // names claimed by jobs; guarded by Round.mu
	batch  int64     // last batch given out; guarded by Round.mu
	pace   time.Time // when the next may be given out; guarded by Round.mu
}

// set tells of a name that falls due at a time.
func (d *dueClock) set(at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.next.IsZero() || at.Before(d.next) {
		d.next = at
	}
}

// none tells whether nobody waits and no job is under way. The caller holds
// Round.mu.
func (d *dueClock) none() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.next.IsZero() && d.active == 0
}

// over tells whether a name has fallen due. It forgets the time: the caller
// asks the database and sets the next one.
func (d *dueClock) over(now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.next.IsZero() || now.Before(d.next) {
		return false
	}
	d.next = time.Time{}
	return true
}

// confirmNames is how many names one job looks at again: side by side, since
// nearly all of them wait for a host that does not answer.
const confirmNames = 100

// confirmRate is how many names are handed out to be looked at again, a second
// and core. Many of them are names that do not exist, and resolvers take a
// flood of questions for such names for an attack and drop them. On two cores
// it is 7 million a night, the dead tenth of 20 million names three times.
const confirmRate = 125

// feedConfirms hands the names that have fallen due to River, as many as have
// places.
func (rd *Round) feedConfirms() error {
	now := time.Now()
	rd.mu.Lock()
	room := rd.due.active < maxLoaded/4 && rd.r.confirms.waiting.Load() < confirmNames && !now.Before(rd.due.pace)
	rd.mu.Unlock()
	if !room || !rd.due.over(now) {
		return nil
	}
	err := rd.claim(now)
	if err != nil {
		return fmt.Errorf("handing out names to confirm: %w", err)
	}
	return nil
}

// claim gives the names that are due to a job.
func (rd *Round) claim(now time.Time) error {
	rd.mu.Lock()
	rd.due.batch++
	batch := rd.due.batch
	rd.mu.Unlock()
	res, err := rd.r.db.writer.ExecContext(rd.ctx, `UPDATE pending SET batch = $2 WHERE round = $1 AND batch = 0 AND domain IN
		(SELECT domain FROM pending WHERE round = $1 AND batch = 0 AND due <= $3 ORDER BY due LIMIT $4)`, rd.id, batch, millis(now), confirmNames)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	next, err := rd.r.db.number(rd.ctx, `SELECT COALESCE(MIN(due), 0) FROM pending WHERE round = $1 AND batch = 0`, rd.id)
	if err != nil {
		return err
	}
	if next > 0 {
		rd.due.set(time.UnixMilli(next))
	}
	if n == 0 {
		return nil
	}
	rd.mu.Lock()
	rd.due.active += int(n)
	rd.due.pace = now.Add(time.Duration(n) * time.Second / time.Duration(confirmRate*runtime.GOMAXPROCS(0)))
	rd.mu.Unlock()
	return rd.r.queue.insert(rd.ctx, queueConfirm, confirmJob{rd.id, batch, int(n)})
}
