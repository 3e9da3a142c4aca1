package schedule

import (
	"bufio"
	"context"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/crawler"
	bwdns "github.com/beianwatch/beianwatch/crawler/dns"
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

// What a chunk of names costs that wait in the database: their lines and their
// lookups, packed and unpacked.
func BenchmarkPack(b *testing.B) {
	target := &crawler.Target{Domain: "example.cn", Given: "example.cn", Line: 7, Filing: crawler.Filing{Status: crawler.FilingFiled, Number: "京ICP备20000001号-1", Subject: "示例公司"}}
	lookups := []crawler.Lookup{{Name: "example.cn", Type: "A", Server: "192.0.2.53:53", At: time.Now(), RCode: "NOERROR", TTL: 300 * time.Second,
		Addrs: []netip.Addr{netip.MustParseAddr("192.0.2.1")}, Answers: []string{"example.cn.\t300\tIN\tA\t192.0.2.1"}, Tries: 1}}
	size := 0
	for b.Loop() {
		waiters := make([]waiter, shardNames)
		for i := range waiters {
			data, err := packTarget(target)
			if err != nil {
				b.Fatal(err)
			}
			waiters[i] = waiter{Lane: "192.0.2.1", Seq: i, Domain: "example.cn", Line: 7, Data: data, Lookups: lookups}
		}
		data := packWaiters(waiters)
		back, err := unpackWaiters(data)
		if err != nil {
			b.Fatal(err)
		}
		for i := range back {
			if _, err := unpackTarget(back[i].Domain, back[i].Line, back[i].Data); err != nil {
				b.Fatal(err)
			}
		}
		size = len(data)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/shardNames, "ns/name")
	b.ReportMetric(float64(size)/shardNames, "B/name")
}

// What River takes for a job: put in, handed out, completed.
func BenchmarkQueue(b *testing.B) {
	q, err := openSQLiteQueue(context.Background(), filepath.Join(b.TempDir(), "queue.db"))
	if err != nil {
		b.Fatal(err)
	}
	var done atomic.Int64
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker[taskJob]{work: func(context.Context, taskJob) error { done.Add(1); return nil }})
	err = q.start(context.Background(), &river.Config{Queues: map[string]river.QueueConfig{"q": {MaxWorkers: 100}}, Workers: workers,
		FetchCooldown: 20 * time.Millisecond, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer q.close()
	defer q.stop()
	put := int64(0)
	for b.Loop() {
		if err := q.insert(context.Background(), "q", 1, []taskJob{{Round: 1, Task: put, Turn: 1, Of: kindVisit}}); err != nil {
			b.Fatal(err)
		}
		put++
	}
	for done.Load() < put {
		time.Sleep(5 * time.Millisecond)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(put), "µs/job")
}

// The resolve stage, at a DNS server outside the program: names are read, asked
// for, sorted into lanes and stored, and nobody visits them. "alone" resolves
// an inventory that is planned already; beside the plan, the lines are read and
// stored at the same time.
// BEIANWATCH_LAB_DNS is its HOST:PORT, BEIANWATCH_LAB_NAMES a file of names
// that exist, a line each.
func BenchmarkResolveStage(b *testing.B) {
	server, list := os.Getenv("BEIANWATCH_LAB_DNS"), os.Getenv("BEIANWATCH_LAB_NAMES")
	if server == "" || list == "" {
		b.Skip("BEIANWATCH_LAB_DNS and BEIANWATCH_LAB_NAMES name the DNS server and the names to ask it for")
	}
	f, err := os.Open(list)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var names []string
	for s := bufio.NewScanner(f); s.Scan(); {
		names = append(names, s.Text())
	}
	path := inventoryOf(b, names...)
	defer debug.SetGCPercent(debug.SetGCPercent(200)) // as the program does
	for _, planned := range []bool{true, false} {
		b.Run(map[bool]string{true: "alone", false: "beside-the-plan"}[planned], func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(resolveStage(b, server, path, len(names), planned), "names/s")
			}
		})
	}
}

// resolveStage resolves an inventory once and gives the names a second, from
// the first that are stored to the last.
func resolveStage(b *testing.B, server, inventory string, names int, planned bool) float64 {
	resolver, err := bwdns.New(bwdns.Options{Upstreams: []string{server}})
	if err != nil {
		b.Fatal(err)
	}
	defer resolver.Close()
	ctx, stop := context.WithCancel(context.Background())
	r := runnerIn(b, b.TempDir(), &Looker{Resolver: resolver}, nil, Options{ResolveRate: -1})
	r.loaded.Store(maxLoaded) // there is no room for visits …
	r.window = names + 1      // … and none is waited for
	rd, err := r.Begin(ctx, Start{Inventory: inventory})
	if err != nil {
		b.Fatal(err)
	}
	if planned {
		if err := rd.restore(ctx); err != nil {
			b.Fatal(err)
		}
		if err := rd.plan(ctx); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC() // what the plan left is not the stage's
	over := make(chan struct{})
	go func() { defer close(over); rd.Run(ctx) }()
	began, first := time.Time{}, 0
	for n := 0; n < names; time.Sleep(5 * time.Millisecond) {
		if err := r.db.reader.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(names), 0) AS BIGINT) FROM task WHERE kind = $1`, kindVisit).Scan(&n); err != nil {
			b.Fatal(err)
		}
		if n > 0 && first == 0 {
			began, first = time.Now(), n
		}
	}
	took := time.Since(began)
	stop()
	<-over
	return float64(names-first) / took.Seconds()
}
