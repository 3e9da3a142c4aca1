package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/warc"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

var night = time.Date(2026, 11, 23, 2, 0, 0, 0, time.FixedZone("", 8*3600))

func open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(context.Background(), filepath.Join(t.TempDir(), "results.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// engines are the ways to give a test a database of its own.
var engines = []struct {
	name string
	dsn  func(testing.TB) string
}{
	{"sqlite", func(t testing.TB) string { return filepath.Join(t.TempDir(), "results.db") }},
	{"postgres", pgtest.DSN},
}

// forEachEngine runs a test on an empty store of each kind.
func forEachEngine(t *testing.T, test func(*testing.T, *Store)) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			s, err := Open(context.Background(), e.dsn(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			test(t, s)
		})
	}
}

// filled is a result that uses every field.
func filled(run, domain string) Result {
	return Result{
		Line: 12, BodyDigest: "sha256:ab", Inputs: "in1", Evidence: warc.Place{File: "run-00001-ab.warc.gz", Offset: 345},
		Record: &reports.Record{
			Schema: reports.Schema, Run: run, Ruleset: "2026.11.1", Domain: domain, Owner: "门户组", At: night, Vantage: "cn-east",
			Liveness: detect.Serving, Cause: "", Attempts: 2,
			Hops:     []reports.Hop{{URL: "http://" + domain + "/", Status: 301, Address: "203.0.113.7"}, {URL: "https://www." + domain + "/", Status: 200, Address: "203.0.113.7"}},
			PageKind: kind.Normal, FinalURL: "https://www." + domain + "/", HTTPStatus: 200, Addresses: []string{"203.0.113.7"}, Mainland: true,
			Charset: "gb18030", Title: "示例科技有限公司 — 专业水泵制造商", Filing: reports.Filing{Status: "filed", Number: "京ICP备12345678号-1", Source: "inventory", At: "2026-11-01"},
			Shown: reports.Shown{
				ICP:      []reports.ShownICP{{Number: "京ICP备12345678号-1", Raw: "京 ICP 备 12345678 号－1", Place: number.Footer, LinkKind: number.LinkNone}},
				Police:   []reports.ShownPolice{{Number: "京公网安备11010502030143号", Link: "https://beian.mps.gov.cn/", LinkKind: number.LinkCurrent}},
				Licences: []reports.ShownLicence{{Kind: "telecom", Number: "京B2-20201234"}},
			},
			Industries: []reports.Industry{{Category: industry.Finance, Score: 0.71, Evidence: []string{"在线申请小额贷款"}}},
			Outcomes:   outcomes(),
			Detail: reports.Detail{Line: 12, Given: "Example.CN", Team: "市场部", Subject: "示例科技有限公司", Country: "CN", PlaceKnown: true, Resolver: "127.0.0.1:53",
				Looks: []reports.Look{{At: night, Liveness: detect.Down, Cause: "timeout", Server: "a"}, {At: night, Liveness: detect.Serving, Server: "b"}}},
		},
	}
}

// outcomes are of as many rules as the program has, with two findings of one
// rule and one of another.
func outcomes() []detect.Outcome {
	outs := make([]detect.Outcome, 34)
	for i := range outs {
		outs[i] = detect.Outcome{Rule: fmt.Sprintf("footer-rule-%02d", i), Verdict: detect.Pass}
		if i%3 == 0 {
			outs[i].Verdict, outs[i].Reason = detect.Exempt, "filed"
		}
	}
	finding := detect.Finding{
		Where: detect.Text{ZH: "页脚", EN: "footer"}, Saw: detect.Text{ZH: "“京 ICP 备 12345678 号－1” 没有链接", EN: "“京 ICP 备 12345678 号－1” without a link"},
		Fix:     detect.Text{ZH: "把页脚中的备案号换成下面这段代码。", EN: "Replace the number in the footer by the snippet below."},
		Snippet: `<a href="https://beian.miit.gov.cn/" target="_blank" rel="noopener">京ICP备12345678号-1</a>`, Quotes: []string{"引"},
	}
	outs[4] = detect.Outcome{Rule: outs[4].Rule, Verdict: detect.Found, Severity: detect.Violation, Findings: []detect.Finding{finding, {Saw: detect.Text{ZH: "二", EN: "two"}}}}
	outs[7] = detect.Outcome{Rule: outs[7].Rule, Verdict: detect.Found, Severity: detect.Notice, Findings: []detect.Finding{finding}}
	outs[8] = detect.Outcome{Rule: outs[8].Rule, Verdict: detect.Unknown, Reason: "drawn-by-script"}
	outs[33] = detect.Outcome{Rule: outs[33].Rule, Verdict: detect.Broken, Reason: "rule-panicked"}
	return outs
}

