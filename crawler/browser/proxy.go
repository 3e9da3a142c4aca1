package browser

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// An outlet is the only way out of one tab: a SOCKS5 server on loopback that
// resolves with our resolver and dials through the guard. Chromium dials by
// itself otherwise, past every check of ours. It carries bytes and reads none:
// what a server says is understood, or not, by the browser alone. One outlet
// serves the pages of its tab one after the other; each [load] has its own
// connections.
type outlet struct {
	listener net.Listener
	now      atomic.Pointer[load]
}

// openOutlet listens on a free loopback port of the browser's network.
func openOutlet(n *netns) (*outlet, error) {
	var l net.Listener
	var err error
	n.do(func() { l, err = net.Listen("tcp", "127.0.0.1:0") })
	if err != nil {
		return nil, fmt.Errorf("listening for the browser: %w", err)
	}
	o := &outlet{listener: l}
	go o.accept()
	return o, nil
}

// accept serves until the listener is closed. Without a handle for a connection it
// waits for one: the tab would be cut off for good.
func (o *outlet) accept() {
	for {
		c, err := o.listener.Accept()
		switch {
		case err == nil:
			go o.serve(c)
		case errors.Is(err, net.ErrClosed):
			return
		default:
			time.Sleep(acceptRest)
		}
	}
}

// acceptRest is how long the outlet waits after an accept that failed.
const acceptRest = 50 * time.Millisecond

func (o *outlet) address() string { return o.listener.Addr().String() }

func (o *outlet) close() { o.listener.Close() }

// begin makes the outlet serve a load; nil: nothing at all.
func (o *outlet) begin(l *load) { o.now.Store(l) }

// serve carries one connection.
func (o *outlet) serve(c net.Conn) {
	defer c.Close()
	l := o.now.Load()
	if l == nil || !l.enter(c) {
		return
	}
	defer l.leave(c)
	c.SetDeadline(time.Now().Add(handshakeTime))
	host, port, err := greet(c)
	if err != nil {
		return
	}
	site, err := l.dial(l.ctx, host, port)
	if err != nil {
		c.Write(reply(socksFailed))
		return
	}
	defer site.Close()
	if !l.enter(site) {
		return
	}
	defer l.leave(site)
	c.SetDeadline(time.Time{})
	if _, err := c.Write(reply(socksDone)); err != nil {
		return
	}
	l.join(c, site)
}

// The parts of SOCKS version 5 that a browser speaks (RFC 1928).
const (
	socksVersion   = 5
	socksConnect   = 1
	socksIPv4      = 1
	socksName      = 3
	socksIPv6      = 4
	socksDone      = 0
	socksFailed    = 1
	handshakeTime  = nameTime + maxAddresses*addressTime + 5*time.Second // until the site is connected
	longestNameLen = 253
)

var errSocks = errors.New("not a SOCKS5 request to connect")

// greet reads the greeting and the request, and returns where to connect to.
func greet(c io.ReadWriter) (host string, port uint16, err error) {
	var b [256]byte
	if _, err := io.ReadFull(c, b[:2]); err != nil || b[0] != socksVersion {
		return "", 0, errors.Join(errSocks, err)
	}
	if _, err := io.ReadFull(c, b[:b[1]]); err != nil {
		return "", 0, err
	}
	if _, err := c.Write([]byte{socksVersion, 0}); err != nil { // no log-in
		return "", 0, err
	}
	if _, err := io.ReadFull(c, b[:4]); err != nil || b[0] != socksVersion || b[1] != socksConnect {
		return "", 0, errors.Join(errSocks, err)
	}
	switch b[3] {
	case socksIPv4, socksIPv6:
		n := 4
		if b[3] == socksIPv6 {
			n = 16
		}
		if _, err := io.ReadFull(c, b[:n]); err != nil {
			return "", 0, err
		}
		a, _ := netip.AddrFromSlice(b[:n])
		host = a.String()
	case socksName:
		if _, err := io.ReadFull(c, b[:1]); err != nil {
			return "", 0, err
		}
		n := int(b[0])
		if _, err := io.ReadFull(c, b[:n]); err != nil {
			return "", 0, err
		}
		if n == 0 || n > longestNameLen {
			return "", 0, errSocks
		}
		host = string(b[:n])
	default:
		return "", 0, errSocks
	}
	if _, err := io.ReadFull(c, b[:2]); err != nil {
		return "", 0, err
	}
	return host, binary.BigEndian.Uint16(b[:2]), nil
}

// reply is the answer to a request, with no address bound.
func reply(code byte) []byte { return []byte{socksVersion, code, 0, socksIPv4, 0, 0, 0, 0, 0, 0} }

// join carries bytes both ways until one side ends or the page has brought in
// all that it may.
func (l *load) join(browser, site net.Conn) {
	var both sync.WaitGroup
	both.Go(func() {
		io.Copy(site, browser)
		closeWrite(site)
	})
	both.Go(func() {
		io.Copy(browser, &bounded{site, &l.left})
		browser.Close()
		site.Close()
	})
	both.Wait()
}

// closeWrite says that nothing more comes.
func closeWrite(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
		return
	}
	c.Close()
}

var errTooMuch = errors.New("the page is too large")

// A bounded reader ends when the page has brought in what it may.
type bounded struct {
	io.Reader
	left *atomic.Int64
}

// Read counts what was read.
func (b *bounded) Read(into []byte) (int, error) {
	if b.left.Load() <= 0 {
		return 0, errTooMuch
	}
	n, err := b.Reader.Read(into)
	b.left.Add(-int64(n))
	return n, err
}
