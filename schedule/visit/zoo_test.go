package visit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/beianwatch/beianwatch/crawler"
	bwdns "github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/mainland"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// A zoo is an internet of hosts that mean harm: each has an address of its own,
// whose ports lead to listeners of the test. The network that is open to visits
// is siteNet; what reaches the canary, at an address of another network, has
// passed the guard.
type zoo struct {
	t      *testing.T
	guard  *guard.Guard
	dns    string // address of its resolver
	mu     sync.Mutex
	addrs  map[string]string   // name → address
	own    map[string]dnsReply // name → what its DNS does instead
	canary atomic.Int32        // connections that were to be refused
}

// A dnsReply answers one question of a zoo as it likes.
type dnsReply func(w dns.ResponseWriter, q *dns.Msg)

const (
	siteNet    = "127.9.0.0/16"
	siteHost   = "127.0.0.2" // where the listeners are
	canaryAddr = "127.77.0.1"
	// zooTimeout is the time for one request: what is slow on purpose takes longer,
	// and what is quick takes no tenth of it on a busy machine.
	zooTimeout = 1500 * time.Millisecond
)

func newZoo(t *testing.T) *zoo {
	t.Helper()
	z := &zoo{t: t, addrs: map[string]string{"canary.cn": canaryAddr}, own: map[string]dnsReply{}}
	z.guard = guard.New([]netip.Prefix{netip.MustParsePrefix(siteNet), netip.MustParsePrefix(siteHost + "/32")}, nil)
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", pc.LocalAddr().String())
	if err != nil {
		t.Skip("the port is taken over TCP:", err)
	}
	var serving sync.WaitGroup
	t.Cleanup(serving.Wait) // after what is registered later
	for _, s := range []*dns.Server{{PacketConn: pc}, {Listener: l}} {
		s.Handler = dns.HandlerFunc(z.answer)
		up := make(chan struct{})
		s.NotifyStartedFunc = func() { close(up) }
		serving.Go(func() { s.ActivateAndServe() }) //nolint:errcheck // ends with the test
		<-up
		t.Cleanup(func() { s.Shutdown() }) //nolint:errcheck // it is up
	}
	z.dns = pc.LocalAddr().String()
	z.watch(netip.MustParseAddr(canaryAddr))
	t.Cleanup(func() {
		if n := z.canary.Load(); n > 0 {
			t.Errorf("%d connections reached the canary", n)
		}
	})
	return z
}

// watch counts what reaches the canary's usual ports.
func (z *zoo) watch(a netip.Addr) {
	for _, port := range []uint16{80, 443} {
		l, err := net.Listen("tcp", siteHost+":0")
		if err != nil {
			z.t.Skipf("this machine has no loopback address %s: %v", siteHost, err)
		}
		z.t.Cleanup(func() { l.Close() })
		z.guard.Map(netip.AddrPortFrom(a, port), netip.MustParseAddrPort(l.Addr().String()))
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				z.canary.Add(1)
				c.Close()
			}
		}()
	}
}

func (z *zoo) answer(w dns.ResponseWriter, q *dns.Msg) {
	name := strings.TrimSuffix(strings.ToLower(q.Question[0].Name), ".")
	z.mu.Lock()
	addr, known := z.addrs[name]
	own := z.own[name]
	z.mu.Unlock()
	if own != nil {
		own(w, q)
		return
	}
	m := new(dns.Msg)
	m.SetReply(q)
	soa, _ := dns.NewRR("cn. 300 SOA ns.cn. h.cn. 1 3600 600 86400 300")
	m.Ns = []dns.RR{soa}
	switch {
	case !known:
		m.Rcode = dns.RcodeNameError
	case q.Question[0].Qtype == dns.TypeA:
		m.Answer, m.Ns = []dns.RR{record("%s 300 A %s", q.Question[0].Name, addr)}, nil
	}
	w.WriteMsg(m) //nolint:errcheck // the client asks again
}

// record is a record in its presentation form.
func record(format string, args ...any) dns.RR {
	rr, err := dns.NewRR(fmt.Sprintf(format, args...))
	if err != nil {
		panic(err)
	}
	return rr
}

// place gives a name an address and returns a listener for its port.
func (z *zoo) place(name string, port uint16) net.Listener {
	l, err := net.Listen("tcp", siteHost+":0")
	if err != nil {
		z.t.Fatal(err)
	}
	z.lead(name, port, l.Addr().String())
	return l
}

// shut gives a name an address where nobody listens: its port leads to one that the
// system gives to none of those who ask for a free one, as it may a port that was closed.
func (z *zoo) shut(name string, port uint16) { z.lead(name, port, siteHost+":1") }

// lead gives a name an address, and says where its port leads to.
func (z *zoo) lead(name string, port uint16, to string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.addrs[name] == "" {
		n := len(z.addrs)
		z.addrs[name] = fmt.Sprintf("127.9.%d.%d", n/250, 1+n%250)
	}
	z.guard.Map(netip.AddrPortFrom(netip.MustParseAddr(z.addrs[name]), port), netip.MustParseAddrPort(to))
}

