package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// call carries out one command line.
func call(args ...string) (code int, out, errOut string) {
	var o, e bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestReportFromPostgres(t *testing.T) {
	dsn, ctx := pgtest.DSN(t), context.Background()
	s, err := store.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i, verdict := range []detect.Verdict{detect.Pass, detect.Found} {
		id := []string{"20261122T020000-aaaa", "20261123T020000-bbbb"}[i]
		at := time.Date(2026, 11, 22+i, 2, 0, 0, 0, time.UTC)
		run := &reports.Run{ID: id, Inventory: "all.csv", State: reports.RunActive, StartedAt: at}
		if err := s.CreateRun(ctx, run); err != nil {
			t.Fatal(err)
		}
		out := detect.Outcome{Rule: "footer-link-missing", Verdict: verdict}
		if verdict == detect.Found {
			out.Severity, out.Findings = detect.Violation, []detect.Finding{{Saw: detect.Text{ZH: "没有链接", EN: "no link"}}}
		}
		rec := &reports.Record{Schema: 1, Run: id, Ruleset: "v1", Domain: "example.cn", At: at, Liveness: detect.Serving, Outcomes: []detect.Outcome{out}}
		batch, err := store.Pack(id, []store.Result{{Record: rec}})
		if err != nil {
			t.Fatal(err)
		}
		tx, err := s.Writer().BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.PutTx(ctx, tx, batch), tx.Commit()); err != nil {
			t.Fatal(err)
		}
		run.State = reports.RunDone
		if err := s.UpdateRun(ctx, run); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"report"}, 0, "20261123T020000-bbbb"},
		{[]string{"report", "last", "--format", "jsonl"}, 0, `"domain":"example.cn"`},
		{[]string{"report", "last", "--format", "csv"}, 0, "footer-link-missing"},
		{[]string{"diff", "20261122", "20261123"}, 3, "example.cn"},
	} {
		code, got, errs := call(append(c.args, "--db", dsn, "--lang", "en")...)
		if code != c.code || !strings.Contains(got, c.want) {
			t.Errorf("%v: code %d, out %q, err %q", c.args, code, got, errs)
		}
	}
}

// TestScanOnPostgres scans an inventory with bytes that no database takes as
// text, and writes every kind of report of it.
func TestScanOnPostgres(t *testing.T) {
	dsn, dir := pgtest.DSN(t), t.TempDir()
	inventory := filepath.Join(dir, "all.jsonl")
	text := `{"domain":"a.invalid","owner":"门户组","filing_number":"京ICP备12345678号-1"}
{"domain":"b.invalid","owner":"a\u0000b","notes":"\u0000","mo\u0000od":"1"}
{"domain":"bad\u0000\u0001 name","owner":"\u0000"}
{"domain":"c\ud800.cn","filing_status":"\u0000"}
`
	if err := os.WriteFile(inventory, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	common := []string{"--db", dsn, "--dir", filepath.Join(dir, "data"), "--lang", "en"}
	code, out, errs := call(append([]string{"scan", inventory, "--resolver", "127.0.0.1:9", "--confirm", "10ms,10ms", "--timeout", "1s", "--render", "never", "--format", "jsonl"}, common...)...)
	if code != 4 || strings.Count(out, "\n") < 2 || !strings.Contains(out, `"domain":"b.invalid"`) {
		t.Fatalf("code %d, out %q, err %q", code, out, errs)
	}
	for _, format := range []string{"text", "csv", "html", "json"} {
		code, _, errs := call(append([]string{"report", "last", "--format", format, "--out", filepath.Join(dir, format)}, common...)...)
		if code != 0 {
			t.Errorf("%s: code %d, err %q", format, code, errs)
		}
	}
	if code, out, errs := call(append([]string{"diff", "last", "last"}, common...)...); code != 0 {
		t.Errorf("diff: code %d, out %q, err %q", code, out, errs)
	}
}

// TestPasswordsAreNotPrinted calls with addresses that cannot be used.
func TestPasswordsAreNotPrinted(t *testing.T) {
	for _, dsn := range []string{
		"postgres://user:Secret1@127.0.0.1:1/db",
		"postgres://user:Secret1@127.0.0.1:Secret1/db",
		"postgresql://user:Secret1%zz@127.0.0.1:1/db",
		"postgres://user:Sec ret1@127.0.0.1:1/Secret1?sslmode=Secret1",
		"postgres://127.0.0.1:1/db?password=Secret1&connect_timeout=1",
		"mysql://user:Secret1@127.0.0.1/db",
	} {
		code, out, errs := call("report", "last", "--db", dsn)
		if code != 1 && code != 2 || !strings.Contains(errs, "--db") || strings.Contains(errs+out, "Secret1") {
			t.Errorf("%s: code %d, %q %q", dsn, code, out, errs)
		}
	}
}
