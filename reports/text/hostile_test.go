package text

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
	"github.com/beianwatch/beianwatch/reports/wording"
)

func TestHostileTextOnTheTerminal(t *testing.T) {
	for _, payload := range reporttest.Payloads {
		r, run := reporttest.Record(), reporttest.Run()
		reporttest.Poison(reflect.ValueOf(r), payload)
		reporttest.Poison(reflect.ValueOf(run), payload)
		r.Detail.Snippet = "" // the one thing that is not cut
		for i := range r.Outcomes {
			for j := range r.Outcomes[i].Findings {
				r.Outcomes[i].Findings[j].Snippet = "" // the one thing that is not cut
			}
		}
		s := reports.NewSummary(run, reporttest.Rules)
		s.Add(r)
		s.Reject(1, payload, payload)
		s.Close()
		c := reporttest.HostileChanges(run, payload)
		for _, width := range []int{40, 80, 200} {
			var b bytes.Buffer
			term := sampleTerminal(&b, "zh", width, false)
			for _, err := range []error{term.Check(r), term.Summary(s, ""), term.Diff(c), term.Demo([]DemoRow{{payload, wording.Same(payload), payload, payload, false}})} {
				if err != nil {
					t.Fatal(err)
				}
			}
			reporttest.Safe(t, "terminal", b.String())
			for line := range strings.SplitSeq(b.String(), "\n") {
				if w := lipgloss.Width(line); w > width {
					t.Errorf("%.20q: a line of %d columns on a terminal of %d: %.60q", payload, w, width, line)
				}
			}
		}
	}
}

// TestPlainTextHasNoEscapes holds what goes into a pipe to plain characters.
func TestPlainTextHasNoEscapes(t *testing.T) {
	var b bytes.Buffer
	term := NewTerminal(&b, "en", reporttest.Rules, func(string) string { return "" })
	for _, err := range []error{term.Check(reporttest.Record()), term.Summary(reporttest.Summary(8), "out"), term.RuleList(reporttest.Rules), term.Diff(reporttest.Changes())} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if strings.ContainsAny(b.String(), "\x1b─━✗✓…") {
		t.Error("drawing characters or escapes where there is no terminal")
	}
}

func TestColumnsLineUp(t *testing.T) {
	cells := []string{"", "a", "备案", "备 a 案", "“引号”—…·", "京ICP备12345678号－1", "ｆｕｌｌ", "e\u0301 combining", "한글", strings.Repeat("很长的文字", 20), strings.Repeat("long ", 40)}
	var rows [][]string
	for _, a := range cells {
		rows = append(rows, []string{wording.Clean(a, 0), wording.Clean(a, 0), "1,234", "|"})
	}
	columns := []textColumn{{name: "网站", flex: true}, {name: "Finding", flex: true}, {name: "数", right: true}, {name: "|"}}
	for _, width := range []int{40, 60, 100, 200} {
		for _, lively := range []bool{false, true} {
			term := sampleTerminal(&bytes.Buffer{}, "zh", width, lively)
			at := -1
			for line := range strings.SplitSeq(term.grid(columns, rows, func(int, int) string { return "pass" }), "\n") {
				before, _, ok := strings.Cut(line, "|")
				if !ok {
					continue
				}
				if w := lipgloss.Width(before); at < 0 {
					at = w
				} else if w != at {
					t.Errorf("width %d: the last column stands at %d and at %d: %q", width, at, w, line)
				}
			}
			if at < 0 || at >= width {
				t.Errorf("width %d: the last column stands at %d", width, at)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	term := sampleTerminal(&bytes.Buffer{}, "zh", 80, true)
	for _, c := range []struct {
		name, in string
		width    int
		want     []string
	}{
		{"at blanks", "the quick brown fox", 10, []string{"the quick", "brown fox"}},
		{"between characters", "备案编号下方须按要求链接", 10, []string{"备案编号下", "方须按要求", "链接"}},
		{"no comma first", "备案编号下，方须按", 10, []string{"备案编号", "下，方须按"}},
		{"no bracket last", "备案编号（方须按）", 10, []string{"备案编号", "（方须按）"}},
		{"a long word is broken", strings.Repeat("x", 25), 10, []string{"xxxxxxxxxx", "xxxxxxxxxx", "xxxxx"}},
		{"an address moves down whole", "在 https://beian.cn/ 办理", 20, []string{"在", "https://beian.cn/ 办", "理"}},
		{"empty", "", 10, []string{""}},
	} {
		got := term.Wrap(c.in, c.width)
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("备案 number （x）, and so on", 12)
	f.Fuzz(func(t *testing.T, s string, width int) {
		width = 10 + (width%90+90)%90
		s = wording.Clean(s, 500)
		term := &Terminal{Lines: true}
		for _, line := range term.Wrap(s, width) {
			if lipgloss.Width(line) > width {
				t.Errorf("a line of %d columns, limit %d: %q", lipgloss.Width(line), width, line)
			}
		}
		if joinedAgain := strings.ReplaceAll(strings.Join(term.Wrap(s, width), ""), " ", ""); joinedAgain != strings.ReplaceAll(s, " ", "") {
			t.Errorf("wrapping changed %q", s)
		}
		if c := term.Cut(s, width); lipgloss.Width(c) > width {
			t.Errorf("cut to %d columns gave %q", width, c)
		}
	})
}
