// Package web fetches pages: colly drives the hops of a visit, over a
// transport of our own that dials only what our resolver found and our guard
// allows, and that keeps every answer byte for byte.
//
// The transport speaks HTTP/1.1 alone. Every server that a browser can reach
// speaks it, and a visit is one or two requests, so the streams of HTTP/2 would
// bring nothing but their start-up cost. It frames with http.ReadResponse and
// dials by itself, in place of http.Transport, for three reasons: the error of
// each step stays an error of that step, so that refused, reset, timeout and
// malformed are told apart; header lines that browsers pass over do not make a
// site look broken; and a page over a new connection costs two thirds of the
// CPU, colly included, and one goroutine where there were four (BenchmarkVisit).
//
// It does not judge, run scripts, or read pages: what a page itself points to
// is asked for by the caller (crawler.AskFollow).
package web

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// Options say how a [Client] looks. The zero value of each field but Resolver
// and Guard has a default.
type Options struct {
	Resolver *dns.Resolver
	Guard    *guard.Guard
	// Gate is asked before each request for leave to use an address (the
	// politeness of the run); the function that it returns is called when the
	// body has been read. An error means that we are stopped. Nil: no limit.
	Gate func(context.Context, netip.Addr) (func(), error)
	// Heard is told of each answer before its body is read: the address, status
	// and header, and the time from the request to the first byte. Nil: nobody is.
	Heard func(addr netip.Addr, status int, header http.Header, wait time.Duration)

	Timeout   time.Duration // one hop in whole, from the dial to the last byte, without the wait at the gate; 15 s
	Connect   time.Duration // one TCP connect; 5 s, which sees two retransmitted SYNs
	Handshake time.Duration // one TLS handshake; 10 s
	FirstByte time.Duration // from the request to the first byte of the answer; as Timeout

	MaxBody      int // bytes of a body after decompression; 8 MiB. Footers come last, so it is generous
	MaxHeader    int // bytes of a header; 256 KiB, the limit of Chromium
	MaxRedirects int // hops after the first; 10

	Agent    string         // User-Agent
	Language string         // Accept-Language; zh-CN first
	Roots    *x509.CertPool // trusted authorities; nil: the system's
}

// The defaults of [Options].
const (
	DefaultAgent    = "Mozilla/5.0 (compatible; beianwatch/0.1; +https://github.com/beianwatch/beianwatch)"
	DefaultLanguage = "zh-CN,zh;q=0.9,en;q=0.5"
)

// scriptMost is how much of a script or a fragment is read, in bytes: the entry
// of a large application has about one megabyte.
const scriptMost = 2 << 20

// A Client carries out asks. It is safe for concurrent use, holds no
// connection between two sessions, and needs no closing.
type Client struct {
	opt   Options
	base  *colly.Collector
	first atomic.Uint32 // spreads our own questions over the upstreams
}

// New makes a client. Resolver and Guard must be set.
func New(opt Options) *Client {
	orInt := func(p *int, n int) {
		if *p <= 0 {
			*p = n
		}
	}
	orTime := func(p *time.Duration, d time.Duration) {
		if *p <= 0 {
			*p = d
		}
	}
	orTime(&opt.Timeout, 15*time.Second)
	orTime(&opt.Connect, 5*time.Second)
	orTime(&opt.Handshake, 10*time.Second)
	orTime(&opt.FirstByte, opt.Timeout)
	orInt(&opt.MaxBody, 8<<20)
	orInt(&opt.MaxHeader, 256<<10)
	orInt(&opt.MaxRedirects, 10)
	if opt.Agent == "" {
		opt.Agent = DefaultAgent
	}
	if opt.Language == "" {
		opt.Language = DefaultLanguage
	}
	c := &Client{opt: opt}
	c.base = newCollector(transport{c})
	return c
}

// newCollector sets colly up so that none of its own limits, stores or
// redirects takes part: Init, unlike NewCollector, reads no COLLY_* environment.
func newCollector(rt http.RoundTripper) *colly.Collector {
	base := &colly.Collector{}
	base.Init()
	base.AllowURLRevisit = true // the store of visited URLs is shared and never shrinks
	base.ParseHTTPErrorResponse = true
	base.IgnoreRobotsTxt = true // colly reads robots.txt without a bound; see robots.go
	base.DisableCookies()       // one jar for all sites; see cookies.go
	base.SetRequestTimeout(0)   // deadlines are set on the connection
	base.WithTransport(rt)
	base.SetRedirectHandler(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })
	return base
}
