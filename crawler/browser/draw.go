package browser

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"

	"github.com/beianwatch/beianwatch/crawler"
)

// A drawing is one page on its way through a tab.
type drawing struct {
	tab     *tab
	load    *load
	traffic *traffic
	facts   *crawler.Drawing
	shot    *snapshot                // the page as it was read; nil if there was nothing to read
	own     map[string]*crawler.Page // scripts that our own client got, by their address

	committed chan struct{} // a document is there; has room for one word
	expired   chan struct{} // the budget of virtual time is spent; has room for one word
	crashed   chan struct{} // closed when the renderer is gone

	mu       sync.Mutex
	frame    cdp.FrameID       // the main frame
	status   int               // of the last document in it
	moves    int               // documents that the main frame has held
	first    network.RequestID // of the first of them
	asking   string            // its address, the last one where it was redirected
	bodiless bool              // it is an error status without a body
	dialogs  int
	granted  int  // grants of virtual time that are not spent
	torn     bool // one of them is lost
	beyond   bool // a worker or a socket runs, which virtual time does not drive
	shared   bool // … and not all that it asks for is heard
	workers  int
	sockets  map[network.RequestID]*socket
	finished sync.Once
}

// decode reads the parameters of an event.
func decode[E any](e event) (*E, bool) {
	v := new(E)
	if err := jsonv2.Unmarshal(e.params, v, lenient); err != nil {
		return nil, false
	}
	return v, true
}

// on decodes an event for do; what cannot be read is left out.
func on[E any](e event, do func(*E)) {
	if v, ok := decode[E](e); ok {
		do(v)
	}
}

// see takes in an event of the tab.
func (d *drawing) see(e event) {
	switch e.method {
	case fetch.RequestPaused.Method:
		on(e, d.traffic.asked)
	case network.RequestWillBeSent.Method:
		on(e, func(v *network.EventRequestWillBeSent) { d.began(v, e.worker) })
	case network.ResponseReceived.Method:
		on(e, d.answered)
	case network.DataReceived.Method:
		if d.tab.in.sources {
			on(e, d.traffic.received)
		}
	case network.LoadingFinished.Method:
		on(e, func(v *network.EventLoadingFinished) { d.traffic.ended(v.RequestID, "") })
	case network.LoadingFailed.Method:
		on(e, d.failed)
	case network.WebSocketCreated.Method:
		on(e, func(v *network.EventWebSocketCreated) { d.opening(v.RequestID, v.URL, e.worker) })
	case network.WebSocketHandshakeResponseReceived.Method:
		on(e, func(v *network.EventWebSocketHandshakeResponseReceived) {
			if v.Response != nil && v.Response.Status == http.StatusSwitchingProtocols {
				d.opened(v.RequestID)
			}
		})
	case network.WebSocketFrameError.Method:
		on(e, func(v *network.EventWebSocketFrameError) { d.broken(v.RequestID, v.ErrorMessage) })
	case network.WebSocketClosed.Method:
		on(e, func(v *network.EventWebSocketClosed) { d.shut(v.RequestID, "") })
	case network.WebTransportCreated.Method:
		on(e, func(v *network.EventWebTransportCreated) { d.opening(v.TransportID, v.URL, e.worker) })
	case network.WebTransportConnectionEstablished.Method:
		on(e, func(v *network.EventWebTransportConnectionEstablished) { d.opened(v.TransportID) })
	case network.WebTransportClosed.Method:
		on(e, func(v *network.EventWebTransportClosed) { d.shut(v.TransportID, "closed before it was open") })
	case target.AttachedToTarget.Method:
		on(e, d.attached)
	case page.FrameNavigated.Method:
		on(e, d.navigated)
	case page.JavascriptDialogOpening.Method:
		on(e, d.asked)
	case emulation.VirtualTimeBudgetExpired.Method:
		d.spent()
	case inspector.TargetCrashed.Method:
		if e.worker != "" {
			d.traffic.flaw(crawler.DrawIncomplete, "", "a worker was ended")
			return
		}
		d.finished.Do(func() { close(d.crashed) })
	}
}

// say leaves a word for who listens, if none lies there.
func say(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (d *drawing) note(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
}

// answered takes in an answer; that of the main document is the page's own.
func (d *drawing) answered(e *network.EventResponseReceived) {
	main := false
	d.note(func() {
		if main = e.Type == network.ResourceTypeDocument && e.FrameID == d.frame; main && e.Response != nil {
			d.status = int(e.Response.Status)
		}
	})
	d.traffic.answered(e, main)
}

// began takes in a request; that of the first document is remembered.
func (d *drawing) began(e *network.EventRequestWillBeSent, worker target.SessionID) {
	d.note(func() {
		if e.Type == network.ResourceTypeDocument && e.FrameID == d.frame && d.moves == 0 {
			d.first = e.RequestID
			if e.Request != nil {
				d.asking = e.Request.URL
			}
		}
	})
	d.traffic.began(e, worker)
	if worker != "" && e.Request != nil {
		d.unasked(e.Request.URL, worker)
	}
}

// failed takes in the end of a request. An address that gives no document at all
// is no flaw of a page: it is the drawing's Failure.
func (d *drawing) failed(e *network.EventLoadingFailed) {
	d.traffic.broke(e.RequestID)
	none := false
	d.note(func() { none = d.moves == 0 && e.RequestID == d.first })
	if none || sameForAll(e) {
		d.traffic.ended(e.RequestID, "")
		return
	}
	d.traffic.ended(e.RequestID, e.ErrorText)
}

// navigated hands a new document in the main frame its budget of time: the
// renderer of the one before may be gone, and its virtual time with it.
func (d *drawing) navigated(e *page.EventFrameNavigated) {
	if e.Frame == nil || e.Frame.ParentID != "" {
		return
	}
	over := false
	d.leave()
	d.note(func() {
		d.moves++
		over = d.moves > maxMoves
	})
	if over {
		d.traffic.stop()
		d.traffic.flaw(crawler.DrawIncomplete, "", "the page goes on to other addresses without end")
		d.note(func() { d.granted, d.torn = 0, true }) // what the documents before were granted is not waited for
	}
	d.budget(waiting, firstBudget)
	say(d.committed)
}

// asked ends a dialog. An alert has one answer only; what is answered in a
// visitor's place may show another page than they see.
func (d *drawing) asked(e *page.EventJavascriptDialogOpening) {
	leaving := e.Type == page.DialogTypeBeforeunload
	tell(d.tab.s, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: leaving})
	n := 0
	d.note(func() { d.dialogs++; n = d.dialogs })
	if e.Type == page.DialogTypeConfirm || e.Type == page.DialogTypePrompt || n > maxDialogs {
		d.traffic.flaw(crawler.DrawDialog, "", string(e.Type)+": "+e.Message)
	}
}

