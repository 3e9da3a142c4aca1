package polite

import (
	"context"
	"net/http"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

// ask makes one request that is answered at once and tells how long it had to
// wait for its turn.
func ask(t *testing.T, g *Gate, addr netip.Addr, status int, header http.Header, took time.Duration) time.Duration {
	t.Helper()
	began := time.Now()
	leave, err := g.Enter(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	waited := time.Since(began)
	time.Sleep(took)
	g.Heard(addr, status, header, took)
	leave()
	return waited
}

func TestSlowDownAndRecovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(2, 10, nil)
		addr := netip.MustParseAddr("192.0.2.1")
		gap := func() time.Duration {
			ask(t, g, addr, 200, nil, 0)
			return g.doors[addr].gap()
		}
		if got := gap(); got != 100*time.Millisecond {
			t.Fatalf("the gap is %v at first", got)
		}
		last := time.Duration(0)
		for range 3 {
			ask(t, g, addr, 429, nil, 0)
			got := g.doors[addr].gap()
			if got <= last {
				t.Errorf("after another 429 the gap is %v, before it was %v", got, last)
			}
			last = got
		}
		for range 20 {
			ask(t, g, addr, 429, nil, 0)
		}
		if got := g.doors[addr].gap(); got != maxBackoff+100*time.Millisecond {
			t.Errorf("the gap grows to %v", got)
		}
		steps := map[time.Duration]bool{}
		for range 200 {
			steps[gap()] = true
		}
		if got := gap(); got != 100*time.Millisecond || len(steps) < 5 {
			t.Errorf("in %d steps the gap came back to %v", len(steps), got)
		}
	})
}

// The 503 of one site among many on an address does not slow the others.
func TestSingle503(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(2, 10, nil)
		addr := netip.MustParseAddr("192.0.2.1")
		for i := range 100 {
			status := 200
			if i%5 == 0 {
				status = 503
			}
			ask(t, g, addr, status, nil, 0)
		}
		if got := g.doors[addr].gap(); got != 100*time.Millisecond {
			t.Errorf("the gap is %v", got)
		}
		ask(t, g, addr, 503, nil, 0)
		ask(t, g, addr, 503, nil, 0)
		if got := g.doors[addr].gap(); got <= 100*time.Millisecond {
			t.Error("two 503 in a row did not count")
		}
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(2, 0, nil)
		addr := netip.MustParseAddr("192.0.2.1")
		ask(t, g, addr, 429, http.Header{"Retry-After": {"7"}}, 0)
		if waited := ask(t, g, addr, 200, nil, 0); waited != 7*time.Second {
			t.Errorf("waited %v", waited)
		}
		ask(t, g, addr, 503, http.Header{"Retry-After": {"86400"}}, 0)
		if waited := ask(t, g, addr, 200, nil, 0); waited != maxRetryAfter {
			t.Errorf("waited %v, want no more than %v", waited, maxRetryAfter)
		}
		// Who has no time for that is told at once, and that is our trouble.
		ask(t, g, addr, 429, http.Header{"Retry-After": {"20"}}, 0)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		if _, err := g.Enter(ctx, addr); err == nil || time.Since(began) != 0 {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if g.Pace(t.Context(), addr, time.Now().Add(time.Second)) {
			t.Error("a lane whose turn comes too late goes on")
		}
	})
}

// A server that becomes slow is asked less often, unless it is we who are slow.
func TestSlowServer(t *testing.T) {
	for _, calm := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			g := NewGate(2, 10, nil)
			g.SetCalm(func() bool { return calm })
			addr := netip.MustParseAddr("192.0.2.1")
			for range 40 {
				ask(t, g, addr, 200, nil, 20*time.Millisecond)
			}
			if d := g.doors[addr]; d != nil && d.backoff.extra > 0 {
				t.Fatalf("%v is added to the gap", d.backoff.extra)
			}
			for range 40 {
				ask(t, g, addr, 200, nil, 2*time.Second)
			}
			slowed := g.doors[addr] != nil && g.doors[addr].backoff.extra > 0
			if slowed != calm {
				t.Errorf("calm %v: slowed down %v", calm, slowed)
			}
		})
	}
}

func TestNetworkLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(1, 1, []Network{
			{Net: netip.MustParsePrefix("198.51.100.0/24"), PerIP: 5, Rate: 100},
			{Net: netip.MustParsePrefix("203.0.113.0/24"), PerIP: 0, Rate: 0},
			{Net: netip.MustParsePrefix("192.0.2.0/24"), PerIP: 1, Rate: 10, ByAddress: true},
		})
		for _, tt := range []struct {
			addrs [2]string
			want  time.Duration // of the second request
		}{
			{[2]string{"8.8.8.8", "8.8.8.8"}, time.Second},
			{[2]string{"8.8.4.4", "9.9.9.9"}, 0},
			{[2]string{"198.51.100.1", "198.51.100.2"}, 10 * time.Millisecond},
			{[2]string{"203.0.113.1", "203.0.113.1"}, 0},
			{[2]string{"192.0.2.1", "192.0.2.1"}, 100 * time.Millisecond},
			{[2]string{"192.0.2.3", "192.0.2.4"}, 0},
		} {
			ask(t, g, netip.MustParseAddr(tt.addrs[0]), 200, nil, 0)
			if got := ask(t, g, netip.MustParseAddr(tt.addrs[1]), 200, nil, 0); got != tt.want {
				t.Errorf("%v: waited %v, want %v", tt.addrs, got, tt.want)
			}
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	for _, s := range []string{"", "0", "120", " 5 ", "-3", "99999999999999", "1.5", "Mon, 23 Nov 2026 02:01:00 GMT", "Sun, 22 Nov 2026 02:01:00 GMT", "morgen"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := RetryAfter(http.Header{"Retry-After": {s}}, now); got < 0 || got > 24*time.Hour {
			t.Errorf("%q: %v", s, got)
		}
	})
}
