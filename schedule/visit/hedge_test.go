package visit

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
)

// TestHedge: the other ways to a site that hangs are asked beside its home page,
// and whoever waits is told of it; a site that answers is asked once.
func TestHedge(t *testing.T) {
	n := newInternet(t)
	n.set(func() { n.zone["up.cn"] = webAddr })
	plain := n.scanner(t, 10*time.Millisecond)
	hanging, err := net.Listen("tcp", "127.0.0.1:0") // the system accepts, nobody answers
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { hanging.Close() })
	port := netip.MustParseAddrPort(hanging.Addr().String()).Port()
	for _, c := range []struct {
		domain string
		hangs  bool
	}{{"up.cn", false}, {"hangs.cn", true}} {
		s := plain.copy()
		s.Hedge, s.Known = time.Hour, []string{"up.cn"}
		target := &crawler.Target{Domain: c.domain}
		if c.hangs {
			target.Address, s.Hedge = netip.MustParseAddr("127.0.0.1"), time.Nanosecond
			s.Web = web.New(web.Options{Resolver: s.Resolver, Timeout: 50 * time.Millisecond,
				Guard: guard.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, map[uint16]uint16{80: port, 443: port})})
		}
		var mu sync.Mutex
		var steps []StepKind
		together := 0
		s.Watch = func(step Step) {
			mu.Lock()
			defer mu.Unlock()
			steps, together = append(steps, step.Kind), max(together, len(step.Asks))
		}
		got := s.Check(context.Background(), target, nil)
		if c.hangs != (got.Liveness == detect.Down) || c.hangs != (together == 2) || len(got.Obs.Visits) != 1+btoi(c.hangs) {
			t.Errorf("%s: %s %s, %d asks at once, visits %+v", c.domain, got.Liveness, got.Cause, together, got.Obs.Visits)
		}
		if c.hangs != slices.Contains(steps, StepWait) || steps[len(steps)-1] != StepDone || slices.Contains(steps, StepControls) {
			t.Errorf("%s: steps %v", c.domain, steps)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestOffline: what this machine's own network failed at is told apart from what
// a server did.
func TestOffline(t *testing.T) {
	dial := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
	}
	for _, c := range []struct {
		failure          *crawler.Failure
		unrouted         string
		route, unreached bool // no route; nothing reached
	}{
		{crawler.NewFailure(crawler.FailOurs, dial(syscall.ENETUNREACH).Error()), "203.0.113.1", true, false},
		{crawler.NewFailure(crawler.FailOurs, dial(syscall.ENETUNREACH).Error()), "2001:db8::1", false, false},
		{crawler.NewFailure(crawler.FailOurs, dial(syscall.EMFILE).Error()), "", false, false},
		{crawler.NewFailure(crawler.FailUnreachable, dial(syscall.ENETUNREACH).Error()), "", false, true},
		{crawler.NewFailure(crawler.FailUnreachable, dial(syscall.EHOSTUNREACH).Error()), "", false, true},
		{crawler.NewFailure(crawler.FailTimeout, dial(syscall.ETIMEDOUT).Error()), "", false, true},
		{crawler.NewFailure(crawler.FailTimeout, "read tcp 127.0.0.1:80: i/o timeout"), "", false, false},
		{crawler.NewFailure(crawler.FailRefused, dial(syscall.ECONNREFUSED).Error()), "", false, false},
		{crawler.NewFailure(crawler.FailTimeout, errors.New("dialled").Error()), "", false, false},
	} {
		got := &detect.Case{Liveness: detect.Down, Obs: &crawler.Observation{Visits: []crawler.Visit{{Failure: c.failure}}}}
		if a, err := netip.ParseAddr(c.unrouted); err == nil {
			got.Obs.Unrouted = []netip.Addr{a}
		}
		if noRoute(got) != c.route || unreached(got) != c.unreached {
			t.Errorf("%v: no route %v, unreached %v", c.failure, noRoute(got), unreached(got))
		}
	}
	if none := (&detect.Case{Liveness: detect.Down, Obs: &crawler.Observation{}}); noRoute(none) || unreached(none) {
		t.Error("without a request nothing is said of this machine")
	}
}

// TestHedgeAllAtOnce: whoever waits for a site whose addresses all hang has a first
// answer after one request's time: every way to the site, www. and each address of
// both names included, is asked in one go.
func TestHedgeAllAtOnce(t *testing.T) {
	n := newInternet(t)
	n.set(func() {
		n.zone["two.cn"], n.zone["www.two.cn"] = "127.0.8.71 127.0.8.72", "127.0.8.71 127.0.8.72"
	})
	first, err := net.Listen("tcp", "127.0.8.71:0") // the system accepts, nobody answers
	if err != nil {
		t.Skip(err)
	}
	defer first.Close()
	port := first.Addr().(*net.TCPAddr).AddrPort().Port()
	second, err := net.Listen("tcp", netip.AddrPortFrom(netip.MustParseAddr("127.0.8.72"), port).String())
	if err != nil {
		t.Skip(err)
	}
	defer second.Close()
	s := n.scanner(t)
	s.Hedge = time.Nanosecond
	s.Web = web.New(web.Options{Resolver: s.Resolver, Timeout: 100 * time.Millisecond,
		Guard: guard.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, map[uint16]uint16{80: port, 443: port})})
	var mu sync.Mutex
	var asks []int
	s.Watch = func(step Step) {
		mu.Lock()
		defer mu.Unlock()
		if step.Kind == StepAsk {
			asks = append(asks, len(step.Asks))
		}
	}
	c := s.Visit(t.Context(), &crawler.Target{Domain: "two.cn"}, nil, nil)
	const ways = 4 + 2*2*2 // the names over both schemes, and each at two addresses
	if c.Liveness != detect.Down || !slices.Equal(asks, []int{1, ways}) || len(c.Obs.Visits) != ways {
		t.Errorf("%s %s; asked %v at once, %d visits; want one ask, then all %d", c.Liveness, c.Cause, asks, len(c.Obs.Visits), ways)
	}
}
