// Package reporttest has records, runs and hostile texts for the tests of
// reports, and the comparison with golden files.
package reporttest

import (
	"bytes"
	"flag"
	"fmt"
	"iter"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// Golden compares got with a file of testdata; -update rewrites the file.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what was written; see the change with go test -update and git diff", path)
	}
}

// Payloads are what a hostile page would like to see in a report.
var Payloads = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)`,
	`</style></title></textarea><script>alert(1)</script>`,
	`javascript:alert(1)`,
	`https://evil.example/"onclick=alert(1)//`,
	`{{.}}{{template "open"}}`,
	"<!-- --> ]]> <![CDATA[",
	"\x1b[2J\x1b]0;owned\x07\x9b31m",
	"safe\u202egnp.exe\u2066\u200b\u2069",
	"\xff\xfe\xb1\xb8\xb0\xb8",
	strings.Repeat("超长", 3000),
	strings.Repeat("Donaudampfschiff", 500),
	"Z" + strings.Repeat("\u0335", 400),
	"a\nb\r\nc\td\u2028e\x00f",
}

// Poison puts a payload into every string that can be reached from v.
func Poison(v reflect.Value, payload string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			Poison(v.Elem(), payload)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[netip.Addr]() || v.Type() == reflect.TypeFor[netip.AddrPort]() {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				Poison(v.Field(i), payload)
			}
		}
	case reflect.Slice:
		if v.Len() == 0 && v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		}
		for i := range v.Len() {
			Poison(v.Index(i), payload)
		}
	case reflect.String:
		if v.Type() != reflect.TypeFor[detect.Verdict]() { // keep every kind of outcome
			v.SetString(payload)
		}
	}
}

// Safe fails if a text could move a cursor, hide or turn anything.
func Safe(t *testing.T, what, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("%s: not valid UTF-8", what)
	}
	for i, r := range s {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Cs) || r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF) {
			t.Fatalf("%s: %U at %d in %.60q", what, r, i, s[max(0, i-20):])
		}
	}
}

// Records makes a sequence of a list.
func Records(list ...*reports.Record) iter.Seq2[*reports.Record, error] {
	return func(yield func(*reports.Record, error) bool) {
		for _, r := range list {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// PlainRules renames the rules of a record to ids that no rule has, so that
// golden files do not change with the titles of rules.
func PlainRules(r *reports.Record) *reports.Record {
	for i := range r.Outcomes {
		r.Outcomes[i].Rule = "x-" + r.Outcomes[i].Rule
	}
	return r
}

func Run() *reports.Run {
	return &reports.Run{ID: "20261123T020000-7f3a", Inventory: "domains.csv", StartedAt: At, FinishedAt: At.Add(95 * 1e9),
		State: reports.RunDone, Ruleset: "2026.11.1", Vantage: "cn-east", Lines: 3, Rejected: 1, Verdicts: 2}
}

// HostileChanges is a comparison with one change, made of a payload.
func HostileChanges(run *reports.Run, payload string) *reports.Changes {
	finding := detect.Finding{Saw: same(payload)}
	change := reports.Change{Kind: reports.ChangeNew, Domain: payload, Owner: payload, Rule: payload,
		Was: reports.Side{Liveness: detect.Liveness(payload), Cause: payload},
		Now: reports.Side{Verdict: detect.Found, Severity: detect.Severity(payload), Findings: []detect.Finding{finding}}}
	c, err := reports.NewChanges(run, run, func(yield func(reports.Change, error) bool) { yield(change, nil) }, &reports.DiffCounts{Changes: map[reports.ChangeKind]int{reports.ChangeNew: 1}})
	if err != nil {
		panic(err) // the sequence has no error
	}
	return c
}

// RecordOf makes a record of a word: each character is the verdict (and severity) of
// rules r0, r1 …: . pass, V W N found, ? unknown, - exempt, ! broken, blank
// for a rule that the rule set has not.
func RecordOf(domain string, liveness detect.Liveness, outcomes string) *reports.Record {
	r := &reports.Record{Schema: reports.Schema, Domain: domain, Liveness: liveness}
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

func say(zh, en string) detect.Text { return detect.Text{ZH: zh, EN: en} }

func same(s string) detect.Text { return detect.Text{ZH: s, EN: s} }
