//go:build unix

package store

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
)

// cpu is the processor time that this process has used: the budget is one of
// work, and the clock on the wall counts other programs' too.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPutResults gives the time for a domain: nothing found, and three
// findings. Domains come in no order, as lanes give them.
func BenchmarkPutResults(b *testing.B) {
	for _, name := range []string{"clean", "found"} {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			const batch = 200
			n := uint32(0)
			results := make([]Result, batch)
			before := cpu(b)
			for b.Loop() {
				for i := range results {
					n++
					results[i] = filled("20261123T020000-7f3a", fmt.Sprintf("%08x.example.cn", n*2654435761))
					if name == "clean" {
						for j := range results[i].Record.Outcomes {
							results[i].Record.Outcomes[j].Findings = nil
						}
					}
				}
				if err := s.PutResults(context.Background(), results); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(n), "cpu-µs/domain")
			b.StopTimer()
			s.Close()
			if info, err := os.Stat(s.name); err == nil {
				b.ReportMetric(float64(info.Size())/float64(n), "B/domain")
			}
		})
	}
}

func BenchmarkRecords(b *testing.B) {
	s, ctx := open(b), context.Background()
	const n = 2000
	var results []Result
	for i := range n {
		results = append(results, filled("run", fmt.Sprintf("d%05d.cn", i)))
	}
	put(b, s, results...)
	for name, read := range map[string]func() int{
		"whole": func() (k int) {
			for range s.Records(ctx, "run") {
				k++
			}
			return k
		},
		"verdicts": func() (k int) {
			for range s.Verdicts(ctx, "run") {
				k++
			}
			return k
		},
		"diff": func() int {
			for range reports.Diff(s.Verdicts(ctx, "run"), s.Verdicts(ctx, "run"), nil) {
				b.Fatal("a change")
			}
			return n
		},
	} {
		b.Run(name, func(b *testing.B) {
			before := cpu(b)
			for b.Loop() {
				if k := read(); k != n {
					b.Fatal(k)
				}
			}
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N*n), "cpu-µs/domain")
		})
	}
}
