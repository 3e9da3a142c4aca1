package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// TestReadingInIndexOrder holds the plan of the streamed query, before the
// server knows anything of a run and after: no sort of the whole run, and no
// search through all findings for each domain.
func TestReadingInIndexOrder(t *testing.T) {
	t.Parallel()
	s, ctx := openPG(t, pgtest.DSN(t)), context.Background()
	if err := s.CreateRun(ctx, runOf("run", reports.RunActive)); err != nil {
		t.Fatal(err)
	}
	var batch []Result
	for d := range 2000 {
		batch = append(batch, plainResult("run", fmt.Sprintf("d%05d.cn", d), "VV"))
	}
	put(t, s, batch...)
	for _, step := range []string{`SELECT 1`, `ANALYZE`} {
		sqlExec(t, s, step)
		rows, err := s.Reader().Query(`EXPLAIN SELECT `+resultColumns+`, r.record`+fromResult+` WHERE r.run = $1`+inOrder, "run")
		if err != nil {
			t.Fatal(err)
		}
		var plan []string
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, strings.TrimLeft(line, " ->"))
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		for _, line := range plan {
			if strings.HasPrefix(line, "Sort  (") || strings.HasPrefix(line, "Seq Scan") || strings.HasPrefix(line, "Filter") || strings.HasPrefix(line, "Hash") {
				t.Errorf("after %s the plan is\n%s", step, strings.Join(plan, "\n"))
				break
			}
		}
	}
}

// TestReadingNeedsNoSort holds the plan of the streamed query: a sort would
// hold a whole run in memory.
func TestReadingNeedsNoSort(t *testing.T) {
	t.Parallel()
	s := open(t)
	rows, err := s.Reader().Query(`EXPLAIN QUERY PLAN SELECT `+resultColumns+`, r.record`+fromResult+` WHERE r.run = $1`+inOrder, "run")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var a, b, c int
		var detail string
		if err := rows.Scan(&a, &b, &c, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	if slices.ContainsFunc(plan, func(l string) bool { return strings.Contains(l, "TEMP") || strings.Contains(l, "SCAN") }) {
		t.Errorf("the plan is %q", plan)
	}
}
