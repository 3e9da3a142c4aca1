package polite

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestGateBoundsSlotsAndRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(2, 5, nil)
		addr := netip.MustParseAddr("192.0.2.1")
		var inside, most atomic.Int32
		var mu sync.Mutex
		var starts []time.Time
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() {
				leave, err := g.Enter(t.Context(), addr)
				if err != nil {
					t.Error(err)
					return
				}
				defer leave()
				mu.Lock()
				starts = append(starts, time.Now())
				mu.Unlock()
				if n := inside.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Second)
				inside.Add(-1)
			})
		}
		all.Wait()
		if most.Load() != 2 {
			t.Errorf("%d requests in flight, want 2", most.Load())
		}
		for i := 1; i < len(starts); i++ {
			if gap := starts[i].Sub(starts[i-1]); gap < 200*time.Millisecond {
				t.Errorf("requests %d and %d are %v apart", i-1, i, gap)
			}
		}
	})
}

// Those who give up while they wait must neither keep a slot nor lose one.
func TestGateAfterCancelledWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(1, 0, nil)
		addr := netip.MustParseAddr("192.0.2.1")
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(50))*time.Millisecond)
				defer cancel()
				if leave, err := g.Enter(ctx, addr); err == nil {
					time.Sleep(time.Duration(i%7) * time.Millisecond)
					leave()
					leave() // a second call must not count
				}
			})
		}
		all.Wait()
		if len(g.doors) != 0 {
			t.Errorf("%d doors left: %+v", len(g.doors), g.doors[addr])
		}
	})
}

func TestGateForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(1, 1000, nil)
		for i := range 100_000 {
			leave, err := g.Enter(t.Context(), netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
			if err != nil {
				t.Fatal(err)
			}
			leave()
			if i%100 == 0 {
				time.Sleep(time.Millisecond)
			}
		}
		if len(g.doors) > 5000 {
			t.Errorf("%d addresses are kept", len(g.doors))
		}
	})
}

func TestKeyOf(t *testing.T) {
	g := NewGate(1, 0, []Network{
		{Net: netip.MustParsePrefix("198.51.100.0/24"), PerIP: 3},
		{Net: netip.MustParsePrefix("203.0.113.0/24"), PerIP: 4, ByAddress: true},
	})
	for addr, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "198.51.100.77": "198.51.100.0", "203.0.113.9": "203.0.113.9", "2001:db8:1:2:3::4": "2001:db8:1:2::",
	} {
		if got := g.Key(netip.MustParseAddr(addr)).String(); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}
