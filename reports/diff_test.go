package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
)

// recordOf makes a record of a word: each character is the verdict (and severity) of
// rules r0, r1 …: . pass, V W N found, ? unknown, - exempt, ! broken, blank
// for a rule that the rule set has not.
func recordOf(domain string, liveness detect.Liveness, outcomes string) *Record {
	r := &Record{Schema: Schema, Domain: domain, Liveness: liveness}
	for i, c := range outcomes {
		o := detect.Outcome{Rule: fmt.Sprintf("r%d", i)}
		switch c {
		case ' ':
			continue
		case '.':
			o.Verdict = detect.Pass
		case '?':
			o.Verdict, o.Reason = detect.Unknown, detect.Reason("x-page-cut")
		case '-':
			o.Verdict = detect.Exempt
		case '!':
			o.Verdict = detect.Broken
		default:
			o.Verdict = detect.Found
			o.Severity = map[rune]detect.Severity{'V': detect.Violation, 'W': detect.Warning, 'N': detect.Notice}[c]
			o.Findings = []detect.Finding{{Where: detect.Text{ZH: "页脚", EN: "footer"}, Saw: detect.Text{ZH: "=所见", EN: "=saw"}}}
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	return r
}

// changesOf compares and writes each change as "kind domain rule".
func changesOf(t *testing.T, was, now []*Record, counts *DiffCounts) []string {
	t.Helper()
	var list []string
	for c, err := range Diff(records(was...), records(now...), counts) {
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
		{"found now", [2]detect.Liveness{detect.Serving, detect.Serving}, ".?-!", "VWNV", "new r0, new r1, new r2, new r3"},
		{"graver", [2]detect.Liveness{detect.Serving, detect.Serving}, "NWN", "WVV", "worse r0, worse r1, worse r2"},
		{"milder is still open", [2]detect.Liveness{detect.Serving, detect.Serving}, "V", "N", ""},
		{"mended", [2]detect.Liveness{detect.Serving, detect.Serving}, "VW", "..", "fixed r0, fixed r1"},
		{"unknown is never fixed", [2]detect.Liveness{detect.Serving, detect.Challenged}, "V.?-", "????", "could-not-look r0, could-not-look r1"},
		{"a broken rule is never fixed", [2]detect.Liveness{detect.Serving, detect.Serving}, "V.", "!!", "could-not-look r0, could-not-look r1"},
		{"no longer applies", [2]detect.Liveness{detect.Serving, detect.Serving}, "V.", "--", "gone r0"},
		{"exempt because the page is not there", [2]detect.Liveness{detect.Serving, detect.Down}, "V", "-", "could-not-look r0, worse"},
		{"another rule says that it is down", [2]detect.Liveness{detect.Serving, detect.Down}, "V.", "-V", "could-not-look r0, new r1"},
		{"worse off, and no rule says so", [2]detect.Liveness{detect.Placeholder, detect.Down}, ".", ".", "worse"},
		{"our trouble is no fall", [2]detect.Liveness{detect.Serving, detect.Unseen}, ".", ".", ""},
		{"better is no change by itself", [2]detect.Liveness{detect.Down, detect.Serving}, ".", ".", ""},
		{"a new rule", [2]detect.Liveness{detect.Serving, detect.Serving}, ". ", ".V", "new r1"},
		{"a rule that was given up", [2]detect.Liveness{detect.Serving, detect.Serving}, "VV.", "V  ", "gone r1"},
		{"rules in another place", [2]detect.Liveness{detect.Serving, detect.Serving}, " .V", "V.V", "new r0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := changesOf(t, []*Record{recordOf("d", c.liveness[0], c.was)}, []*Record{recordOf("d", c.liveness[1], c.now)}, nil)
			if g := strings.ReplaceAll(strings.Join(got, ", "), " d", ""); g != c.want {
				t.Errorf("got %q, want %q", g, c.want)
			}
		})
	}
}

func TestDiffOfRuns(t *testing.T) {
	s := detect.Serving
	was := []*Record{recordOf("a", s, "V."), recordOf("b", s, ".."), recordOf("c", s, "WW"), recordOf("e", s, "V.")}
	now := []*Record{recordOf("a", s, ".."), recordOf("c", s, "WW"), recordOf("d", s, "N."), recordOf("d0", s, ".."), recordOf("e", s, "?.")}
	var counts DiffCounts
	got := changesOf(t, was, now, &counts)
	want := []string{"fixed a r0", "gone b", "new d r0", "could-not-look e r0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	counts.Changes = nil
	if w := (DiffCounts{Was: 4, Now: 5, Both: 3, Added: 2, Gone: 1, Same: 1, Open: 2}); fmt.Sprint(counts) != fmt.Sprint(w) {
		t.Errorf("counts are %+v, want %+v", counts, w)
	}
	if got := changesOf(t, nil, nil, nil); got != nil {
		t.Errorf("two empty runs: %q", got)
	}
}

func TestDiffReportsTrouble(t *testing.T) {
	trouble := errors.New("disk")
	broken := func(yield func(*Record, error) bool) {
		_ = yield(recordOf("a", detect.Serving, "."), nil) && yield(nil, trouble)
	}
	unordered := records(recordOf("b", detect.Serving, "."), recordOf("a", detect.Serving, "."))
	for name, seq := range map[string]iter.Seq2[*Record, error]{"error": broken, "order": unordered} {
		for _, pair := range [][2]iter.Seq2[*Record, error]{{seq, records()}, {records(), seq}} {
			var last error
			for _, err := range Diff(pair[0], pair[1], nil) {
				last = err
			}
			if last == nil {
				t.Errorf("%s: no error came through", name)
			}
		}
	}
	for range Diff(records(recordOf("a", detect.Serving, "V")), records(), nil) {
		break // a reader that has had enough
	}
}

func TestDiffWritten(t *testing.T) {
	s := detect.Serving
	was := []*Record{recordOf("a.cn", s, "V."), recordOf("b.cn", s, "N."), recordOf("c.cn", s, "..")}
	now := []*Record{recordOf("a.cn", s, ".."), recordOf("b.cn", s, "W?"), recordOf("d.cn", s, "N.")}
	for _, lang := range []string{"zh", "en"} {
		var counts DiffCounts
		var doc, lines, table bytes.Buffer
		if err := WriteDiffJSON(&doc, "run1", "run2", Diff(records(was...), records(now...), &counts), &counts, lang); err != nil {
			t.Fatal(err)
		}
		golden(t, "diff/diff-"+lang+".json", doc.Bytes())
		var v struct {
			Schema   int
			Was, Now string
			Changes  []json.RawMessage
			Counts   struct{ Changes map[ChangeKind]int }
		}
		if err := json.Unmarshal(doc.Bytes(), &v); err != nil || v.Schema != Schema || len(v.Changes) != 5 || len(v.Counts.Changes) != len(ChangeKinds) {
			t.Errorf("%+v, %v", v, err)
		}
		if err := WriteDiffJSONL(&lines, Diff(records(was...), records(now...), nil), lang); err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(lines.Bytes(), []byte("\n")); n != 5 {
			t.Errorf("%d lines", n)
		}
		if err := WriteDiffCSV(&table, Diff(records(was...), records(now...), nil), lang); err != nil {
			t.Fatal(err)
		}
		golden(t, "diff/diff-"+lang+".csv", table.Bytes())
		if rows, err := csv.NewReader(&table).ReadAll(); err != nil || len(rows) != 6 {
			t.Errorf("%d rows, %v", len(rows), err)
		}
	}
	var doc bytes.Buffer
	counts := DiffCounts{}
	if err := WriteDiffJSON(&doc, "a", "b", Diff(records(), records(), &counts), &counts, "zh"); err != nil || !json.Valid(doc.Bytes()) {
		t.Errorf("an empty comparison: %s, %v", doc.Bytes(), err)
	}
}

func BenchmarkDiff(b *testing.B) {
	r := recordOf("a.cn", detect.Serving, strings.Repeat(".V-?", 8))
	for b.Loop() {
		for range Diff(records(r), records(r), nil) {
			b.Fatal("a change")
		}
	}
}
