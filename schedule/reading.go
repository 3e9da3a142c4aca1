package schedule

import (
	"context"
	"errors"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/schedule/packed"
	"github.com/beianwatch/beianwatch/schedule/sharing"
)

// A reading reads an inventory for a plan job. It outlives the job's attempts:
// each stores what windows it gets within its time, and the reader waits for
// the next one, so that a large file is read once.
type reading struct {
	windows chan window // closed at the end; then the rest is set
	counts  inventory.Counts
	err     error
	stop    context.CancelFunc
	after   int // the Seq of the entry that was stored last when it began
	stored  int // the Seq that this process stored last
	users   int // attempts that take windows now
	idle    *time.Timer
}

// unreadable says that the inventory itself is at fault, so that the run cannot
// be resumed as it is.
type unreadable struct{ error }

func (u *unreadable) Unwrap() error { return u.error }

// reading returns the reader of a run's inventory in this process, begun after
// the last line that is stored if there is none. leaveReading must be called.
func (r *Runner) reading(info *runInfo) *reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.readings[info.ID]; p != nil && p.stored == info.state.line {
		p.users++
		p.idle.Stop()
		return p
	} else if p != nil {
		p.stop() // another process went on in between
	}
	ctx, stop := context.WithCancel(r.ctx)
	p := &reading{windows: make(chan window, 2), stop: stop, after: info.state.line, stored: info.state.line, users: 1}
	p.idle = time.AfterFunc(workerIdle, func() { r.endReading(info.ID, p) })
	p.idle.Stop()
	r.readings[info.ID] = p
	r.tasks.Go(func() {
		defer close(p.windows)
		p.err = r.readInventory(ctx, info.Inventory, p)
	})
	return p
}

// leaveReading says that an attempt takes no more windows. Where none comes for a while
// another process plans the run, and the reader would wait for ever.
func (r *Runner) leaveReading(p *reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.users--; p.users == 0 {
		p.idle.Reset(workerIdle)
	}
}

// endReading ends a reader that no attempt uses.
func (r *Runner) endReading(run string, p *reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.users > 0 {
		return
	}
	p.stop()
	if r.readings[run] == p {
		delete(r.readings, run)
	}
}

// stopReading forgets the reader of a run.
func (r *Runner) stopReading(run string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.readings[run]; p != nil {
		p.stop()
		delete(r.readings, run)
	}
}

// readInventory reads the lines after those that are stored into windows.
func (r *Runner) readInventory(ctx context.Context, path string, p *reading) error {
	index, err := sharing.Read(ctx, path, r.cfg.Dir, func() {})
	if err != nil {
		return asUnreadable(ctx, err)
	}
	defer index.Close()
	size := firstWindow
	var held window
	flush := func() error {
		if len(held) == 0 {
			return nil
		}
		select {
		case p.windows <- held:
		case <-ctx.Done():
			return ctx.Err()
		}
		held, size = nil, min(2*size, maxWindow)
		return nil
	}
	add := func(l planned) error {
		if len(held) >= size {
			if err := flush(); err != nil {
				return err
			}
		}
		held = append(held, l)
		return ctx.Err()
	}
	p.counts, err = inventory.Read(path, func(t crawler.Target) error {
		if t.Seq <= p.after {
			return ctx.Err()
		}
		var err error
		if t.Holder.Sharing, err = index.Of(&t); err != nil {
			return err
		}
		data, err := packed.Target(&t)
		if err != nil {
			return err
		}
		return add(planned{target: t, data: data})
	}, func(rejected inventory.Rejection) error {
		if rejected.Seq <= p.after {
			return ctx.Err()
		}
		return add(planned{rejected: &rejected})
	})
	if err == nil {
		err = flush()
	}
	return asUnreadable(ctx, err)
}

// asUnreadable is the error with which the reading of an inventory ended.
func asUnreadable(ctx context.Context, err error) error {
	var bad *unreadable
	if err == nil || ctx.Err() != nil || errors.As(err, &bad) {
		return err
	}
	return &unreadable{err}
}
