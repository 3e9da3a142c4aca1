package browser

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/performance"

	"github.com/beianwatch/beianwatch/crawler"
)

const (
	// firstBudget is the virtual time that a page gets before the visitor
	// touches it: what comes later than ten seconds, no visitor waits for.
	firstBudget = 10 * time.Second
	// viewBudget is what it gets in between to hear what is in view.
	viewBudget = 100 * time.Millisecond
	// secondBudget is what it gets after that.
	secondBudget = 5 * time.Second
	// wallTime is what a page with workers or sockets gets beside: they live
	// by the clock on the wall.
	wallTime = 5 * time.Second
	wallStep = 250 * time.Millisecond

	// restOthers is how long only pictures, media, event streams, sockets or
	// beacons are waited for, in wall time.
	restOthers = 2 * time.Second
	// A script, style sheet or data request may take as long as the page
	// answers restData times, restStep apart, while nothing else moves: a
	// machine that has too much to do takes longer to answer, and gives its
	// pages that much longer.
	restData = 20
	restStep = 500 * time.Millisecond
	// goneTime is how long a grant is waited for that should be spent by now: it
	// went with the process that held the document.
	goneTime = time.Second
	// advanceStep is how long virtual time runs on without the requests until it
	// is told so again: a document that came in between has stopped it.
	advanceStep = 2 * time.Second
	// clockStep is how often the waiting looks at the requests.
	clockStep = 100 * time.Millisecond

	maxMoves      = 8     // documents in the main frame, redirects by script
	maxDialogs    = 10    // alerts of one page
	maxStarvation = 10000 // tasks without a pause until virtual time moves on all the same
)

var errCrashed = errors.New("the page's process ended")

// budget grants virtual time under a policy. Each grant is told of once, when so
// much has passed, and stops the time then, also that of other grants; a zero one
// changes the policy alone.
func (d *drawing) budget(policy emulation.VirtualTimePolicy, of time.Duration) {
	params := emulation.SetVirtualTimePolicyParams{Policy: policy, MaxVirtualTimeTaskStarvationCount: maxStarvation}
	if of > 0 {
		params.Budget = new(float64(of.Milliseconds()))
		d.note(func() { d.granted++ })
	}
	tell(d.tab.s, emulation.SetVirtualTimePolicy, params)
}

const (
	waiting = emulation.VirtualTimePolicyPauseIfNetworkFetchesPending // stands still while a request is pending
	advance = emulation.VirtualTimePolicyAdvance
)

// spent takes in that a grant is spent. What a page got for a document that it has
// left ends before what it got for the next one, which then goes on.
func (d *drawing) spent() {
	more := false
	d.note(func() { d.granted--; more = d.granted > 0 })
	if more {
		d.budget(waiting, 0)
	}
	say(d.expired)
}

// live lets the page do all its work.
func (d *drawing) live(ctx context.Context) error {
	if err := d.spend(ctx); err != nil {
		return err
	}
	if err := d.firstView(ctx); err != nil {
		return err
	}
	d.touch(ctx)
	d.budget(waiting, secondBudget)
	if err := d.spend(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	beyond := d.beyond
	d.mu.Unlock()
	if beyond {
		return d.pace(ctx)
	}
	return nil
}

// left returns how many grants are not spent yet.
func (d *drawing) left() (n int) {
	d.note(func() { n = d.granted })
	return n
}

// spend waits until what was granted is spent. Virtual time stands still while a
// request is pending; where those that are can bring no text, or have taken
// longer than they may, it is let go on without them.
func (d *drawing) spend(ctx context.Context) error {
	tick := time.NewTicker(clockStep)
	defer tick.Stop()
	var stall stalling
	var advanced, spent time.Time
	for {
		select {
		case <-d.expired:
			if d.left() <= 0 {
				return nil
			}
			spent = time.Now()
		case <-d.crashed:
			return errCrashed
		case <-d.tab.in.conn.ended:
			return d.tab.in.conn.err
		case <-ctx.Done():
			return fmt.Errorf("the page did not come to an end: %w", ctx.Err())
		case <-tick.C:
		}
		data, others := d.traffic.pending()
		switch {
		case data != nil && stall.over(ctx, d):
			for _, url := range d.traffic.giveUp() {
				d.traffic.flaw(crawler.DrawRequest, url, "no answer in time")
			}
		case data == nil && others > 0 && d.traffic.rested() > restOthers:
		case data == nil && others == 0 && !spent.IsZero() && time.Since(spent) > goneTime:
			d.note(func() { d.granted, d.torn = 0, true })
			return nil
		default:
			continue
		}
		if time.Since(advanced) > advanceStep {
			advanced = time.Now()
			d.budget(advance, 0)
		}
	}
}

// stalling counts how often the page has answered while nothing moved.
type stalling struct {
	answers int
	asked   time.Time
	answer  chan struct{} // closed when the page has answered, nil: not asked
}

// over reports whether the requests of the page have had their time.
func (s *stalling) over(ctx context.Context, d *drawing) bool {
	if d.traffic.rested() < restStep {
		s.answers, s.answer = 0, nil
		return false
	}
	if s.answer == nil {
		answer := make(chan struct{})
		s.asked, s.answer = time.Now(), answer
		d.traffic.settle()
		go func() {
			defer close(answer)
			call(ctx, d.tab.s, performance.GetMetrics, cdp.Empty{}) // any answer of the page's process will do
		}()
		return false
	}
	select {
	case <-s.answer:
		if time.Since(s.asked) > restStep {
			s.answers, s.answer = s.answers+1, nil
		}
	default:
	}
	return s.answers >= restData
}

// pace lets virtual time keep up with the clock on the wall, so that what
// lives by either is seen.
func (d *drawing) pace(ctx context.Context) error {
	for end := time.Now().Add(wallTime); time.Now().Before(end); {
		select {
		case <-time.After(wallStep):
		case <-ctx.Done():
			return fmt.Errorf("the page did not come to an end: %w", ctx.Err())
		}
		d.budget(waiting, wallStep)
		if err := d.spend(ctx); err != nil {
			return err
		}
	}
	return nil
}
