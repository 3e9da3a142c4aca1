package browser

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/storage"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// Options say which browser is used, and its bounds.
type Options struct {
	Path    string                                                       // the program, as Find returns it
	Guard   *guard.Guard                                                 // judges every dial
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error) // our resolver
	// Enter keeps the spacing between visits to one address: a page load with
	// all its requests is one visit. The returned function ends it. Nil: none.
	Enter func(ctx context.Context, addr netip.Addr) (leave func(), err error)
	// Harmless reports whether what is behind an address touches no text of the
	// page that loads it (a counter, a font, an advertisement): its failure
	// leaves the page whole. Nil: nothing is.
	Harmless func(url string) bool
	// Shared is told why the browser has no network namespace of its own each time
	// one is started without. Nil: no one is.
	Shared func(why error)
	// Sources: [crawler.Drawing.Sources] are wanted.
	Sources bool
	Contact string        // whom to write to: the From header of every page; empty: none
	Tabs    int           // pages drawn at once; 0: 2
	Timeout time.Duration // for one page, twice as long when it is drawn again; 0: 40 s
	Memory  int64         // bytes of a browser with all its processes from which it is replaced; 0: 2 GiB
	Age     time.Duration // from which it is replaced; 0: an hour
}

// A Pool draws pages. It is safe for many goroutines; the browser starts with
// the first page.
type Pool struct {
	opt   Options
	slots chan struct{}

	mu       sync.Mutex
	now      *instance // the browser in use, nil before the first page
	starting *starting // the one that is being started, nil: none
	broken   error     // why the last start failed …
	since    time.Time // … and when
	closed   bool
}

// New makes a Pool. Nothing runs before the first page.
func New(opt Options) *Pool {
	if opt.Tabs <= 0 {
		opt.Tabs = 2
	}
	if opt.Timeout <= 0 {
		opt.Timeout = 40 * time.Second
	}
	if opt.Memory <= 0 {
		opt.Memory = 2 << 30
	}
	if opt.Age <= 0 {
		opt.Age = time.Hour
	}
	if opt.Harmless == nil {
		opt.Harmless = func(string) bool { return false }
	}
	return &Pool{opt: opt, slots: make(chan struct{}, opt.Tabs)}
}

// Close ends the browser. A page asked for afterwards is a failure of ours.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	in, s := p.now, p.starting
	p.now = nil
	p.mu.Unlock()
	if s != nil {
		s.cancel()
		<-s.done
	}
	if in != nil {
		in.stop()
	}
}

// Do draws ask.URL and keeps the result in obs: the DOM after scripts ran in
// Rendered (see [render] for its form), how it was drawn in Drawing, and a
// visit without hops. The visit has a failure where our browser could not draw
// the page, which is never the site's; what the site did to the browser is
// Drawing.Failure. look is asked what more is wanted of the page; nil: nothing.
func (p *Pool) Do(ctx context.Context, obs *crawler.Observation, ask crawler.Ask, look crawler.Look) {
	p.keep(ctx, &order{obs: obs, visit: crawler.Visit{Ask: ask, At: time.Now()}, url: ask.URL, look: look})
}

// An order is a page that is to be drawn.
type order struct {
	obs   *crawler.Observation
	visit crawler.Visit
	url   string
	local *folder // serves the page of a file; nil for a site's
	look  crawler.Look
}

// maxDraws is how often a page is drawn that our browser does not draw to its end: a
// tab that does not open, a process that died, a time that a busy machine makes too
// short. A page that runs for ever so costs its time thrice: once, and once doubled.
const maxDraws = 2

// keep draws a page for an ask and keeps what came of it.
func (p *Pool) keep(ctx context.Context, o *order) {
	var err error
	for n := 1; n == 1 || n <= maxDraws && err != nil && ctx.Err() == nil && !p.unable() && !floods(o.obs.Drawing); n++ {
		err = p.turn(ctx, o, time.Duration(n)*p.opt.Timeout)
	}
	o.visit.Took = time.Since(o.visit.At)
	if err != nil {
		o.visit.Failure, o.visit.Failed = crawler.NewFailure(crawler.FailOurs, err.Error()), o.visit.Ask.URL
	}
	o.obs.Visits = append(o.obs.Visits, o.visit)
}

// floods reports whether a page was ended since it asked without end: it would again.
func floods(d *crawler.Drawing) bool { return d != nil && d.Requests >= maxFlood }

// unable reports whether there is no browser to draw with.
func (p *Pool) unable() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed || p.broken != nil
}

// turn draws when a tab is free, for at most so long.
func (p *Pool) turn(ctx context.Context, o *order, most time.Duration) error {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return fmt.Errorf("waiting for the browser: %w", ctx.Err())
	}
	if p.opt.Enter != nil && o.local == nil {
		addrs, err := p.resolve(o.obs)(ctx, hostOf(o.url))
		if err == nil && len(addrs) > 0 {
			leave, err := p.opt.Enter(ctx, addrs[0])
			if err != nil {
				return err
			}
			defer leave()
		}
	}
	return p.draw(ctx, o, most)
}

