package web

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// large serves a body of so many bytes, announced or in chunks.
func large(size int, announced bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if announced {
			w.Header().Set("Content-Length", fmt.Sprint(size))
		}
		w.Write([]byte(strings.Repeat("x", size)))
	}
}

// Where there is memory for one large visit, large visits go one by one, each
// with all it asks for, though they need leave that others hold; small ones do not
// wait for them.
func TestMemoryGoesRound(t *testing.T) {
	n := newInternet(t)
	const sites = 6
	for i := range sites {
		n.site(fmt.Sprintf("large%d.cn", i), large(1<<20, i%2 == 0))
	}
	n.site("small.cn", large(32<<10, true))
	leave := make(chan struct{}, 1)
	c := n.client(func(o *Options) {
		o.Memory = NewMemory(1)
		o.Gate = func(ctx context.Context, _ netip.Addr) (func(), error) {
			select {
			case leave <- struct{}{}:
				return func() { <-leave }, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	})
	var visits sync.WaitGroup
	var holding atomic.Int32
	for i := range sites {
		visits.Go(func() {
			domain := fmt.Sprintf("large%d.cn", i)
			obs := &crawler.Observation{Domain: domain}
			s := c.Session(obs)
			defer s.Release()
			defer s.Close()
			s.Do(t.Context(), crawler.Ask{Kind: crawler.AskHome})
			if holding.Add(1) > 1 {
				t.Error("two large visits hold memory at once")
			}
			small := look(c, "small.cn", crawler.Ask{Kind: crawler.AskHome}).Visits[0]
			if p := small.Last(); p == nil || len(p.Body) != 32<<10 {
				t.Errorf("the small site: %v", small.Failure)
			}
			s.Do(t.Context(), crawler.Ask{Kind: crawler.AskScript, URL: "http://" + domain + "/app.js"})
			for _, v := range obs.Visits {
				if p := v.Last(); p == nil || p.Cut || len(p.Body) != 1<<20 {
					t.Errorf("%s, %s: failure %v", domain, v.Ask.Kind, v.Failure)
				}
			}
			if s.Short() || obs.Trouble != "" {
				t.Errorf("%s: short %v, trouble %q", domain, s.Short(), obs.Trouble)
			}
			holding.Add(-1)
		})
	}
	visits.Wait()
}

// A visit that finds no memory is our trouble, and says nothing of the site.
func TestMemoryThatDoesNotCome(t *testing.T) {
	n := newInternet(t)
	n.site("first.cn", large(1<<20, true))
	n.site("second.cn", large(1<<20, false))
	c := n.client(func(o *Options) { o.Memory = NewMemory(1) })
	first := c.Session(&crawler.Observation{Domain: "first.cn"})
	defer first.Close()
	first.Do(t.Context(), crawler.Ask{Kind: crawler.AskHome})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	obs := &crawler.Observation{Domain: "second.cn"}
	second := c.Session(obs)
	defer second.Close()
	var visit sync.WaitGroup
	visit.Go(func() { second.Do(ctx, crawler.Ask{Kind: crawler.AskHome}) })
	for !waits(second.hold) {
		runtime.Gosched()
	}
	stop()
	visit.Wait()
	if v := &obs.Visits[0]; kindOf(v) != crawler.FailOurs || len(v.Hops) != 0 || obs.Trouble != message.NoMemory.Fill() || !second.Short() {
		t.Errorf("failure %v, %d hops, trouble %q, short %v", v.Failure, len(v.Hops), obs.Trouble, second.Short())
	}
	second.Release()
	first.Release()
	third := c.Session(&crawler.Observation{Domain: "second.cn"})
	defer third.Release()
	defer third.Close()
	third.Do(t.Context(), crawler.Ask{Kind: crawler.AskHome})
	if v := third.obs.Visits[0]; v.Last() == nil || v.Last().Cut {
		t.Errorf("after the release: %v", v.Failure)
	}
}

// waits reports whether a request of the visit waits for memory.
func waits(h *hold) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.waiting
}

// While one request of a visit waits for memory, those beside it are not kept: small
// answers are read, large ones find no room and wait in turn.
func TestWaitHoldsNobodyUp(t *testing.T) {
	m := NewMemory(1)
	other, h := newHold(m, 8<<20), newHold(m, 8<<20)
	if !other.take(1<<20) || h.take(1<<20) {
		t.Fatal("the memory is not taken")
	}
	h.give(1 << 20)
	ended := make(chan bool, 2)
	begin := func() { ended <- h.wait(t.Context()) }
	go begin()
	for !waits(h) {
		runtime.Gosched()
	}
	if h.full() || !h.take(10<<10) || !h.expect(20<<10) {
		t.Error("a small answer beside the wait finds no room")
	}
	if h.take(1<<20) || h.expect(128<<10) {
		t.Error("a large answer beside the wait finds room")
	}
	h.give(1 << 20)
	go begin()
	other.release()
	for range 2 {
		if !<-ended || h.wasShort() {
			t.Error("memory came, and was not taken")
		}
	}
	if !h.take(1 << 20) {
		t.Error("what was waited for is not held")
	}
	h.release()
	if !other.take(1 << 20) {
		t.Error("some weight was not given back")
	}
	other.release()
}

// Two large answers of one visit that run side by side find no memory: each gives
// back its connection and its leave, and both are read whole once there is some.
func TestLargeAnswersSideBySide(t *testing.T) {
	n := newInternet(t)
	n.site("first.cn", large(1<<20, true))
	n.site("second.cn", large(1<<20, true))
	n.site("www.second.cn", large(1<<20, false))
	left := make(chan struct{}, 8)
	c := n.client(func(o *Options) {
		o.Memory = NewMemory(1)
		o.Gate = func(context.Context, netip.Addr) (func(), error) { return func() { left <- struct{}{} }, nil }
	})
	first := c.Session(&crawler.Observation{Domain: "first.cn"})
	first.Do(t.Context(), crawler.Ask{Kind: crawler.AskHome})
	first.Close()
	<-left
	obs := &crawler.Observation{Domain: "second.cn"}
	second := c.Session(obs)
	go func() { // both have given their leave back, and nothing was released
		<-left
		<-left
		first.Release()
	}()
	second.DoAll(t.Context(), []crawler.Ask{{Kind: crawler.AskHome}, {Kind: crawler.AskWWW}})
	second.Close()
	for _, v := range obs.Visits {
		if p := v.Last(); p == nil || p.Cut || len(p.Body) != 1<<20 {
			t.Errorf("%s: failure %v", v.Ask.Kind, v.Failure)
		}
	}
	if second.Short() || obs.Trouble != "" {
		t.Errorf("short %v, trouble %q", second.Short(), obs.Trouble)
	}
	second.Release()
}

// The bodies of one visit are bounded together.
func TestVisitOfManyLargeBodies(t *testing.T) {
	n := newInternet(t)
	n.site("a.cn", large(1<<20, true))
	c := n.client(func(o *Options) { o.MaxBody = 2 << 20 })
	obs := &crawler.Observation{Domain: "a.cn"}
	s := c.Session(obs)
	defer s.Release()
	defer s.Close()
	sum := 0
	for range 12 {
		s.Do(t.Context(), crawler.Ask{Kind: crawler.AskHome})
	}
	for i, v := range obs.Visits {
		if v.Last() == nil {
			t.Fatalf("visit %d: %v", i, v.Failure)
		}
		sum += len(v.Last().Body)
		if whole := i < 6; whole == v.Last().Cut {
			t.Errorf("visit %d: cut %v", i, v.Last().Cut)
		}
	}
	if bound := 2<<20 + moreBodies; sum > bound+64<<10 {
		t.Errorf("%d bytes of bodies, more than %d", sum, bound)
	}
}
