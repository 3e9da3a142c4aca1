package schedule

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// Whatever bytes stand in the database, they are read or refused, and what is
// read is what was written.
func FuzzUnpackWaiters(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{waiterForm})
	f.Add([]byte{waiterForm + 1, 0})
	f.Add(packWaiters(nil))
	f.Add(packWaiters([]waiter{{}, {Lane: "192.0.2.1", Seq: 7, Domain: "a.cn", Line: 9, Data: []byte("{}"), Lookups: []crawler.Lookup{
		{Name: "a.cn", Type: "A", At: time.Unix(1, 2), Chain: []string{"b.cn"}, TTL: time.Minute, TCP: true,
			Addrs: []netip.Addr{{}, netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("fe80::1%eth0")}},
		{Failure: crawler.NewFailure(crawler.FailDNSNoName, "none")},
	}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		waiters, err := unpackWaiters(data)
		if err != nil {
			return
		}
		again, err := unpackWaiters(packWaiters(waiters))
		if err != nil || !bytes.Equal(packWaiters(again), packWaiters(waiters)) {
			t.Errorf("%+v came back as %+v, %v", waiters, again, err)
		}
	})
}

// What was cut short anywhere is refused, not read in part.
func TestCutWaitersAreRefused(t *testing.T) {
	whole := packWaiters([]waiter{{Lane: "192.0.2.1", Domain: "a.cn", Lookups: []crawler.Lookup{{Name: "a.cn", Answers: []string{"x"}}}}})
	for n := range whole {
		if w, err := unpackWaiters(whole[:n]); err == nil {
			t.Errorf("%d bytes of %d were read as %+v", n, len(whole), w)
		}
	}
	if _, err := unpackWaiters(append(whole, 0)); err == nil {
		t.Error("a byte too many was passed over")
	}
}
