package registration

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// A whoisServer speaks port 43 on loopback: it reads a line, lets answer write,
// and closes.
type whoisServer struct {
	listener net.Listener
	mu       sync.Mutex
	asked    []string
	all      sync.WaitGroup
}

func newWHOIS(t *testing.T, answer func(conn net.Conn, name string)) *whoisServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &whoisServer{listener: l}
	s.all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.all.Go(func() {
				defer conn.Close()
				line, err := bufio.NewReader(conn).ReadString('\n')
				if err != nil {
					return
				}
				name := strings.TrimSuffix(line, "\r\n")
				s.mu.Lock()
				s.asked = append(s.asked, name)
				s.mu.Unlock()
				answer(conn, name)
			})
		}
	})
	t.Cleanup(func() { l.Close(); s.all.Wait() })
	return s
}

func (s *whoisServer) addr() string { return s.listener.Addr().String() }

func (s *whoisServer) questions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

// says answers every question with the same bytes.
func says(answer string) func(net.Conn, string) {
	return func(conn net.Conn, _ string) { conn.Write([]byte(answer)) }
}

// newRDAP serves domain objects on loopback.
func newRDAP(t *testing.T, serve http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(serve)
	t.Cleanup(s.Close)
	return s
}

// loopback resolves IP literals and "localhost" only.
func loopback(_ context.Context, host string) ([]netip.Addr, error) {
	if host == "localhost" {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	a, err := netip.ParseAddr(host)
	return []netip.Addr{a}, err
}

// patience is the time for a question that ends in the failure: only what has no other
// end ends by the clock, however late a busy machine is.
func patience(want crawler.FailureKind) time.Duration {
	if want == crawler.FailTimeout {
		return 400 * time.Millisecond
	}
	return time.Hour
}

// newClient makes a client that may dial the servers named, at no pace.
func newClient(t *testing.T, opt Options, servers ...string) *Client {
	t.Helper()
	var ports []uint16
	for _, s := range servers {
		ports = append(ports, netip.MustParseAddrPort(strings.TrimPrefix(s, "http://")).Port())
	}
	opt.Resolve = loopback
	opt.Guard = guard.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, nil, ports...)
	if opt.Every == 0 {
		opt.Every = time.Nanosecond
	}
	c, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func lookup(t *testing.T, c *Client, domain string) *crawler.Registration {
	t.Helper()
	r := c.Lookup(context.Background(), domain)
	if r == nil || r.At.IsZero() {
		t.Fatalf("Lookup(%q) = %+v: a registration always has its time", domain, r)
	}
	return r
}
