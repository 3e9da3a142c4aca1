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

// Bounds of the resolving.
const (
	resolvers   = 64          // names being asked about at once: more only makes a resolver drop packets …
	resolvesMax = 1000        // … and as many that wait for a resolver that waits for others
	resolveRate = 750         // names begun a second and core: no more can be visited, and servers drop the answers to floods
	partTime    = time.Second // after so long what is resolved is sorted into lanes, so that visits begin
	storeBatch  = 500         // rows in one transaction
)

// A resolved name waits for its visit.
type resolved struct {
	seq     int
	lane    string
	lookups []byte
}

// resolve is the work of a job: it asks for the addresses of a window's names
// and sorts them into lanes. Names without an address are settled at once and
// cost no request.
func (rd *Round) resolve(ctx context.Context, _ resolveJob) error {
	ctx, leave, ok := rd.join(ctx)
	if !ok {
		return nil
	}
	defer leave()
	if !rd.resolveTurn(true) {
		return nil // River gave the job out twice
	}
	defer rd.resolveTurn(false)
	names, err := rd.unresolved(ctx)
	if err != nil {
		return err
	}
	rd.mu.Lock()
	rd.again = true // until the window is whole
	rd.mu.Unlock()
	whole, err := rd.resolveAll(ctx, names)
	if err != nil || !whole {
		return err
	}
	rd.mu.Lock()
	defer rd.mu.Unlock()
	if err := rd.r.db.exec(ctx, `UPDATE round SET next_window = $2 WHERE id = $1`, rd.id, rd.nextWindow+1); err != nil {
		return err
	}
	rd.nextWindow++
	rd.again = false
	return nil
}

// resolveTurn begins or ends a job's turn: one job at a time resolves. What it
// leaves of the window is for the next.
func (rd *Round) resolveTurn(begin bool) bool {
	rd.mu.Lock()
	defer rd.mu.Unlock()
	if begin {
		ok := !rd.resolveBusy && rd.windowReady()
		rd.resolveBusy = rd.resolveBusy || ok
		return ok
	}
	rd.resolving, rd.resolveBusy = false, false
	rd.nudge()
	return true
}

// resolveAll asks for the names until all are done or the job's time is over.
func (rd *Round) resolveAll(ctx context.Context, names []named) (whole bool, err error) {
	began := time.Now()
	done := make(chan resolved, storeBatch)
	var stored receipts
	go func() {
		var asked sync.WaitGroup
		defer func() { asked.Wait(); close(done) }()
		for i, n := range names {
			if !pace(ctx, began, i, resolveRate) {
				return
			}
			place, err := rd.r.resolves.enter(ctx)
			if err != nil {
				return
			}
			asked.Go(func() {
				defer place.leave()
				if w, ok := rd.resolveOne(ctx, n, &stored); ok {
					done <- w
				}
			})
			if time.Since(began) > shardStarts && i < len(names)-1 {
				return
			}
		}
		whole = true
	}()
	err = rd.gather(ctx, done)
	for range done { // after an error: let the askers end
	}
	if err == nil {
		err = stored.wait()
	}
	if err == nil {
		err = ctx.Err()
	}
	return whole, err
}

// pace waits until name i may be begun, at rate names a second and core; false
// if ctx ends first.
func pace(ctx context.Context, began time.Time, i, rate int) bool {
	due := began.Add(time.Duration(i) * time.Second / time.Duration(rate*runtime.GOMAXPROCS(0)))
	wait := time.Until(due)
	if wait < 2*time.Millisecond { // less than a timer can tell
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// resolveOne asks for one name; false if it is dealt with already.
func (rd *Round) resolveOne(ctx context.Context, n named, stored *receipts) (resolved, bool) {
	t, err := unpackTarget(n.domain, n.line, n.data)
	if err != nil {
		rd.fail(fmt.Errorf("reading the plan of %s: %w", n.domain, err))
		return resolved{}, false
	}
	look := rd.r.cfg.Looker
	lookups := look.Resolve(ctx, t, 0)
	if ctx.Err() != nil {
		return resolved{}, false
	}
	if !hasAddress(lookups) {
		c := look.Look(ctx, t, lookups, nil)
		if ctx.Err() == nil {
			rd.settle(ctx, c, standing{}, stored)
		}
		return resolved{}, false
	}
	data, err := packLookups(lookups)
	if err != nil {
		rd.fail(err)
		return resolved{}, false
	}
	return resolved{seq: n.seq, lane: rd.lane(t, lookups), lookups: data}, true
}

// lane names the lane of a target: the address that will be dialled first.
func (rd *Round) lane(t *crawler.Target, lookups []crawler.Lookup) string {
	obs := crawler.Observation{Lookups: lookups}
	addrs, _ := obs.Addresses(t.Domain)
	if len(addrs) == 0 {
		addrs, _ = obs.Addresses("www." + t.Domain)
	}
	if len(addrs) == 0 {
		return ""
	}
	if rd.r.cfg.Gate == nil {
		return addrs[0].Unmap().String()
	}
	return rd.r.cfg.Gate.Lane(addrs[0]).String()
}

// gather stores what was resolved and cuts it into parts.
func (rd *Round) gather(ctx context.Context, done <-chan resolved) error {
	var batch []resolved
	inPart, began := 0, time.Now()
	ticker := time.NewTicker(partTime / 4)
	defer ticker.Stop()
	for open := true; open; {
		select {
		case w, ok := <-done:
			if open = ok; ok {
				batch = append(batch, w)
			}
		case <-ticker.C:
		}
		over := !open || time.Since(began) > partTime
		if len(batch) >= storeBatch || over && len(batch) > 0 {
			if err := rd.storeWaiting(ctx, batch); err != nil {
				return err
			}
			inPart += len(batch)
			batch = batch[:0]
		}
		if over {
			if inPart > 0 {
				if err := rd.cutPart(ctx); err != nil {
					return err
				}
			}
			inPart, began = 0, time.Now()
		}
	}
	return nil
}

// storeWaiting puts names into the part that is being gathered.
func (rd *Round) storeWaiting(ctx context.Context, batch []resolved) error {
	rd.mu.Lock()
	part := rd.nextPart
	rd.mu.Unlock()
	err := rd.r.db.tx(ctx, func(tx *sql.Tx) error {
		insert, err := tx.PrepareContext(ctx, `INSERT INTO waiting (round, part, lane, seq, lookups) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`)
		if err != nil {
			return err
		}
		for i := range batch {
			if _, err := insert.ExecContext(ctx, rd.id, part, batch[i].lane, batch[i].seq, batch[i].lookups); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("storing resolved names: %w", err)
	}
	rd.tally.waiting.Add(int64(len(batch)))
	return nil
}