// site lets f do what it likes with each connection to a port of the name, until
// the test ends.
func (z *zoo) site(name string, port uint16, f func(net.Conn)) {
	l := z.place(name, port)
	var conns sync.WaitGroup
	over := make(chan struct{})
	conns.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				done := make(chan struct{})
				defer close(done)
				go func() {
					select {
					case <-over:
					case <-done:
					}
					c.Close()
				}()
				f(c)
			})
		}
	})
	z.t.Cleanup(func() { l.Close(); close(over); conns.Wait() })
}

// scanner visits the zoo, without a browser; what fails is visited twice.
func (z *zoo) scanner(change ...func(*web.Options)) *Scanner {
	z.t.Helper()
	policy := detect.DefaultPolicy()
	var err error
	if policy.Networks, err = mainland.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, nil); err != nil {
		z.t.Fatal(err)
	}
	policy.VantageMainland = true
	names, err := bwdns.New(bwdns.Options{Upstreams: []string{z.dns}, Timeout: 400 * time.Millisecond, Tries: 2})
	if err != nil {
		z.t.Fatal(err)
	}
	z.t.Cleanup(names.Close)
	opt := web.Options{Resolver: names, Guard: z.guard, Timeout: zooTimeout, Connect: zooTimeout}
	for _, f := range change {
		f(&opt)
	}
	return &Scanner{Resolver: names, Web: web.New(opt), Policy: policy, Confirm: Confirmation{Delays: []time.Duration{time.Millisecond}}}
}

// verdict checks a filed site and returns its liveness and cause, and the rules
// that were broken (notices apart), as "serving", "down reset: filed-site-down".
func verdict(t *testing.T, s *Scanner, name string) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	c := s.Check(ctx, filed(name), nil)
	if ctx.Err() != nil {
		t.Fatal("the visit has no end")
	}
	return verdictOf(t, c)
}

func verdictOf(t *testing.T, c *detect.Case) string {
	t.Helper()
	said := strings.TrimSpace(string(c.Liveness) + " " + c.Cause)
	var found []string
	for _, o := range detect.Judge(c, rules.All) {
		if o.Verdict == detect.Found && o.Severity != detect.Notice {
			found = append(found, o.Rule)
		}
		if o.Verdict == detect.Broken {
			t.Errorf("%s is broken: %s", o.Rule, o.Reason)
		}
	}
	slices.Sort(found)
	if len(found) > 0 {
		said += ": " + strings.Join(found, " ")
	}
	for _, v := range c.Obs.Visits {
		if f := v.Failure; f != nil && f.Detail != crawler.Detail(f.Detail) {
			t.Errorf("a failure that is not fit to be shown: %q", f.Detail)
		}
	}
	return said
}

// send answers one request with the bytes given and closes.
func send(answer string) func(net.Conn) {
	return func(c net.Conn) {
		readHead(c)
		io.WriteString(c, answer) //nolint:errcheck // the client may go
	}
}

// sendForever answers with begin, and then part until the client goes.
func sendForever(begin, part string) func(net.Conn) {
	return func(c net.Conn) {
		readHead(c)
		_, err := io.WriteString(c, begin)
		for err == nil {
			_, err = io.WriteString(c, part)
		}
	}
}

// drip answers with begin, and then a byte of rest every tenth of a second.
func drip(begin, rest string) func(net.Conn) {
	return func(c net.Conn) {
		readHead(c)
		_, err := io.WriteString(c, begin)
		for i := 0; err == nil && i < len(rest); i++ {
			time.Sleep(100 * time.Millisecond)
			_, err = io.WriteString(c, rest[i:i+1])
		}
	}
}

// sendAndHang answers with the bytes given and keeps the connection open.
func sendAndHang(answer string) func(net.Conn) {
	return func(c net.Conn) {
		readHead(c)
		io.WriteString(c, answer) //nolint:errcheck // the client may go
		io.Copy(io.Discard, c)    //nolint:errcheck // until it goes
	}
}

// readHead reads what the client says first: the head of a request to its end, however
// long it is, or a TLS record. What is left unread makes of a close a reset.
func readHead(c net.Conn) string {
	var head strings.Builder
	b := make([]byte, 16<<10)
	for !strings.Contains(head.String(), "\r\n\r\n") {
		n, err := c.Read(b)
		head.Write(b[:n])
		if head.Len() > 0 && head.String()[0] == 0x16 {
			break
		}
		if err != nil {
			if errors.Is(err, io.EOF) && head.Len() > 0 {
				break
			}
			return ""
		}
	}
	return head.String()
}

// breakOff closes a connection so that the client sees a reset.
func breakOff(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		t.SetLinger(0) //nolint:errcheck // then it is an ordinary close
	}
	c.Close()
}