// plainResult is a result of two rules with the given outcomes, a character
// each as they are packed.
func plainResult(run, domain, packed string) Result {
	outs, err := unpackOutcomes(&ruleset{version: "v1", rules: []string{"r0", "r1"}[:len(packed)]}, packed, "")
	if err != nil {
		panic(err)
	}
	for i := range outs {
		if outs[i].Verdict == detect.Found {
			outs[i].Findings = []detect.Finding{{Saw: detect.Text{ZH: domain, EN: domain}}}
		}
	}
	return Result{Record: &reports.Record{Schema: 1, Run: run, Ruleset: "v1", Domain: domain, At: night, Liveness: detect.Serving, Outcomes: outs}}
}

// put stores results whatever the state of their runs, which need not be there.
func put(t testing.TB, s *Store, results ...Result) {
	t.Helper()
	for len(results) > 0 {
		n := 1
		for n < len(results) && results[n].Record.Run == results[0].Record.Run {
			n++
		}
		b, err := Pack(results[0].Record.Run, results[:n])
		if err != nil {
			t.Fatal(err)
		}
		results = results[n:]
		if err := s.inTx(context.Background(), func(tx *sql.Tx) error { return s.write(context.Background(), tx, b) }); err != nil {
			t.Fatal(err)
		}
	}
}

// putTx stores results of one run inside a transaction.
func putTx(ctx context.Context, s *Store, tx *sql.Tx, run string, results []Result) error {
	b, err := Pack(run, results)
	if err != nil {
		return err
	}
	return s.PutTx(ctx, tx, b)
}

// storeResults stores results of one open run: all or none.
func storeResults(ctx context.Context, s *Store, results []Result) error {
	return s.inTx(ctx, func(tx *sql.Tx) error { return putTx(ctx, s, tx, results[0].Record.Run, results) })
}

// keepResults copies results from one run to another: all or none.
func keepResults(ctx context.Context, s *Store, run, before string, kept []Kept) error {
	return s.inTx(ctx, func(tx *sql.Tx) error { return s.KeepResultsTx(ctx, tx, run, before, kept) })
}

// begin creates runs that are under way.
func begin(t testing.TB, s *Store, runs ...string) {
	t.Helper()
	for _, id := range runs {
		if err := s.CreateRun(context.Background(), runOf(id, reports.RunActive)); err != nil {
			t.Fatal(err)
		}
	}
}

// text is all of a result as text, for comparing.
func text(t testing.TB, r Result) string {
	t.Helper()
	line, err := export.Line(r.Record, "zh")
	if err != nil {
		t.Fatal(err)
	}
	all, err := json.Marshal(struct {
		Outcomes []detect.Outcome
		Detail   reports.Detail
		Rest     Result
	}{r.Record.Outcomes, r.Record.Detail, Result{Line: r.Line, BodyDigest: r.BodyDigest, Inputs: r.Inputs, Evidence: r.Evidence}})
	if err != nil {
		t.Fatal(err)
	}
	return string(line) + string(all)
}

func TestResultComesBack(t *testing.T) { forEachEngine(t, testResultComesBack) }

