package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// reviewAll calls Review until there is nothing to do; the rule r1 tells how many
// days the finding of r0 is old, as a rule about deadlines does.
func reviewAll(t *testing.T, s *Store, run string, limit int) (steps int) {
	t.Helper()
	ctx := context.Background()
	r, err := s.Run(ctx, run)
	if err != nil {
		t.Fatal(err)
	}
	for more := true; more; steps++ {
		more, err = s.Review(ctx, r, limit, func(rec *reports.Record, since map[string]time.Time) {
			o := &rec.Outcomes[0]
			if first, ok := since["r0"]; ok && o.Verdict == detect.Found {
				o.Since = first
				if rec.At.Sub(first) > 30*24*time.Hour {
					rec.Outcomes[1] = detect.Outcome{Rule: "r1", Verdict: detect.Found, Severity: detect.Warning, Findings: []detect.Finding{{Where: detect.Text{ZH: "期限", EN: "deadline"}}}}
				}
			}
		})
		if err != nil || steps > 1000 {
			t.Fatal(steps, err)
		}
	}
	return steps
}

// TestReview stores runs ten days apart, and reviews each; a letter is what rule r0
// says of a domain, a blank that the run has not the domain. The last run says
// since which run each has been found.
func TestReview(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		names := []string{"known", "hidden", "mended", "away", "new", "lost", "old", "briefly"}
		nights := []string{
			"VV.V.VVV", // 0
			"V?VV.?V?", // 1
			"V?.V.?V?", // 2
			"V?V .?VV", // 3
			"V?VV.?VV",
			"V?VV.?VV",
			"V?VV.?VV",
			"V?VV.?VV",
			"V?VV.?VV",
			"VVVVVVVV", // 9
		}
		want := []int{0, -1, 3, 4, 9, -1, 0, 0} // -1: more than seven runs did not see it
		for n, outs := range nights {
			run := runOf(fmt.Sprintf("n%d", n), reports.RunActive)
			if err := s.CreateRun(ctx, run); err != nil {
				t.Fatal(err)
			}
			at := night.AddDate(0, 0, 10*n)
			for d, c := range outs {
				if c == ' ' {
					continue
				}
				r := plainResult(run.ID, names[d]+".cn", string(c)+".")
				r.Record.At = at
				if c == 'V' {
					r.Record.Outcomes[0].Since = at
				}
				put(t, s, r)
			}
			run.State = reports.RunDone
			if err := s.UpdateRun(ctx, run); err != nil {
				t.Fatal(err)
			}
			if steps := reviewAll(t, s, run.ID, 3); steps < 2 {
				t.Errorf("%s was reviewed in %d steps", run.ID, steps)
			}
			if steps := reviewAll(t, s, run.ID, 3); steps != 1 {
				t.Errorf("%s was reviewed again", run.ID)
			}
			thinAll(t, s, 1, 1000) // what older runs repeat is gone
		}
		for d, first := range want {
			if first < 0 {
				first = 9
			}
			r, err := s.Verdict(ctx, "n9", names[d]+".cn")
			if err != nil {
				t.Fatal(err)
			}
			o := r.Outcomes[0]
			if at := night.AddDate(0, 0, 10*first); !o.Since.Equal(at) {
				t.Errorf("%s: found since %v, want %v", names[d], o.Since, at)
			}
			if late := r.Outcomes[1].Verdict == detect.Found; late != (first < 6) {
				t.Errorf("%s, found since run %d: overdue %v", names[d], first, late)
			}
		}
	})
}
