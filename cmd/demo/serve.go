package demo

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Bounds of the servers: the box is for one scan on one machine.
const (
	maxConns  = 512              // open connections of one listener
	patience  = 30 * time.Second // the longest that a tarpit holds a request
	maxHeader = 64 << 10
)

// A listener is one address and port. It holds at most maxConns connections;
// further ones wait in the backlog.
type listener struct {
	*net.TCPListener
	spot   spot
	secure bool
	slots  chan struct{}
}

// Accept waits for a free slot, then for a connection.
func (l *listener) Accept() (net.Conn, error) {
	l.slots <- struct{}{}
	c, err := l.AcceptTCP()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &conn{TCPConn: c, leave: sync.OnceFunc(func() { <-l.slots })}, nil
}

// A conn gives its slot back when it is closed.
type conn struct {
	*net.TCPConn
	leave func()
}

// Close closes the connection.
func (c *conn) Close() error {
	defer c.leave()
	return c.TCPConn.Close()
}

// serve starts the web server of one listener.
func (in *Internet) serve(l *listener) {
	s := &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { in.handle(l, w, r) }),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       10 * time.Second,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          log.New(io.Discard, "", 0), // failed handshakes are part of the show
		BaseContext:       func(net.Listener) context.Context { return context.Background() },
	}
	var at net.Listener = l
	if l.secure {
		at = tls.NewListener(l, in.tlsConfig(l))
	}
	in.web = append(in.web, s)
	in.serving.Go(func() { _ = s.Serve(at) }) // it ends when Close closes it
}

// handle answers one request by the address that it came to and the name that
// it asks for.
func (in *Internet) handle(l *listener, w http.ResponseWriter, r *http.Request) {
	if !in.begin() {
		panic(http.ErrAbortHandler)
	}
	defer in.handled.Done()
	w.Header().Set("Server", "nginx")
	s, known := in.hosts[hostName(r.Host)]
	at := l.spot
	if known && s.spot != mainSpot {
		at = s.spot // it may have had to fall back on the main address
	}
	switch {
	case at == resetSpot:
		reset(w, r)
	case at == silentSpot:
		in.hang(r)
	case known:
		in.asOf(s).ServeHTTP(w, r)
	case in.net.answersStrangers():
		strangers(w, r)
	default:
		reset(w, r)
	}
}

// hang holds a request and never answers it.
func (in *Internet) hang(r *http.Request) {
	in.hold(r.Context())
	panic(http.ErrAbortHandler)
}

// hold waits until a client has given up.
func (in *Internet) hold(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-in.closing:
	case <-time.After(patience):
	}
}

// hostName is the name in a Host header, without port, in lower case.
func hostName(s string) string {
	if h, _, err := net.SplitHostPort(s); err == nil {
		s = h
	}
	return plainName(s)
}
