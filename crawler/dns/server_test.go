package dns

import (
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A reply is what a test server does with one question: it may write nothing.
type reply func(w dns.ResponseWriter, q *dns.Msg)

// A server is a real DNS server on loopback, over UDP and TCP on one port.
type server struct {
	addr  string
	asked atomic.Int32
}

func serve(t testing.TB, answer reply) *server {
	t.Helper()
	pc, l := ports(t)
	s := &server{addr: pc.LocalAddr().String()}
	h := dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		s.asked.Add(1)
		answer(w, q)
	})
	for _, d := range []*dns.Server{{PacketConn: pc, Handler: h}, {Listener: l, Handler: h}} {
		up := make(chan struct{})
		d.NotifyStartedFunc = func() { close(up) }
		go d.ActivateAndServe()
		<-up
		t.Cleanup(func() { d.Shutdown() })
	}
	return s
}

// ports opens UDP and TCP on one free port. The TCP half may be taken.
func ports(t testing.TB) (net.PacketConn, net.Listener) {
	t.Helper()
	for range 50 {
		pc, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("tcp", pc.LocalAddr().String())
		if err == nil {
			return pc, l
		}
		pc.Close()
	}
	t.Fatal("no port is free for both UDP and TCP")
	return nil, nil
}

// zone answers from records in presentation form, as a recursive resolver
// does: CNAME chains are followed within the records.
func zone(t testing.TB, records ...string) reply {
	t.Helper()
	var rrs []dns.RR
	for _, r := range records {
		rr, err := dns.NewRR(r)
		if err != nil {
			t.Fatal(err)
		}
		rrs = append(rrs, rr)
	}
	return func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		name, exists := q.Question[0].Name, false
		for range 30 {
			next := ""
			for _, rr := range rrs {
				h := rr.Header()
				if !strings.EqualFold(h.Name, name) {
					continue
				}
				exists = true
				if c, ok := rr.(*dns.CNAME); ok {
					m.Answer, next = append(m.Answer, rr), c.Target
				} else if h.Rrtype == q.Question[0].Qtype {
					m.Answer = append(m.Answer, rr)
				}
			}
			if next == "" {
				break
			}
			name, exists = next, false
		}
		if !exists {
			m.Rcode = dns.RcodeNameError
		}
		soa, _ := dns.NewRR("cn. 60 IN SOA ns.cn. root.cn. 1 2 3 4 5")
		m.Ns = append(m.Ns, soa)
		w.WriteMsg(m)
	}
}

// rrs answers every question with the same records and no authority section.
func rrs(t testing.TB, records ...string) reply {
	t.Helper()
	return func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		for _, r := range records {
			rr, err := dns.NewRR(r)
			if err != nil {
				t.Error(err)
			}
			m.Answer = append(m.Answer, rr)
		}
		w.WriteMsg(m)
	}
}

func refuse(code int) reply {
	return func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetRcode(q, code)
		w.WriteMsg(m)
	}
}

func silence(dns.ResponseWriter, *dns.Msg) {}

func overTCP(w dns.ResponseWriter) bool { return w.RemoteAddr().Network() == "tcp" }

// plain lets the tests ask by the library's own client; see TestPlain.
var plain bool

// resolver asks the servers with a short timeout.
func resolver(t testing.TB, servers ...*server) *Resolver {
	t.Helper()
	return resolverOver(t, plain, servers...)
}

// resolverOver asks over the sockets of this package or by the library's client.
func resolverOver(t testing.TB, plain bool, servers ...*server) *Resolver {
	t.Helper()
	opt := Options{Plain: plain}
	for _, s := range servers {
		opt.Upstreams = append(opt.Upstreams, s.addr)
	}
	opt.Timeout = 150 * time.Millisecond
	r, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// nobody is the address of a port where no resolver listens, nor will until the end of
// the test: a socket has it that hears another address alone.
func nobody(t testing.TB) *server {
	t.Helper()
	here := netip.MustParseAddr("127.0.0.1")
	c, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(here, 0)), net.UDPAddrFromAddrPort(netip.AddrPortFrom(here.Next(), 9)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &server{addr: c.LocalAddr().String()}
}
