package web

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// A place is what a connection is for.
type place struct {
	host string // as it is resolved
	port uint16 // the real port, before the guard's port map
	tls  bool
}

// A link is one connection to a place.
type link struct {
	conn   net.Conn      // the TCP connection, or TLS over it
	raw    net.Conn      // the TCP connection
	in     *bufio.Reader // over conn
	body   *bufio.Reader // over the header as made fit, and in
	to     place
	at     netip.AddrPort // the address dialled, with the real port
	tls    *crawler.TLSFacts
	curves []tls.CurveID // offered in the TLS handshake
	began  time.Time     // of the dial, and then of each later request
	end    time.Time     // when the hop under way must be over
	sent   time.Time     // when the last request was written …
	heard  time.Time     // … and the first byte of its answer came
	quiet  func() bool   // ends the watch on the caller's context
}

// The readers' buffers are shared: a socket that waits for its answer should
// cost little more than itself.
var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 4096) }}

// connect dials one address through the guard. When ctx ends, the connection
// is closed under whatever is being read.
func (v *visit) connect(ctx context.Context, to place, at netip.AddrPort) (*link, *crawler.Failure) {
	began := time.Now()
	opt := &v.c.opt
	dialCtx, cancel := context.WithDeadline(ctx, began.Add(min(opt.Connect, opt.Timeout)))
	defer cancel()
	conn, err := opt.Guard.Dial(dialCtx, "tcp", at)
	if err != nil {
		return nil, connectFailure(ctx, at.Addr(), err)
	}
	l := &link{conn: conn, raw: conn, to: to, at: at, began: began}
	l.quiet = context.AfterFunc(ctx, func() { conn.Close() })
	l.deadline(opt.Timeout)
	return l, nil
}

// deadline starts the clock of a hop.
func (l *link) deadline(whole time.Duration) {
	l.end = l.began.Add(whole)
	l.raw.SetDeadline(l.end)
}

// phase narrows the deadline to a part of the hop, which is never longer than
// the hop itself.
func (l *link) phase(d time.Duration) {
	if t := time.Now().Add(d); t.Before(l.end) {
		l.raw.SetDeadline(t)
	}
}

// reader gives the buffered reader, taken from the pool when it is first needed.
func (l *link) reader() *bufio.Reader {
	if l.in == nil {
		l.in = readers.Get().(*bufio.Reader)
		l.in.Reset(l.conn)
	}
	return l.in
}

// close ends the connection. There is no TLS farewell: the answer has been
// read, and writing to a stuck peer could block.
func (l *link) close() {
	l.quiet()
	l.raw.Close()
	for _, r := range []**bufio.Reader{&l.in, &l.body} {
		if *r != nil {
			(*r).Reset(nil)
			readers.Put(*r)
			*r = nil
		}
	}
}

// drop closes the kept connection, if there is one.
func (v *visit) drop() {
	if v.kept != nil {
		v.kept.close()
		v.kept = nil
	}
}

// reuse takes the kept connection if it is one to this place, and closes it
// otherwise.
func (v *visit) reuse(to place) *link {
	l := v.kept
	if l == nil || l.to != to {
		v.drop()
		return nil
	}
	v.kept = nil
	return l
}

// Scratch space for requests, headers and bodies. Buffers that one giant page
// has grown are left to the garbage collector.
var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const scratchMost = 1 << 20

func getScratch() *bytes.Buffer {
	b := scratch.Get().(*bytes.Buffer)
	b.Reset()
	return b
}

func putScratch(b *bytes.Buffer) {
	if b.Cap() <= scratchMost {
		scratch.Put(b)
	}
}

// hostOf is a URL's host as it is resolved: without brackets, port and
// trailing dot.
func hostOf(u *url.URL) string { return strings.TrimSuffix(u.Hostname(), ".") }

func hostOfText(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return hostOf(u)
}
