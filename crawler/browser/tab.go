package browser

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
)

// A tab is one page of the browser with what belongs to it alone: a browser
// context (cookies, cache, storage), an outlet and, as long as nothing went
// wrong, a renderer process. It draws one page after the other.
type tab struct {
	in      *instance
	s       session
	target  target.ID
	context cdp.BrowserContextID
	outlet  *outlet
	drawn   int      // pages begun
	workers []worker // that are listened to; guarded by mu

	events mailbox
	left   chan struct{} // a page was left for the blank one; has room for one word
	mu     sync.Mutex    // held while an event is heard
	now    *drawing      // who hears the events …
	trying *clicking     // … and who does when that is nil; nil: nobody
}

// openTab makes a tab with a context and an outlet of its own.
func openTab(ctx context.Context, in *instance) (_ *tab, err error) {
	t := &tab{in: in, left: make(chan struct{}, 1)}
	if t.outlet, err = openOutlet(in.netns); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			t.close()
		}
	}()
	made, err := call(ctx, in.root, target.CreateBrowserContext, target.CreateBrowserContextParams{
		ProxyServer: "socks5://" + t.outlet.address(), ProxyBypassList: "<-loopback>", // loopback too goes through the outlet
	})
	if err != nil {
		return nil, err
	}
	t.context = made.BrowserContextID
	opened, err := call(ctx, in.root, target.CreateTarget, target.CreateTargetParams{
		URL: blank, BrowserContextID: t.context, Width: width, Height: height,
		NewWindow: new(!in.shell), // a window of its own: one in the background gets no frames
	})
	if err != nil {
		return nil, err
	}
	t.target = opened.TargetID
	attached, err := call(ctx, in.root, target.AttachToTarget, target.AttachToTargetParams{TargetID: t.target, Flatten: new(true)})
	if err != nil {
		return nil, err
	}
	t.s = session{in.conn, attached.SessionID}
	t.events.start(t.hear)
	in.conn.listen(t.s.id, t.events.put)
	in.name(t.context, t)
	return t, t.prepare(ctx)
}

// prepare turns on what every page needs.
func (t *tab) prepare(ctx context.Context) error {
	tell(t.s, inspector.Enable, cdp.Empty{})
	total, each := int64(1), int64(1) // no body is asked for
	if t.in.sources {
		total, each = maxSources, maxSource
	}
	tell(t.s, network.Enable, network.EnableParams{MaxTotalBufferSize: &total, MaxResourceBufferSize: &each})
	// In a network of its own the browser takes itself for offline: what pages are
	// told is an ordinary line (50 ms, 10 Mbit/s). Nothing is slowed down by it, and
	// without the figures it would have no effect.
	tell(t.s, network.OverrideNetworkState, network.OverrideNetworkStateParams{Latency: 50, DownloadThroughput: 1_250_000, UploadThroughput: 1_250_000})
	tell(t.s, network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: true})
	tell(t.s, target.SetAutoAttach, autoAttach())
	tell(t.s, emulation.SetUserAgentOverride, t.in.agent)
	tell(t.s, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	if _, err := call(ctx, t.s, fetch.Enable, fetch.EnableParams{}); err != nil {
		return err
	}
	// The renderer answers in its order: with this it has all of them.
	_, err := call(ctx, t.s, page.Enable, page.EnableParams{})
	return err
}