// draw draws one page in a tab.
func (p *Pool) draw(ctx context.Context, o *order, most time.Duration) error {
	in, err := p.enter(ctx)
	if err != nil {
		return err
	}
	defer p.leave(in)
	opening, cancel := context.WithTimeout(ctx, openMost)
	t, err := in.tab(opening)
	cancel()
	if err != nil {
		return fmt.Errorf("opening a tab: %w", err)
	}
	ctx, cancel = context.WithTimeout(ctx, most)
	defer cancel()
	resolve := p.resolve(o.obs)
	if o.local != nil {
		resolve = unnetworked
	}
	l := newLoad(ctx, p.opt.Guard, resolve)
	l.local = o.local
	facts := &crawler.Drawing{URL: o.url, Browser: in.product, At: time.Now()}
	d := &drawing{
		tab: t, load: l, facts: facts, own: scriptsOf(o.obs), frame: cdp.FrameID(t.target),
		traffic: newTraffic(t.s, l, facts, p.opt.Harmless, p.opt.Contact),
		sockets: map[network.RequestID]*socket{}, committed: make(chan struct{}, 1), expired: make(chan struct{}, 1), crashed: make(chan struct{}),
	}
	t.outlet.begin(l)
	t.give(d)
	drawn, err := d.draw(ctx, o.url)
	facts.Took = time.Since(facts.At)
	d.conclude(err)
	texts := o.seen(ctx, d, drawn)
	t.give(nil) // no one else changes the facts from here on
	d.missed()
	t.outlet.begin(nil)
	l.end()
	o.try(ctx, d, drawn, texts)
	if drawn != nil {
		drawn.Cut = !facts.Whole()
	}
	o.obs.Rendered, o.obs.Drawing = drawn, facts
	p.finish(d, err)
	return err
}

// seen returns the texts of a page that was just drawn that are to be clicked, and takes its
// picture where one is wanted, or may be once they were. A page that is drawn for its
// picture runs no script that a click could start.
func (o *order) seen(ctx context.Context, d *drawing, drawn *crawler.Page) (texts []string) {
	picture := o.visit.Ask.Picture
	if drawn != nil && o.look != nil && !picture {
		picture, texts = o.look(o.drawnInto(d.sofar(), drawn))
	}
	if d.shot != nil && drawn != nil && (picture || len(texts) > 0) {
		if o.obs.Screenshot = d.picture(ctx); o.obs.Screenshot != nil {
			d.facts.Boxes = d.shot.boxes()
		}
	}
	return texts
}

// try clicks on texts of a page that nobody hears any more, and drops its picture if what
// it was taken for turns out to be no fault.
func (o *order) try(ctx context.Context, d *drawing, drawn *crawler.Page, texts []string) {
	if len(texts) == 0 {
		return
	}
	if d.facts.Whole() {
		d.clicks(ctx, texts)
	}
	if picture, _ := o.look(o.drawnInto(d.facts, drawn)); !picture {
		o.obs.Screenshot, d.facts.Boxes = nil, nil
	}
}

// drawnInto is the observation with a drawing that is not in it yet, as whole as it is by
// now: more may become known of it while it is looked at.
func (o *order) drawnInto(facts *crawler.Drawing, drawn *crawler.Page) *crawler.Observation {
	sofar := *o.obs
	sofar.Visits = append(slices.Clip(o.obs.Visits), o.visit)
	page := *drawn
	page.Cut = !facts.Whole()
	sofar.Rendered, sofar.Drawing = &page, facts
	return &sofar
}

// finish readies the tab for the next page, or closes it. Only a tab whose page
// came to a clean end is used again: see docs/rendering.md for what pages share.
func (p *Pool) finish(d *drawing, err error) {
	t := d.tab
	t.drawn++
	d.mu.Lock()
	clean := err == nil && !d.beyond && d.granted == 0 && !d.torn && d.dialogs == 0 && tame(d.facts) && t.drawn < maxReuse
	d.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), resetTime)
	defer cancel()
	select { // a blank page that the page itself went to
	case <-t.left:
	default:
	}
	if !clean || t.reset(ctx) != nil {
		t.close()
		return
	}
	t.in.keep(t)
}

// tame reports whether a page went through its life as pages do, even if
// something of it did not come.
func tame(d *crawler.Drawing) bool {
	return !slices.ContainsFunc(d.Flaws, func(f crawler.Flaw) bool { return f.Reason != crawler.DrawRequest })
}

const (
	maxReuse  = 50              // pages that one renderer process draws
	resetTime = 3 * time.Second // for leaving a page
)

// reset leaves the page and forgets what it has left behind: cookies, cache,
// storage, the name of the window.
func (t *tab) reset(ctx context.Context) error {
	tell(t.s, network.ClearBrowserCookies, cdp.Empty{})
	tell(t.s, network.ClearBrowserCache, cdp.Empty{})
	tell(t.s, storage.ClearDataForOrigin, storage.ClearDataForOriginParams{Origin: "*", StorageTypes: "all"})
	res, err := call(ctx, t.s, page.Navigate, page.NavigateParams{URL: blank})
	if err != nil {
		return err
	}
	if res.ErrorText != "" {
		return errors.New(res.ErrorText)
	}
	select {
	case <-t.left:
	case <-ctx.Done():
		return ctx.Err()
	}
	_, err = call(ctx, t.s, runtime.Evaluate, runtime.EvaluateParams{Expression: "window.name = ''"})
	return err
}
