package reports

import (
	"bytes"
	"testing"
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
