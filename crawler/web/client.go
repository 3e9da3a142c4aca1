// Package web fetches pages. colly drives a visit (requests, redirects,
// cookies, robots.txt, callbacks) over net/http's Transport, which speaks
// HTTP/1.1 and HTTP/2. Every connection is dialled by the guard, to an address
// that our resolver found, and every answer is kept byte for byte.
//
// A request runs over a connection that this package opened itself
// (http.Transport.NewClientConn), so the error of each step (connect, TLS
// handshake, answer) is known to be of that step: refused, reset, timeout and
// malformed are different verdicts. An answer that net/http refuses and browsers
// show is read once more, leniently (lenient.go).
//
// The package does not judge, run scripts, or read pages: what a page itself
// points to is asked for by the caller (crawler.AskFollow).
package web

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// Options say how a [Client] visits sites. The zero value of each field but Resolver
// and Guard has a default.
type Options struct {
	Resolver *dns.Resolver
	Guard    *guard.Guard
	// Gate is asked before each request for leave to use an address (the
	// politeness of the run); the function that it returns is called when the
	// body has been read. An error means that we are stopped. Nil: no limit.
	Gate func(context.Context, netip.Addr) (func(), error)
	// Heard is told of each answer before its body is read: the address, status
	// and header, and the time from the request to the first byte. Nil: no one is.
	Heard func(addr netip.Addr, status int, header http.Header, wait time.Duration)

	Timeout time.Duration // one hop in whole, from the dial to the last byte, without the wait at the gate; 15 s
	// Connect is for one TCP connect: 5 s, which sees two retransmitted SYNs, as do
	// the seven tenths that it is of a Timeout of 5 s: a second address has its turn
	// while a person waits.
	Connect   time.Duration
	Handshake time.Duration // one TLS handshake; 10 s
	FirstByte time.Duration // from the request to the first byte of the answer; as Timeout

	// Memory bounds the memory of all visits together; nil: only that of each is
	// bounded.
	Memory *Memory

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

// maxScript is how much of a script or a fragment is read, in bytes: the entry
// of a large application has about one megabyte.
const maxScript = 2 << 20

// A Client carries out asks. It is safe for concurrent use, holds no
// connection between two sessions, and needs no closing.
type Client struct {
	opt   Options
	http  *http.Transport
	first atomic.Uint32 // spreads our own questions over the upstreams
}

// defaultTimeout is the time for one request where none is set.
const defaultTimeout = 15 * time.Second

// Timeout returns the time for one request; see [Options]. That of no client is
// the default.
func (c *Client) Timeout() time.Duration {
	if c == nil {
		return defaultTimeout
	}
	return c.opt.Timeout
}

// New returns a client. Resolver and Guard must be set.
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
	orTime(&opt.Timeout, defaultTimeout)
	orTime(&opt.Connect, min(5*time.Second, opt.Timeout*7/10))
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
	c.http = c.newTransport()
	return c
}

// newTransport returns the http.Transport that every connection belongs to. It
// keeps none of them itself, undoes no compression and uses no proxy.
func (c *Client) newTransport() *http.Transport {
	t := &http.Transport{
		DialContext:            dialConn,
		DialTLSContext:         dialConn,
		DisableCompression:     true, // net/http unpacks without a bound; see body.go
		MaxResponseHeaderBytes: int64(c.opt.MaxHeader),
		Protocols:              new(http.Protocols),
		HTTP2:                  &http.HTTP2Config{MaxReceiveBufferPerConnection: 1 << 20, MaxReceiveBufferPerStream: 1 << 20},
	}
	t.Protocols.SetHTTP1(true)
	t.Protocols.SetHTTP2(true)
	if c.opt.FirstByte < c.opt.Timeout { // else the deadline of the hop is enough
		t.ResponseHeaderTimeout = c.opt.FirstByte
	}
	return t
}