func testResultComesBack(t *testing.T, s *Store) {
	ctx := context.Background()
	bare := plainResult("run", "bare.cn", ".?")
	put(t, s, filled("run", "b.cn"), bare, filled("run", "a.cn"))
	put(t, s, filled("other", "a.cn"))
	var got []Result
	if err := s.Results(ctx, "run", func(r Result) error { got = append(got, r); return nil }); err != nil {
		t.Fatal(err)
	}
	want := []Result{filled("run", "a.cn"), filled("run", "b.cn"), bare}
	if len(got) != len(want) {
		t.Fatalf("%d results, want %d", len(got), len(want))
	}
	for i := range want {
		if g, w := text(t, got[i]), text(t, want[i]); g != w {
			t.Errorf("got\n%s\nwant\n%s", g, w)
		}
	}
	one, err := s.Result(ctx, "run", "b.cn")
	if err != nil || text(t, *one) != text(t, want[1]) {
		t.Errorf("one result: %v, %v", one, err)
	}
	if _, err := s.Result(ctx, "run", "c.cn"); !errors.Is(err, ErrNoResult) {
		t.Errorf("no result: %v", err)
	}
	seen := 0
	if err := s.Lookup(ctx, "run", []string{"a.cn", "c.cn", "bare.cn"}, func(Result) error { seen++; return nil }); err != nil || seen != 2 {
		t.Errorf("looked up %d, %v", seen, err)
	}
	for rec, err := range s.Verdicts(ctx, "run") {
		if err != nil || rec.Ruleset == "" || len(rec.Findings()) == 0 && rec.Domain != "bare.cn" || rec.Title != "" {
			t.Errorf("%+v, %v", rec, err)
		}
		if o, ok := rec.Outcome("footer-rule-08"); ok && o.Reason != "drawn-by-script" {
			t.Errorf("the reason of %s is %q", rec.Domain, o.Reason)
		}
	}
	for range s.Records(ctx, "run") {
		break // a reader that has had enough
	}
	if n, err := s.Count(ctx, "run"); n != 3 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
}

func TestReplacedNotDoubled(t *testing.T) { forEachEngine(t, testReplacedNotDoubled) }

func testReplacedNotDoubled(t *testing.T, s *Store) {
	ctx := context.Background()
	put(t, s, filled("run", "a.cn"), plainResult("run", "b.cn", "VV"))
	put(t, s, plainResult("run", "a.cn", ".W"), plainResult("run", "b.cn", ".."))
	one, err := s.Result(ctx, "run", "a.cn")
	if err != nil || text(t, *one) != text(t, plainResult("run", "a.cn", ".W")) {
		t.Errorf("%+v, %v", one, err)
	}
	findings := 0
	if err := s.reader.QueryRow(`SELECT COUNT(*) FROM finding`).Scan(&findings); err != nil || findings != 1 {
		t.Errorf("%d findings left, %v", findings, err)
	}
}

func TestAllOrNothing(t *testing.T) { forEachEngine(t, testAllOrNothing) }

func testAllOrNothing(t *testing.T, s *Store) {
	ctx := context.Background()
	begin(t, s, "run")
	bad := plainResult("run", "z.cn", ".V")
	bad.Record.Outcomes[1].Severity = "grave"
	if err := storeResults(ctx, s, []Result{plainResult("run", "a.cn", ".."), bad}); err == nil {
		t.Error("a severity that nobody knows was stored")
	}
	if err := storeResults(ctx, s, []Result{plainResult("run", "", "..")}); err == nil {
		t.Error("a result without a domain was stored")
	}
	if n, _ := s.Count(ctx, "run"); n != 0 {
		t.Errorf("%d results of a batch that failed", n)
	}
}

func TestStored(t *testing.T) { forEachEngine(t, testStored) }

func testStored(t *testing.T, s *Store) {
	ctx := context.Background()
	var batch []Result
	var ask []string
	for i := range 1300 {
		d := fmt.Sprintf("d%04d.cn", i)
		ask = append(ask, d)
		if i%2 == 0 {
			batch = append(batch, plainResult("run", d, "."))
		}
	}
	put(t, s, batch...)
	set, err := s.Stored(ctx, "run", ask)
	if err != nil || len(set) != 650 || !set["d0000.cn"] || set["d0001.cn"] {
		t.Errorf("%d stored, %v", len(set), err)
	}
	if set, err := s.Stored(ctx, "other", ask); err != nil || len(set) != 0 {
		t.Errorf("%d stored in another run, %v", len(set), err)
	}
}

// TestRulesetsDoNotMix stores results of rule sets with one name and other
// rules, as a developer's two builds would.
func TestRulesetsDoNotMix(t *testing.T) { forEachEngine(t, testRulesetsDoNotMix) }

