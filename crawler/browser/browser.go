// Package browser draws pages in a real Chromium, for sites whose page only
// comes into being by script. Every request of the browser passes the guard;
// pages, time and memory are bounded and the browser is replaced regularly.
package browser

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// Options say which browser is used, and its bounds.
type Options struct {
	Path    string                                                       // the program, as Find gives it
	Guard   *guard.Guard                                                 // judges every dial
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error) // our resolver
	Agent   string                                                       // the agent string of every request
	Tabs    int                                                          // pages drawn at once; 0: 2
	Timeout time.Duration                                                // for one page; 0: 20 s
	Recycle int                                                          // pages until the browser is replaced; 0: 50
}

// A Pool draws pages. It is safe for many goroutines; the browser starts with
// the first page.
type Pool struct {
	opt   Options
	slots chan struct{}

	mu     sync.Mutex
	now    *instance // the browser in use, nil before the first page
	pages  int       // pages begun in now
	broken error     // why the last start failed …
	since  time.Time // … and when
	closed bool
}

// An instance is one running browser. It ends when the last page in it is
// done after it was replaced.
type instance struct {
	ctx    context.Context
	cancel context.CancelFunc
	users  int
	old    bool
}

// New makes a Pool. Nothing runs before the first page.
func New(opt Options) *Pool {
	if opt.Tabs <= 0 {
		opt.Tabs = 2
	}
	if opt.Timeout <= 0 {
		opt.Timeout = 20 * time.Second
	}
	if opt.Recycle <= 0 {
		opt.Recycle = 50
	}
	return &Pool{opt: opt, slots: make(chan struct{}, opt.Tabs)}
}

// Close ends the browser. A page asked for afterwards is a failure of ours.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.now != nil {
		p.now.cancel()
		p.now = nil
	}
}

// Do draws ask.URL and keeps the result in obs: the DOM after scripts ran in
// Rendered, a picture of its foot in Screenshot, and a visit without hops, which
// has a failure if the page could not be drawn. That is never the site's: our
// browser proves nothing against a site.
func (p *Pool) Do(ctx context.Context, obs *crawler.Observation, ask crawler.Ask) {
	visit := crawler.Visit{Ask: ask, At: time.Now()}
	page, shot, err := p.turn(ctx, obs, ask.URL)
	visit.Took = time.Since(visit.At)
	if err != nil {
		visit.Failure, visit.Failed = crawler.NewFailure(crawler.FailOurs, err.Error()), ask.URL
	} else {
		obs.Rendered, obs.Screenshot = page, shot
	}
	obs.Visits = append(obs.Visits, visit)
}

// turn draws when a tab is free.
func (p *Pool) turn(ctx context.Context, obs *crawler.Observation, url string) (*crawler.Page, []byte, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, nil, fmt.Errorf("waiting for the browser: %w", ctx.Err())
	}
	return p.draw(ctx, obs, url)
}

// draw opens one tab, in a browser context and with a proxy of its own: what
// another page left behind is not seen, and a name leads where this look found
// it.
func (p *Pool) draw(ctx context.Context, obs *crawler.Observation, url string) (*crawler.Page, []byte, error) {
	proxy, err := startProxy(p.opt.Guard, p.resolve(obs))
	if err != nil {
		return nil, nil, err
	}
	defer proxy.Close()
	in, err := p.enter()
	if err != nil {
		return nil, nil, err
	}
	defer p.leave(in)
	tab, cancel := chromedp.NewContext(in.ctx, chromedp.WithNewBrowserContext(func(c *target.CreateBrowserContextParams) {
		c.ProxyServer = "http://" + proxy.addr
		c.ProxyBypassList = "<-loopback>" // loopback too goes through the proxy
	}))
	defer cancel()
	tab, stop := context.WithTimeout(tab, p.opt.Timeout)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	return drawTab(tab, url)
}

// resolve gives the addresses that the look went by, and asks the resolver for
// names that only the page brings in.
func (p *Pool) resolve(obs *crawler.Observation) func(context.Context, string) ([]netip.Addr, error) {
	return func(ctx context.Context, host string) ([]netip.Addr, error) {
		if addrs, _ := obs.Addresses(host); len(addrs) > 0 {
			return addrs, nil
		}
		return p.opt.Resolve(ctx, host)
	}
}

// enter takes a place in the browser in use, and starts one if there is none
// or the one in use has drawn its share or died.
func (p *Pool) enter() (*instance, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, fmt.Errorf("the browser was closed")
	}
	if p.now != nil && (p.pages >= p.opt.Recycle || p.now.ctx.Err() != nil) {
		p.now.old = true
		if p.now.users == 0 {
			p.now.cancel()
		}
		p.now = nil
	}
	if p.now == nil {
		if p.broken != nil && time.Since(p.since) < brokenRest {
			return nil, p.broken
		}
		in, err := p.start()
		if p.broken, p.since = err, time.Now(); err != nil {
			return nil, err
		}
		p.now, p.pages = in, 0
	}
	p.pages++
	p.now.users++
	return p.now, nil
}

// leave gives the place back; the last one out of a replaced browser ends it.
func (p *Pool) leave(in *instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	in.users--
	if in.old && in.users == 0 {
		in.cancel()
	}
}

// start launches a browser, which takes about a second.
func (p *Pool) start() (*instance, error) {
	flags := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(p.opt.Path), chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.IgnoreCertErrors, chromedp.WindowSize(1280, 900),
		chromedp.ProxyServer("http://" + nowhere), // for all that is not one of our tabs
		chromedp.Flag("proxy-bypass-list", "<-loopback>"),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("force-webrtc-ip-handling-policy", "disable_non_proxied_udp"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), // no DNS of its own
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-extensions", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("mute-audio", true),
		chromedp.Flag("lang", "zh-CN"),
		chromedp.Flag("renderer-process-limit", fmt.Sprint(p.opt.Tabs+1)),
		chromedp.Flag("js-flags", "--max-old-space-size=256"), // MiB of script heap a page
	}
	if p.opt.Agent != "" {
		flags = append(flags, chromedp.UserAgent(p.opt.Agent))
	}
	if os.Geteuid() == 0 {
		// Chromium refuses to run as root with its sandbox.
		flags = append(flags, chromedp.NoSandbox)
	}
	allocated, cancelAllocator := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, cancelBrowser := chromedp.NewContext(allocated)
	in := &instance{ctx: ctx, cancel: func() { cancelBrowser(); cancelAllocator() }}
	if err := startTimed(ctx); err != nil {
		in.cancel()
		return nil, fmt.Errorf("starting %s: %w", p.opt.Path, err)
	}
	return in, nil
}

// nowhere is the discard port of this machine: nothing speaks HTTP there.
const nowhere = "127.0.0.1:9"

// brokenRest is how long a browser that did not start is not tried again: every
// page would wait for it in vain.
const brokenRest = time.Minute

// startMost is the longest that a browser may take to start. A loaded machine
// needs a few seconds.
const startMost = 15 * time.Second

// startTimed waits for the first blank tab. A program that is no browser never
// gives one.
func startTimed(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- chromedp.Do(ctx, chromedp.Navigate("about:blank")) }()
	select {
	case err := <-done:
		return err
	case <-time.After(startMost):
		return fmt.Errorf("it did not answer within %v", startMost)
	}
}
