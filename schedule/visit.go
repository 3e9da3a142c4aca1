package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A visit is one name of a task that is to be looked at.
type visit struct {
	lane    string
	seq     int
	target  *crawler.Target
	lookups []crawler.Lookup
	last    *store.Last // what the run before knows of it, nil for nothing
	done    bool        // it is settled: its row can go
}

// laneBusyWait is how long a task waits for a lane that another one works.
const laneBusyWait = 2 * time.Second

// turnNames is how many names of a task one job loads.
func turnNames(t *task) int { return min(t.names, 2*shardNames) }

// visits is the work of a job: it looks at the names of a shard that are left,
// in the order of lanes, and puts back what it does not get to in its time.
// served is called when the looks have begun.
func (m *member) visits(ctx context.Context, t *task, served func()) error {
	names, whole, err := m.load(ctx, t)
	if err != nil {
		return fmt.Errorf("reading names to visit: %w", err)
	}
	if t.thin {
		if names, whole, err = m.share(ctx, t, names, whole); err != nil {
			return fmt.Errorf("sharing names: %w", err)
		}
	}
	m.r.loaded.Add(int64(len(names)))
	defer func() { m.r.loaded.Add(-int64(left(names))) }()
	var stored receipts
	busy := 0
	if m.r.cfg.Gate.Limited() {
		busy = m.byLane(ctx, names, &stored, served)
	} else {
		served()
		m.side(ctx, names, &stored)
	}
	if err := stored.wait(); err != nil {
		return err
	}
	wait := time.Duration(0)
	if busy > 0 {
		wait = laneBusyWait
	}
	// The job's time may be over; what it did is kept all the same.
	return m.forget(context.WithoutCancel(ctx), t, names, whole, wait)
}

// load reads the names of a task that are left, at most a turn's. whole says
// that they are all.
func (m *member) load(ctx context.Context, t *task) (visits []visit, whole bool, err error) {
	most := turnNames(t)
	err = m.r.db.rows(ctx, func(rows *sql.Rows) error {
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
		m.id, t.part, t.fromLane, t.fromSeq, t.toLane, t.toSeq, most)
	whole = len(visits) < most || most >= t.names
	if err == nil && t.again {
		err = m.markSettled(ctx, visits)
	}
	if err == nil {
		err = m.lookUpLast(ctx, visits)
	}
	return visits, whole, err
}

// lookUpLast finds out what the run before knows of the names.
func (m *member) lookUpLast(ctx context.Context, visits []visit) error {
	if m.before == "" {
		return nil
	}
	domains := make([]string, 0, len(visits))
	for i := range visits {
		if !visits[i].done {
			domains = append(domains, visits[i].target.Domain)
		}
	}
	last, err := m.r.cfg.Store.Last(ctx, m.before, domains)
	for i := range visits {
		visits[i].last = last[visits[i].target.Domain]
	}
	return err
}

// thinNames is how many names of a task one process keeps when there are few
// tasks for all.
const thinNames = 50

// share makes a task of its own of the names behind the first thinNames, so
// that nobody is idle while another one has a stock. Lanes are not torn.
func (m *member) share(ctx context.Context, t *task, visits []visit, whole bool) ([]visit, bool, error) {
	at := thinNames
	for m.r.cfg.Gate.Limited() && at < len(visits) && visits[at].lane == visits[at-1].lane {
		at++
	}
	if at >= len(visits) {
		return visits, whole, nil
	}
	rest := []task{{kind: kindVisit, part: t.part, fromLane: visits[at].lane, fromSeq: visits[at].seq, toLane: t.toLane, toSeq: t.toSeq,
		names: max(t.names-at, 1), again: t.again}}
	own := *t
	own.toLane, own.toSeq, own.names = visits[at-1].lane, visits[at-1].seq, at
	err := m.r.db.tx(ctx, func(tx *sql.Tx) error {
		mine, err := changed(tx.ExecContext(ctx, `UPDATE task SET to_lane = $4, to_seq = $5, names = $6 WHERE round = $1 AND id = $2 AND turn = $3`,
			t.round, t.id, t.turn, own.toLane, own.toSeq, own.names))
		if err == nil && !mine {
			err = errNotOurs
		}
		if err != nil {
			return err
		}
		return addTasks(ctx, tx, m.id, rest)
	})
	if err != nil {
		return nil, false, err
	}
	*t = own
	m.nudge()
	return visits[:at], true, nil
}

// markSettled marks the names that were settled before an interruption.
func (m *member) markSettled(ctx context.Context, visits []visit) error {
	domains := make([]string, len(visits))
	for i := range visits {
		domains[i] = visits[i].target.Domain
	}
	settled, err := m.r.settled(ctx, m.id, m.run.ID, domains)
	for i := range visits {
		visits[i].done = settled[domains[i]]
	}
	return err
}

// side looks at the names side by side, as places come free.
func (m *member) side(ctx context.Context, visits []visit, stored *receipts) {
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
		place, err := m.r.looks.enter(ctx)
		if err != nil {
			return
		}
		looks.Go(func() {
			defer place.leave()
			m.visit(ctx, &visits[i], stored)
		})
	}
}

