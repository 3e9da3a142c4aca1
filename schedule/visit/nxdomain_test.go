package visit

import (
	"context"
	"testing"
	"time"

	bwdns "github.com/beianwatch/beianwatch/crawler/dns"
)

// A lost packet does not keep all looks waiting for the test of the resolver:
// the next random name is asked for beside it.
func TestResolverIsTestedDespiteALostPacket(t *testing.T) {
	n := newInternet(t)
	n.set(func() { n.lost = 2 })
	resolver, err := bwdns.New(bwdns.Options{Upstreams: []string{n.dns}, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer resolver.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	got := (&Scanner{Resolver: resolver}).testResolver(ctx, n.dns, "cn")
	if got == nil {
		t.Fatal("the test waited for a packet that was lost")
	}
	if got.problem != "" || len(got.lies) > 0 {
		t.Errorf("an honest resolver has a problem (%s) or a liar (%v)", got.problem, got.lies)
	}
}
