// Package dns resolves names with miekg/dns and keeps every question with its
// answer. It tells apart a name that does not exist, a name without an
// address, a server that refuses and a server that is silent, because each
// means something else for the owner of a site. It judges nothing.
package dns

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// Options say whom to ask and how long to wait.
type Options struct {
	// Upstreams are recursive resolvers as host:port or bare address (port
	// 53). Empty: those of /etc/resolv.conf.
	Upstreams []string
	// Timeout bounds one packet and its answer; 0 is 3 s, about twice what a
	// resolver needs to give up on one dead authoritative server.
	Timeout time.Duration
	// Tries bounds the packets per question over all upstreams; 0 is 3.
	Tries int
	// Sockets is how many UDP sockets the questions to one upstream are spread
	// over; 0 is 8.
	Sockets int
	// Plain asks by miekg/dns' own client, one question a socket and a system
	// call, instead of by the shared sockets. The answers are the same.
	Plain bool
}

// A Resolver asks upstream resolvers. It is safe for concurrent use.
type Resolver struct {
	upstreams []*upstream
	timeout   time.Duration
	tries     int
}

// New makes a resolver; it sends nothing yet.
func New(opt Options) (*Resolver, error) {
	hosts := opt.Upstreams
	if len(hosts) == 0 {
		conf, err := dns.ClientConfigFromFile("/etc/resolv.conf")
		if err != nil {
			return nil, message.Errorf("读取 /etc/resolv.conf：%w；请用 --resolver 地址:端口 指定 DNS 服务器", "reading /etc/resolv.conf: %w; name a resolver with --resolver HOST:PORT", err)
		}
		for _, s := range conf.Servers {
			hosts = append(hosts, net.JoinHostPort(s, conf.Port))
		}
	}
	if len(hosts) == 0 {
		return nil, message.Errorf("/etc/resolv.conf 中没有 DNS 服务器：请用 --resolver 地址:端口 指定", "no resolver in /etc/resolv.conf: name one with --resolver HOST:PORT")
	}
	r := &Resolver{timeout: opt.Timeout, tries: opt.Tries}
	if r.timeout <= 0 {
		r.timeout = 3 * time.Second
	}
	if r.tries <= 0 {
		r.tries = 3
	}
	shared := opt.Sockets
	if shared <= 0 {
		shared = 8
	}
	for _, h := range hosts {
		addr, err := upstreamAddr(h)
		if err != nil {
			return nil, err
		}
		u := &upstream{addr: addr, timeout: r.timeout, udp: plainUDP{addr: addr, timeout: r.timeout}}
		if !opt.Plain {
			u.udp = &sockets{addr: addr, timeout: r.timeout, slots: make([]slot, shared)}
		}
		r.upstreams = append(r.upstreams, u)
	}
	return r, nil
}

// upstreamAddr reads host:port or a bare address. A host name is not taken:
// resolving the resolver would need another one.
func upstreamAddr(s string) (string, error) {
	s = strings.TrimSpace(s)
	if ap, err := netip.ParseAddrPort(s); err == nil && ap.Port() != 0 {
		return ap.String(), nil
	}
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return net.JoinHostPort(a.String(), "53"), nil
	}
	return "", message.Errorf("DNS 服务器 %q：请写成 地址:端口，例如 223.5.5.5:53", "resolver %q: write it as address:port, for example 223.5.5.5:53", s)
}

// Close closes the sockets as soon as no question is under way.
func (r *Resolver) Close() {
	for _, u := range r.upstreams {
		u.udp.close()
	}
}

// Upstreams returns the address:port of every upstream, in order.
func (r *Resolver) Upstreams() []string {
	var s []string
	for _, u := range r.upstreams {
		s = append(s, u.addr)
	}
	return s
}

// Lookup asks one question and follows the CNAME chain to its end. The name is
// an A-label (see [Name]), the type is "A", "AAAA", "CNAME" or "NS"; first is
// the index of the upstream to begin with, taken modulo their number. Trouble
// is in Failure, and FailOurs there means that we ourselves were stopped.
func (r *Resolver) Lookup(ctx context.Context, name string, qtype string, first int) crawler.Lookup {
	start := time.Now()
	l := crawler.Lookup{Name: name, Type: qtype}
	literal, err := netip.ParseAddr(name)
	_, valid := dns.IsDomainName(name)
	code, known := dns.StringToType[qtype]
	switch {
	case err == nil:
		itself(&l, literal)
	case !known:
		l.Failure = crawler.NewFailure(crawler.FailOurs, fmt.Sprintf("no question of type %q is known", qtype))
	case !valid || name == "":
		l.Failure = crawler.NewFailure(crawler.FailDNSNoName, "no name of DNS: "+name)
	default:
		w := walk{r: r, lookup: &l, qtype: code, first: max(first, 0)}
		w.run(ctx)
	}
	l.At = time.Now()
	l.Took = l.At.Sub(start)
	return l
}

// itself answers for an address literal, which no one need be asked about.
func itself(l *crawler.Lookup, a netip.Addr) {
	if a.Is4() == (l.Type == "A") && a.Is6() == (l.Type == "AAAA") {
		l.Addrs, l.TTL = []netip.Addr{a}, 24*time.Hour
		return
	}
	l.Failure = crawler.NewFailure(crawler.FailDNSNoAddr, "an address literal has no "+l.Type+" record")
}

// Addresses asks for A and AAAA at once; the A lookup comes first.
func (r *Resolver) Addresses(ctx context.Context, name string, first int) []crawler.Lookup {
	out := make([]crawler.Lookup, 2)
	done := make(chan struct{})
	go func() {
		defer close(done)
		out[1] = r.Lookup(ctx, name, "AAAA", first)
	}()
	out[0] = r.Lookup(ctx, name, "A", first)
	<-done
	return out
}
