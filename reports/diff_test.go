package reports_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// changesOf compares and writes each change as "kind domain rule".
func changesOf(t *testing.T, was, now []*reports.Record, counts *reports.DiffCounts) []string {
	t.Helper()
	var list []string
	for c, err := range reports.Diff(reporttest.Records(was...), reporttest.Records(now...), counts) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, strings.TrimSpace(fmt.Sprint(c.Kind, " ", c.Domain, " ", c.Rule)))
	}
	return list
}

func TestDiffOfOneDomain(t *testing.T) {
	cases := []struct {
		name     string
		liveness [2]detect.Liveness
		was, now string
		want     string
	}{
		{"nothing changed", [2]detect.Liveness{detect.Serving, detect.Serving}, ".V?-", ".V?-", ""},
		{"found now", [2]detect.Liveness{detect.Serving, detect.Serving}, ".?-!", "VWNV", "new r0, first-seen r1, new r2, first-seen r3"},
		{"graver", [2]detect.Liveness{detect.Serving, detect.Serving}, "NWN", "WVV", "worse r0, worse r1, worse r2"},
		{"milder is still open", [2]detect.Liveness{detect.Serving, detect.Serving}, "V", "N", ""},
		{"mended", [2]detect.Liveness{detect.Serving, detect.Serving}, "VW", "..", "fixed r0, fixed r1"},
		{"unknown is never fixed", [2]detect.Liveness{detect.Serving, detect.Challenged}, "V.?-", "????", "could-not-look r0, could-not-look r1"},
		{"a broken rule is never fixed", [2]detect.Liveness{detect.Serving, detect.Serving}, "V.", "!!", "could-not-look r0, could-not-look r1"},
		{"no longer applies", [2]detect.Liveness{detect.Serving, detect.Serving}, "V.", "--", "gone r0"},
		{"exempt because the page is not there", [2]detect.Liveness{detect.Serving, detect.Down}, "V", "-", "could-not-look r0, worse"},
		{"another rule says that it is down", [2]detect.Liveness{detect.Serving, detect.Down}, "V.", "-V", "could-not-look r0, new r1"},
		{"worse off, and no rule says so", [2]detect.Liveness{detect.Placeholder, detect.Down}, ".", ".", "worse"},
		{"once of a domain that could not be checked", [2]detect.Liveness{detect.Serving, detect.Unseen}, "V.W-", "????", "could-not-look"},
		{"our trouble is no fall", [2]detect.Liveness{detect.Serving, detect.Unseen}, ".", ".", ""},
		{"better is no change by itself", [2]detect.Liveness{detect.Down, detect.Serving}, ".", ".", ""},
		{"a new rule", [2]detect.Liveness{detect.Serving, detect.Serving}, ". ", ".V", "new r1"},
		{"a rule that was given up", [2]detect.Liveness{detect.Serving, detect.Serving}, "VV.", "V  ", "gone r1"},
		{"rules in another place", [2]detect.Liveness{detect.Serving, detect.Serving}, " .V", "V.V", "new r0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := changesOf(t, []*reports.Record{reporttest.RecordOf("d", c.liveness[0], c.was)}, []*reports.Record{reporttest.RecordOf("d", c.liveness[1], c.now)}, nil)
			if g := strings.ReplaceAll(strings.Join(got, ", "), " d", ""); g != c.want {
				t.Errorf("got %q, want %q", g, c.want)
			}
		})
	}
}

func TestDiffOfRuns(t *testing.T) {
	s := detect.Serving
	was := []*reports.Record{reporttest.RecordOf("a", s, "V."), reporttest.RecordOf("b", s, ".."), reporttest.RecordOf("c", s, "WW"), reporttest.RecordOf("e", s, "V.")}
	now := []*reports.Record{reporttest.RecordOf("a", s, ".."), reporttest.RecordOf("c", s, "WW"), reporttest.RecordOf("d", s, "N."), reporttest.RecordOf("d0", s, ".."), reporttest.RecordOf("e", s, "?.")}
	var counts reports.DiffCounts
	got := changesOf(t, was, now, &counts)
	want := []string{"fixed a r0", "gone b", "new d r0", "could-not-look e r0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	counts.Changes = nil
	if w := (reports.DiffCounts{Was: 4, Now: 5, Both: 3, Added: 2, Gone: 1, Same: 1, Open: 2}); fmt.Sprint(counts) != fmt.Sprint(w) {
		t.Errorf("counts are %+v, want %+v", counts, w)
	}
	if got := changesOf(t, nil, nil, nil); got != nil {
		t.Errorf("two empty runs: %q", got)
	}
}

func TestDiffReportsTrouble(t *testing.T) {
	trouble := errors.New("disk")
	broken := func(yield func(*reports.Record, error) bool) {
		_ = yield(reporttest.RecordOf("a", detect.Serving, "."), nil) && yield(nil, trouble)
	}
	unordered := reporttest.Records(reporttest.RecordOf("b", detect.Serving, "."), reporttest.RecordOf("a", detect.Serving, "."))
	for name, seq := range map[string]iter.Seq2[*reports.Record, error]{"error": broken, "order": unordered} {
		for _, pair := range [][2]iter.Seq2[*reports.Record, error]{{seq, reporttest.Records()}, {reporttest.Records(), seq}} {
			var last error
			for _, err := range reports.Diff(pair[0], pair[1], nil) {
				last = err
			}
			if last == nil {
				t.Errorf("%s: no error came through", name)
			}
		}
	}
	for range reports.Diff(reporttest.Records(reporttest.RecordOf("a", detect.Serving, "V")), reporttest.Records(), nil) {
		break // a reader that has had enough
	}
}

func BenchmarkDiff(b *testing.B) {
	r := reporttest.RecordOf("a.cn", detect.Serving, strings.Repeat(".V-?", 8))
	for b.Loop() {
		for range reports.Diff(reporttest.Records(r), reporttest.Records(r), nil) {
			b.Fatal("a change")
		}
	}
}
