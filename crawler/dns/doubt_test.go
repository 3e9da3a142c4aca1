package dns

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/miekg/dns"

	"github.com/beianwatch/beianwatch/crawler"
)

// The plain path gives the same answers: the tests of this package hold over it.
func TestPlain(t *testing.T) {
	plain = true
	defer func() { plain = false }()
	tests := map[string]func(*testing.T){
		"Lookup": TestLookup, "Evidence": TestEvidenceIsKept, "Failures": TestFailures, "First": TestFirstUpstreamIsTheOneAsked,
		"WrongID": TestWrongIDIsPassedOver, "SentBack": TestQuestionSentBackIsNoAnswer, "EDNS": TestServerThatChokesOnEDNS,
		"Stopped": TestStoppedByUs, "NoHandles": TestNoFileHandlesIsOurTrouble, "Hostile": TestHostileAnswerIsBounded,
		"Addresses": TestAddresses, "Literals": TestLiteralsAndNonsenseAskNobody, "Truncation": TestTruncationGoesToTCP,
		"Chain": TestPartOfAChainIsAskedOn, "Endless": TestEndlessChainEnds, "Unreadable": TestUnreadableGoesToTCP,
		"DNSSEC": TestBrokenDNSSEC, // TestQuota is over both paths by itself
	}
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		t.Run(name, tests[name])
	}
}

// An answer over UDP that cannot be read is asked for over TCP.
func TestUnreadableGoesToTCP(t *testing.T) {
	raw := func(w dns.ResponseWriter, q *dns.Msg, change func([]byte) []byte) {
		m := new(dns.Msg)
		m.SetReply(q)
		rr, _ := dns.NewRR("a.cn. 300 IN A 6.6.6.6")
		m.Answer = append(m.Answer, rr)
		packet, _ := m.Pack()
		w.Write(change(packet))
	}
	for name, change := range map[string]func([]byte) []byte{
		"cut short":                 func(p []byte) []byte { return p[:len(p)-2] },
		"a count that is false":     func(p []byte) []byte { binary.BigEndian.PutUint16(p[6:], 9); return p },
		"no answer where one is":    func(p []byte) []byte { binary.BigEndian.PutUint16(p[6:], 0); return p[:len(p)-16] },
		"another class":             func(p []byte) []byte { p[len(p)-11] = 3; return p },
		"larger than we said":       func(p []byte) []byte { return append(p, make([]byte, 2000)...) },
		"garbage behind the header": func(p []byte) []byte { return append(p[:12], "\xc0\xff\xee garbage"...) },
	} {
		t.Run(name, func(t *testing.T) {
			ok := rrs(t, "a.cn. 300 IN A 1.2.3.4")
			s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
				if overTCP(w) {
					ok(w, q)
					return
				}
				raw(w, q, change)
			})
			got := resolver(t, s).Lookup(t.Context(), "a.cn", "A", 0)
			want := addrs("1.2.3.4")
			if name == "no answer where one is" { // a whole answer, which says that there is none
				if kind(got.Failure) != crawler.FailDNSNoAddr {
					t.Errorf("failure %v", got.Failure)
				}
				return
			}
			if got.Failure != nil || !got.TCP || !slices.Equal(got.Addrs, want) {
				t.Errorf("TCP %v, %v, failure %v", got.TCP, got.Addrs, got.Failure)
			}
		})
	}
}

// A name whose DNSSEC is broken is found with checking disabled.
func TestBrokenDNSSEC(t *testing.T) {
	ok, fail := rrs(t, "a.cn. 300 IN A 1.2.3.4"), refuse(dns.RcodeServerFailure)
	s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
		if q.CheckingDisabled {
			ok(w, q)
			return
		}
		fail(w, q)
	})
	got := resolver(t, s, s).Lookup(t.Context(), "a.cn", "A", 0)
	if got.Failure != nil || !got.Unchecked || !slices.Equal(got.Addrs, addrs("1.2.3.4")) {
		t.Errorf("%v, unchecked %v, failure %v", got.Addrs, got.Unchecked, got.Failure)
	}
	other := serve(t, fail)
	if got := resolver(t, other, serve(t, fail)).Lookup(t.Context(), "a.cn", "A", 0); kind(got.Failure) != crawler.FailDNSServer || got.Resolvers != 2 {
		t.Errorf("failure %v, of %d resolvers", got.Failure, got.Resolvers)
	}
}

