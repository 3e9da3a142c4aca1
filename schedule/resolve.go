package schedule

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// Bounds of the resolving.
const (
	resolvers   = 144  // names being asked about at once: dnsmasq refuses the 151st question by default …
	resolvesMax = 1000 // … and as many that wait for a resolver that waits for others
)

// resolveNames is how many names one job resolves: some seconds of work.
const resolveNames = 5000

// errNotOurs says that a task has been given to somebody else.
var errNotOurs = errors.New("the task was given to somebody else")

// resolve is the work of a job: it asks for the addresses of names and sorts
// them into lanes. Names without an address are settled at once and cost no
// request. served is called when all are being asked for: the next job begins
// while the last names of this one wait for a resolver that does not answer.
func (rd *member) resolve(ctx context.Context, t *task, served func()) error {
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
	t.from, t.names = left[0].seq, len(left)
	_, err = t.putBack(ctx, rd.r.db.writer, 0)
	return err
}

// resolveAll asks for the names until all are done or the job's time is over;
// it gives the names that it did not get to.
func (rd *member) resolveAll(ctx context.Context, t *task, names []named, served func()) ([]named, error) {
	list := newList(ctx, names, rd.r.resolvePace, served)
	var hauled haul
	var stored receipts
	over := make(chan struct{})
	go func() {
		defer close(over)
		rd.askAll(ctx, list, &hauled, &stored)
	}()
	err := rd.gather(ctx, t, &hauled, over)
	if err != nil {
		list.end() // nobody would store what is asked for
	}
	<-over
	if err == nil {
		err = stored.wait()
	}
	if err == nil {
		err = ctx.Err()
	}
	return list.left, err
}

// resolveOne asks for one name, beginning now; false if it is dealt with
// already. The line of a name that has an address is not unpacked, unless the
// address stands in it: only its visit needs it.
func (rd *member) resolveOne(ctx context.Context, n named, now time.Time, stored *receipts) (waiter, bool) {
	var t *crawler.Target
	var pin netip.Addr
	whole := func() bool {
		var err error
		if t, err = unpackTarget(n.domain, n.line, n.data); err != nil {
			rd.fail(fmt.Errorf("reading the plan of %s: %w", n.domain, err))
		}
		return err == nil
	}
	if pinned(n.data) {
		if !whole() {
			return waiter{}, false
		}
		pin = t.Address
	}
	look := rd.r.cfg.Looker
	lookups := look.Resolve(ctx, n.domain, pin, 0)
	switch {
	case ctx.Err() != nil:
		return waiter{}, false
	case hasAddress(lookups):
		rd.r.strain.resolved(lookups[len(lookups)-1].At.Sub(now))
		return waiter{Lane: rd.lane(n.domain, lookups), Seq: n.seq, Domain: n.domain, Line: n.line, Data: n.data, Lookups: lookups}, true
	case t == nil && !whole():
		return waiter{}, false
	}
	c := look.Look(ctx, t, lookups, nil)
	if ctx.Err() == nil {
		rd.settle(ctx, c, standing{}, stored)
	}
	return waiter{}, false
}

// lane names the lane of a domain: the address that will be dialled first. It
// has none where no address is limited: then names are looked at in the order of
// the inventory, because those of one dead address would come in a row and take
// all places at once.
func (rd *member) lane(domain string, lookups []crawler.Lookup) string {
	if !rd.r.cfg.Gate.Limited() {
		return ""
	}
	obs := crawler.Observation{Lookups: lookups}
	addrs, _ := obs.Addresses(domain)
	if len(addrs) == 0 {
		addrs, _ = obs.Addresses("www." + domain)
	}
	if len(addrs) == 0 {
		return ""
	}
	return rd.r.cfg.Gate.Lane(addrs[0]).String()
}
