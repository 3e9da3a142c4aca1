package browser

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"github.com/beianwatch/beianwatch/crawler"
)

const (
	maxClicks   = 4                // texts of one page that are clicked
	maxOpened   = 8                // addresses that are kept of one click
	maxOpenURL  = 2048             // bytes of one
	clickBudget = 3 * time.Second  // of virtual time, for timers that a click sets
	clicksTime  = 10 * time.Second // on the wall, for all clicks of a page: one may never come to an end
)

// clickOn clicks where a visitor reads a text, spaces left out, or at least its digits (the
// browser may take the page for one of another encoding): on the visible innermost elements
// that hold it, four at most, in each on the innermost that holds its digits. It waits for
// two frames, in which a page may put off what it does, and gives how many were clicked.
// It runs in a world of its own, as scroll does; what a page's elements are called hides
// no method from it. It is no gesture of a user: windows are then asked for and told of,
// and none opens, for whose beginning its opener would wait.
const clickOn = `((text, digits) => {
	const content = Object.getOwnPropertyDescriptor(Node.prototype, 'textContent').get;
	const body = Object.getOwnPropertyDescriptor(Document.prototype, 'body').get;
	const children = Object.getOwnPropertyDescriptor(Element.prototype, 'children').get;
	const nodes = Object.getOwnPropertyDescriptor(Node.prototype, 'childNodes').get;
	const send = EventTarget.prototype.dispatchEvent, visible = Element.prototype.checkVisibility;
	const unread = /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/;
	const reads = (e, what) => [...nodes.call(e)].filter(c => !unread.test(c.nodeName)).map(c => content.call(c)).join('').replace(/\s+/g, '').includes(what);
	const holding = (e, what) => [...children.call(e)].filter(c => !unread.test(c.nodeName) && reads(c, what));
	const innermost = (e, what) => {
		const inner = holding(e, what);
		return inner.length ? inner.flatMap(c => innermost(c, what)) : [e];
	};
	const all = body.call(document);
	if (!all) return 0;
	if (digits.length > 6 && !reads(all, text)) text = digits;
	let clicked = 0;
	for (const at of reads(all, text) ? innermost(all, text) : []) {
		if (clicked === 4 || !visible.call(at, {visibilityProperty: true})) continue;
		const on = innermost(at, digits)[0];
		for (const kind of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
			const how = {bubbles: true, cancelable: true, composed: true, view: window};
			send.call(on, kind.startsWith('p') ? new PointerEvent(kind, how) : new MouseEvent(kind, how));
		}
		clicked++;
	}
	return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(clicked))));
})`

// clicks tries what clicks on some texts open, and keeps it. Nobody hears the page any more:
// all that it asks for is refused, and its connections are closed. The tab is good for no
// other page afterwards.
func (d *drawing) clicks(ctx context.Context, texts []string) {
	if d.left() > 0 {
		return // the end of that time would be taken for the click's
	}
	d.note(func() { d.torn = true })
	ctx, cancel := context.WithTimeout(ctx, clicksTime)
	defer cancel()
	world, err := d.world(ctx)
	for _, text := range texts[:min(len(texts), maxClicks)] {
		c := &clicking{drawing: d, over: make(chan struct{}, 1)}
		if err == nil {
			err = d.tab.click(ctx, c, world, text)
		}
		d.facts.Clicks = append(d.facts.Clicks, crawler.Click{Text: text, Opened: c.opened, Sure: err == nil && c.on > 0 && !c.doubtful && !d.tab.events.overflowed()})
	}
}

// click clicks on one text and hears, in c, what comes of it. The error means that the page
// did not answer.
func (t *tab) click(ctx context.Context, c *clicking, world runtime.ExecutionContextID, text string) error {
	bare := strings.Join(strings.Fields(text), "")
	args, err := json.Marshal([]string{bare, longestDigits(bare)})
	if err != nil {
		return err
	}
	if err := t.events.flush(ctx); err != nil { // what came before is not the click's
		return err
	}
	t.listen(c)
	defer t.listen(nil)
	res, err := t.evaluate(ctx, world, clickOn+"(..."+string(args)+")")
	if err != nil {
		return err
	}
	if res.ExceptionDetails == nil && res.Result != nil {
		_ = json.Unmarshal(res.Result.Value, &c.on) // what is no number counts as none
	}
	tell(t.s, emulation.SetVirtualTimePolicy, emulation.SetVirtualTimePolicyParams{Policy: advance, Budget: new(float64(clickBudget.Milliseconds())), MaxVirtualTimeTaskStarvationCount: maxStarvation})
	select {
	case <-c.over:
		return nil
	case <-c.drawing.crashed:
		return errCrashed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// longestDigits returns the longest run of digits in a text, all of it where there is none.
func longestDigits(text string) string {
	longest := ""
	for _, run := range strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(run) > len(longest) {
			longest = run
		}
	}
	if longest == "" {
		return text
	}
	return longest
}

// A clicking hears what a click does, by what the page's process tells: all of it comes
// before the word that the time of the click is over, which the browser's own events do not.
type clicking struct {
	drawing  *drawing
	on       int // elements that were clicked
	opened   []string
	doubtful bool          // something was refused that may have opened more
	over     chan struct{} // has room for one word
}

// listen makes c hear the events that nobody else hears; nil: no one.
func (t *tab) listen(c *clicking) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trying = c
}

// hear takes in an event of the page.
func (c *clicking) hear(e event) {
	switch e.method {
	case page.WindowOpen.Method:
		on(e, func(w *page.EventWindowOpen) { c.opens(w.URL) })
	case page.FrameRequestedNavigation.Method:
		on(e, func(n *page.EventFrameRequestedNavigation) {
			if n.FrameID == c.drawing.frame {
				c.opens(n.URL)
			} else if !idle(n.URL) {
				c.doubtful = true // a frame may show what the click opens
			}
		})
	case network.RequestWillBeSent.Method:
		on(e, func(r *network.EventRequestWillBeSent) {
			if r.Request != nil && r.Type != network.ResourceTypeDocument && carries(r.Type) && !c.drawing.traffic.harmless(r.Request.URL) {
				c.doubtful = true
			}
		})
	case emulation.VirtualTimeBudgetExpired.Method:
		say(c.over)
	}
}

// opens notes an address. A window without one is given it later, and one whose address is
// a script of the page runs it, which is not heard.
func (c *clicking) opens(url string) {
	switch {
	case idle(url):
	case !strings.HasPrefix(url, "http"), len(url) > maxOpenURL, len(c.opened) == maxOpened:
		c.doubtful = true
	default:
		c.opened = append(c.opened, url)
	}
}

// idle reports whether an address opens nothing: a script that does nothing, a letter or a
// call.
func idle(url string) bool {
	scheme, rest, _ := strings.Cut(strings.ToLower(url), ":")
	switch scheme {
	case "mailto", "tel":
		return true
	case "javascript":
		switch strings.Trim(rest, " ;") {
		case "", "void(0)", "void%200", "void 0":
			return true
		}
	}
	return false
}
