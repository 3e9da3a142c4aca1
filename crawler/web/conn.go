package web

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// An endpoint is what a connection is for.
type endpoint struct {
	host string // as it is resolved
	port uint16 // the real port, before the guard's port map
	tls  bool
}

// A conn is one connection to one address of an endpoint.
type conn struct {
	c      *Client
	to     endpoint
	addr   netip.AddrPort // the address dialled, with the real port
	curves []tls.CurveID  // offered in the TLS handshake
	protos []string       // offered by ALPN
	began  time.Time      // of the dial, and then of each later request
	end    time.Time      // when the hop under way must be over

	raw   net.Conn          // the TCP connection; nil if the address took none
	tls   *crawler.TLSFacts // nil over plain HTTP, and before the handshake is over
	heard atomic.Bool       // a byte came from the server in the handshake, or after it
	proto string            // what ALPN agreed on, "" if nothing
	http  *http.ClientConn  // nil if it could not be opened
}

// alpnProtos are offered as browsers offer them.
var (
	alpnProtos = []string{"h2", "http/1.1"}
	alpnHTTP1  = alpnProtos[1:]
)

// connKey is the context key of the conn that is being dialled.
type connKey struct{}

// dialConn is the dial function of the http.Transport: it dials the conn in the
// context, whatever the address in its arguments says.
func dialConn(ctx context.Context, _, _ string) (net.Conn, error) {
	return ctx.Value(connKey{}).(*conn).dial(ctx)
}

// open connects to one address and shakes hands. The conn is nil if the
// address took no connection; a conn with a failure is closed.
func (v *visit) open(ctx context.Context, to endpoint, a netip.Addr, curves []tls.CurveID) (*conn, *crawler.Failure) {
	cn := &conn{c: v.c, to: to, addr: netip.AddrPortFrom(a, to.port), curves: curves, protos: alpnProtos, began: time.Now()}
	cn.end = cn.began.Add(v.c.opt.Timeout)
	scheme := "http"
	if to.tls {
		scheme = "https"
	}
	var err error
	cn.http, err = v.c.http.NewClientConn(context.WithValue(ctx, connKey{}, cn), scheme, net.JoinHostPort(to.host, strconv.Itoa(int(to.port))))
	switch {
	case err == nil:
		return cn, nil
	case cn.raw == nil:
		return nil, connectFailure(ctx, a, err)
	}
	cn.close()
	f := handshakeFailure(ctx, err)
	f.Begun = f.Kind == crawler.FailTimeout && cn.heard.Load()
	return cn, f
}

// dial makes the TCP connection by way of the guard, and the TLS handshake
// where the endpoint wants one. Reads and writes end when the hop must be over.
func (cn *conn) dial(ctx context.Context) (net.Conn, error) {
	opt := &cn.c.opt
	dialCtx, cancel := context.WithTimeout(ctx, min(opt.Connect, opt.Timeout))
	defer cancel()
	raw, err := opt.Guard.Dial(dialCtx, "tcp", cn.addr)
	if err != nil {
		return nil, err
	}
	cn.raw = raw
	raw.SetDeadline(cn.end)
	if !cn.to.tls {
		return raw, nil
	}
	return cn.handshake(ctx)
}

// again starts the clock of a further hop over the connection.
func (cn *conn) again() {
	cn.began = time.Now()
	cn.end = cn.began.Add(cn.c.opt.Timeout)
	cn.raw.SetDeadline(cn.end)
}

// close ends the connection. The TCP connection goes first: a TLS farewell to a
// stuck peer would block.
func (cn *conn) close() {
	cn.raw.Close()
	if cn.http != nil {
		cn.http.Close()
	}
}

// drop closes the idle connection, if there is one.
func (v *visit) drop() {
	if v.idle != nil {
		v.idle.close()
		v.idle = nil
	}
}

// reuse takes the idle connection if it leads to this endpoint, and closes it
// otherwise.
func (v *visit) reuse(to endpoint) *conn {
	cn := v.idle
	if cn == nil || cn.to != to || v.out.Ask.Kind == crawler.AskAddress {
		v.drop()
		return nil
	}
	v.idle = nil
	return cn
}

// hostOf is a URL's host as it is resolved: without brackets, port and
// trailing dot.
func hostOf(u *url.URL) string { return strings.TrimSuffix(u.Hostname(), ".") }

// hostOfText is hostOf of a URL in text form, "" if it is none.
func hostOfText(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return hostOf(u)
}

// endpointOf is where a URL leads.
func endpointOf(u *url.URL) endpoint {
	return endpoint{host: hostOf(u), port: portOf(u), tls: u.Scheme == "https"}
}
