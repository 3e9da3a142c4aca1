package schedule

import (
	"context"
	"database/sql"
	"fmt"
)

// shardNames is how many names a shard holds, unless one lane alone has more:
// at 2 ms a name half a second of work, beside which the 0.6 ms that River
// takes for a job do not count.
const shardNames = 200

// cutPart sorts the part that a task has gathered into shards: tasks of their
// own, each a range of lanes from the first (lane, seq) to the last. The
// sorting is the database's.
func (m *member) cutPart(ctx context.Context, t *task) error {
	shards, err := m.cut(ctx, t.part)
	if err != nil {
		return fmt.Errorf("sorting names into lanes: %w", err)
	}
	for i := range shards {
		shards[i].kind, shards[i].again = kindVisit, t.again
	}
	err = m.r.db.tx(ctx, func(tx *sql.Tx) error {
		if err := t.gathers(ctx, tx, 0); err != nil {
			return err
		}
		return addTasks(ctx, tx, m.id, shards)
	})
	if err != nil {
		return fmt.Errorf("storing lanes: %w", err)
	}
	t.part = 0
	m.nudge()
	return nil
}

// cut sorts a part into shards.
func (m *member) cut(ctx context.Context, part int64) ([]task, error) {
	if m.r.cfg.Gate.Limited() {
		return m.cutByLane(ctx, part)
	}
	return m.cutAnywhere(ctx, part)
}

// cutByLane packs whole lanes together. A lane with more names than a shard
// is a shard of its own, because one lane is worked by one job at a time.
func (m *member) cutByLane(ctx context.Context, part int64) ([]task, error) {
	var shards []task
	var now task
	err := m.r.db.rows(ctx, func(rows *sql.Rows) error {
		lane := task{part: part}
		if err := rows.Scan(&lane.fromLane, &lane.names, &lane.fromSeq, &lane.toSeq); err != nil {
			return err
		}
		lane.toLane = lane.fromLane
		if now.names > 0 && now.names+lane.names > shardNames {
			shards, now = append(shards, now), task{}
		}
		if now.names == 0 {
			now = lane
			return nil
		}
		now.toLane, now.toSeq, now.names = lane.toLane, lane.toSeq, now.names+lane.names
		return nil
	}, `SELECT lane, COUNT(*), MIN(seq), MAX(seq) FROM waiting WHERE round = $1 AND part = $2 GROUP BY lane ORDER BY lane`, m.id, part)
	if now.names > 0 {
		shards = append(shards, now)
	}
	return shards, err
}

// cutAnywhere makes shards of equal size where no address is limited.
func (m *member) cutAnywhere(ctx context.Context, part int64) ([]task, error) {
	var shards []task
	var now task
	err := m.r.db.rows(ctx, func(rows *sql.Rows) error {
		var lane string
		var seq int
		if err := rows.Scan(&lane, &seq); err != nil {
			return err
		}
		if now.names == 0 {
			now = task{part: part, fromLane: lane, fromSeq: seq}
		}
		now.toLane, now.toSeq = lane, seq
		if now.names++; now.names == shardNames {
			shards, now = append(shards, now), task{}
		}
		return nil
	}, `SELECT lane, seq FROM waiting WHERE round = $1 AND part = $2 ORDER BY lane, seq`, m.id, part)
	if now.names > 0 {
		shards = append(shards, now)
	}
	return shards, err
}
