package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// Bounds of the resolving.
const (
	resolvers   = 64          // names being asked about at once: more only makes a resolver drop packets …
	resolvesMax = 1000        // … and as many that wait for a resolver that waits for others
	partTime    = time.Second // after so long what is resolved is sorted into lanes, so that visits begin
	storeBatch  = 500         // rows in one transaction
)

// A resolved name waits for its visit.
type resolved struct {
	seq     int
	lane    string
	lookups []byte
}

// resolveNames is how many names one job resolves: some seconds of work.
const resolveNames = 5000

// errNotOurs says that a task has been given to somebody else.
var errNotOurs = errors.New("the task was given to somebody else")

// resolve is the work of a job: it asks for the addresses of names and sorts
// them into lanes. Names without an address are settled at once and cost no
// request. served is called when all are being asked for: the next job begins
// while the last names of this one wait for a resolver that does not answer.
func (rd *member) resolve(ctx context.Context, t *task, served func()) error {
	if t.part != 0 { // what an interrupted job had gathered
		if err := rd.cutPart(ctx, t); err != nil {
			return err
		}
	}
	names, err := rd.unresolved(ctx, t)
	if err != nil {
		return err
	}
	left, err := rd.resolveAll(ctx, t, names, served)
	if errors.Is(err, errNotOurs) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(left) == 0 {
		_, err = t.drop(ctx, rd.r.db.writer)
		return err
	}
	t.fromSeq, t.names = left[0].seq, len(left)
	_, err = t.putBack(ctx, rd.r.db.writer, 0)
	return err
}

// resolveAll asks for the names until all are done or the job's time is over;
// it gives the names that it did not get to.
func (rd *member) resolveAll(ctx context.Context, t *task, names []named, served func()) (left []named, err error) {
	began := time.Now()
	done := make(chan resolved, storeBatch)
	var stored receipts
	go func() {
		var asked sync.WaitGroup
		defer func() { served(); asked.Wait(); close(done) }()
		for i, n := range names {
			left = names[i:]
			if !rd.r.resolvePace.wait(ctx) {
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
			left = names[i+1:]
			if time.Since(began) > shardStarts {
				return
			}
		}
	}()
	err = rd.gather(ctx, t, done)
	for range done { // after an error: let the askers end
	}
	if err == nil {
		err = stored.wait()
	}
	if err == nil {
		err = ctx.Err()
	}
	return left, err
}

// resolveOne asks for one name; false if it is dealt with already.
func (rd *member) resolveOne(ctx context.Context, n named, stored *receipts) (resolved, bool) {
	t, err := unpackTarget(n.domain, n.line, n.data)
	if err != nil {
		rd.fail(fmt.Errorf("reading the plan of %s: %w", n.domain, err))
		return resolved{}, false
	}
	look, began := rd.r.cfg.Looker, time.Now()
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
	rd.r.strain.resolved(time.Since(began))
	data, err := packLookups(lookups)
	if err != nil {
		rd.fail(err)
		return resolved{}, false
	}
	return resolved{seq: n.seq, lane: rd.lane(t, lookups), lookups: data}, true
}

// lane names the lane of a target: the address that will be dialled first. It
// has none where no address is limited: then names are looked at in the order of
// the inventory, because those of one dead address would come in a row and take
// all places at once.
func (rd *member) lane(t *crawler.Target, lookups []crawler.Lookup) string {
	if !rd.r.cfg.Gate.Limited() {
		return ""
	}
	obs := crawler.Observation{Lookups: lookups}
	addrs, _ := obs.Addresses(t.Domain)
	if len(addrs) == 0 {
		addrs, _ = obs.Addresses("www." + t.Domain)
	}
	if len(addrs) == 0 {
		return ""
	}
	return rd.r.cfg.Gate.Lane(addrs[0]).String()
}

// gather stores what was resolved and cuts it into parts.
func (rd *member) gather(ctx context.Context, t *task, done <-chan resolved) error {
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
			if err := rd.storeWaiting(ctx, t, batch); err != nil {
				return err
			}
			inPart += len(batch)
			batch = batch[:0]
		}
		if over {
			if inPart > 0 {
				if err := rd.cutPart(ctx, t); err != nil {
					return err
				}
			}
			inPart, began = 0, time.Now()
		}
	}
	return nil
}

// storeWaiting puts names into the part that is being gathered.
func (rd *member) storeWaiting(ctx context.Context, t *task, batch []resolved) error {
	part := t.part
	err := rd.r.db.tx(ctx, func(tx *sql.Tx) error {
		if part == 0 {
			if _, err := tx.ExecContext(ctx, `UPDATE round SET next_part = next_part + 1 WHERE id = $1`, rd.id); err != nil {
				return err
			}
			if err := tx.QueryRowContext(ctx, `SELECT next_part FROM round WHERE id = $1`, rd.id).Scan(&part); err != nil {
				return err
			}
		}
		if err := t.gathers(ctx, tx, part); err != nil {
			return err
		}
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
	t.part = part
	return nil
}

// gathers notes the part that a task is gathering, 0 for none, and makes sure
// that the task is still ours.
func (t *task) gathers(ctx context.Context, tx *sql.Tx, part int64) error {
	mine, err := changed(tx.ExecContext(ctx, `UPDATE task SET part = $4 WHERE round = $1 AND id = $2 AND turn = $3`, t.round, t.id, t.turn, part))
	if err == nil && !mine {
		err = errNotOurs
	}
	return err
}
