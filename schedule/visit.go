package schedule

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A visit is one name of a task that is to be looked at.
type visit struct {
	waiter
	chunk  int
	target *crawler.Target
	last   *store.Last // what the run before knows of it, nil for nothing
	done   bool        // it is settled: it waits no more
}

// laneBusyWait is how long a task waits for a lane that another one works.
const laneBusyWait = 2 * time.Second

// visits is the work of a job: it looks at the names of a shard that are left,
// in the order of lanes, and puts back what it does not get to in its time.
// served is called when the looks have begun.
func (m *member) visits(ctx context.Context, t *task, served func()) error {
	names, whole, err := m.load(ctx, t)
	if err != nil {
		return fmt.Errorf("reading names to visit: %w", err)
	}
	if t.thin {
		if names, err = m.share(ctx, t, names); err != nil {
			return fmt.Errorf("sharing names: %w", err)
		}
	}
	m.r.loaded.Add(int64(len(names)))
	defer func() { m.r.loaded.Add(-int64(unseen(names))) }()
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
		for to < len(visits) && visits[to].Lane == visits[from].Lane {
			to++
		}
		list = append(list, visits[from].Lane)
		names[visits[from].Lane] = visits[from:to]
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
	addr, _ := netip.ParseAddr(lane[0].Lane) // not valid: names without a lane
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
	c, end := m.r.cfg.Looker.look(ctx, v.target, v.Lookups, nil, m.recallOf(v.last), m.r.cfg.Looker.Records)
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
	v.done, v.target, v.last, v.waiter = true, nil, nil, waiter{}
	m.r.loaded.Add(-1)
}

// unseen counts the names that have not been looked at.
func unseen(visits []visit) int {
	n := 0
	for i := range visits {
		if visits[i].target != nil {
			n++
		}
	}
	return n
}
