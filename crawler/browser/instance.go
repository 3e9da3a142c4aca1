package browser

import (
	"context"
	"strings"
	"sync"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
)

// An instance is one running browser with its tabs. It ends when the last page
// in it is done after it was replaced.
type instance struct {
	process *process
	netns   *netns // where it and the outlets of its tabs live
	conn    *conn
	root    session // the browser itself
	shell   bool    // a headless shell, which has no windows
	product string  // "HeadlessChrome/156.0.8078.108"
	agent   emulation.SetUserAgentOverrideParams
	began   time.Time
	sources bool // its pages are asked for what they were made of

	mu      sync.Mutex
	idle    []*tab
	tabs    map[cdp.BrowserContextID]*tab // open ones
	weighed time.Time                     // when its memory was last measured

	users int  // pages in it; guarded by the pool
	old   bool // it takes no more pages; guarded by the pool
	ended sync.Once
}

// newInstance makes one of a process that has begun.
func newInstance(p *process) *instance {
	in := &instance{process: p, conn: newConn(p.in, p.out), began: time.Now(), weighed: time.Now(), tabs: map[cdp.BrowserContextID]*tab{}}
	in.root = session{c: in.conn}
	return in
}

// greet learns which browser it is, and closes what pages open beside
// themselves.
func (in *instance) greet(ctx context.Context) error {
	version, err := call(ctx, in.root, cdpbrowser.GetVersion, cdp.Empty{})
	if err != nil {
		return err
	}
	in.product = version.Product
	in.shell = headlessShell(version.Product)
	if in.agent, err = agentOf(version.Product); err != nil {
		return err
	}
	in.conn.listen("", in.hear)
	if _, err = call(ctx, in.root, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{Behavior: cdpbrowser.SetDownloadBehaviorBehaviorDeny}); err != nil {
		return err
	}
	shared := autoAttach()
	shared.Filter = target.Filter{{Type: "shared_worker"}} // of these no page is told
	if _, err = call(ctx, in.root, target.SetAutoAttach, shared); err != nil {
		return err
	}
	_, err = call(ctx, in.root, target.SetDiscoverTargets, target.SetDiscoverTargetsParams{Discover: true})
	return err
}

// hear takes in what the browser says of no page.
func (in *instance) hear(e event) {
	switch e.method {
	case target.TargetCreated.Method:
		on(e, in.popup)
	case target.AttachedToTarget.Method:
		on(e, func(v *target.EventAttachedToTarget) { in.shared(e, v) })
	case target.DetachedFromTarget.Method: // it is not said of which tab: each knows its own
		in.mu.Lock()
		defer in.mu.Unlock()
		for _, t := range in.tabs {
			t.events.put(e)
		}
	}
}

// popup closes pages that pages have opened.
func (in *instance) popup(made *target.EventTargetCreated) {
	if made.TargetInfo == nil || made.TargetInfo.Type != "page" || made.TargetInfo.OpenerID == "" {
		return
	}
	go tell(in.root, target.CloseTarget, target.CloseTargetParams{TargetID: made.TargetInfo.TargetID})
}

// shared hands a shared worker to the tab that it lives in.
func (in *instance) shared(e event, made *target.EventAttachedToTarget) {
	if made.TargetInfo == nil {
		return
	}
	in.mu.Lock()
	t := in.tabs[made.TargetInfo.BrowserContextID]
	in.mu.Unlock()
	if t != nil {
		t.events.put(e)
	}
}

// name notes which tab a browser context belongs to; nil: none any more.
func (in *instance) name(context cdp.BrowserContextID, t *tab) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if t == nil {
		delete(in.tabs, context)
		return
	}
	in.tabs[context] = t
}

// tab returns a tab that is free, or a new one.
func (in *instance) tab(ctx context.Context) (*tab, error) {
	in.mu.Lock()
	if n := len(in.idle); n > 0 {
		t := in.idle[n-1]
		in.idle = in.idle[:n-1]
		in.mu.Unlock()
		return t, nil
	}
	in.mu.Unlock()
	return openTab(ctx, in)
}

// keep takes a tab back for the next page.
func (in *instance) keep(t *tab) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.idle = append(in.idle, t)
}

// worn reports whether the browser is to be replaced.
func (in *instance) worn(memory int64, age time.Duration) bool {
	if in.gone() || time.Since(in.began) > age {
		return true
	}
	in.mu.Lock()
	due := time.Since(in.weighed) > weighStep
	if due {
		in.weighed = time.Now()
	}
	in.mu.Unlock()
	return due && in.process.memory() > memory
}

// weighStep is how often the memory of a browser is measured.
const weighStep = 15 * time.Second

// gone reports whether the browser has ended by itself.
func (in *instance) gone() bool {
	select {
	case <-in.conn.ended:
		return true
	default:
		return false
	}
}

// stop ends the browser.
func (in *instance) stop() {
	in.ended.Do(func() {
		in.mu.Lock()
		idle := in.idle
		in.idle = nil
		in.mu.Unlock()
		for _, t := range idle {
			t.close()
		}
		in.process.stop()
		in.netns.end()
	})
}

// headlessShell reports whether the program is the shell without a user
// interface; it calls itself HeadlessChrome in its product, as does no other
// since the two were parted.
func headlessShell(product string) bool { return strings.HasPrefix(product, "HeadlessChrome/") }
