package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"syscall"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// blackHole makes a place on loopback that swallows the packets of those who want to
// connect: a listener whose queue is full.
func blackHole(t *testing.T, a [4]byte) netip.AddrPort {
	t.Helper()
	s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	syscall.CloseOnExec(s)
	t.Cleanup(func() { syscall.Close(s) })
	if err := errors.Join(syscall.Bind(s, &syscall.SockaddrInet4{Addr: a}), syscall.Listen(s, 0)); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(s)
	if err != nil {
		t.Fatal(err)
	}
	at := netip.AddrPortFrom(netip.AddrFrom4(a), uint16(name.(*syscall.SockaddrInet4).Port))
	c, err := net.Dial("tcp", at.String()) // the one that the queue has room for
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return at
}

// addresses is a resolver that knows one answer.
func addresses(list ...string) func(context.Context, string) ([]netip.Addr, error) {
	return func(context.Context, string) ([]netip.Addr, error) {
		var addrs []netip.Addr
		for _, a := range list {
			addrs = append(addrs, netip.MustParseAddr(a))
		}
		return addrs, nil
	}
}

// TestEachAddressHasItsTime: an address that swallows packets leaves the next one its
// own time.
func TestEachAddressHasItsTime(t *testing.T) {
	hole := blackHole(t, [4]byte{127, 0, 0, 2})
	s, err := net.Listen("tcp4", "127.0.0.3:0")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g := guard.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, nil)
	g.Map(netip.MustParseAddrPort("127.0.0.2:80"), hole)
	g.Map(netip.MustParseAddrPort("127.0.0.3:80"), s.Addr().(*net.TCPAddr).AddrPort())
	l := newLoad(t.Context(), g, addresses("127.0.0.2", "127.0.0.3"))
	c, err := l.dial(t.Context(), "a.cn", 80)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if dialled, err := l.reached("a.cn:80"); !dialled || err != nil {
		t.Errorf("dialled %v, %v", dialled, err)
	}
	l = newLoad(t.Context(), g, addresses("127.0.0.2"))
	if _, err := l.dial(t.Context(), "a.cn", 80); dialKind(err) != crawler.FailTimeout {
		t.Errorf("a silent address fails by %v", err)
	}
}

// TestAddressThatAnsweredComesFirst: the browser begins where our own client got its
// answer.
func TestAddressThatAnsweredComesFirst(t *testing.T) {
	obs := &crawler.Observation{Domain: "a.cn"}
	first, second := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	obs.Lookups = []crawler.Lookup{{Name: "a.cn", Type: "A", Addrs: []netip.Addr{first, second}}}
	obs.Visits = []crawler.Visit{
		{Ask: crawler.Ask{Kind: crawler.AskHome}, Hops: []crawler.Page{{URL: "http://a.cn/", Addr: netip.AddrPortFrom(second, 80)}}},
		{Ask: crawler.Ask{Kind: crawler.AskAddress}, Hops: []crawler.Page{{URL: "http://a.cn/", Addr: netip.AddrPortFrom(first, 80)}}},
	}
	addrs, err := New(Options{}).resolve(obs)(t.Context(), "a.cn")
	if want := []netip.Addr{second, first}; err != nil || !slices.Equal(addrs, want) {
		t.Errorf("addresses %v, %v; want %v", addrs, err, want)
	}
}

// TestOurTroubleIsNotTheSites: where one address was not tried in truth, the failure is
// ours, whatever the others said; so is that of our resolver, and of a page whose time
// is over.
func TestOurTroubleIsNotTheSites(t *testing.T) {
	const closed = 1 // refuses; a port that was given back could be another's by then
	g := guard.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, map[uint16]uint16{80: closed})
	over, cancel := context.WithCancel(t.Context())
	cancel()
	late := func(context.Context, string) ([]netip.Addr, error) {
		return nil, fmt.Errorf("asking: %w", context.DeadlineExceeded)
	}
	for name, c := range map[string]struct {
		ctx     context.Context
		resolve func(context.Context, string) ([]netip.Addr, error)
		want    crawler.FailureKind
	}{
		"refused":               {t.Context(), addresses("127.0.0.1"), crawler.FailRefused},
		"forbidden":             {t.Context(), addresses("10.1.2.3"), crawler.FailGuard},
		"one forbidden":         {t.Context(), addresses("10.1.2.3", "127.0.0.1"), crawler.FailGuard},
		"no address":            {t.Context(), addresses(), crawler.FailOurs},
		"resolver without time": {t.Context(), late, crawler.FailOurs},
		"page that is over":     {over, addresses("127.0.0.1"), crawler.FailOurs},
		"more than are dialled": {t.Context(), addresses("127.0.0.1", "127.0.0.1", "127.0.0.1", "10.1.2.3"), crawler.FailRefused},
	} {
		l := newLoad(t.Context(), g, c.resolve)
		l.dial(c.ctx, "a.cn", 80)
		dialled, err := l.reached("A.cn:80")
		if !dialled || err == nil || dialKind(err) != c.want {
			t.Errorf("%s: dialled %v, kind %s (%v), want %s", name, dialled, dialKind(err), err, c.want)
		}
	}
}