// byLane looks at the names lane by lane, the lanes side by side. Lanes that
// are worked already, here or elsewhere, are left for later; it gives their
// number.
func (m *member) byLane(ctx context.Context, visits []visit, stored *receipts, served func()) (busy int) {
	var list []string
	names := map[string][]visit{}
	for from := 0; from < len(visits); {
		to := from + 1
		for to < len(visits) && visits[to].lane == visits[from].lane {
			to++
		}
		list = append(list, visits[from].lane)
		names[visits[from].lane] = visits[from:to]
		from = to
	}
	until := time.Now().Add(shardStarts)
	if m.r.grips.shared() {
		until = time.Now().Add(laneTurn)
	}
	var lanes sync.WaitGroup
	for lane := range m.r.lanes.take(ctx, list) {
		visits := names[lane]
		delete(names, lane)
		lanes.Go(func() {
			defer m.r.lanes.give(lane)
			m.alongLane(ctx, visits, until, stored)
		})
	}
	served()
	lanes.Wait()
	return len(names)
}

// laneTurn is how long a task works its lanes where others may be waiting for
// them: a look elsewhere that was redirected to one of them waits for its turn
// within one request's time.
const laneTurn = 8 * time.Second

// alongLane looks at the names of one lane in order, as many at a time as the
// address may have requests.
func (m *member) alongLane(ctx context.Context, lane []visit, until time.Time, stored *receipts) {
	var looks sync.WaitGroup
	defer looks.Wait()
	addr, _ := netip.ParseAddr(lane[0].lane) // not valid: names without a lane
	abreast := make(chan struct{}, m.r.cfg.Gate.abreast(addr))
	for i := range lane {
		if lane[i].done {
			continue
		}
		select {
		case abreast <- struct{}{}:
		case <-ctx.Done():
			return
		}
		if !m.r.cfg.Gate.Pace(ctx, addr, until) {
			return
		}
		place, err := m.r.looks.enter(ctx)
		if err != nil {
			return
		}
		looks.Go(func() {
			defer func() { place.leave(); <-abreast }()
			m.visit(ctx, &lane[i], stored)
		})
	}
}

// visit looks at one name and settles it.
func (m *member) visit(ctx context.Context, v *visit, stored *receipts) {
	began := time.Now()
	c, end := m.r.cfg.Looker.look(ctx, v.target, v.lookups, nil, m.recallOf(v.last), m.r.cfg.Looker.Records)
	if ctx.Err() != nil {
		return // we were stopped: what was seen may be our doing
	}
	if c.Answer != nil {
		m.r.strain.answered(time.Since(began))
	}
	if end.kept != nil {
		m.keep(c, end.kept, stored)
	} else {
		m.settle(ctx, c, standing{whole: end.whole, asked: true, last: v.last}, stored)
	}
	v.done, v.target, v.lookups, v.last = true, nil, nil, nil
	m.r.loaded.Add(-1)
}

// left counts the names that have not been looked at.
func left(visits []visit) int {
	n := 0
	for i := range visits {
		if visits[i].target != nil {
			n++
		}
	}
	return n
}

// forget deletes the rows of the names that are settled, and the task if
// nothing is left of it.
func (m *member) forget(ctx context.Context, t *task, visits []visit, whole bool, wait time.Duration) error {
	done := 0
	for i := range visits {
		if visits[i].done {
			done++
		}
	}
	err := m.r.db.tx(ctx, func(tx *sql.Tx) error {
		if whole && done == len(visits) {
			if mine, err := t.drop(ctx, tx); err != nil || !mine {
				return err
			}
			_, err := tx.ExecContext(ctx, `DELETE FROM waiting WHERE round = $1 AND part = $2 AND (lane, seq) >= ($3, $4) AND (lane, seq) <= ($5, $6)`,
				m.id, t.part, t.fromLane, t.fromSeq, t.toLane, t.toSeq)
			return err
		}
		left := *t
		left.names, left.again = t.names-done, false
		if mine, err := left.putBack(ctx, tx, wait); err != nil || !mine {
			return err
		}
		drop, err := tx.PrepareContext(ctx, `DELETE FROM waiting WHERE round = $1 AND part = $2 AND lane = $3 AND seq = $4`)
		if err != nil {
			return err
		}
		for i := range visits {
			if v := &visits[i]; v.done {
				if _, err := drop.ExecContext(ctx, m.id, t.part, v.lane, v.seq); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("storing what is left of a task: %w", err)
	}
	return nil
}