// draw takes the page through its life: the document, the first budget of
// virtual time, the touch of a visitor, the second budget, the reading. Its
// error means that nothing can be read.
func (d *drawing) draw(ctx context.Context, url string) (*crawler.Page, error) {
	began := time.Now()
	if err := d.open(ctx, url); err != nil || d.facts.Failure != nil {
		return nil, err
	}
	if d.bodiless {
		return d.page(began, d.asking, []byte(bodilessPage)), nil
	}
	if err := d.live(ctx); err != nil {
		return nil, err
	}
	if err := d.tab.events.flush(ctx); err != nil { // what has failed is judged by itself
		return nil, err
	}
	d.unanswered()
	shot, err := d.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.tab.events.flush(ctx); err != nil { // what failed before it was read
		return nil, err
	}
	d.shot = shot
	body, cut := render(ctx, shot)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("reading the DOM: %w", ctx.Err())
	}
	if cut {
		d.traffic.flaw(crawler.DrawIncomplete, "", "the DOM is larger than the limit")
	}
	if d.tab.in.sources {
		d.facts.Sources = d.sources(ctx)
	}
	return d.page(began, shot.address(), body), nil
}

// conclude notes why a drawing came to no end, or was not heard to its end.
func (d *drawing) conclude(err error) {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		d.traffic.flaw(crawler.DrawLate, "", "")
	case err != nil:
		d.traffic.flaw(crawler.DrawIncomplete, "", err.Error())
	}
	d.missed()
}

// missed notes that events were dropped: one of them may have told of a failure.
func (d *drawing) missed() {
	if d.tab.events.overflowed() {
		d.traffic.flaw(crawler.DrawIncomplete, "", "more happened than is heard")
	}
}

// sofar returns the facts as they are, while events may still change them.
func (d *drawing) sofar() *crawler.Drawing {
	d.traffic.mu.Lock()
	defer d.traffic.mu.Unlock()
	facts := *d.facts
	facts.Flaws = slices.Clone(facts.Flaws)
	return &facts
}

// page makes the page of what was read.
func (d *drawing) page(began time.Time, address string, body []byte) *crawler.Page {
	d.mu.Lock()
	status := d.status
	d.mu.Unlock()
	return &crawler.Page{
		URL: address, Via: crawler.ViaRendered, Status: status, At: began, Took: time.Since(began), Body: body,
		Cut:    !d.whole(),
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, // the DOM is given as UTF-8 whatever the site sent
	}
}

// open asks for the page and waits until its document is there, or until the
// browser gave up.
func (d *drawing) open(ctx context.Context, url string) error {
	res, err := call(ctx, d.tab.s, page.Navigate, page.NavigateParams{URL: url, TransitionType: page.TransitionTypeLink})
	if err != nil {
		return fmt.Errorf("drawing %s: %w", url, err)
	}
	if res.ErrorText != "" {
		return d.refused(ctx, url, res.ErrorText)
	}
	select {
	case <-d.committed:
		return nil
	case <-d.crashed:
		return fmt.Errorf("drawing %s: %w", url, errCrashed)
	case <-d.tab.in.conn.ended:
		return d.tab.in.conn.err
	case <-ctx.Done():
		return fmt.Errorf("drawing %s: %w", url, ctx.Err())
	}
}

// refused takes in the browser's word for why an address gave it no document. What our
// side lacked is an error. An error status without a body is a page: only some
// browsers put a page of their own in its place.
func (d *drawing) refused(ctx context.Context, url, word string) error {
	if err := d.tab.events.flush(ctx); err != nil {
		return err
	}
	d.note(func() {
		if d.asking != "" {
			url = d.asking
		}
		d.bodiless = word == errBodiless && d.status >= http.StatusBadRequest
	})
	if d.bodiless {
		return nil
	}
	f := documentFailure(d.load, url, word)
	if f.Kind == crawler.FailOurs {
		return fmt.Errorf("drawing %s: %s", url, f.Detail)
	}
	d.facts.Failure = f
	return nil
}

// errBodiless is the browser's word for an error status without a body.
const errBodiless = "net::ERR_HTTP_RESPONSE_CODE_FAILURE"

// bodilessPage is what the page of such an answer looks like.
const bodilessPage = "<html><head></head><body></body></html>"

// whole reports whether nothing has failed so far.
func (d *drawing) whole() bool {
	d.traffic.mu.Lock()
	defer d.traffic.mu.Unlock()
	return d.facts.Whole()
}
