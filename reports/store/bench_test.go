//go:build unix

package store

import (
	"context"
	"database/sql"
	"fmt"
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

// BenchmarkPutResults measures what a domain costs, encoded and stored: with nothing
// found, and with three findings. Domains come in no order, as addresses give them. On PostgreSQL the
// processor time is this program's alone; rows/s counts the server's too.
func BenchmarkPutResults(b *testing.B) {
	for _, e := range engines {
		for _, name := range []string{"clean", "found"} {
			b.Run(e.name+"/"+name, func(b *testing.B) { benchmarkPut(b, e.dsn(b), name == "clean") })
		}
	}
}

func benchmarkPut(b *testing.B, dsn string, clean bool) {
	const run, batch = "20261123T020000-7f3a", 200
	ctx := context.Background()
	s, err := Open(ctx, dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := s.CreateRun(ctx, runOf(run, reports.RunActive)); err != nil {
		b.Fatal(err)
	}
	n := uint32(0)
	results := make([]Result, batch)
	before := cpu(b)
	for b.Loop() {
		for i := range results {
			n++
			results[i] = filled(run, fmt.Sprintf("%08x.example.cn", n*2654435761))
			if clean {
				for j := range results[i].Record.Outcomes {
					results[i].Record.Outcomes[j].Findings = nil
				}
			}
		}
		if err := storeResults(ctx, s, results); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(n), "cpu-µs/domain")
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
	b.StopTimer()
	b.ReportMetric(float64(size(b, s))/float64(n), "B/domain")
}

// BenchmarkPutTx measures storing alone, in the transaction that others wait for:
// batches are encoded before.
func BenchmarkPutTx(b *testing.B) {
	for _, e := range engines {
		b.Run(e.name, func(b *testing.B) {
			const run, batch = "20261123T020000-7f3a", 200
			ctx := context.Background()
			s, err := Open(ctx, e.dsn(b))
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			if err := s.CreateRun(ctx, runOf(run, reports.RunActive)); err != nil {
				b.Fatal(err)
			}
			results := make([]Result, batch)
			n := uint32(0)
			var spent time.Duration
			for b.Loop() {
				for i := range results {
					n++
					results[i] = plainResult(run, fmt.Sprintf("%08x.example.cn", n*2654435761), "..")
				}
				packed, err := Pack(run, results)
				if err != nil {
					b.Fatal(err)
				}
				before := cpu(b)
				if err := s.inTx(ctx, func(tx *sql.Tx) error { return s.PutTx(ctx, tx, packed) }); err != nil {
					b.Fatal(err)
				}
				spent += cpu(b) - before
			}
			b.ReportMetric(float64(spent.Microseconds())/float64(n), "cpu-µs/row")
		})
	}
}

// size is what the database takes on disk.
func size(b *testing.B, s *Store) (bytes int64) {
	query := `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`
	if s.Postgres() {
		query = `SELECT pg_database_size(current_database()) - pg_database_size('template1')`
	}
	if err := s.Reader().QueryRow(query).Scan(&bytes); err != nil {
		b.Fatal(err)
	}
	return bytes
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
