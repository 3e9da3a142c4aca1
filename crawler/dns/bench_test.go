package dns

import (
	"context"
	"sync"
	"syscall"
	"testing"
	"time"
)

// One lookup against NSD, which runs in a process of its own: cpu-µs/op is
// what this process spent. With 64 under way the waiting is shared.
func BenchmarkLookup(b *testing.B) {
	addr := startNSD(b, program(b, "nsd"))
	for name, workers := range map[string]int{"one": 1, "64": 64} {
		b.Run(name, func(b *testing.B) {
			r, err := New(Options{Upstreams: []string{addr}, Timeout: 2 * time.Second})
			if err != nil {
				b.Fatal(err)
			}
			defer r.Close()
			b.ReportAllocs()
			before, work := cpu(), make(chan struct{}, workers)
			var wg sync.WaitGroup
			for range workers {
				wg.Go(func() {
					for range work {
						if l := r.Lookup(context.Background(), "plain.example.cn", "A", 0); l.Failure != nil {
							b.Error(l.Failure)
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
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
