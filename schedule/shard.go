package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// A visit is one name of a shard that is to be looked at.
type visit struct {
	lane    string
	seq     int
	target  *crawler.Target
	lookups []crawler.Lookup
	done    bool // it is settled: its row can go
}

// laneBusyWait is how long a shard waits for its lane, which another job has.
const laneBusyWait = 2 * time.Second

// shard is the work of a job: it looks at the names of a shard that are left,
// in the order of lanes, and puts back what it does not get to in its time.
func (rd *Round) shard(ctx context.Context, job shardJob) error {
	ctx, leave, ok := rd.join(ctx)
	if !ok {
		return nil
	}
	defer leave()
	s, ok := rd.fed(job.Shard)
	if !ok {
		return nil
	}
	visits, whole, err := rd.load(ctx, s)
	if err != nil {
		return fmt.Errorf("reading shard %d: %w", s.id, err)
	}
	var stored receipts
	if rd.r.cfg.Gate.Limited() {
		rd.byLane(ctx, visits, &stored)
	} else {
		rd.side(ctx, visits, &stored)
	}
	if err := stored.wait(); err != nil {
		rd.known.Store(true) // some may be stored when River tries again
		return err
	}
	if rd.ctx.Err() != nil {
		return nil // the round is over; what was stored is known when it is resumed
	}
	// The job's time may be over; what it did is kept all the same.
	done, err := rd.forget(rd.ctx, s, visits, whole)
	if err != nil {
		rd.known.Store(true)
		return err
	}
	rd.tally.waiting.Add(-int64(done))
	rd.unfeed(s, s.names-done, rd.waitFor(visits, done))
	return nil
}

// waitFor is when a shard of which something is left is tried again.
func (rd *Round) waitFor(visits []visit, done int) time.Duration {
	if done == 0 && len(visits) > 0 {
		return laneBusyWait
	}
	return 0
}

// load reads the names of a shard that are left, at most a turn's. whole says
// that they are all.
func (rd *Round) load(ctx context.Context, s shard) (visits []visit, whole bool, err error) {
	most := turnNames(&s)
	err = rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		var v visit
		var domain string
		var line int
		var lookups, data sql.RawBytes
		err := rows.Scan(&v.lane, &v.seq, &lookups, &domain, &line, &data)
		if err == nil {
			v.target, err = unpackTarget(domain, line, data)
		}
		if err == nil {
			v.lookups, err = unpackLookups(lookups)
		}
		visits = append(visits, v)
		return err
	}, `SELECT w.lane, w.seq, w.lookups, t.domain, t.line, t.data FROM waiting w JOIN target t ON t.round = w.round AND t.seq = w.seq
		WHERE w.round = $1 AND w.part = $2 AND (w.lane, w.seq) >= ($3, $4) AND (w.lane, w.seq) <= ($5, $6) ORDER BY w.lane, w.seq LIMIT $7`,
		rd.id, s.part, s.fromLane, s.fromSeq, s.toLane, s.toSeq, most)
	whole = len(visits) < most || most >= s.names
	if err != nil || !rd.known.Load() {
		return visits, whole, err
	}
	return visits, whole, rd.markSettled(ctx, visits)
}

// markSettled marks the names that were settled before an interruption.
func (rd *Round) markSettled(ctx context.Context, visits []visit) error {
	domains := make([]string, len(visits))
	for i := range visits {
		domains[i] = visits[i].target.Domain
	}
	settled, err := rd.settled(ctx, domains)
	for i := range visits {
		visits[i].done = settled[domains[i]]
	}
	return err
}

// side looks at the names side by side, as places come free.
func (rd *Round) side(ctx context.Context, visits []visit, stored *receipts) {
	until := time.Now().Add(shardStarts)
	var looks sync.WaitGroup
	defer looks.Wait()
	for i := range visits {
		if visits[i].done {
			continue
		}
		if ctx.Err() != nil || time.Now().After(until) {
			return
		}
		place, err := rd.r.looks.enter(ctx)
		if err != nil {
			return
		}
		looks.Go(func() {
			defer place.leave()
			rd.visit(ctx, &visits[i], stored)
		})
	}
}

