package registration

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// shelf is a cache in memory.
type shelf struct {
	mu   sync.Mutex
	kept map[string]*crawler.Registration
}

func (s *shelf) options(server string) Options {
	s.kept = map[string]*crawler.Registration{}
	return Options{
		WHOIS: map[string]string{"cn": server},
		Recall: func(_ context.Context, d string) (*crawler.Registration, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.kept[d], nil
		},
		Keep: func(_ context.Context, r *crawler.Registration) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.kept[r.Domain] = r
			return nil
		},
	}
}

func (s *shelf) age(domain string, by time.Duration) { s.kept[domain].At = s.kept[domain].At.Add(-by) }

func TestCache(t *testing.T) {
	answer := cnnicAnswer
	s := newWHOIS(t, func(c net.Conn, _ string) { c.Write([]byte(answer)) })
	var cache shelf
	c := newClient(t, cache.options(s.addr()), s.addr())
	lookup(t, c, "example.cn")
	lookup(t, c, "www.example.cn")
	if n := len(s.questions()); n != 1 {
		t.Fatalf("asked %d times, want once: the answer is fresh", n)
	}
	cache.age("example.cn", freshAnswer)
	lookup(t, c, "example.cn")
	if n := len(s.questions()); n != 2 {
		t.Fatalf("asked %d times, want twice: the answer was a week old", n)
	}
	cache.age("example.cn", -2*freshAnswer)
	lookup(t, c, "example.cn")
	if n := len(s.questions()); n != 3 {
		t.Fatalf("asked %d times, want 3: the answer was of a time to come, by a clock that was ahead", n)
	}
	// An old answer is better than none, and is not written over by a failure.
	cache.age("example.cn", freshAnswer)
	answer = "Queried interval is too short."
	if r := lookup(t, c, "example.cn"); r.Failure != nil || r.Holder == "" || cache.kept["example.cn"].Failure != nil {
		t.Errorf("%+v, %v", r, r.Failure)
	}
	// The server is left alone now, and that is no answer.
	if r := lookup(t, c, "other.cn"); r.Failure == nil || r.Failure.Kind != crawler.FailThrottled {
		t.Errorf("%v, want throttled", r.Failure)
	}
	if n := len(s.questions()); n != 4 {
		t.Errorf("asked %d times, want 4: a server that throttles is left alone", n)
	}
	cache.age("example.cn", staleAnswer)
	if r := lookup(t, c, "example.cn"); r.Failure == nil {
		t.Errorf("an answer of %v ago is too old", time.Since(r.At))
	}
}

func TestFailuresAreKeptForAWhile(t *testing.T) {
	s := newWHOIS(t, says("No matching record."))
	var cache shelf
	c := newClient(t, cache.options(s.addr()), s.addr())
	lookup(t, c, "example.cn")
	lookup(t, c, "example.cn")
	cache.age("example.cn", freshFailure)
	lookup(t, c, "example.cn")
	if n := len(s.questions()); n != 2 {
		t.Errorf("asked %d times, want 2: at once, and a day later", n)
	}
}

func TestOneQuestionForMany(t *testing.T) {
	release := make(chan struct{})
	s := newWHOIS(t, func(c net.Conn, _ string) { <-release; c.Write([]byte(cnnicAnswer)) })
	var cache shelf // for those who come when the answer is there
	c := newClient(t, cache.options(s.addr()), s.addr())
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if r := c.Lookup(context.Background(), "example.cn"); r.Failure != nil {
				t.Error(r.Failure)
			}
		})
	}
	for len(s.questions()) == 0 {
		time.Sleep(time.Millisecond)
	}
	close(release)
	all.Wait()
	if n := len(s.questions()); n != 1 {
		t.Errorf("asked %d times for one name", n)
	}
}

// TestGoodFor holds the ages to what the package says of them.
func TestGoodFor(t *testing.T) {
	c := &Client{opt: Options{Fresh: freshAnswer}}
	for kind, want := range map[crawler.FailureKind]time.Duration{
		"": freshAnswer, crawler.FailNoRecord: freshFailure, crawler.FailThrottled: time.Hour, crawler.FailTimeout: time.Hour, crawler.FailGarbage: time.Hour,
	} {
		r := &crawler.Registration{Server: "x"}
		if kind != "" {
			r.Failure = &crawler.Failure{Kind: kind}
		}
		if got := c.good(r); got != want || !worthKeeping(r) {
			t.Errorf("%q is good for %v, want %v", kind, got, want)
		}
	}
	for _, kind := range []crawler.FailureKind{crawler.FailOurs, crawler.FailGuard, crawler.FailNoTurn, crawler.FailNoService} {
		if worthKeeping(&crawler.Registration{Server: "x", Failure: &crawler.Failure{Kind: kind}}) {
			t.Errorf("%s is kept, though it is ours", kind)
		}
	}
}
