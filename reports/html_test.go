package reports

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden compares got with a file of testdata; -update rewrites the file.
func golden(t *testing.T, name string, got []byte) {
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

func sampleHTML(lang string) HTML { return HTML{Lang: lang, Rules: NewBook(sampleRules)} }

func sampleRun() *Run {
	return &Run{ID: "20261123T020000-7f3a", Inventory: "domains.csv", StartedAt: sampleAt, FinishedAt: sampleAt.Add(95 * 1e9),
		State: RunDone, Ruleset: "2026.11.1", Vantage: "cn-east", Lines: 3, Rejected: 1, Verdicts: 2}
}

func TestDomainGolden(t *testing.T) {
	var b bytes.Buffer
	if err := sampleHTML("zh").Domain(&b, sampleRun(), sampleRecord(), sampleObs(), "../index.html"); err != nil {
		t.Fatal(err)
	}
	golden(t, "html/domain.html", b.Bytes())
}

func TestSummaryGolden(t *testing.T) {
	s := sampleSummary(40)
	s.Changes, s.Past = sampleChanges(), samplePast()
	s.Page = func(domain string, _ bool) string { return "domains/" + domain + ".html" }
	var b bytes.Buffer
	if err := sampleHTML("zh").Summary(&b, s); err != nil {
		t.Fatal(err)
	}
	golden(t, "html/summary.html", b.Bytes())
}
