package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/beianwatch/beianwatch/crawler/warc"
)

func TestKeepResults(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		const n = 207
		begin(t, s, "run-1", "run-2", "run-3")
		later := night.Add(24 * time.Hour)
		var domains []string
		var kept []Kept
		for i := range n {
			domain := fmt.Sprintf("site%03d.cn", i)
			domains = append(domains, domain)
			r := filled("run-1", domain)
			r.Keeping = Keeping{ETag: `"a"`, Modified: "Mon", FetchedAt: night, JudgedAt: night, GoodUntil: later}
			put(t, s, r)
			kept = append(kept, Kept{Domain: domain, Line: i + 1, At: later, ETag: `"b"`, FetchedAt: later, Findings: true})
		}
		kept[3].Evidence = warc.Place{File: "run-2-00001.warc.gz", Offset: 9}
		put(t, s, plainResult("run-2", "site005.cn", "VW")) // of an earlier visit
		for range 2 {                                       // at least once
			if err := keepResults(ctx, s, "run-2", "run-1", kept); err != nil {
				t.Fatal(err)
			}
		}
		i := 0
		err := s.Results(ctx, "run-2", func(r Result) error {
			want := filled("run-2", domains[i])
			want.Line, want.Record.Detail.Line, want.Record.At = i+1, i+1, later
			want.Evidence.File = "run-1/" + want.Evidence.File
			if i == 3 {
				want.Evidence = kept[3].Evidence
			}
			if diff := cmp.Diff(text(t, want), text(t, r)); diff != "" {
				t.Errorf("%s (- want, + kept): %s", domains[i], diff)
			}
			i++
			return nil
		})
		if err != nil || i != n {
			t.Fatalf("%d results, not %d; %v", i, n, err)
		}
		if err := keepResults(ctx, s, "run-3", "run-2", kept[:1]); err != nil {
			t.Fatal(err)
		}
		if r, err := s.Result(ctx, "run-3", domains[0]); err != nil || r.Evidence.File != "run-1/run-00001-ab.warc.gz" {
			t.Errorf("kept twice: %+v, %v", r, err)
		}
		if err := keepResults(ctx, s, "run-3", "run-2", []Kept{{Domain: "absent.cn"}}); err == nil {
			t.Error("a result that is not there was kept")
		}
	})
}

func TestLast(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		want := Last{Domain: "b.cn", FinalURL: "https://www.b.cn/", BodyDigest: "sha256:ab", Inputs: "in1", Found: true, Findings: true,
			Keeping: Keeping{ETag: `"a"`, Modified: "Mon", FetchedAt: night, JudgedAt: night, GoodUntil: night.Add(time.Hour)}}
		r := filled("run-1", "b.cn")
		r.Keeping = want.Keeping
		put(t, s, r, plainResult("run-1", "c.cn", ".N"))
		domains := []string{"b.cn", "c.cn"}
		for i := range inPart {
			domains = append(domains, fmt.Sprintf("absent%d.cn", i))
		}
		got, err := s.Last(ctx, "run-1", domains)
		if err != nil || len(got) != 2 {
			t.Fatalf("%d known, %v", len(got), err)
		}
		if diff := cmp.Diff(&want, got["b.cn"]); diff != "" {
			t.Errorf("(- want, + got): %s", diff)
		}
		if l := got["c.cn"]; l.Found || !l.Findings || !l.JudgedAt.IsZero() {
			t.Errorf("%+v", l)
		}
	})
}
