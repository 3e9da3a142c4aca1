package schedule

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/schedule/packed"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// A shard is the names of one visit job: few enough that workers share a run
// fairly, many enough that a job costs little beside its visits.
const (
	minShard = 20
	maxShard = 200
)

// shardNames is how many names a shard of a run with so many targets holds.
func shardNames(targets int) int { return min(max(targets/200, minShard), maxShard) }

// cut makes visit jobs of names that are sorted by key, and stores their
// chunks. Where addresses are limited, one with more names than a quarter of a
// shard is busy: its names wait for the one job that works on it. patient says
// that the names kept a job waiting before.
func (w *runWorker) cut(ctx context.Context, tx *queue.Tx, names []packed.Resolved, patient bool) error {
	size := shardNames(w.run.state.targets)
	busy := max(size/4, 2)
	if patient {
		busy = 1 // the rest of an address that takes its time, or that others hold
	}
	var mixed []packed.Resolved
	var jobs []queue.Job
	for from := 0; from < len(names); {
		to := from + 1
		for to < len(names) && names[to].Key == names[from].Key {
			to++
		}
		if of := names[from:to]; of[0].Key != "" && len(of) > busy {
			for part := range slices.Chunk(of, maxShard) {
				if _, err := w.addChunk(ctx, tx.Tx, of[0].Key, part); err != nil {
					return err
				}
			}
			jobs = append(jobs, w.r.addressJob(w.run, of[0].Key))
		} else {
			mixed = append(mixed, of...)
		}
		from = to
	}
	for part := range slices.Chunk(mixed, size) {
		id, err := w.addChunk(ctx, tx.Tx, "", part)
		if err != nil {
			return err
		}
		jobs = append(jobs, w.r.shardJob(w.run, id, patient))
	}
	return w.r.queue.Insert(ctx, tx, jobs...)
}

// newChunkID makes an id that no chunk has: ids rise with time, so that the
// chunks of an address keep their order.
func newChunkID() int64 { return time.Now().UnixNano()&^0xfff | int64(rand.IntN(0x1000)) }

// addChunk stores names as one row. Many names share a row because a row for
// each would cost a fifth of what it takes to resolve it.
func (w *runWorker) addChunk(ctx context.Context, tx *sql.Tx, address string, names []packed.Resolved) (id int64, err error) {
	id = newChunkID()
	_, err = tx.ExecContext(ctx, `INSERT INTO chunk (id, run, address, names) VALUES ($1, $2, $3, $4)`, id, w.run.number, address, packed.Names(names))
	return id, err
}

// chunks reads what a visit job works on: one shard, or the oldest chunk of
// its address. A job whose chunk is gone has nothing to do.
func (w *runWorker) chunks(ctx context.Context, a visitArgs) (ids []int64, names []packed.Resolved, err error) {
	where, args := `run = $1 AND id = $2`, []any{w.run.number, a.Shard}
	if a.Address != "" {
		where, args = `run = $1 AND address = $2 ORDER BY id LIMIT 1`, []any{w.run.number, a.Address}
	}
	err = w.r.db.rows(ctx, func(rows *sql.Rows) error {
		var id int64
		var data sql.RawBytes
		if err := rows.Scan(&id, &data); err != nil {
			return err
		}
		some, err := packed.ReadNames(data)
		ids, names = append(ids, id), append(names, some...)
		return err
	}, `SELECT id, names FROM chunk WHERE `+where, args...)
	return ids, names, err
}

func (w *runWorker) dropChunks(ctx context.Context, tx *sql.Tx, ids []int64) error {
	for _, id := range ids {
		if _, err := tx.ExecContext(ctx, `DELETE FROM chunk WHERE run = $1 AND id = $2`, w.run.number, id); err != nil {
			return err
		}
	}
	return nil
}

// keepChunk stores what is left of an address' chunk in its old place, before
// the others of the address.
func (w *runWorker) keepChunk(ctx context.Context, tx *sql.Tx, ids []int64, address string, names []packed.Resolved) error {
	if len(names) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO chunk (id, run, address, names) VALUES ($1, $2, $3, $4)`, ids[0], w.run.number, address, packed.Names(names))
	return err
}

// hasChunk reports whether names wait for an address. It comes after the
// completion of the address' job in the same transaction: who adds names later
// finds the job completed and inserts it anew.
func (w *runWorker) hasChunk(ctx context.Context, tx *sql.Tx, address string) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM chunk WHERE run = $1 AND address = $2 LIMIT 1) c`, w.run.number, address).Scan(&n)
	return n > 0, err
}

// holding is the addresses that a visit job holds against other processes.
type holding struct {
	got     map[string]bool
	release func(key string)
	over    chan struct{}
}

// hold takes the addresses of groups that no other process holds. lost is called
// if they are lost before end: then other processes may be at these addresses,
// and what is under way must not count. Names without an address need none.
func (r *Runner) hold(ctx context.Context, groups []group, lost func()) (*holding, error) {
	session, err := r.locks.Session(ctx)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, g := range groups {
		if g.key != "" {
			keys = append(keys, g.key)
		}
	}
	h := &holding{over: make(chan struct{})}
	h.got, h.release = r.locks.Take(ctx, keys)
	go func() {
		select {
		case <-session.Done():
			lost()
		case <-h.over:
		}
	}()
	return h, nil
}

func (h *holding) has(key string) bool { return key == "" || h.got[key] }

// give gives an address back that the job is done with.
func (h *holding) give(key string) {
	if key != "" {
		h.release(key)
	}
}

// end says that nothing is under way any more.
func (h *holding) end() { close(h.over) }
