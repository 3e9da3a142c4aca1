package web

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
		o.Memory, o.Timeout = NewMemory(1), 10*time.Second
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
	ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	obs := &crawler.Observation{Domain: "second.cn"}
	second := c.Session(obs)
	defer second.Close()
	second.Do(ctx, crawler.Ask{Kind: crawler.AskHome})
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
