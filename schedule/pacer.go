package schedule

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler/pace"
)

// A pacer spaces what begins, for all who begin.
type pacer struct {
	gap time.Duration // from one to the next; 0: no pace is kept

	mu   sync.Mutex
	next time.Time
}

// perSecond is the pacer of n a second; n < 1 keeps no pace.
func perSecond(n int) *pacer {
	if n < 1 {
		return &pacer{}
	}
	return &pacer{gap: time.Second / time.Duration(n)}
}

// perCore is n for each core.
func perCore(n int) int { return n * runtime.GOMAXPROCS(0) }

// catchUp is how much of lost time is made good: timers wake up late where the
// cores are busy, and a pace that forgot this would be slower than it says.
const catchUp = 100 * time.Millisecond

// timerLeast is less than a timer can tell.
const timerLeast = 2 * time.Millisecond

// wait waits for the turn of one more; false if ctx ends first.
func (p *pacer) wait(ctx context.Context) bool {
	if p.gap == 0 {
		return ctx.Err() == nil
	}
	p.mu.Lock()
	if late := time.Now().Add(-catchUp); p.next.Before(late) {
		p.next = late
	}
	at := p.next
	p.next = at.Add(p.gap)
	p.mu.Unlock()
	wait := time.Until(at)
	if wait < timerLeast {
		wait = 0
	}
	return pace.Wait(ctx, wait) == nil
}
