package schedule

import (
	"context"
	"errors"
	"time"
)

// Serve keeps the calendar until ctx ends: interrupted runs of its entries are
// resumed, and a run begins at each tick. Rounds under way then are stopped
// and can be resumed.
func (r *Runner) Serve(ctx context.Context, entries []Entry) error {
	list, err := parseEntries(entries)
	if err != nil {
		return err
	}
	r.calendar.mu.Lock()
	r.calendar.entries = list
	r.calendar.launch = func(s Start) error {
		_, err := r.Launch(ctx, s)
		return err
	}
	r.calendar.mu.Unlock()
	// River's first job comes within a minute: an entry counts from this moment,
	// and what fell in an outage is made up for at once.
	if err := r.calendar.plan(ctx); err != nil {
		r.log.Error("the calendar could not be kept", "err", err)
	}
	r.adopt(ctx)
	r.endRounds(context.Cause(ctx))
	return nil
}

// adoptEvery is how often a scheduler looks for runs that nobody conducts any
// more.
const adoptEvery = 2 * time.Second

// adopt takes over the calendar's runs of processes that have died, until ctx
// ends.
func (r *Runner) adopt(ctx context.Context) {
	ticker := time.NewTicker(adoptEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if !r.grips.shared() {
			continue // nobody else can have left one behind
		}
		if err := r.calendar.adopt(ctx); err != nil && ctx.Err() == nil && !outage(err) {
			r.log.Error("a run could not be taken over", "err", err)
		}
	}
}

// Launch begins a round and lets it run until ctx ends. What becomes of it is
// logged and stands in the store.
func (r *Runner) Launch(ctx context.Context, s Start) (*Round, error) {
	rd, err := r.Begin(ctx, s)
	if err != nil {
		return nil, err
	}
	r.log.Info("run begins", "run", rd.ID(), "inventory", rd.inventory, "resumed", rd.Resumed)
	r.tasks.Go(func() {
		_, err := rd.Run(ctx)
		if err != nil && !errors.Is(err, context.Canceled) {
			r.calendar.stopped(rd.ID())
			r.log.Error("run stopped", "run", rd.ID(), "err", err)
		}
	})
	return rd, nil
}
