package web

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// One home page of 50 kB over a new connection, its address known, fetched by
// this package and by bare net/http, from nginx, which runs in a process of its
// own: cpu-µs/op is what this process spent, 32 under way at once.
func BenchmarkVisit(b *testing.B) {
	path := program(b, "nginx")
	n := newInternet(b)
	startNginx(b, n, path, strings.Repeat("<p>京ICP备12345678号 about the company and its products</p>\n", 850))
	addr := netip.MustParseAddr(n.name("fast.cn"))
	c := n.client()
	ask := func(kind crawler.AskKind) func() error {
		return func() error {
			obs := &crawler.Observation{Domain: "fast.cn"}
			if kind == crawler.AskHTTPS {
				obs.Domain = "site.cn"
			}
			obs.Pin(obs.Domain, netip.MustParseAddr(n.name(obs.Domain)), time.Now())
			do(context.Background(), c, obs, crawler.Ask{Kind: kind})
			if p := obs.Visits[0].Last(); p == nil || p.Cut || len(p.Body) < 50000 {
				return fmt.Errorf("%v", obs.Visits[0].Failure)
			}
			return nil
		}
	}
	plain := plainClient(n, addr)
	run(b, "http", ask(crawler.AskHome))
	run(b, "https", ask(crawler.AskHTTPS))
	run(b, "net-http", func() error {
		resp, err := plain.Get("http://fast.cn/")
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
		return err
	})
}

func run(b *testing.B, name string, once func() error) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		before, work := cpu(), make(chan struct{}, 32)
		var wg sync.WaitGroup
		for range cap(work) {
			wg.Go(func() {
				for range work {
					if err := once(); err != nil {
						b.Error(err)
					}
				}
			})
		}
		for b.Loop() {
			work <- struct{}{}
		}
		close(work)
		wg.Wait()
		b.ReportMetric(float64((cpu()-before).Nanoseconds())/float64(b.N)/1000, "cpu-µs/op")
	})
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// What a socket costs that waits for an answer which never comes, with this
// package and with bare net/http. The server never accepts: the kernel does,
// so that only the client's memory is in the figures.
func BenchmarkWaiting(b *testing.B) {
	n := newInternet(b)
	n.listen("a.cn", 80)
	addr := netip.MustParseAddr(n.name("a.cn"))
	c := n.client(func(o *Options) { o.Timeout = time.Minute })
	wait(b, "visit", func(ctx context.Context) {
		obs := &crawler.Observation{Domain: "a.cn"}
		obs.Pin("a.cn", addr, time.Now())
		do(ctx, c, obs, crawler.Ask{Kind: crawler.AskHome})
	})
	plain := plainClient(n, addr)
	wait(b, "net-http", func(ctx context.Context) {
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://a.cn/", nil)
		plain.Do(req)
	})
}

func wait(b *testing.B, name string, once func(context.Context)) {
	b.Run(name, func(b *testing.B) {
		const many = 500
		for b.Loop() {
			ctx, cancel := context.WithCancel(context.Background())
			var wg sync.WaitGroup
			before := memory()
			for range many {
				wg.Go(func() { once(ctx) })
			}
			time.Sleep(500 * time.Millisecond)
			b.ReportMetric(float64(int64(memory()-before)/many), "B/waiting")
			cancel()
			wg.Wait()
		}
	})
}

func plainClient(n *internet, addr netip.Addr) *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return n.guard.Dial(ctx, network, netip.AddrPortFrom(addr, 80))
	}}}
}

// memory is what the process holds in heap and stacks.
func memory() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
