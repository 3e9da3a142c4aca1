package web

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/beianwatch/beianwatch/crawler"
)

// A visit is one ask being carried out. It lives in one goroutine and is
// handed through colly to the transport in the request's context.
type visit struct {
	c     *Client
	obs   *crawler.Observation
	out   crawler.Visit
	kept  *link // a connection that the last answer left open
	jar   *jar
	via   crawler.Via    // how the hop under way was reached
	known *Known         // the page may be as it was; nil: nothing is known
	asked bool           // the last request asked whether it is
	seen  map[string]int // URL → state of the jar when it was last asked for
}

type visitKey struct{}

func newVisit(c *Client, obs *crawler.Observation, ask crawler.Ask) *visit {
	return &visit{c: c, obs: obs, out: crawler.Visit{Ask: ask, At: time.Now()}, via: ask.Via}
}

// fail ends the visit: the site failed us, or we were stopped, at this URL.
func (v *visit) fail(f *crawler.Failure, at string) {
	v.out.Failure, v.out.Failed = f, at
}

// run makes the first request and follows redirects to their end.
func (v *visit) run(ctx context.Context) {
	defer func() { v.out.Took = time.Since(v.out.At) }()
	if v.out.Ask.Kind != crawler.AskNoName {
		v.jar = jarOf(v.obs, v.out.Ask.Kind)
	}
	at, f := v.start()
	if f != nil {
		v.fail(f, at)
		return
	}
	clone := v.c.base.Clone()
	clone.Context = context.WithValue(ctx, visitKey{}, v)
	var next step
	clone.OnResponse(func(r *colly.Response) { next = v.next(r.Request) })
	for hop := 0; at != ""; hop++ {
		if hop > v.c.opt.MaxRedirects {
			v.fail(crawler.NewFailure(crawler.FailRedirects, fmt.Sprintf("more than %d redirects", v.c.opt.MaxRedirects)), at)
			return
		}
		next = step{}
		err := clone.Request(http.MethodGet, at, nil, nil, v.header())
		if err != nil && v.out.Failure == nil { // refused by colly's URL parser before the transport saw it
			v.fail(crawler.NewFailure(crawler.FailScheme, "no usable URL: "+err.Error()), at)
		}
		if v.out.Failure != nil {
			return
		}
		if next.failure != nil {
			v.fail(next.failure, next.url)
			return
		}
		at, v.via = next.url, crawler.ViaHTTP
	}
}

// start is the first URL of the visit, or why there is none.
func (v *visit) start() (string, *crawler.Failure) {
	ask, host := v.out.Ask, v.obs.Domain
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
		host = "[" + host + "]"
	}
	switch {
	case ask.Kind == crawler.AskNoName && ask.Addr.IsValid():
		return noName(ask), nil
	case ask.Kind == crawler.AskNoName:
		return "", crawler.NewFailure(crawler.FailOurs, "there is no address to ask without the name")
	case ask.URL != "":
		return ask.URL, nil
	case ask.Kind == crawler.AskHome:
		return "http://" + host + "/", nil
	case ask.Kind == crawler.AskHTTPS:
		return "https://" + host + "/", nil
	case ask.Kind == crawler.AskWWW:
		return "http://www." + host + "/", nil
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

// header is what every request says, as a browser set to Chinese would.
func (v *visit) header() http.Header {
	accept := "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	if v.out.Ask.Kind == crawler.AskScript || v.out.Ask.Kind == crawler.AskRobots {
		accept = "*/*"
	}
	return http.Header{
		"User-Agent":      {v.c.opt.Agent},
		"Accept":          {accept},
		"Accept-Language": {v.c.opt.Language},
		"Accept-Encoding": {"gzip, deflate"}, // only what decode knows
	}
}
