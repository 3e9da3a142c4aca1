package browser

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"github.com/beianwatch/beianwatch/crawler"
)

const (
	maxClicks   = 4           // texts of one page that are clicked
	clickBudget = time.Second // of virtual time, for timers that a click sets
)

// clickOn clicks the last, innermost element in which a visitor reads a text, spaces left
// out. It runs in a world of its own, as scroll does.
const clickOn = `(text => {
	const reads = e => !/^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/.test(e.tagName) && e.textContent.replace(/\s+/g, '').includes(text);
	let at = document.body;
	if (!at || !reads(at)) return false;
	for (let inner; inner = [...at.children].reverse().find(reads);) at = inner;
	at.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, composed: true, view: window}));
	return true;
})`

// clicks tries what clicks on some texts open, and keeps it. What cannot be tried leaves open
// what a visitor would have got.
func (d *drawing) clicks(ctx context.Context, texts []string) {
	if len(texts) == 0 {
		return
	}
	opened, err := d.tab.tryClicks(ctx, d, texts)
	if err != nil {
		d.traffic.flaw(crawler.DrawIncomplete, "", "a click was not answered: "+err.Error())
	}
	d.facts.Opened = opened
	d.note(func() { d.torn = true })
}

// tryClicks clicks on each text of a page that was read and pictured, and returns what each
// would have opened. Nobody hears the page any more: all that it asks for is refused, and
// no name is resolved for it. The tab is good for no other page afterwards. The error means
// that the page did not answer.
func (t *tab) tryClicks(ctx context.Context, d *drawing, texts []string) (list []crawler.Opened, err error) {
	world, err := call(ctx, t.s, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: d.frame})
	if err != nil {
		return nil, err
	}
	for _, text := range texts[:min(len(texts), maxClicks)] {
		bare, err := json.Marshal(strings.Join(strings.Fields(text), ""))
		if err != nil {
			return nil, err
		}
		c := &clicking{frame: d.frame, over: make(chan struct{}, 1)}
		t.listen(c)
		if _, err := call(ctx, t.s, runtime.Evaluate, runtime.EvaluateParams{
			Expression: clickOn + "(" + string(bare) + ")", ContextID: world.ExecutionContextID, ReturnByValue: new(true), Silent: new(true),
		}); err != nil {
			return nil, err
		}
		tell(t.s, emulation.SetVirtualTimePolicy, emulation.SetVirtualTimePolicyParams{Policy: advance, Budget: new(float64(clickBudget.Milliseconds())), MaxVirtualTimeTaskStarvationCount: maxStarvation})
		select {
		case <-c.over:
		case <-d.crashed:
			return nil, errCrashed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		t.listen(nil)
		if c.url != "" {
			list = append(list, crawler.Opened{Text: text, URL: c.url})
		}
	}
	return list, nil
}

// A clicking hears what a click opens. The page's process tells of it before it tells that
// the time of the click is over.
type clicking struct {
	frame cdp.FrameID
	url   string        // the first address that was opened
	over  chan struct{} // has room for one word
}

// listen makes c hear the events that nobody else hears; nil: no one.
func (t *tab) listen(c *clicking) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.click = c
}

// hear takes in an event: a window, or another document in the page's place.
func (c *clicking) hear(e event) {
	opened := func(url string) {
		if c.url == "" && strings.HasPrefix(url, "http") {
			c.url = url
		}
	}
	switch e.method {
	case page.WindowOpen.Method:
		on(e, func(w *page.EventWindowOpen) { opened(w.URL) })
	case page.FrameRequestedNavigation.Method:
		on(e, func(n *page.EventFrameRequestedNavigation) {
			if n.FrameID == c.frame {
				opened(n.URL)
			}
		})
	case emulation.VirtualTimeBudgetExpired.Method:
		say(c.over)
	}
}
