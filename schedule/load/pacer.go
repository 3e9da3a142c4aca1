package load

import (
	"context"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler/pace"
)

// A Pacer spaces what begins, for all callers together.
type Pacer struct {
	gap time.Duration // from one to the next; 0: no pace is kept

	mu   sync.Mutex
	next time.Time
}

// PerSecond returns a pacer of n a second; n < 1 keeps no pace.
func PerSecond(n int) *Pacer {
	if n < 1 {
		return &Pacer{}
	}
	return &Pacer{gap: time.Second / time.Duration(n)}
}

// maxCatchUp is how much lost time is made good: timers wake up late where the
// cores are busy, and a pace that forgot this would be slower than it says.
const maxCatchUp = 100 * time.Millisecond

// minTimer is less than a timer can resolve.
const minTimer = 2 * time.Millisecond

// Wait waits until one more may begin; it returns false if ctx ends first.
func (p *Pacer) Wait(ctx context.Context) bool {
	if p.gap == 0 {
		return ctx.Err() == nil
	}
	p.mu.Lock()
	if late := time.Now().Add(-maxCatchUp); p.next.Before(late) {
		p.next = late
	}
	at := p.next
	p.next = at.Add(p.gap)
	p.mu.Unlock()
	wait := time.Until(at)
	if wait < minTimer {
		wait = 0
	}
	return pace.Wait(ctx, wait) == nil
}