// hear hands an event to the drawing of the moment.
func (t *tab) hear(e event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e.method {
	case target.AttachedToTarget.Method: // also to a page that is over: who is not let begin never ends
		on(e, func(v *target.EventAttachedToTarget) { t.attach(v, e.worker) })
	case target.DetachedFromTarget.Method:
		on(e, func(v *target.EventDetachedFromTarget) { t.detach(v.SessionID) })
	}
	if t.now != nil {
		t.now.see(e)
		return
	}
	if t.trying != nil {
		t.trying.hear(e)
	}
	switch e.method {
	case fetch.RequestPaused.Method: // a page that is over asks for more
		on(e, func(p *fetch.EventRequestPaused) {
			tell(t.s, fetch.FailRequest, fetch.FailRequestParams{RequestID: p.RequestID, ErrorReason: network.ErrorReasonAborted})
		})
	case page.JavascriptDialogOpening.Method:
		tell(t.s, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
	case page.FrameNavigated.Method:
		on(e, func(n *page.EventFrameNavigated) {
			if n.Frame != nil && n.Frame.ParentID == "" && n.Frame.URL == blank {
				say(t.left)
			}
		})
	}
}

// blank is the page that a tab rests on.
const blank = "about:blank"

// give makes d hear the events; nil: no one. When it returns, who heard them before
// has done with the last one.
func (t *tab) give(d *drawing) {
	t.mu.Lock()
	t.now = d
	t.mu.Unlock()
}

// close ends the tab with its context and its outlet.
func (t *tab) close() {
	if t.s.c != nil {
		t.in.conn.listen(t.s.id, nil)
		t.in.name(t.context, nil)
		t.events.stop()
		t.mu.Lock()
		for len(t.workers) > 0 {
			t.detach(t.workers[0].id)
		}
		t.mu.Unlock()
	}
	if t.target != "" {
		tell(t.in.root, target.CloseTarget, target.CloseTargetParams{TargetID: t.target})
	}
	if t.context != "" {
		tell(t.in.root, target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: t.context})
	}
	t.outlet.close()
}

// A mailbox hands events on in their order, on a goroutine of its own: who
// hears them may wait for the browser, which the reader of its pipe must not.
type mailbox struct {
	mu    sync.Mutex
	list  []event
	full  bool // more came than a page may say: the rest is dropped
	wake  chan struct{}
	ended chan struct{}
}

// maxMail bounds the events that wait. A page that causes more is hostile, and
// its drawing is not whole.
const maxMail = 50_000

func (m *mailbox) start(hear func(event)) {
	m.wake, m.ended = make(chan struct{}, 1), make(chan struct{})
	go func() {
		for {
			select {
			case <-m.wake:
			case <-m.ended:
				return
			}
			for _, e := range m.take() {
				if e.heard != nil {
					close(e.heard)
					continue
				}
				hear(e)
			}
		}
	}()
}

func (m *mailbox) take() []event {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.list
	m.list = nil
	return list
}

func (m *mailbox) put(e event) {
	m.mu.Lock()
	if len(m.list) < maxMail || e.heard != nil {
		m.list = append(m.list, e)
	} else {
		m.full = true
	}
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// flush waits until all events that came so far are heard.
func (m *mailbox) flush(ctx context.Context) error {
	e := event{heard: make(chan struct{})}
	m.put(e)
	select {
	case <-e.heard:
		return nil
	case <-m.ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("hearing the browser: %w", ctx.Err())
	}
}

// overflowed reports whether events were dropped since it was last asked.
func (m *mailbox) overflowed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	full := m.full
	m.full = false
	return full
}

func (m *mailbox) stop() { close(m.ended) }

// agentOf makes the agent string and client hints of an ordinary desktop
// browser out of the product that the program calls
// itself.
func agentOf(product string) (emulation.SetUserAgentOverrideParams, error) {
	_, full, ok := strings.Cut(product, "/")
	major, _, _ := strings.Cut(full, ".")
	if !ok || major == "" {
		return emulation.SetUserAgentOverrideParams{}, fmt.Errorf("the browser calls itself %q", product)
	}
	brands := func(version, other string) []*emulation.UserAgentBrandVersion {
		return []*emulation.UserAgentBrandVersion{{Brand: "Chromium", Version: version}, {Brand: "Google Chrome", Version: version}, {Brand: "Not_A Brand", Version: other}}
	}
	return emulation.SetUserAgentOverrideParams{
		UserAgent:      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" + major + ".0.0.0 Safari/537.36",
		AcceptLanguage: "zh-CN,zh",
		Platform:       "Linux x86_64",
		UserAgentMetadata: &emulation.UserAgentMetadata{
			Brands: brands(major, "24"), FullVersionList: brands(full, "24.0.0.0"),
			Platform: "Linux", PlatformVersion: "", Architecture: "x86", Bitness: "64",
		},
	}, nil
}