// byLane looks at the names lane by lane, the lanes side by side. A lane that
// another job works is left for later.
func (rd *Round) byLane(ctx context.Context, visits []visit, stored *receipts) {
	until := time.Now().Add(shardStarts)
	var lanes sync.WaitGroup
	for from := 0; from < len(visits); {
		to := from + 1
		for to < len(visits) && visits[to].lane == visits[from].lane {
			to++
		}
		if lane := visits[from:to]; rd.r.lanes.take(lane[0].lane) {
			lanes.Go(func() {
				defer rd.r.lanes.give(lane[0].lane)
				rd.alongLane(ctx, lane, until, stored)
			})
		}
		from = to
	}
	lanes.Wait()
}

// alongLane looks at the names of one lane in order, as many at a time as the
// address may have requests.
func (rd *Round) alongLane(ctx context.Context, lane []visit, until time.Time, stored *receipts) {
	var looks sync.WaitGroup
	defer looks.Wait()
	abreast := make(chan struct{}, rd.r.cfg.Gate.abreast())
	addr, _ := netip.ParseAddr(lane[0].lane)
	for i := range lane {
		if lane[i].done {
			continue
		}
		select {
		case abreast <- struct{}{}:
		case <-ctx.Done():
			return
		}
		if addr.IsValid() && rd.r.cfg.Gate.Pace(ctx, addr) != nil || time.Now().After(until) {
			return
		}
		place, err := rd.r.looks.enter(ctx)
		if err != nil {
			return
		}
		looks.Go(func() {
			defer func() { place.leave(); <-abreast }()
			rd.visit(ctx, &lane[i], stored)
		})
	}
}

// visit looks at one name and settles it.
func (rd *Round) visit(ctx context.Context, v *visit, stored *receipts) {
	began := time.Now()
	c := rd.r.cfg.Looker.Look(ctx, v.target, v.lookups, nil)
	if ctx.Err() != nil {
		return // we were stopped: what was seen may be our doing
	}
	if c.Answer != nil {
		rd.r.strain.answered(time.Since(began))
	}
	rd.settle(ctx, c, standing{}, stored)
	v.done = true
}

// forget deletes the rows of the names that are settled, and the shard if
// nothing is left of it. It gives the number of names that are done.
func (rd *Round) forget(ctx context.Context, s shard, visits []visit, whole bool) (done int, err error) {
	for i := range visits {
		if visits[i].done {
			done++
		}
	}
	err = rd.r.db.tx(ctx, func(tx *sql.Tx) error {
		if whole && done == len(visits) {
			if _, err := tx.ExecContext(ctx, `DELETE FROM waiting WHERE round = $1 AND part = $2 AND (lane, seq) >= ($3, $4) AND (lane, seq) <= ($5, $6)`,
				rd.id, s.part, s.fromLane, s.fromSeq, s.toLane, s.toSeq); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `DELETE FROM shard WHERE round = $1 AND id = $2`, rd.id, s.id)
			return err
		}
		drop, err := tx.PrepareContext(ctx, `DELETE FROM waiting WHERE round = $1 AND part = $2 AND lane = $3 AND seq = $4`)
		if err != nil {
			return err
		}
		for i := range visits {
			if v := &visits[i]; v.done {
				if _, err := drop.ExecContext(ctx, rd.id, s.part, v.lane, v.seq); err != nil {
					return err
				}
			}
		}
		_, err = tx.ExecContext(ctx, `UPDATE shard SET names = names - $3 WHERE round = $1 AND id = $2`, rd.id, s.id, done)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("storing what is left of a shard: %w", err)
	}
	if whole && done == len(visits) {
		done = s.names
	}
	return done, nil
}
