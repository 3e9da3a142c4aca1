package web

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	mdns "github.com/miekg/dns"
	"go.uber.org/goleak"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// An internet is a little one on loopback: a DNS server of its own and one
// address per host, whose ports 80 and 443 lead to listeners on free ports.
type internet struct {
	t        testing.TB
	guard    *guard.Guard
	resolver *dns.Resolver
	dns      string // where the DNS server is

	mu    sync.Mutex
	names map[string][]string // name → addresses
	next  int
	asked []string // the questions that reached the DNS server
}

func newInternet(t testing.TB) *internet {
	t.Helper()
	n := &internet{t: t, names: map[string][]string{}}
	n.guard = guard.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}, nil)
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	up := make(chan struct{})
	s := &mdns.Server{PacketConn: pc, Handler: mdns.HandlerFunc(n.answer), NotifyStartedFunc: func() { close(up) }}
	go s.ActivateAndServe()
	<-up
	t.Cleanup(func() { s.Shutdown() })
	n.dns = pc.LocalAddr().String()
	if n.resolver, err = dns.New(dns.Options{Upstreams: []string{n.dns}, Timeout: 200 * time.Millisecond, Tries: 2}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.resolver.Close)
	return n
}

func (n *internet) answer(w mdns.ResponseWriter, q *mdns.Msg) {
	n.mu.Lock()
	defer n.mu.Unlock()
	name := strings.TrimSuffix(q.Question[0].Name, ".")
	n.asked = append(n.asked, name+" "+mdns.TypeToString[q.Question[0].Qtype])
	m := new(mdns.Msg)
	m.SetReply(q)
	list, known := n.names[name]
	switch {
	case strings.HasPrefix(name, "silent"):
		return
	case strings.HasPrefix(name, "servfail"):
		m.Rcode = mdns.RcodeServerFailure
	case !known && !strings.HasPrefix(name, "empty"):
		m.Rcode = mdns.RcodeNameError
	}
	for _, s := range list {
		a := netip.MustParseAddr(s)
		if h := (mdns.RR_Header{Name: q.Question[0].Name, Class: mdns.ClassINET, Ttl: 300}); a.Is4() && q.Question[0].Qtype == mdns.TypeA {
			h.Rrtype = mdns.TypeA
			m.Answer = append(m.Answer, &mdns.A{Hdr: h, A: a.AsSlice()})
		} else if a.Is6() && q.Question[0].Qtype == mdns.TypeAAAA {
			h.Rrtype = mdns.TypeAAAA
			m.Answer = append(m.Answer, &mdns.AAAA{Hdr: h, AAAA: a.AsSlice()})
		}
	}
	w.WriteMsg(m)
}

// name gives the host the addresses, or one of its own.
func (n *internet) name(host string, addrs ...string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(addrs) == 0 && len(n.names[host]) > 0 {
		return n.names[host][0]
	}
	if len(addrs) == 0 {
		n.next++
		addrs = []string{fmt.Sprintf("127.9.%d.%d", n.next/200, 1+n.next%200)}
	}
	n.names[host] = addrs
	return addrs[0]
}

// questions returns what the DNS server was asked.
func (n *internet) questions() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.asked)
}

// listen opens a listener where the host's port leads to.
func (n *internet) listen(host string, port uint16) net.Listener {
	n.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { l.Close() })
	n.lead(n.name(host), port, l.Addr().String())
	return l
}

// shut lets nobody listen where the host's port leads to: it is none that the system
// gives to those who ask for a free one, as it may a port that was closed.
func (n *internet) shut(host string, port uint16) { n.lead(n.name(host), port, "127.0.0.1:1") }

func (n *internet) lead(addr string, port uint16, to string) {
	n.guard.Map(netip.AddrPortFrom(netip.MustParseAddr(addr), port), netip.MustParseAddrPort(to))
}

// site serves the handler over HTTP for the host.
func (n *internet) site(host string, h http.HandlerFunc) {
	n.t.Helper()
	n.serve(n.listen(host, 80), h)
}

// secure serves the handler over HTTPS.
func (n *internet) secure(host string, conf *tls.Config, h http.HandlerFunc) {
	n.t.Helper()
	n.serve(tls.NewListener(n.listen(host, 443), conf), h)
}

func (n *internet) serve(l net.Listener, h http.HandlerFunc) {
	s := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}
	go s.Serve(l)
	n.t.Cleanup(func() { s.Close() })
}

// raw lets f do what it likes with each connection to the host's port.
func (n *internet) raw(host string, port uint16, f func(net.Conn)) {
	n.t.Helper()
	l := n.listen(host, port)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				done := make(chan struct{})
				defer close(done)
				go func() { // a test's end ends its servers
					select {
					case <-stop:
						c.Close()
					case <-done:
					}
				}()
				f(c)
			})
		}
	})
	n.t.Cleanup(func() { l.Close(); close(stop); wg.Wait() })
}

// text answers every request on a raw connection with the bytes given, and
// closes.
func text(answer string) func(net.Conn) {
	return func(c net.Conn) {
		readRequest(c)
		io.WriteString(c, answer)
	}
}

func readRequest(c net.Conn) string {
	b := make([]byte, 8192)
	k, _ := c.Read(b)
	return string(b[:k])
}

// client makes a client for which no hop ends by the clock where a test does not say so.
func (n *internet) client(change ...func(*Options)) *Client {
	opt := Options{Resolver: n.resolver, Guard: n.guard, Timeout: time.Hour, Connect: time.Hour, Handshake: time.Hour}
	for _, f := range change {
		f(&opt)
	}
	return New(opt)
}

// patiently calls f with longer and longer times until this machine, which may be busy
// with others, was in time for what is to happen before they end, as f tells.
func patiently(f func(limit time.Duration) (inTime bool)) {
	for limit := 100 * time.Millisecond; !f(limit); limit *= 2 {
	}
}

// came is how many bytes of bodies have come in a session.
func came(s *Session) int64 {
	s.hold.mu.Lock()
	defer s.hold.mu.Unlock()
	return s.hold.bytes
}

// look carries out the asks on one domain.
func look(c *Client, domain string, asks ...crawler.Ask) *crawler.Observation {
	obs := &crawler.Observation{Domain: domain, At: time.Now()}
	for _, a := range asks {
		do(context.Background(), c, obs, a)
	}
	return obs
}

// do carries out one ask in a session of its own.
func do(ctx context.Context, c *Client, obs *crawler.Observation, ask crawler.Ask) {
	s := c.Session(obs)
	defer s.Close()
	s.Do(ctx, ask)
}

// home asks for the home page and gives the visit.
func (n *internet) home(domain string, change ...func(*Options)) *crawler.Visit {
	return &look(n.client(change...), domain, crawler.Ask{Kind: crawler.AskHome}).Visits[0]
}

func kindOf(v *crawler.Visit) crawler.FailureKind {
	if v.Failure == nil {
		return ""
	}
	return v.Failure.Kind
}

// urls returns the URLs of a visit's hops.
func urls(v *crawler.Visit) []string {
	var list []string
	for _, h := range v.Hops {
		list = append(list, h.URL)
	}
	return list
}
