package polite

import (
	"context"
	"net/netip"
	"testing"
	"time"
)

func BenchmarkGate(b *testing.B) {
	g := NewGate(2, 0, nil)
	ctx := context.Background()
	for i := 0; b.Loop(); i++ {
		addr := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		leave, err := g.Enter(ctx, addr)
		if err != nil {
			b.Fatal(err)
		}
		g.Heard(addr, 200, nil, time.Millisecond)
		leave()
	}
}
