package web

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// A visit is one ask being carried out. It lives in one goroutine and is the
// http.RoundTripper of the collector that drives it.
type visit struct {
	c      *Client
	s      *Session
	ctx    context.Context // of the ask
	out    crawler.Visit
	idle   *conn // a connection that the last answer left open
	jar    *jar
	via    crawler.Via    // how the hop under way was reached
	to     string         // where the last answer leads, as it is to be told
	known  *Known         // the page may be as it was; nil: nothing is known
	asked  bool           // the last request asked whether it is
	short  bool           // there was no memory for the last answer
	seen   map[string]int // URL → state of the jar when it was last asked for
	robots *visit         // the robots.txt that colly asked for before an inner page
}

// pageKey marks the context of the requests of a visit. colly asks for
// robots.txt without the collector's context, which tells the two apart.
type pageKey struct{}

func newVisit(s *Session, ctx context.Context, ask crawler.Ask) *visit {
	return &visit{c: s.c, s: s, ctx: ctx, out: crawler.Visit{Ask: ask, At: time.Now()}, via: ask.Via}
}

// fail ends the visit: the site failed us, or we were stopped, at this URL. The
// first failure is the one that counts.
func (v *visit) fail(f *crawler.Failure, at string) {
	if v.out.Failure == nil {
		v.out.Failure, v.out.Failed = f, at
	}
}

// end notes that the visit is over.
func (v *visit) end() { v.out.Took = time.Since(v.out.At) }

// run lets colly make the first request and follow redirects to their end.
func (v *visit) run() {
	defer v.end()
	if v.out.Ask.Kind != crawler.AskNoName {
		v.jar = v.s.jarOf(v.out.Ask.Kind)
	}
	at, f := v.start()
	if f != nil {
		v.fail(f, at)
		return
	}
	v.request(v.collector(), at)
}

// collector sets colly up for one visit. Init, unlike NewCollector, reads no
// COLLY_* environment. What is switched off is so because it would be shared by
// all sites or has no bound: docs/design.md has the list.
func (v *visit) collector() *colly.Collector {
	c := &colly.Collector{}
	c.Init()
	c.Context = context.WithValue(v.ctx, pageKey{}, true)
	c.UserAgent = robotsAgent // the name by which a robots.txt speaks to us; requests bear Options.Agent
	c.AllowURLRevisit = true  // a site may lead back to where it set a cookie; loops end in redirected
	c.ParseHTTPErrorResponse = true
	c.IgnoreRobotsTxt = v.out.Ask.Kind != crawler.AskInner // the home page is what the law is about and is always read
	c.SetRequestTimeout(0)                                 // a hop has its deadline on the connection
	c.WithTransport(v)
	if v.jar == nil {
		c.DisableCookies()
	} else {
		c.SetCookieJar(v.jar)
	}
	c.SetRedirectHandler(v.redirected)
	c.OnError(func(r *colly.Response, err error) { // what http.Client refused before the transport saw it
		v.fail(crawler.NewFailure(crawler.FailScheme, "no usable URL: "+err.Error()), r.Request.URL.String())
	})
	return c
}

// request runs the collector on the first URL. robots.txt is read by a parser
// that is not ours, and its input is hostile: a panic there closes the page to us.
func (v *visit) request(c *colly.Collector, at string) {
	defer func() {
		if v.robots == nil || v.seen != nil {
			return // what panics after robots.txt is our own
		}
		if recover() != nil {
			v.fail(crawler.NewFailure(crawler.FailRobots, "robots.txt could not be understood"), at)
		}
	}()
	err := c.Request(http.MethodGet, at, nil, nil, nil)
	switch {
	case err == nil || v.out.Failure != nil:
	case c.IgnoreRobotsTxt:
		v.fail(crawler.NewFailure(crawler.FailScheme, "no usable URL: "+err.Error()), at)
	default:
		v.fail(v.closed(err), at)
	}
}

var errEnded = errors.New("the visit has ended")

// RoundTrip makes one request of the visit and keeps the answer. colly is handed
// an empty one, because it would copy the body, convert its charset and unpack
// application/gzip without a bound. Where the answer leads is told to it as a
// plain redirect.
func (v *visit) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Context().Value(pageKey{}) == nil {
		return v.robotsTrip(req)
	}
	return v.hop(req)
}

