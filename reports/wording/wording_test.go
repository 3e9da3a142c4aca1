package wording

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

func TestClean(t *testing.T) {
	for _, c := range []struct {
		name, in string
		limit    int
		want     string
	}{
		{"plain text stays", "京ICP备12345678号-1", 0, "京ICP备12345678号-1"},
		{"white space is one blank", " a\t\r\n b\u3000c\u00a0d ", 0, "a b c d"},
		{"escape sequences show", "\x1b[31mred\x1b[0m", 0, `\x1b[31mred\x1b[0m`},
		{"C1 controls show", "a\u009b31m", 0, `a\x9b31m`},
		{"direction overrides show", "evil\u202egpj.exe", 0, `evil\u202egpj.exe`},
		{"isolates and marks show", "\u2066a\u2069\u200f", 0, `\u2066a\u2069\u200f`},
		{"zero width shows", "京\u200bICP备", 0, `京\u200bICP备`},
		{"tags show", "a\U000e0041", 0, `a\U000e0041`},
		{"line separators are blanks", "a\u2028b\u2029c", 0, "a b c"},
		{"bad bytes", "a\xff\xfeb", 0, "a\uFFFD\uFFFDb"},
		{"GBK bytes", "\xb1\xb8\xb0\xb8", 0, "\uFFFD\uFFFD\uFFFD\uFFFD"},
		{"stacked marks are few", "Z" + strings.Repeat("\u0301", 50), 0, "Z" + strings.Repeat("\u0301", maxMarks)},
		{"cut by characters", strings.Repeat("备", 10), 4, "备备备备…"},
		{"not cut at the limit", "备案编号", 4, "备案编号"},
		{"cut ASCII", "abcdefgh", 4, "abcd…"},
		{"NUL", "a\x00b", 0, `a\x00b`},
	} {
		if got := Clean(c.in, c.limit); got != c.want {
			t.Errorf("%s: clean(%q, %d) = %q, want %q", c.name, c.in, c.limit, got, c.want)
		}
	}
}

func TestCleanLinesKeepsASnippet(t *testing.T) {
	in := "<p>\n\t<a href=\"https://beian.miit.gov.cn/\">京ICP备12345678号-1</a>\r\n</p>\n"
	want := "<p>\n    <a href=\"https://beian.miit.gov.cn/\">京ICP备12345678号-1</a>\n</p>"
	if got := CleanLines(in, MaxText); got != want {
		t.Errorf("CleanLines gave %q, want %q", got, want)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a\x1b]0;x\x07", "备\u202e案", "\xff\xfe", "a\u0301\u0301\u0301\u0301\u0301\u0301", "  x  "} {
		f.Add(s, 5)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		got := Clean(s, limit%200)
		reporttest.Safe(t, "clean", got)
		if strings.ContainsFunc(got, func(r rune) bool { return r != ' ' && unicode.IsSpace(r) }) {
			t.Errorf("white space other than a blank in %q", got)
		}
		if all := Clean(s, 0); Clean(all, 0) != all {
			t.Errorf("clean is not done after one round: %q", all)
		}
		reporttest.Safe(t, "CleanLines", CleanLines(s, MaxText))
	})
}

func TestWordsAreWholeInBothLanguages(t *testing.T) {
	check := func(name string, texts ...detect.Text) {
		for _, text := range texts {
			if text.ZH == "" || text.EN == "" {
				t.Errorf("%s: a text is empty: %+v", name, text)
			}
			if strings.ContainsFunc(text.EN, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: Chinese in the English text %q", name, text.EN)
			}
			if !strings.ContainsFunc(text.ZH, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: no Chinese in %q", name, text.ZH)
			}
		}
	}
	words := func(name string, table map[string]detect.Text, needed ...string) {
		for _, w := range needed {
			text, ok := table[w]
			if !ok {
				t.Errorf("%s: the word %q of the contract has no text", name, w)
			}
			check(name, text)
		}
		if len(table) != len(needed) {
			t.Errorf("%s: %d texts for %d words", name, len(table), len(needed))
		}
	}
	words("severity", plainKeys(SeverityWords), "violation", "warning", "notice")
	words("verdict", plainKeys(VerdictWords), "pass", "found", "unknown", "exempt", "broken")
	words("liveness", plainKeys(LivenessWords), "serving", "placeholder", "blocked", "challenged", "down", "unknown")
	words("liveness notes", plainKeys(LivenessNotes), "serving", "placeholder", "blocked", "challenged", "down", "unknown")
	words("page kind", plainKeys(PageKindWords), "normal", "default-server", "suspended", "under-construction", "parked", "block",
		"challenge", "spa-shell", "error", "blank", "listing", "login")
	words("filing", plainKeys(FilingWords), "filed", "unfiled", "in-review", "cancelled", "unknown")
	words("link", plainKeys(linkWords), "current", "legacy", "other", "none")
	words("place", plainKeys(placeWords), "footer", "body", "script", "alt", "comment", "hidden")
	words("licence", licenceWords, "telecom", "icp-commercial", "news", "publishing", "culture", "audiovisual", "drug-info",
		"drug-device-record", "device-platform", "payment", "fund-sales", "games", "securities", "insurance", "banking", "ride-hailing", "training", "religion", "broadcast-production", "healthcare",
		"publication-business", "bulletin-board")
	words("industry", plainKeys(IndustryWords), "finance", "news", "publishing", "drugs-devices", "culture", "audiovisual",
		"healthcare", "ride-hailing", "bulletin-board", "training", "games", "religion")
	words("ask", plainKeys(AskWords), "home", "https", "www", "no-name", "follow", "script", "inner", "render")
	words("via", plainKeys(ViaWords), "", "http", "meta", "script", "frame", "rendered")
	words("state", plainKeys(stateWords), "planning", "active", "done", "failed")
	words("change", plainKeys(ChangeNotes), "new", "reopened", "first-seen", "worse", "passed-once", "fixed", "gone", "could-not-look", "waived")
	words("finding", plainKeys(StateWords), "opened", "first-seen", "still", "worse", "reopened", "passed-once", "could-not-look", "fixed", "gone")
	words("finding notes", plainKeys(StateNotes), "opened", "first-seen", "still", "worse", "reopened", "passed-once", "could-not-look", "fixed", "gone")
	check("waiver", WaiverText(&reports.Waiver{Until: "2027-01-31", Who: "a", Reason: "b"}), Lapsed(&reports.Waiver{}), Life(&reports.LifeCounts{}))
	words("source", SourceWords, "inventory", "flag")
	for _, v := range []detect.Verdict{detect.Pass, detect.Unknown, detect.Exempt, detect.Broken} {
		check("verdict reasons", verdictReasons[v])
	}
}

