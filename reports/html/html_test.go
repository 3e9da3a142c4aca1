package html

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect/rules"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

func sampleHTML(lang string) Writer { return New(reporttest.Rules, lang) }

func TestDomainGolden(t *testing.T) {
	var b bytes.Buffer
	if err := sampleHTML("zh").Domain(&b, &Subject{Run: reporttest.Run(), Record: reporttest.Record(), Evidence: Evidence{Seen: reporttest.Observation(), File: "run/evidence.warc.gz", Offset: 4096}, Back: "../index.html"}); err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "domain.html", b.Bytes())
}

func TestSummaryGolden(t *testing.T) {
	s := reporttest.Summary(40)
	s.Changes, s.Past = reporttest.Changes(), reporttest.Past()
	s.Page = func(domain, _ string) string { return "domains/" + domain + ".html" }
	var b bytes.Buffer
	if err := sampleHTML("zh").Summary(&b, s); err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "summary.html", b.Bytes())
}

func TestPagesAreWholeInBothLanguages(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		var domain, summary bytes.Buffer
		if err := sampleHTML(lang).Domain(&domain, &Subject{Run: reporttest.Run(), Record: reporttest.Record(), Back: "../index.html"}); err != nil {
			t.Fatal(err)
		}
		s := reporttest.Summary(40)
		s.Changes, s.Past = reporttest.Changes(), reporttest.Past()
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
		if strings.Contains(script+listScript, word) {
			t.Errorf("the script holds %s", word)
		}
	}
	if n := strings.Count(listScript, "\n"); n > 150 {
		t.Errorf("the script of the list has %d lines", n)
	}
	if !strings.HasPrefix(contentPolicy, "default-src 'none';") || strings.Contains(contentPolicy, "unsafe") {
		t.Errorf("policy %q", contentPolicy)
	}
}

// A file has no liveness and no addresses; its report must not speak of them.
func TestReportOfAFile(t *testing.T) {
	r := reporttest.Record()
	r.Domain, r.File, r.Liveness, r.Addresses, r.Mainland, r.HTTPStatus = "", "dist/index.html", "", nil, false, 0
	var b bytes.Buffer
	if err := sampleHTML("zh").Domain(&b, &Subject{Record: r}); err != nil {
		t.Fatal(err)
	}
	if page := b.String(); !strings.Contains(page, "<h1>dist/index.html</h1>") || strings.Contains(page, "所在地") || strings.Contains(page, "没有收到页面") {
		t.Error("the report of a file speaks of a visit")
	}
}

func BenchmarkDomainPage(b *testing.B) {
	h, run, r, obs := sampleHTML("zh"), reporttest.Run(), reporttest.Record(), reporttest.Observation()
	for len(r.Outcomes) < 45 {
		r.Outcomes = append(r.Outcomes, detect.Outcome{Rule: "filed-site-down", Verdict: detect.Unknown, Reason: detect.ReasonNotSeen})
	}
	for b.Loop() {
		if err := h.Domain(io.Discard, &Subject{Run: run, Record: r, Evidence: Evidence{Seen: obs}, Back: "../index.html"}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestEveryRuleHasItsBoxes lets every rule of the program speak with an empty
// finding: what that leaves open comes from the rule.
func TestEveryRuleHasItsBoxes(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		r := reporttest.Record()
		r.Outcomes = nil
		for _, rule := range rules.All {
			r.Outcomes = append(r.Outcomes, detect.Outcome{Rule: rule.ID, Verdict: detect.Found, Severity: rule.Severity, Findings: []detect.Finding{{}}})
		}
		var page bytes.Buffer
		if err := New(rules.All, lang).Domain(&page, &Subject{Record: r}); err != nil {
			t.Fatal(err)
		}
		checkPage(t, page.Bytes())
		for _, empty := range []string{"<dd></dd>", `<dd class="fix"></dd>`, `<q class="saw"></q>`, "<h3></h3>"} {
			if strings.Contains(page.String(), empty) {
				t.Errorf("%s: an empty box %s", lang, empty)
			}
		}
	}
}
