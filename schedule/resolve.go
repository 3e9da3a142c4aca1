package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// Bounds of the resolving.
const (
	resolvers   = 400              // names being asked about at once
	resolveTime = 45 * time.Second // how long one job goes on; the rest of the window is for the next
	partTime    = time.Second      // after so long what is resolved is sorted into lanes, so that visits begin
	storeBatch  = 500              // rows in one transaction
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
	defer func() {
		rd.mu.Lock()
		rd.resolving, rd.again = false, true
		rd.mu.Unlock()
		rd.nudge()
	}()
	names, err := rd.unresolved(ctx)
	if err != nil {
		return err
	}
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

// resolveAll asks for the names until all are done or the job's time is over.
func (rd *Round) resolveAll(ctx context.Context, names []named) (whole bool, err error) {
	until := time.Now().Add(resolveTime)
	todo, done := make(chan named), make(chan resolved, storeBatch)
	var ask sync.WaitGroup
	var stored receipts
	for range min(resolvers, len(names)) {
		ask.Go(func() {
			for n := range todo {
				if w, ok := rd.resolveOne(ctx, n, &stored); ok {
					done <- w
				}
			}
		})
	}
	go func() {
		defer close(done)
		whole = true
		for _, n := range names {
			if ctx.Err() != nil || time.Now().After(until) {
				whole = false
				break
			}
			todo <- n
		}
		close(todo)
		ask.Wait()
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

// A named target stands at seq in the plan. Its data are unpacked when its
// turn comes: a window of targets is large.
type named struct {
	seq    int
	domain string
	line   int
	data   []byte
}

// unresolved lists the names of the window that are still to be resolved.
func (rd *Round) unresolved(ctx context.Context) ([]named, error) {
	rd.mu.Lock()
	from, again := rd.nextWindow*window, rd.again
	rd.mu.Unlock()
	var names []named
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		var n named
		err := rows.Scan(&n.seq, &n.domain, &n.line, &n.data)
		names = append(names, n)
		return err
	}, `SELECT seq, domain, line, data FROM target WHERE round = $1 AND seq >= $2 AND seq < $3 ORDER BY seq`, rd.id, from, from+window)
	if err != nil || !again {
		return names, err
	}
	return rd.without(ctx, names)
}

// without drops the names that an interrupted job has dealt with.
func (rd *Round) without(ctx context.Context, names []named) ([]named, error) {
	dealt := map[int]bool{}
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		var seq int
		err := rows.Scan(&seq)
		dealt[seq] = true
		return err
	}, `SELECT seq FROM waiting WHERE round = $1`, rd.id)
	if err != nil {
		return nil, err
	}
	domains := make([]string, 0, len(names))
	for _, n := range names {
		domains = append(domains, n.domain)
	}
	settled, err := rd.settled(ctx, domains)
	if err != nil {
		return nil, err
	}
	left := names[:0]
	for _, n := range names {
		if !dealt[n.seq] && !settled[n.domain] {
			left = append(left, n)
		}
	}
	return left, nil
}

// settled tells which of the domains have their verdict or wait to be looked
// at again.
func (rd *Round) settled(ctx context.Context, domains []string) (map[string]bool, error) {
	set, err := rd.r.cfg.Store.Stored(ctx, rd.run.ID, domains)
	if err != nil {
		return nil, err
	}
	find, err := rd.r.db.reader.PrepareContext(ctx, `SELECT COUNT(*) FROM pending WHERE round = $1 AND domain = $2`)
	if err != nil {
		return nil, err
	}
	defer find.Close()
	for _, d := range domains {
		var n int
		if err := find.QueryRowContext(ctx, rd.id, d).Scan(&n); err != nil {
			return nil, err
		}
		if n > 0 {
			set[d] = true
		}
	}
	return set, nil
}
