package schedule

import (
	"context"
	"sync"
	"time"
)

// A list hands the names of a task to those who ask for them, until all are
// handed out or the task's time is over.
type list struct {
	ctx  context.Context // ends when nothing more is handed out, or the time is over
	end  context.CancelFunc
	pace *pacer
	few  func() // called when few names are left

	mu   sync.Mutex
	left []named
}

// fewNames is how many names are left to ask for when the next task is
// fetched: River takes some 20 ms to hand it out.
const fewNames = 2000

func newList(ctx context.Context, names []named, pace *pacer, few func()) *list {
	l := &list{pace: pace, few: few, left: names}
	l.ctx, l.end = context.WithTimeout(ctx, shardStarts)
	return l
}

// next waits for the turn of one more name; false if there is none.
func (l *list) next() (n named, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.left) == 0 || !l.pace.wait(l.ctx) {
		l.end()
		return n, false
	}
	n, l.left = l.left[0], l.left[1:]
	if len(l.left) == fewNames {
		l.few()
	}
	return n, true
}

// askAll asks for the names of a list, and returns when the last of them has
// its answer. Those who ask go from name to name; one whose name keeps it
// waiting makes room for another.
func (rd *member) askAll(ctx context.Context, l *list, to *haul, stored *receipts) {
	var asking sync.WaitGroup
	defer asking.Wait()
	defer l.few()
	defer l.end()
	for l.ctx.Err() == nil {
		p, err := rd.r.resolves.enter(l.ctx)
		if err != nil {
			return
		}
		p.pause() // until it has a name
		asking.Go(func() {
			defer p.leave()
			for !p.moved() {
				n, ok := l.next()
				if !ok {
					return
				}
				now := time.Now()
				p.begin(now)
				if w, ok := rd.resolveOne(ctx, n, now, stored); ok {
					to.add(w)
				}
				p.pause()
			}
		})
	}
}