// hop makes one request and keeps its answer as the next hop of the visit.
func (v *visit) hop(req *http.Request) (*http.Response, error) {
	req.URL.Fragment, req.URL.RawFragment, req.URL.User = "", "", nil
	req.Header = v.header(req.Header["Cookie"])
	page, f := v.patiently(req)
	if page != nil {
		v.out.Hops = append(v.out.Hops, *page)
	}
	if f != nil {
		v.fail(f, req.URL.String())
		return nil, errEnded
	}
	resp := &http.Response{
		StatusCode: page.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Body:   http.NoBody, Uncompressed: true, Request: req,
	}
	if cookies := page.Header["Set-Cookie"]; len(cookies) > 0 {
		resp.Header["Set-Cookie"] = cookies
	}
	to, f := v.next(req.URL)
	if f != nil {
		v.fail(f, to)
		return nil, errEnded
	}
	if to != "" {
		v.to = to
		resp.StatusCode = http.StatusFound
		resp.Header.Set("Location", to)
	}
	return resp, nil
}

// patiently makes a request, and makes it again where there was no memory for the
// answer, as soon as there is some. The connection is closed meanwhile, so that
// our wait is no time of the site and keeps nobody else from its address.
func (v *visit) patiently(req *http.Request) (*crawler.Page, *crawler.Failure) {
	for {
		page, f := v.fetch(v.ctx, req)
		if !v.short || v.out.Ask.Kind == crawler.AskPart { // a part comes under the leave of its page
			return page, f
		}
		v.short = false
		if !v.s.hold.wait(v.ctx) {
			return nil, f
		}
	}
}

// start is the first URL of the visit, or why there is none.
func (v *visit) start() (string, *crawler.Failure) {
	ask, host := v.out.Ask, v.s.obs.Domain
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
		host = "[" + host + "]"
	}
	switch {
	case ask.Kind == crawler.AskNoName && ask.Addr.IsValid():
		return noName(ask), nil
	case (ask.Kind == crawler.AskNoName || ask.Kind == crawler.AskAddress) && !ask.Addr.IsValid():
		return "", crawler.NewFailure(crawler.FailOurs, "there is no address to ask")
	case ask.URL != "":
		return ask.URL, nil
	case ask.Kind == crawler.AskHome:
		return "http://" + host + "/", nil
	case ask.Kind == crawler.AskHTTPS:
		return "https://" + host + "/", nil
	case ask.Kind == crawler.AskWWW:
		return "http://www." + host + "/", nil
	case ask.Kind == crawler.AskHTTPSWWW:
		return "https://www." + host + "/", nil
	}
	return "", crawler.NewFailure(crawler.FailScheme, "there is no URL to ask for")
}

// noName is the URL that asks an address without the site's name: the literal
// stands in the Host header, and a literal is never sent as SNI. Scheme, port
// and path are those of the ask's URL, if it has one.
func noName(ask crawler.Ask) string {
	u, err := url.Parse(ask.URL)
	if err != nil || u.Scheme == "" {
		u = &url.URL{Scheme: "http", Path: "/"}
	}
	u.User = nil
	if port := u.Port(); port != "" {
		u.Host = netip.AddrPortFrom(ask.Addr, atoi(port)).String()
	} else if u.Host = ask.Addr.String(); ask.Addr.Is6() {
		u.Host = "[" + u.Host + "]"
	}
	return u.String()
}

// header is what every request says, as a browser set to Chinese would, and the
// cookies that the client added.
func (v *visit) header(cookies []string) http.Header {
	accept := "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	switch v.out.Ask.Kind {
	case crawler.AskScript, crawler.AskPart, crawler.AskRobots:
		accept = "*/*"
	}
	h := http.Header{
		"User-Agent":      {v.c.opt.Agent},
		"Accept":          {accept},
		"Accept-Language": {v.c.opt.Language},
		"Accept-Encoding": {"gzip, deflate"}, // only what decode knows
	}
	if len(cookies) > 0 {
		h["Cookie"] = cookies
	}
	return h
}

// redirected is asked by colly whether to follow a redirect. It may not where
// the URL is no web page at an allowed port, where the way runs in a circle, and
// after MaxRedirects hops.
func (v *visit) redirected(req *http.Request, via []*http.Request) error {
	w := v
	if req.Context().Value(pageKey{}) == nil {
		w = v.robots
	}
	f := w.forbidden(w.to)
	if f == nil && len(via) > v.c.opt.MaxRedirects {
		f = crawler.NewFailure(crawler.FailRedirects, message.ManyRedirects.Fill(v.c.opt.MaxRedirects))
	}
	if f != nil {
		w.fail(f, w.to)
		return http.ErrUseLastResponse
	}
	w.via = crawler.ViaHTTP
	return nil
}
