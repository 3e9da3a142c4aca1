package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// What is resolved is sorted into lanes after firstPart, so that visits begin,
// then after twice as long each time, up to partTime: small parts tear lanes
// and make small shards.
const (
	firstPart = 100 * time.Millisecond
	partTime  = time.Second
)

// A haul is what was resolved and is not stored yet: at most a task's names.
type haul struct {
	mu    sync.Mutex
	names []waiter
}

func (h *haul) add(w waiter) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.names = append(h.names, w)
}

func (h *haul) take() []waiter {
	h.mu.Lock()
	defer h.mu.Unlock()
	names := h.names
	h.names = nil
	return names
}

// gather stores what is resolved, part by part, until over is closed.
func (rd *member) gather(ctx context.Context, t *task, h *haul, over <-chan struct{}) error {
	for open := true; open; {
		wait := time.NewTimer(rd.nextPart())
		select {
		case <-over:
			open = false
		case <-wait.C:
		}
		wait.Stop()
		if names := h.take(); len(names) > 0 {
			if err := rd.storePart(ctx, t, names); err != nil {
				return err
			}
		}
	}
	return nil
}

// nextPart is how long the next part is gathered.
func (rd *member) nextPart() time.Duration {
	rd.mu.Lock()
	defer rd.mu.Unlock()
	wait := max(rd.part, firstPart)
	rd.part = min(2*wait, partTime)
	return wait
}

// storePart stores names in the order of lanes and makes shards of them, in
// one transaction.
func (rd *member) storePart(ctx context.Context, t *task, names []waiter) error {
	slices.SortFunc(names, func(a, b waiter) int {
		if c := strings.Compare(a.Lane, b.Lane); c != 0 {
			return c
		}
		return a.Seq - b.Seq
	})
	shards, chunks := cut(names, rd.r.cfg.Gate.Limited())
	for i := range shards {
		shards[i].again = t.again
	}
	err := rd.r.db.tx(ctx, func(tx *sql.Tx) error {
		if err := t.stillOurs(ctx, tx); err != nil {
			return err
		}
		return rd.addPart(ctx, tx, shards, chunks)
	})
	if err != nil {
		return fmt.Errorf("storing resolved names: %w", err)
	}
	rd.nudge()
	return nil
}

// stillOurs makes sure, to the end of the transaction, that the task has not
// been given to somebody else.
func (t *task) stillOurs(ctx context.Context, tx *sql.Tx) error {
	mine, err := changed(tx.ExecContext(ctx, `UPDATE task SET part = part WHERE round = $1 AND id = $2 AND turn = $3`, t.round, t.id, t.turn))
	if err == nil && !mine {
		err = errNotOurs
	}
	return err
}
