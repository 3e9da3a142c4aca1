package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// shardNames is how many names a shard holds, unless one lane alone has more:
// at 2 ms a name half a second of work, beside which the 0.6 ms that River
// takes for a job do not count.
const shardNames = 200

// A shard is a range of lanes of one part, from the first (lane, seq) to the
// last.
type shard struct {
	id, part         int64
	fromLane, toLane string
	fromSeq, toSeq   int
	names            int
}

// cutPart sorts the part that has been gathered into shards and begins the
// next. The sorting is the database's.
func (rd *Round) cutPart(ctx context.Context) error {
	rd.mu.Lock()
	part := rd.nextPart
	rd.mu.Unlock()
	shards, err := rd.cut(ctx, part)
	if err != nil {
		return fmt.Errorf("sorting names into lanes: %w", err)
	}
	err = rd.r.db.tx(ctx, func(tx *sql.Tx) error {
		var id int64
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM shard WHERE round = $1`, rd.id).Scan(&id); err != nil {
			return err
		}
		rd.mu.Lock()
		id = max(id, rd.feed.lastID) // ids of shards that are done and deleted are not used again
		rd.mu.Unlock()
		for i := range shards {
			s := &shards[i]
			s.id = id + int64(i) + 1
			if _, err := tx.ExecContext(ctx, `INSERT INTO shard (round, id, part, from_lane, to_lane, from_seq, to_seq, names) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				rd.id, s.id, part, s.fromLane, s.toLane, s.fromSeq, s.toSeq, s.names); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE round SET next_part = $2 WHERE id = $1`, rd.id, part+1)
		return err
	})
	if err != nil {
		return fmt.Errorf("storing lanes: %w", err)
	}
	rd.mu.Lock()
	rd.nextPart = part + 1
	rd.feed.add(shards)
	rd.mu.Unlock()
	rd.nudge()
	return nil
}

// cut sorts a part into shards.
func (rd *Round) cut(ctx context.Context, part int) ([]shard, error) {
	if rd.r.cfg.Gate.Limited() {
		return rd.cutByLane(ctx, part)
	}
	return rd.cutAnywhere(ctx, part)
}

// cutByLane packs whole lanes together. A lane with more names than a shard
// is a shard of its own, because one lane is worked by one job at a time.
func (rd *Round) cutByLane(ctx context.Context, part int) ([]shard, error) {
	var shards []shard
	var now shard
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		lane := shard{part: int64(part)}
		if err := rows.Scan(&lane.fromLane, &lane.names, &lane.fromSeq, &lane.toSeq); err != nil {
			return err
		}
		lane.toLane = lane.fromLane
		if now.names > 0 && now.names+lane.names > shardNames {
			shards, now = append(shards, now), shard{}
		}
		if now.names == 0 {
			now = lane
			return nil
		}
		now.toLane, now.toSeq, now.names = lane.toLane, lane.toSeq, now.names+lane.names
		return nil
	}, `SELECT lane, COUNT(*), MIN(seq), MAX(seq) FROM waiting WHERE round = $1 AND part = $2 GROUP BY lane ORDER BY lane`, rd.id, part)
	if now.names > 0 {
		shards = append(shards, now)
	}
	return shards, err
}

// cutAnywhere makes shards of equal size where no address is limited.
func (rd *Round) cutAnywhere(ctx context.Context, part int) ([]shard, error) {
	var shards []shard
	var now shard
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		var lane string
		var seq int
		if err := rows.Scan(&lane, &seq); err != nil {
			return err
		}
		if now.names == 0 {
			now = shard{part: int64(part), fromLane: lane, fromSeq: seq}
		}
		now.toLane, now.toSeq = lane, seq
		if now.names++; now.names == shardNames {
			shards, now = append(shards, now), shard{}
		}
		return nil
	}, `SELECT lane, seq FROM waiting WHERE round = $1 AND part = $2 ORDER BY lane, seq`, rd.id, part)
	if now.names > 0 {
		shards = append(shards, now)
	}
	return shards, err
}

// recut brings the lanes of an interrupted run in order: names that were
// stored but not sorted into shards yet are sorted now, and the shards that are
// left are read back.
func (rd *Round) recut() error {
	unsorted, err := rd.r.db.number(rd.ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM waiting WHERE round = $1 AND part >= $2 LIMIT 1) w`, rd.id, rd.nextPart)
	if err != nil {
		return err
	}
	var shards []shard
	err = rd.r.db.rows(rd.ctx, func(rows *sql.Rows) error {
		var s shard
		err := rows.Scan(&s.id, &s.part, &s.fromLane, &s.toLane, &s.fromSeq, &s.toSeq, &s.names)
		shards = append(shards, s)
		return err
	}, `SELECT id, part, from_lane, to_lane, from_seq, to_seq, names FROM shard WHERE round = $1 ORDER BY id`, rd.id)
	if err != nil {
		return err
	}
	rd.mu.Lock()
	rd.feed.add(shards)
	rd.mu.Unlock()
	if unsorted > 0 {
		return rd.cutPart(rd.ctx)
	}
	return nil
}

// A laneKeeper knows which lanes are being worked: one lane is worked by one
// job at a time, however many jobs and rounds there are.
type laneKeeper struct {
	mu   sync.Mutex
	busy map[string]bool
}

// take takes a lane; false if another job has it.
func (k *laneKeeper) take(lane string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.busy[lane] {
		return false
	}
	if k.busy == nil {
		k.busy = map[string]bool{}
	}
	k.busy[lane] = true
	return true
}

func (k *laneKeeper) give(lane string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.busy, lane)
}
