package schedule

import (
	"context"
	"testing"
	"time"

	bwdns "github.com/beianwatch/beianwatch/crawler/dns"
)

// A lost packet does not keep all looks waiting for the test of the resolver:
// the next random name is asked for beside it.
func TestResolverIsTestedDespiteALostPacket(t *testing.T) {
	b := newBed(t, 1)
	b.mu.Lock()
	b.lost = 2
	b.mu.Unlock()
	resolver, err := bwdns.New(bwdns.Options{Upstreams: []string{b.dns}, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer resolver.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	got := (&Looker{Resolver: resolver}).test(ctx, b.dns, "cn")
	if got == nil {
		t.Fatal("the test waited for a packet that was lost")
	}
	if got.sick != "" || len(got.lies) > 0 {
		t.Errorf("an honest resolver is called sick (%s) or a liar (%v)", got.sick, got.lies)
	}
}