func testRulesetsDoNotMix(t *testing.T, s *Store) {
	ctx := context.Background()
	a, b := plainResult("run", "a.cn", "V."), plainResult("run", "b.cn", "V.")
	b.Record.Outcomes[0].Rule, b.Record.Outcomes[1].Rule = "r1", "r0"
	put(t, s, a, b)
	for _, want := range []Result{a, b} {
		got, err := s.Result(ctx, "run", want.Record.Domain)
		if err != nil || text(t, *got) != text(t, want) {
			t.Errorf("%v, %v", got, err)
		}
	}
}

func TestManyWriters(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) { testManyWriters(t, e.dsn(t)) })
	}
}

func testManyWriters(t *testing.T, path string) {
	var wg sync.WaitGroup
	made, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, made, "run")
	made.Close()
	for g := range 4 { // each with a handle of its own, as processes have
		wg.Go(func() {
			s, err := Open(context.Background(), path)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			for i := range 20 {
				if err := storeResults(context.Background(), s, []Result{plainResult("run", fmt.Sprintf("g%d-%d.cn", g, i), "V.")}); err != nil {
					t.Error(err)
				}
				if _, err := s.Count(context.Background(), "run"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n, err := s.Count(context.Background(), "run"); n != 80 || err != nil {
		t.Errorf("%d results, %v", n, err)
	}
}

// TestHostileText stores bytes that no database takes as text.
func TestHostileText(t *testing.T) { forEachEngine(t, testHostileText) }

func testHostileText(t *testing.T, s *Store) {
	ctx, bad := context.Background(), "a\x00b\xff\xfec"
	run := &reports.Run{ID: "run", Inventory: bad, Entry: bad, Tick: night, State: reports.RunDone, StartedAt: night, Trouble: bad, Vantage: bad, Options: bad}
	if err := s.CreateRun(ctx, run); err != nil {
		t.Fatal(err)
	}
	if err := s.UpdateRun(ctx, run); err != nil {
		t.Error(err)
	}
	r := filled("run", "a.cn")
	r.Record.Owner, r.Record.FinalURL, r.Record.Cause, r.Record.Title, r.Record.Shown.ICP[0].Number, r.Evidence.File = bad, bad, bad, bad, bad, bad
	r.ETag, r.Modified = bad, bad
	r.Record.Outcomes[8].Reason = detect.Reason(bad)
	r.Record.Outcomes[4].Findings[0].Saw = detect.Text{ZH: bad, EN: bad}
	put(t, s, r)
	got, err := s.Result(ctx, "run", "a.cn")
	if err != nil || !strings.HasPrefix(got.Record.Owner, "ab") || len(got.Record.Findings()) != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	begin(t, s, "next")
	if err := keepResults(ctx, s, "next", "run", []Kept{{Domain: "a.cn", At: night, ETag: bad, Modified: bad}}); err != nil {
		t.Error(err)
	}
	if err := s.PutRegistration(ctx, &crawler.Registration{Domain: "a.cn", Server: bad, Holder: bad, Raw: []byte(bad)}); err != nil {
		t.Error(err)
	}
	if err := s.PutAnswer(ctx, bad, bad, night, []byte(bad)); err != nil {
		t.Error(err)
	}
	if answer, _, err := s.Answer(ctx, bad, bad); err != nil || string(answer) != bad {
		t.Errorf("%q, %v", answer, err)
	}
	if last, err := s.LastDone(ctx, bad, ""); err != nil || last.ID != "run" {
		t.Errorf("%v, %v", last, err)
	}
	if _, err := s.FindRun(ctx, bad); !errors.Is(err, ErrNoRun) {
		t.Errorf("%v", err)
	}
}

// TestByteOrder reads domains in the order that comparing two runs needs,
// whatever the language of the database.
func TestByteOrder(t *testing.T) { forEachEngine(t, testByteOrder) }

func testByteOrder(t *testing.T, s *Store) {
	names := []string{"10.cn", "9.cn", "a-b.cn", "a.cn", "ab.cn", "a_b.cn", "B.cn", "xn--fiqs8s.cn", "é.cn", "中.cn"}
	for _, n := range names {
		put(t, s, plainResult("run", n, "V"))
	}
	var got []string
	for rec, err := range s.Verdicts(context.Background(), "run") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, rec.Domain)
	}
	slices.Sort(names)
	if !slices.Equal(got, names) {
		t.Errorf("got %q, want %q", got, names)
	}
}