// A resolver that answers so many questions a second and fails for the rest makes
// no name fail, and a name that fails by itself still does.
func TestQuota(t *testing.T) {
	manners := map[string]reply{
		"SERVFAIL": refuse(dns.RcodeServerFailure), "REFUSED": refuse(dns.RcodeRefused), "silence": silence,
		"plain SERVFAIL": refuse(dns.RcodeServerFailure), // what is beyond the quota is not the sockets' affair: one is enough
	}
	for name, beyond := range manners {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const quota = 40
			var mu sync.Mutex
			var window int64
			used := 0
			s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
				mu.Lock()
				if now := time.Now().Unix(); now != window {
					window, used = now, 0
				}
				used++
				over := used > quota || overTCP(w)
				mu.Unlock()
				switch {
				case over:
					beyond(w, q)
				case q.Question[0].Name == "broken.cn.":
					refuse(dns.RcodeServerFailure)(w, q)
				default:
					rrs(t, q.Question[0].Name+" 300 IN A 1.2.3.4")(w, q)
				}
			})
			r := resolverOver(t, strings.HasPrefix(name, "plain"), s)
			if got := r.Lookup(t.Context(), "first.cn", "A", 0); got.Failure != nil {
				t.Fatal(got.Failure)
			}
			var asking sync.WaitGroup
			var unknown atomic.Int32
			for n := range 2 * quota {
				asking.Go(func() {
					got := r.Lookup(context.Background(), fmt.Sprintf("n%d.cn", n), "A", 0)
					switch f := got.Failure; {
					case f != nil && f.Kind != crawler.FailOurs:
						t.Errorf("n%d.cn: %v", n, f)
					case f != nil:
						unknown.Add(1)
					}
				})
			}
			asking.Wait()
			if n := unknown.Load(); n > quota/4 {
				t.Errorf("%d of %d names are unknown", n, 2*quota)
			}
			if got := r.Lookup(t.Context(), "broken.cn", "A", 0); strings.HasSuffix(name, "SERVFAIL") && got.Failure == nil {
				t.Error("a broken name was found")
			}
		})
	}
}

// An upstream that falls silent between its control and the name has not said
// anything of the name: those who doubt at one moment spend a quota together.
func TestSilentBehindItsControl(t *testing.T) {
	var mu sync.Mutex
	asked, spent := 0, false
	s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
		mu.Lock()
		silent := spent // the control behind the name
		spent = false
		if q.Question[0].Name == "late.cn." {
			asked++
			silent, spent = asked <= 4, asked == 4 // the tries, and the first doubt
		}
		mu.Unlock()
		if !silent {
			rrs(t, q.Question[0].Name+" 300 IN A 1.2.3.4")(w, q)
		}
	})
	r := resolverOver(t, false, s)
	if got := r.Lookup(t.Context(), "first.cn", "A", 0); got.Failure != nil {
		t.Fatal(got.Failure)
	}
	if got := r.Lookup(t.Context(), "late.cn", "A", 0); got.Failure != nil {
		t.Error(got.Failure)
	}
}

// The rate falls to what an upstream bears, grows again, and is free at last
// where nothing is missing.
func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b backoff
		run := func(quota float64, seconds int) (good, missing int) {
			var window time.Time
			used := 0.0
			for end := time.Now().Add(time.Duration(seconds) * time.Second); time.Now().Before(end); {
				if b.wait(t.Context()) != nil {
					t.Fatal("stopped")
				}
				if !b.limited.Load() {
					time.Sleep(time.Second / 3000) // as fast as we go by ourselves
				}
				if now := time.Now().Truncate(time.Second); now != window {
					window, used = now, 0
				}
				if used++; used <= quota {
					b.heard(1, 0)
					good++
				} else {
					b.heard(0, 1)
					missing++
				}
			}
			return good, missing
		}
		run(30, 5)
		if good, missing := run(30, 60); good < 60*20 || missing > good/5 || b.rate > 60 {
			t.Errorf("with a quota of 30: %d answers, %d missing, a rate of %.0f", good, missing, b.rate)
		}
		run(1e9, 120)
		if b.limited.Load() {
			t.Errorf("without a quota: a rate of %.0f", b.rate)
		}
		run(0, 30)
		if b.rate > 2*minRate {
			t.Errorf("with nothing answered: a rate of %.1f", b.rate)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		b.wait(ctx)
		if b.wait(ctx) == nil {
			t.Error("the wait outlasts its context")
		}
	})
}
