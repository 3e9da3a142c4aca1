package reports

import (
	"bytes"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// sampleTerminal is a terminal of a fixed width; lively has colour and lines.
func sampleTerminal(out *bytes.Buffer, lang string, width int, lively bool) *Terminal {
	return &Terminal{Lang: lang, Rules: NewBook(sampleRules), Width: width, Colour: lively, Lines: lively, out: out}
}

func TestTextGolden(t *testing.T) {
	s := sampleSummary(40)
	s.Changes = sampleChanges()
	for _, view := range []struct {
		name  string
		write func(*Terminal) error
	}{
		{"check", func(t *Terminal) error { return t.Check(sampleRecord()) }},
		{"check-unseen", func(t *Terminal) error { return t.Check(sampleVariant(6)) }},
		{"summary", func(t *Terminal) error { return t.Summary(s, "reports/20261123T020000-7f3a") }},
		{"diff", func(t *Terminal) error { return t.Diff(s.Changes) }},
		{"explain", func(t *Terminal) error { return t.Explain(sampleRules[2]) }},
		{"rules", func(t *Terminal) error { return t.RuleList(sampleRules) }},
		{"demo", func(t *Terminal) error { return t.Demo(sampleDemo) }},
	} {
		for _, lang := range []string{"zh", "en"} {
			var plain, lively bytes.Buffer
			if err := view.write(sampleTerminal(&plain, lang, 80, false)); err != nil {
				t.Fatal(err)
			}
			golden(t, "text/"+view.name+"-"+lang+".txt", plain.Bytes())
			if err := view.write(sampleTerminal(&lively, lang, 80, true)); err != nil {
				t.Fatal(err)
			}
			golden(t, "text/"+view.name+"-"+lang+".ansi", lively.Bytes())
		}
	}
}

// TestEveryRuleCanBeTold lets every rule of the program speak, on the terminal
// and in HTML.
func TestEveryRuleCanBeTold(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		r := sampleRecord()
		r.Outcomes = nil
		for _, rule := range rules.All {
			var b bytes.Buffer
			term := sampleTerminal(&b, lang, 80, false)
			term.Rules = NewBook(rules.All)
			if err := term.Explain(rule); err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{rule.ID, term.wrap(term.tell(capital(rule.Title)), 80)[0]} {
				if !strings.Contains(b.String(), part) {
					t.Errorf("%s in %s: %q is not told", rule.ID, lang, part)
				}
			}
			r.Outcomes = append(r.Outcomes, detect.Outcome{Rule: rule.ID, Verdict: detect.Found, Severity: rule.Severity, Findings: []detect.Finding{{}}})
		}
		var page bytes.Buffer
		if err := NewHTML(rules.All, lang).Domain(&page, nil, r, nil, ""); err != nil {
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
