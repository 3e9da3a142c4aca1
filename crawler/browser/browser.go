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

	"github.com/chromedp/chromedp"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// Options say which browser is used, and its bounds.
type Options struct {
	Path    string                                                      // the program, as Find gives it
	Guard   *guard.Guard                                                // judges every dial
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error) // our resolver
	Agent   string                                                      // the agent string of every request
	Tabs    int                                                         // pages drawn at once; 0: 2
	Timeout time.Duration                                               // for one page; 0: 20 s
	Recycle int                                                         // pages until the browser is replaced; 0: 50
}

// A Pool draws pages. It is safe for many goroutines; the browser starts with
// the first page.
type Pool struct {
	opt   Options
	proxy *proxy
	slots chan struct{}

	mu    sync.Mutex
	now   *instance // the browser in use, nil before the first page
	pages int       // pages begun in now
}

// An instance is one running browser. It ends when the last page in it is
// done after it was replaced.
type instance struct {
	ctx    context.Context
	cancel context.CancelFunc
	users  int
	old    bool
}

// New makes a Pool. The error says that nothing can listen on loopback.
func New(opt Options) (*Pool, error) {
	if opt.Tabs == 0 {
		opt.Tabs = 2
	}
	if opt.Timeout == 0 {
		opt.Timeout = 20 * time.Second
	}
	if opt.Recycle == 0 {
		opt.Recycle = 50
	}
	proxy, err := startProxy(opt.Guard, opt.Resolve)
	if err != nil {
		return nil, err
	}
	return &Pool{opt: opt, proxy: proxy, slots: make(chan struct{}, opt.Tabs)}, nil
}

// Close ends the browser and the proxy.
func (p *Pool) Close() {
	p.mu.Lock()
	if p.now != nil {
		p.now.cancel()
		p.now = nil
	}
	p.mu.Unlock()
	p.proxy.Close()
}

// Do draws ask.URL and keeps the result in obs: the DOM after scripts ran in
// Rendered, a picture of its foot in Screenshot, and the visit with its
// failure if the page could not be drawn.
func (p *Pool) Do(ctx context.Context, obs *crawler.Observation, ask crawler.Ask) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return
	}
	visit := crawler.Visit{Ask: ask, At: time.Now()}
	page, shot, err := p.draw(ctx, ask.URL)
	visit.Took = time.Since(visit.At)
	if err != nil {
		// That our browser did not draw a page says nothing about the site.
		visit.Failure = &crawler.Failure{Kind: crawler.FailOurs, Detail: crawler.Detail(err.Error())}
		visit.Failed = ask.URL
	} else {
		visit.Hops = []crawler.Page{*page}
		obs.Rendered = page
		obs.Screenshot = shot
	}
	obs.Visits = append(obs.Visits, visit)
}

// draw opens one tab in a browser context of its own.
func (p *Pool) draw(ctx context.Context, url string) (*crawler.Page, []byte, error) {
	in, err := p.enter()
	if err != nil {
		return nil, nil, err
	}
	defer p.leave(in)
	tab, cancel := chromedp.NewContext(in.ctx, chromedp.WithNewBrowserContext())
	defer cancel()
	tab, stop := context.WithTimeout(tab, p.opt.Timeout)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	return drawTab(tab, url)
}

// enter takes a place in the browser in use, and starts one if there is none
// or the one in use has drawn its share or died.
func (p *Pool) enter() (*instance, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now != nil && (p.pages >= p.opt.Recycle || p.now.ctx.Err() != nil) {
		p.now.old = true
		if p.now.users == 0 {
			p.now.cancel()
		}
		p.now = nil
	}
	if p.now == nil {
		in, err := p.start()
		if err != nil {
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
		chromedp.ProxyServer("http://" + p.proxy.addr), chromedp.IgnoreCertErrors, chromedp.WindowSize(1280, 900),
		chromedp.Flag("proxy-bypass-list", "<-loopback>"), // loopback too goes through the proxy
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
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		in.cancel()
		return nil, fmt.Errorf("starting %s: %w", p.opt.Path, err)
	}
	return in, nil
}
