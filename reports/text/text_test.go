package text

import (
	"bytes"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect/rules"

	"github.com/beianwatch/beianwatch/reports/reporttest"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// sampleTerminal is a terminal of a fixed width; lively has colour and lines.
func sampleTerminal(out *bytes.Buffer, lang string, width int, lively bool) *Terminal {
	return &Terminal{Lang: lang, Rules: wording.NewBook(reporttest.Rules), Width: width, Colour: lively, Lines: lively, out: out}
}

func TestTextGolden(t *testing.T) {
	s := reporttest.Summary(40)
	s.Changes = reporttest.Changes()
	for _, view := range []struct {
		name  string
		write func(*Terminal) error
	}{
		{"check", func(t *Terminal) error { return t.Check(reporttest.Record()) }},
		{"check-unseen", func(t *Terminal) error { return t.Check(reporttest.Variant(6)) }},
		{"summary", func(t *Terminal) error { return t.Summary(s, "reports/20261123T020000-7f3a") }},
		{"diff", func(t *Terminal) error { return t.Diff(s.Changes) }},
		{"explain", func(t *Terminal) error { return t.Explain(reporttest.Rules[2]) }},
		{"rules", func(t *Terminal) error { return t.RuleList(reporttest.Rules) }},
		{"demo", func(t *Terminal) error { return t.Demo(sampleDemo) }},
	} {
		for _, lang := range []string{"zh", "en"} {
			var plain, lively bytes.Buffer
			if err := view.write(sampleTerminal(&plain, lang, 80, false)); err != nil {
				t.Fatal(err)
			}
			reporttest.Golden(t, view.name+"-"+lang+".txt", plain.Bytes())
			if err := view.write(sampleTerminal(&lively, lang, 80, true)); err != nil {
				t.Fatal(err)
			}
			reporttest.Golden(t, view.name+"-"+lang+".ansi", lively.Bytes())
		}
	}
}

// TestEveryRuleCanBeTold lets every rule of the program speak.
func TestEveryRuleCanBeTold(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		for _, rule := range rules.All {
			var b bytes.Buffer
			term := sampleTerminal(&b, lang, 80, false)
			term.Rules = wording.NewBook(rules.All)
			if err := term.Explain(rule); err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{rule.ID, term.Wrap(term.tell(wording.Capital(rule.Title)), 80)[0]} {
				if !strings.Contains(b.String(), part) {
					t.Errorf("%s in %s: %q is not told", rule.ID, lang, part)
				}
			}
		}
	}
}

var sampleDemo = []DemoRow{
	{"good.example.cn", wording.Say("样样齐全的网站", "a site with all in order"), "pass", "pass", true},
	{"gbk.example.cn", wording.Say("GBK 编码，备案号没有链接", "GBK, and a number without a link"), "footer-link-missing", "footer-link-missing", true},
	{"tarpit.example.cn", wording.Say("永远不回答的服务器", "a server that never answers"), "filed-site-down: timeout", "pass", false},
}
