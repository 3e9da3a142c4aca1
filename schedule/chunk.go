package schedule

import (
	"context"
	"database/sql"
)

// A chunk is a row of waiters in the order of lanes, at most shardNames. Many
// names share a row because a row for each would cost 3.5 µs a name more to
// store, a fifth of what it takes to resolve it.
type chunk struct {
	number      int // within its part
	least, most int // its names are within these numbers of the plan
	names       []byte
}

// newChunk packs names, one at least.
func newChunk(number int, waiters []waiter) chunk {
	c := chunk{number: number, least: waiters[0].Seq, names: packWaiters(waiters)}
	for i := range waiters {
		c.least, c.most = min(c.least, waiters[i].Seq), max(c.most, waiters[i].Seq)
	}
	return c
}

// addPart stores chunks as a part of their own, and the shards that are made of
// them.
func (m *member) addPart(ctx context.Context, tx *sql.Tx, shards []task, chunks []chunk) error {
	part, err := m.newPart(ctx, tx)
	if err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO waiting (round, part, chunk, least, most, names) VALUES ($1, $2, $3, $4, $5, $6)`)
	if err != nil {
		return err
	}
	for i := range chunks {
		c := &chunks[i]
		if _, err := insert.ExecContext(ctx, m.id, part, c.number, c.least, c.most, c.names); err != nil {
			return err
		}
	}
	for i := range shards {
		shards[i].part = part
	}
	return addTasks(ctx, tx, m.id, shards)
}

// newPart gives a number that no part has yet.
func (m *member) newPart(ctx context.Context, tx *sql.Tx) (part int64, err error) {
	if _, err := tx.ExecContext(ctx, `UPDATE round SET next_part = next_part + 1 WHERE id = $1`, m.id); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `SELECT next_part FROM round WHERE id = $1`, m.id).Scan(&part)
	return part, err
}
