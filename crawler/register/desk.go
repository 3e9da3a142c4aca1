package register

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// Bounds of a desk.
const (
	queueMost = 10_000           // questions that wait; what comes later is asked another time
	faultMost = 3                // failures in a row after which a batch is given up
	restAfter = 5 * time.Minute  // how long a register that failed is left alone
	trust     = time.Minute      // a check of the control names at the end of one batch is good for the beginning of the next
	endMost   = 15 * time.Second // how long the last batch may take to end
)

// A desk is where one register is asked: one goroutine takes the questions one
// by one.
type desk struct {
	client *client
	opt    Options
	queue  chan *waiting

	mu      sync.Mutex
	under   map[string]*waiting // by key: a question is asked once for all who wait
	until   time.Time           // the register is left alone until then
	why     string              // and why
	trusted time.Time           // when the control names were right last

	closing chan struct{}
	cancel  context.CancelFunc
	done    sync.WaitGroup
}

// A waiting question has its answer once done is closed.
type waiting struct {
	question question
	done     chan struct{}
	answer   any
	why      string
}

func newDesk(c *client, opt Options) *desk {
	ctx, cancel := context.WithCancel(context.Background())
	d := &desk{client: c, opt: opt, queue: make(chan *waiting, queueMost), under: map[string]*waiting{}, closing: make(chan struct{}), cancel: cancel}
	d.done.Go(func() { d.work(ctx) })
	return d
}

// close lets the batch under way end, and answers those who still wait.
func (d *desk) close() {
	close(d.closing)
	timer := time.AfterFunc(endMost, d.cancel)
	d.done.Wait()
	timer.Stop()
	d.cancel()
	d.client.http.CloseIdleConnections()
}

// ask puts a question and waits for its answer as long as that is worth it.
func (d *desk) ask(ctx context.Context, q question) (answer any, why string) {
	w, why := d.enter(q)
	if w == nil {
		return nil, why
	}
	if d.opt.Patience > 0 {
		// The controls before and after, the questions before this one, and it.
		if time.Duration(len(d.queue)+5)*d.client.cfg.Every > d.opt.Patience {
			return nil, "it is asked now, and will be known the next time"
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.opt.Patience)
		defer cancel()
	}
	select {
	case <-w.done:
		return w.answer, w.why
	case <-ctx.Done():
		return nil, "it is asked now, and will be known the next time"
	}
}

// enter puts the question into the queue, if it is not there.
func (d *desk) enter(q question) (w *waiting, why string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Now().Before(d.until) {
		return nil, d.why
	}
	if w := d.under[q.key()]; w != nil {
		return w, ""
	}
	select {
	case <-d.closing:
		return nil, "the program is about to end"
	default:
	}
	w = &waiting{question: q, done: make(chan struct{})}
	select {
	case d.queue <- w:
		d.under[q.key()] = w
		return w, ""
	default:
		return nil, "too many questions are waiting for it"
	}
}

// settle gives the answer to all who wait.
func (d *desk) settle(w *waiting, answer any, why string) {
	w.answer, w.why = answer, why
	d.mu.Lock()
	delete(d.under, w.question.key())
	d.mu.Unlock()
	close(w.done)
}

// rest leaves the register alone for a while; what waits has no answer.
func (d *desk) rest(why string) {
	d.mu.Lock()
	d.until, d.why, d.trusted = time.Now().Add(restAfter), why, time.Time{}
	d.mu.Unlock()
	for {
		select {
		case w := <-d.queue:
			d.settle(w, nil, why)
		default:
			return
		}
	}
}

// work asks in batches until the desk is closed.
func (d *desk) work(ctx context.Context) {
	for {
		select {
		case <-d.closing:
			d.rest("the program is about to end")
			return
		case first := <-d.queue:
			d.batch(ctx, first)
		}
	}
}

// batch asks first and what waits behind it. Nothing that it hears is told
// before the control names were right after it.
func (d *desk) batch(ctx context.Context, first *waiting) {
	if why := d.before(ctx); why != "" {
		d.settle(first, nil, why)
		d.rest(why)
		return
	}
	var asked []*waiting
	faults := 0
	for w := first; w != nil; w = d.next(len(asked)) {
		w.answer, w.why = w.question.put(ctx, d.client)
		asked = append(asked, w)
		if faults++; w.why == "" {
			faults = 0
		}
		if faults == faultMost {
			break
		}
	}
	why := ""
	if faults == faultMost {
		why = asked[len(asked)-1].why
	} else {
		why = d.control(ctx)
	}
	for _, w := range asked {
		if why != "" {
			w.answer, w.why = nil, why
		}
		if w.why == "" {
			d.keep(ctx, w)
		}
		d.settle(w, w.answer, w.why)
	}
	if why != "" {
		d.rest(why)
	}
}

// next returns the next question of the batch, nil at its end: it is full, no one
// waits, or the desk is closed.
func (d *desk) next(asked int) *waiting {
	if asked >= d.client.cfg.Batch {
		return nil
	}
	select {
	case <-d.closing:
		return nil
	default:
	}
	select {
	case w := <-d.queue:
		return w
	default:
		return nil
	}
}

// before is control, unless the batch before has just ended well.
func (d *desk) before(ctx context.Context) (why string) {
	d.mu.Lock()
	fresh := time.Since(d.trusted) < trust
	d.mu.Unlock()
	if fresh {
		return ""
	}
	return d.control(ctx)
}

// control checks the control names; it says what is wrong, if anything is.
func (d *desk) control(ctx context.Context) (why string) {
	for _, c := range []struct {
		domain string
		want   crawler.FilingStatus
	}{{d.client.cfg.Controls.Filed, crawler.FilingFiled}, {d.client.cfg.Controls.Unfiled, crawler.FilingUnfiled}} {
		f, err := d.client.Lookup(ctx, c.domain)
		switch {
		case err != nil:
			return err.Error()
		case f.Status == crawler.FilingUnknown:
			return "the control name " + c.domain + " got no answer: " + f.Reason
		case f.Status != c.want:
			return "the control name " + c.domain + " is said to be " + string(f.Status) + ": the register cannot be relied on now"
		}
	}
	d.mu.Lock()
	d.trusted = time.Now()
	d.mu.Unlock()
	return ""
}

// keep puts an answer into the cache. What cannot be kept is asked again the
// next time.
func (d *desk) keep(ctx context.Context, w *waiting) {
	if d.opt.Keep == nil {
		return
	}
	data, err := json.Marshal(w.answer)
	if err == nil {
		_ = d.opt.Keep(context.WithoutCancel(ctx), d.client.cfg.Name, w.question.key(), time.Now(), data)
	}
}