func plainKeys[W ~string](table map[W]detect.Text) map[string]detect.Text {
	plain := map[string]detect.Text{}
	for w, text := range table {
		plain[string(w)] = text
	}
	return plain
}

func TestVerdictSentences(t *testing.T) {
	outs := func(list ...detect.Outcome) []detect.Outcome { return list }
	found := func(s detect.Severity) detect.Outcome { return detect.Outcome{Verdict: detect.Found, Severity: s} }
	pass, unknown := detect.Outcome{Verdict: detect.Pass, Rule: "footer-number-missing"}, detect.Outcome{Verdict: detect.Unknown}
	for _, c := range []struct {
		name     string
		liveness detect.Liveness
		outs     []detect.Outcome
		zh, tone string
	}{
		{"violations first", detect.Serving, outs(found(detect.Violation), found(detect.Violation), found(detect.Violation), pass), "3 项违规。", "violation"},
		{"warnings are no violation", detect.Serving, outs(found(detect.Warning)), "无违规，1 项待核实。", "warning"},
		{"notices", detect.Serving, outs(found(detect.Notice), unknown), "无违规，1 项提示，1 项未判定。", "notice"},
		{"clean", detect.Serving, outs(pass, pass), "未发现问题，2 项检查通过。", "pass"},
		{"clean as far as seen", detect.Serving, outs(pass, unknown), "未发现问题，1 项通过，1 项未判定。", "pass"},
		{"nothing found, but a decisive rule left open", detect.Serving, outs(pass, detect.Outcome{Verdict: detect.Unknown, Rule: "footer-link-missing"}), "未判定：关键规则未能判定，1 项未判定。", "unknown"},
		{"a challenge is not clean", detect.Challenged, outs(pass, unknown), "未判定：要求验证，1 项未判定。", "unknown"},
		{"our trouble concludes nothing", detect.Unseen, outs(pass, unknown), "本次未能检查该网站，未判定。", "unknown"},
		{"nothing at all", detect.Serving, nil, "没有可判定的内容。", "unknown"},
	} {
		r := &reports.Record{Liveness: c.liveness, Outcomes: c.outs}
		sentence, tone := Verdict(r), r.Tone()
		if sentence.ZH != c.zh || tone != c.tone {
			t.Errorf("%s: %q (%s), want %q (%s)", c.name, sentence.ZH, tone, c.zh, c.tone)
		}
		if sentence.EN == "" || !strings.HasSuffix(sentence.EN, ".") || strings.Contains(sentence.EN, "  ") {
			t.Errorf("%s: English sentence %q", c.name, sentence.EN)
		}
	}
}

func TestFigures(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -4500: "-4,500"} {
		if got := Grouped(n); got != want {
			t.Errorf("grouped(%d) = %s, want %s", n, got, want)
		}
	}
	for _, c := range []struct {
		part, whole int
		want        string
	}{{0, 5, "0%"}, {5, 5, "100%"}, {1, 3, "33.3%"}, {1, 1000000, "<0.1%"}, {999999, 1000000, ">99.9%"}, {0, 0, "-"}} {
		if got := Percent(c.part, c.whole); got != c.want {
			t.Errorf("percent(%d, %d) = %s, want %s", c.part, c.whole, got, c.want)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]detect.Text{
		1540 * time.Millisecond: {ZH: "1.5 秒", EN: "1.5 s"}, 42 * time.Second: {ZH: "42 秒", EN: "42 s"},
		72 * time.Second: {ZH: "1 分 12 秒", EN: "1 min 12 s"}, 2 * time.Minute: {ZH: "2 分", EN: "2 min"},
		3*time.Hour + 7*time.Minute: {ZH: "3 小时 7 分", EN: "3 h 7 min"}, 49 * time.Hour: {ZH: "2 天 1 小时", EN: "2 d 1 h"}, -1: {ZH: "-", EN: "-"},
	} {
		if got := Duration(d); got != want {
			t.Errorf("Duration(%v) = %v, want %v", d, got, want)
		}
	}
}

func TestCoverageText(t *testing.T) {
	s := &reports.Summary{Run: &reports.Run{Lines: 43, Rejected: 3}, Points: reports.Point{Domains: 40}}
	if got := Coverage(s).EN; got != "43 inventory lines: 40 checked, 3 rejected" {
		t.Errorf("coverage: %s", got)
	}
	s.Run.Lines = 50
	if got := Coverage(s).EN; got != "50 inventory lines: 40 checked, 3 rejected, 7 missing" {
		t.Errorf("coverage with a gap: %s", got)
	}
}
