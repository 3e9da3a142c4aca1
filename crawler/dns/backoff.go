package dns

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"

	"github.com/beianwatch/beianwatch/crawler"
)

// The rates of a backoff in questions a second. Public resolvers that limit
// their clients allow some 20 to 100.
const (
	firstRate = 50
	minRate   = 1
	freeRate  = 2000 // at which an upstream is no longer held back
)

// The share of answers that may be missing before a rate is too high, and how
// many must be missing at least before the first one is set.
const (
	maxMissing = 0.1
	minMissing = 4
)

// A backoff slows the asking of an upstream that fails us: by additive increase
// and multiplicative decrease of a rate, like TCP's congestion control. Only what
// proves the upstream wrong counts as missing: an answer that came when the same
// question was repeated, and a name that it had answered before and then did not.
// A list of names that are truly broken slows nothing. The zero value is ready and
// holds nothing back.
type backoff struct {
	limited atomic.Bool

	mu            sync.Mutex
	rate          float64   // questions a second, if limited
	threshold     float64   // the rate up to which it grows quickly
	next          time.Time // when the next question may go
	since         time.Time // the counts begin here
	good, missing float64
}

// wait waits for the turn of one question. The error is that of ctx.
func (b *backoff) wait(ctx context.Context) error {
	if !b.limited.Load() {
		return nil
	}
	b.mu.Lock()
	now := time.Now()
	if b.next.Before(now) {
		b.next = now
	}
	pause := b.next.Sub(now)
	b.next = b.next.Add(time.Duration(float64(time.Second) / max(b.rate, minRate)))
	b.mu.Unlock()
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// heard counts answers that came and answers that were missing, and sets the
// rate by those of the last second.
func (b *backoff) heard(good, missing int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.good, b.missing = b.good+float64(good), b.missing+float64(missing)
	now := time.Now()
	span := now.Sub(b.since).Seconds()
	bad := b.missing > maxMissing*(b.good+b.missing) && (b.limited.Load() || b.missing >= minMissing)
	switch {
	case !b.limited.Load() && bad:
		b.rate, b.threshold, b.next = firstRate, firstRate, now
		b.limited.Store(true)
	case span < 1:
		return
	case !b.limited.Load():
	case bad:
		b.rate = max(minRate, b.rate/4, 0.8*min(b.rate, b.good/span))
		b.threshold = b.rate
	case b.rate < b.threshold:
		b.rate *= 1.5
	default:
		b.rate += max(1, 0.05*b.rate)
	}
	if b.rate > freeRate {
		b.rate = 0
		b.limited.Store(false)
	}
	b.since, b.good, b.missing = now, 0, 0
}

// A control is the last question, or nearly so, that an upstream has answered.
type control struct {
	count atomic.Uint32
	query atomic.Pointer[query]
}

// controlEvery is how many answers pass until the control is replaced.
const controlEvery = 64

// answered notes that a question was answered, after so many packets to the
// upstream that were not.
func (u *upstream) answered(q query, missing int) {
	u.backoff.heard(1, missing)
	if u.control.count.Add(1)%controlEvery == 1 {
		u.control.query.Store(&q)
	}
}

// maxDoubts is how often an upstream may fail its control before we give up on
// it for this question.
const maxDoubts = 4

// behind is how long after a name its control is asked, so that the two meet the
// upstream in this order and in the same state.
const behind = 10 * time.Millisecond

// doubt asks once more before a failure is believed. A resolver with a quota, or
// in trouble, fails for every name; so a name that it has answered is asked right
// before and right behind, and only if it answers that both times does its failure
// for this one count: twice for what comes at once, once for silence, which takes a
// time-out each. Before alone is not enough: many who doubt at one moment spend a
// quota by their controls. Neither an answer nor a failure means that it does. While
// the upstream is held back, no failure of its counts.
func (w *walk) doubt(ctx context.Context, u *upstream, q query, t *attempts) (*dns.Msg, *crawler.Failure) {
	known := u.control.query.Load()
	if known == nil || known.name == q.name {
		return nil, nil // there is nothing to hold the failure against
	}
	needed := 2
	if t.worst == silent {
		needed = 1
	}
	for doubts := 0; doubts < maxDoubts; {
		if err := u.backoff.wait(ctx); err != nil {
			return nil, crawler.NewFailure(crawler.FailOurs, timeUp(u))
		}
		answers := u.answers(ctx, *known)
		if answers {
			var a *dns.Msg
			var f *crawler.Failure
			a, f, answers = w.tryBeside(ctx, u, q, *known, t)
			if a != nil || f != nil {
				return a, f
			}
		}
		switch {
		case stopped(ctx):
			return nil, crawler.NewFailure(crawler.FailOurs, timeUp(u)) // that nothing came is our doing
		case !answers:
			doubts++
			u.backoff.heard(0, t.failed[u])
			t.failed[u] = 0
		case u.backoff.limited.Load():
			doubts++
		default:
			if needed--; needed == 0 {
				return nil, nil
			}
		}
	}
	return nil, crawler.NewFailure(crawler.FailOurs, u.addr+" fails for names that it has answered: "+t.why)
}

// tryBeside is try with the control asked right behind it, and whether that was
// answered, if the try was fruitless. An upstream that is held back is not asked
// for what counts for nothing.
func (w *walk) tryBeside(ctx context.Context, u *upstream, q, control query, t *attempts) (*dns.Msg, *crawler.Failure, bool) {
	if u.backoff.limited.Load() {
		a, f := w.try(ctx, u, q, t, false)
		return a, f, true
	}
	beside, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan bool, 1)
	timer := time.AfterFunc(behind, func() { answers <- u.answers(beside, control) })
	a, f := w.try(ctx, u, q, t, false)
	if a != nil || f != nil {
		timer.Stop()
		return a, f, true
	}
	return nil, nil, <-answers
}

// answers reports whether the upstream answers its control now, which counts for
// its rate as every answer does.
func (u *upstream) answers(ctx context.Context, control query) bool {
	a, err := u.udp.exchange(ctx, control)
	v, _ := judge(ctx, u, a, err)
	switch v {
	case good:
		u.backoff.heard(1, 0)
	case oursOnly:
	default:
		u.backoff.heard(0, 1)
	}
	return v == good
}
