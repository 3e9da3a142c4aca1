package reports

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
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

func sampleHTML(lang string) HTML { return NewHTML(sampleRules, lang) }

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

func TestPagesAreWholeInBothLanguages(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		var domain, summary bytes.Buffer
		if err := sampleHTML(lang).Domain(&domain, sampleRun(), sampleRecord(), nil, "../index.html"); err != nil {
			t.Fatal(err)
		}
		s := sampleSummary(40)
		s.Changes, s.Past = sampleChanges(), samplePast()
		if err := sampleHTML(lang).Summary(&summary, s); err != nil {
			t.Fatal(err)
		}
		for _, page := range []string{domain.String(), summary.String()} {
			checkPage(t, []byte(page))
			zh, en := strings.Count(page, `<span class="zh" lang="zh-CN">`), strings.Count(page, `<span class="en" lang="en">`)
			if zh != en || zh < 50 {
				t.Errorf("%d Chinese texts and %d English ones", zh, en)
			}
			for _, empty := range []string{`lang="zh-CN"></span>`, `lang="en"></span>`, "<td></td>", "<dd></dd>", "%!"} {
				if strings.Contains(page, empty) {
					t.Errorf("%s in a page", empty)
				}
			}
			if want := map[string]string{"zh": `<html lang="zh-CN">`, "en": `<html lang="en">`}[lang]; !strings.Contains(page, want) {
				t.Errorf("the page in %s does not begin with %s", lang, want)
			}
			if want := `id="pick-` + lang + `" aria-label="` + map[string]string{"zh": "中文", "en": "English"}[lang] + `" checked`; !strings.Contains(page, want) {
				t.Errorf("the page in %s does not show it first", lang)
			}
		}
	}
}

// TestAPageNeedsNoNetwork looks for anything that a browser would fetch.
func TestAPageNeedsNoNetwork(t *testing.T) {
	if strings.Contains(style, "@import") || strings.Contains(style, "http") || strings.Contains(strings.ReplaceAll(style, "url(#", ""), "url(") {
		t.Error("the style sheet refers to something outside")
	}
	for _, word := range []string{"fetch(", "XMLHttpRequest", "import(", "http", "eval(", "innerHTML", "document.write"} {
		if strings.Contains(script, word) {
			t.Errorf("the script holds %s", word)
		}
	}
	if !strings.HasPrefix(contentPolicy, "default-src 'none';") || strings.Contains(contentPolicy, "unsafe") {
		t.Errorf("policy %q", contentPolicy)
	}
}

// A file has no liveness and no addresses; its report must not speak of them.
func TestReportOfAFile(t *testing.T) {
	r := sampleRecord()
	r.Domain, r.File, r.Liveness, r.Addresses, r.Mainland, r.HTTPStatus = "", "dist/index.html", "", nil, false, 0
	var b bytes.Buffer
	if err := sampleHTML("zh").Domain(&b, nil, r, nil, ""); err != nil {
		t.Fatal(err)
	}
	if page := b.String(); !strings.Contains(page, "<h1>dist/index.html</h1>") || strings.Contains(page, "所在地") || strings.Contains(page, "没有收到页面") {
		t.Error("the report of a file speaks of a visit")
	}
}

func BenchmarkDomainPage(b *testing.B) {
	h, run, r, obs := sampleHTML("zh"), sampleRun(), sampleRecord(), sampleObs()
	for len(r.Outcomes) < 45 {
		r.Outcomes = append(r.Outcomes, detect.Outcome{Rule: "filed-site-down", Verdict: detect.Unknown, Reason: detect.ReasonNotSeen})
	}
	for b.Loop() {
		if err := h.Domain(io.Discard, run, r, obs, "../index.html"); err != nil {
			b.Fatal(err)
		}
	}
}
