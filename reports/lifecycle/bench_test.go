//go:build unix

package lifecycle

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// cpu is the processor time of this process; on PostgreSQL the server's comes on
// top.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// many is how many domains the runs of the benchmark have, of which a half have a
// finding or two, by owners of whom each has fifty.
const many = 100_000

// BenchmarkLife takes ten runs over 100,000 domains into account: the first, eight in
// which a hundredth of the domains change, and one that repeats the run before. It
// tells what a domain costs, and how long questions for a dashboard take.
//
//	go test -run xxx -bench Life -benchtime 1x ./reports/lifecycle
func BenchmarkLife(b *testing.B) {
	for name, dsn := range map[string]func(testing.TB) string{
		"sqlite": func(t testing.TB) string { return filepath.Join(t.TempDir(), "results.db") }, "postgres": pgtest.DSN,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				benchmark(b, dsn(b))
			}
		})
	}
}

func benchmark(b *testing.B, dsn string) {
	bed := openBed(b, dsn)
	per := func(what string, took time.Duration) {
		b.ReportMetric(float64(took.Nanoseconds())/1000/many, "cpu-µs/domain-"+what)
	}
	for n := 1; n <= 10; n++ {
		run := bed.night(b, n)
		began, wall := cpu(b), time.Now()
		bed.take(b, run)
		took := cpu(b) - began
		switch n {
		case 1:
			per("first", took)
		case 9:
			per("changed", took)
			b.ReportMetric(time.Since(wall).Seconds(), "s/run-changed")
		case 10:
			per("same", took)
			b.ReportMetric(time.Since(wall).Seconds(), "s/run-same")
		}
	}
	owner, province := "owner 7", "广东"
	for what, q := range map[string]*Query{
		"first-page": {}, "opened": {States: []reports.State{reports.StateOpened}}, "owner": {Owner: &owner}, "rule-severity": {Rule: "b-rule", Severity: detect.Warning},
		"province": {Province: &province}, "due": {ByDue: true}, "deep-page": {After: "0 d00090000.cn a-rule"},
	} {
		q.Inventory = inventory
		began := time.Now()
		for range 20 {
			if _, err := bed.lives.Findings(b.Context(), q); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(time.Since(began).Microseconds())/20_000, "ms/"+what)
	}
	began := time.Now()
	for _, facet := range facets {
		if _, err := bed.lives.Facets(b.Context(), inventory, facet, 20); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "ms/all-facets")
	began = time.Now()
	if _, err := bed.lives.FacetsOf(b.Context(), &Query{Inventory: inventory, Rule: "b-rule"}, "owner", 20); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "ms/facet-of-rule")
	if info, err := os.Stat(dsn); err == nil {
		b.ReportMetric(float64(info.Size())/many, "B/domain-all-runs")
	}
}

// night stores a run whose outcomes are the last one's but for a hundredth of the
// domains; the tenth is all as before.
func (b *bed) night(t *testing.B, n int) *reports.Run {
	run := &reports.Run{ID: day(n).Format("20060102T150405") + "-aaaa", Inventory: inventory, StartedAt: day(n), State: reports.RunActive, Ruleset: "1"}
	if err := b.results.CreateRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	var list []store.Result
	flush := func() {
		batch, err := store.Pack(run.ID, list)
		if err == nil {
			err = b.tx(t.Context(), func(tx *sql.Tx) error { return b.results.PutTx(t.Context(), tx, batch) })
		}
		if err != nil {
			t.Fatal(err)
		}
		list = list[:0]
	}
	for i := range many {
		say := said{outcomes: []string{"..", "V.", "VW", "?."}[i%4], page: "p"}
		changed := i%100 == min(n, 9)
		if n > 1 && changed {
			say = said{outcomes: []string{"N.", "..", "V.", "?W"}[i%4], page: "q"}
		}
		r := say.record(run.ID, fmt.Sprintf("d%08d.cn", i), run.StartedAt.Add(time.Minute), map[string]time.Time{"a-rule": day(1), "b-rule": day(1)})
		r.Owner = fmt.Sprint("owner ", i/50)
		judged := day(1)
		if changed || n > 1 && i%100 == n-1 {
			judged = r.At
		}
		list = append(list, store.Result{Record: r, BodyDigest: say.page, Keeping: store.Keeping{JudgedAt: judged}})
		if len(list) == 1000 {
			flush()
		}
	}
	flush()
	run.State = reports.RunDone
	if err := b.results.UpdateRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	return run
}