// Errors that no machine can be made to cause at will.
func TestDialErrorsAreSorted(t *testing.T) {
	op := func(no syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", no)}
	}
	for _, no := range []syscall.Errno{syscall.EADDRNOTAVAIL, syscall.EMFILE, syscall.ENOBUFS, syscall.EACCES} {
		if k := dialKind(op(no)); k != crawler.FailOurs {
			t.Errorf("%v is %s", no, k)
		}
	}
	if k := dialKind(op(syscall.EHOSTUNREACH)); k != crawler.FailUnreachable {
		t.Errorf("a router's word is %s", k)
	}
	if !unrouted(netip.MustParseAddr("2400::1"), op(syscall.ENETUNREACH)) || unrouted(netip.MustParseAddr("127.0.0.1"), op(syscall.EHOSTUNREACH)) {
		t.Error("a lack of route is not told from a router's word")
	}
	for _, c := range []struct {
		a, b crawler.FailureKind
		want bool
	}{
		{crawler.FailOurs, crawler.FailUnreachable, true}, {crawler.FailOurs, crawler.FailGuard, true}, {crawler.FailGuard, crawler.FailRefused, true},
		{crawler.FailRefused, crawler.FailTimeout, false}, {crawler.FailUnreachable, crawler.FailOurs, false}, {crawler.FailOurs, crawler.FailOurs, false},
	} {
		if got := saysLess(c.a, c.b); got != c.want {
			t.Errorf("%s before %s: %v", c.a, c.b, got)
		}
	}
}

// interrupted is a listener that lacks a handle once.
type interrupted struct {
	net.Listener
	failed bool
}

func (l *interrupted) Accept() (net.Conn, error) {
	if !l.failed {
		l.failed = true
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	return l.Listener.Accept()
}

// TestOutletOutlivesAccept: an outlet that once had no handle for a connection serves
// the next one, and ends when it is closed.
func TestOutletOutlivesAccept(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &outlet{listener: &interrupted{Listener: listener}}
	ended := make(chan struct{})
	go func() { o.accept(); close(ended) }()
	l := newLoad(t.Context(), guard.New(nil, nil), addresses("10.1.2.3"))
	o.begin(l)
	c, err := net.Dial("tcp", o.address())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.Write([]byte("\x05\x01\x00\x05\x01\x00\x03\x04a.cn\x00\x50"))
	if said, err := io.ReadAll(c); err != nil || len(said) != 12 || said[3] != socksFailed {
		t.Errorf("the outlet says %x, %v", said, err)
	}
	o.close()
	<-ended
}

// TestWordForWhatWasNotDialled: a broken connection of a place that we never dialled is
// one between the browser and us.
func TestWordForWhatWasNotDialled(t *testing.T) {
	l := newLoad(t.Context(), nil, nil)
	l.dialled("dialled.cn:443", nil)
	l.dialled("again.cn:443", syscall.ECONNREFUSED)
	l.dialled("again.cn:443", nil)
	l.dialled("refuses.cn:443", syscall.ECONNREFUSED)
	for _, c := range []struct {
		address, word string
		want          crawler.FailureKind
	}{
		{"https://dialled.cn/", "net::ERR_EMPTY_RESPONSE", crawler.FailReset},
		{"https://dialled.cn/", "net::ERR_SSL_PROTOCOL_ERROR", crawler.FailTLS},
		{"https://again.cn/", "net::ERR_CONNECTION_RESET", crawler.FailReset},
		{"https://refuses.cn/", "net::ERR_SOCKS_CONNECTION_FAILED", crawler.FailRefused},
		{"http://dialled.cn/", "net::ERR_EMPTY_RESPONSE", crawler.FailOurs},
		{"https://other.cn/", "net::ERR_CONNECTION_REFUSED", crawler.FailOurs},
		{"https://other.cn/", "net::ERR_TIMED_OUT", crawler.FailOurs},
		{"https://other.cn/", "net::ERR_SSL_PROTOCOL_ERROR", crawler.FailOurs},
		{"https://other.cn/", "net::ERR_TOO_MANY_REDIRECTS", crawler.FailRedirects},
	} {
		if f := documentFailure(l, c.address, c.word); f.Kind != c.want {
			t.Errorf("%s of %s is %v, want %s", c.word, c.address, f, c.want)
		}
	}
}
