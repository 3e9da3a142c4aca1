package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/beianwatch/beianwatch/crawler/guard"
)

// A proxy is the only way out for one tab of the browser: it listens on
// loopback, resolves with our resolver and dials through the guard. Chromium
// dials by itself otherwise, past every check of ours.
type proxy struct {
	guard   *guard.Guard
	resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	server  *http.Server
	direct  *http.Transport
	addr    string       // host:port that it listens on
	left    atomic.Int64 // bytes that the page may still bring in
	tunnels sync.WaitGroup
	closed  context.Context
	close   context.CancelFunc
}

// startProxy listens on a free loopback port.
func startProxy(g *guard.Guard, resolve func(context.Context, string) ([]netip.Addr, error)) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the browser: %w", err)
	}
	p := &proxy{guard: g, resolve: resolve, addr: l.Addr().String()}
	p.left.Store(maxPage)
	p.closed, p.close = context.WithCancel(context.Background())
	p.direct = &http.Transport{DialContext: p.dial, DisableCompression: true, MaxIdleConnsPerHost: 4, IdleConnTimeout: 5 * time.Second, ResponseHeaderTimeout: 30 * time.Second}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	go p.server.Serve(l) // ends with Close; its error says only that
	return p, nil
}

// Close ends the proxy and every tunnel through it.
func (p *proxy) Close() {
	p.close()
	p.server.Close()
	p.direct.CloseIdleConnections()
	p.tunnels.Wait()
}

// dial connects to host:port over addresses of our resolver, each judged by
// the guard.
func (p *proxy) dial(ctx context.Context, network, hostport string) (net.Conn, error) {
	host, portText, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("port of %s: %w", hostport, err)
	}
	addrs, err := p.resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	last := fmt.Errorf("%s has no address", host)
	for _, a := range addrs {
		conn, err := p.guard.Dial(ctx, network, netip.AddrPortFrom(a, uint16(port)))
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, last
}

// ServeHTTP carries one request of the browser: a tunnel for https, a plain
// request otherwise.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodConnect {
		p.tunnel(w, r)
		return
	}
	if !r.URL.IsAbs() || r.URL.Scheme != "http" {
		http.Error(w, "only http", http.StatusBadRequest)
		return
	}
	out := r.Clone(r.Context())
	out.RequestURI = ""
	for _, name := range []string{"Proxy-Connection", "Proxy-Authorization", "Connection", "Keep-Alive"} {
		out.Header.Del(name)
	}
	res, err := p.direct.RoundTrip(out)
	if err != nil {
		// The connection ends without an answer: a page of ours in the site's
		// place would be taken for the site's own.
		panic(http.ErrAbortHandler)
	}
	defer res.Body.Close()
	for name, values := range res.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(res.StatusCode)
	if _, err := io.Copy(w, p.bounded(res.Body)); err != nil {
		panic(http.ErrAbortHandler) // an early end is the browser's to see
	}
}

// maxPage bounds what a page may bring into the browser with all its requests:
// without pictures and media a home page has a few megabytes.
const maxPage = 64 << 20

var errTooMuch = errors.New("the page is too large")

// bounded reads from r as much as the page may still bring in.
func (p *proxy) bounded(r io.Reader) io.Reader { return &bounded{r, &p.left} }

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

// tunnel joins the browser with the site for https.
func (p *proxy) tunnel(w http.ResponseWriter, r *http.Request) {
	site, err := p.dial(r.Context(), "tcp", r.Host)
	if err != nil {
		status := http.StatusBadGateway
		if errors.Is(err, guard.ErrForbidden) {
			status = http.StatusForbidden
		}
		http.Error(w, "unreachable", status)
		return
	}
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		site.Close()
		return
	}
	client, buffered, err := hijacker.Hijack()
	if err != nil {
		site.Close()
		return
	}
	p.tunnels.Add(1)
	defer p.tunnels.Done()
	stop := context.AfterFunc(p.closed, func() { client.Close(); site.Close() })
	defer stop()
	io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n")
	done := make(chan struct{}, 2)
	go func() { io.Copy(site, buffered); done <- struct{}{} }()
	go func() { io.Copy(client, p.bounded(site)); done <- struct{}{} }()
	<-done
	client.Close()
	site.Close()
	<-done
}
