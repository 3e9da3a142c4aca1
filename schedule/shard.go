package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// turnChunks is how many chunks of a task one job loads.
const turnChunks = 2

// load reads the names of a task that are left, at most a turn's. whole says
// that they are all.
func (m *member) load(ctx context.Context, t *task) (visits []visit, whole bool, err error) {
	chunks := 0
	err = m.r.db.rows(ctx, func(rows *sql.Rows) error {
		var number int
		var names sql.RawBytes
		if err := rows.Scan(&number, &names); err != nil {
			return err
		}
		chunks++
		waiters, err := unpackWaiters(names)
		for i := range waiters {
			visits = append(visits, visit{waiter: waiters[i], chunk: number})
		}
		whole = number == t.to
		return err
	}, `SELECT chunk, names FROM waiting WHERE round = $1 AND part = $2 AND chunk >= $3 AND chunk <= $4 ORDER BY chunk LIMIT $5`,
		m.id, t.part, t.from, t.to, turnChunks)
	whole = whole || chunks < turnChunks
	for i := 0; err == nil && i < len(visits); i++ {
		v := &visits[i]
		v.target, err = unpackTarget(v.Domain, v.Line, v.Data)
	}
	if err == nil && t.again {
		err = m.markSettled(ctx, visits)
	}
	if err == nil {
		err = m.lookUpLast(ctx, visits)
	}
	return visits, whole, err
}

// thinNames is how many names of a task one process keeps when there are few
// tasks for all.
const thinNames = 50

// share makes a task of its own of the names behind the first thinNames, so
// that nobody is idle while another one has a stock. Lanes are not torn; a task
// of several chunks is one lane.
func (m *member) share(ctx context.Context, t *task, visits []visit) ([]visit, error) {
	at := thinNames
	for m.r.cfg.Gate.Limited() && at < len(visits) && visits[at].Lane == visits[at-1].Lane {
		at++
	}
	if t.from != t.to || at >= len(visits) {
		return visits, nil
	}
	own, rest := visits[:at], left(visits[at:])
	if len(rest) == 0 {
		return visits, nil
	}
	shards, chunks := []task{{kind: kindVisit, names: len(rest)}}, []chunk{newChunk(0, rest)}
	names := left(own)
	err := m.r.db.tx(ctx, func(tx *sql.Tx) error {
		if err := t.stillOurs(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE task SET names = $3 WHERE round = $1 AND id = $2`, t.round, t.id, len(names)); err != nil {
			return err
		}
		if err := m.keepOfChunk(ctx, tx, t, t.from, names); err != nil {
			return err
		}
		return m.addPart(ctx, tx, shards, chunks)
	})
	if err != nil {
		return nil, err
	}
	t.names = len(names)
	m.nudge()
	return own, nil
}

// forget stores what is left of a task: the names that are settled are dropped,
// and the task if none is left.
func (m *member) forget(ctx context.Context, t *task, visits []visit, whole bool, wait time.Duration) error {
	rest := len(left(visits))
	err := m.r.db.tx(ctx, func(tx *sql.Tx) error {
		if whole && rest == 0 {
			if mine, err := t.drop(ctx, tx); err != nil || !mine {
				return err
			}
			_, err := tx.ExecContext(ctx, `DELETE FROM waiting WHERE round = $1 AND part = $2 AND chunk >= $3 AND chunk <= $4`, m.id, t.part, t.from, t.to)
			return err
		}
		after := *t
		after.names, after.again = rest, false
		if !whole {
			after.names, after.again = t.names-len(visits)+rest, t.again
		}
		if mine, err := after.putBack(ctx, tx, wait); err != nil || !mine {
			return err
		}
		for from := 0; from < len(visits); {
			to := from + 1
			for to < len(visits) && visits[to].chunk == visits[from].chunk {
				to++
			}
			if some := left(visits[from:to]); len(some) < to-from {
				if err := m.keepOfChunk(ctx, tx, t, visits[from].chunk, some); err != nil {
					return err
				}
			}
			from = to
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("storing what is left of a task: %w", err)
	}
	return nil
}

// keepOfChunk stores what is left of a chunk.
func (m *member) keepOfChunk(ctx context.Context, tx *sql.Tx, t *task, number int, waiters []waiter) error {
	if len(waiters) == 0 {
		_, err := tx.ExecContext(ctx, `DELETE FROM waiting WHERE round = $1 AND part = $2 AND chunk = $3`, m.id, t.part, number)
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE waiting SET names = $4 WHERE round = $1 AND part = $2 AND chunk = $3`, m.id, t.part, number, packWaiters(waiters))
	return err
}

// left lists the names that are not settled.
func left(visits []visit) []waiter {
	var waiters []waiter
	for i := range visits {
		if !visits[i].done {
			waiters = append(waiters, visits[i].waiter)
		}
	}
	return waiters
}
