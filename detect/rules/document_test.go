package rules

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
)

// TestRulesDocument keeps docs/rules.md, which is generated from the rules, up
// to date.
func TestRulesDocument(t *testing.T) {
	const file = "../../docs/rules.md"
	want := rulesDocument()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/rules.md is stale. Run: go generate ./detect/rules")
	}
}

func rulesDocument() string {
	var b strings.Builder
	b.WriteString(`# Rules · 规则

Generated from the rules by ` + "`go generate ./detect/rules`" + `; do not edit. One section a rule: on what its verdict and its severity depend.

The verdicts are pass, found, unknown (evidence is missing), exempt (the rule does not apply) and broken (the rule itself failed).
The severities are violation (违规), warning (待核实) and notice (提示). What was not seen is unknown, never guilty.
A rule has two titles: one for where it is broken, one for where it is kept or not judged.

| rule | 违反时 | 遵守时 | at most | needs |
|---|---|---|---|---|
`)
	for _, r := range All {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s | %s | %s |\n", r.ID, r.ID, r.Title.ZH, r.Kept.ZH, r.Severity, needs(r.Needs).EN)
	}
	for _, r := range All {
		writeRule(&b, r)
	}
	writeSuffixes(&b)
	writeReasons(&b)
	return b.String()
}

func writeRule(b *strings.Builder, r *detect.Rule) {
	fmt.Fprintf(b, "\n## %s\n\n**%s** · %s\n\n", r.ID, r.Title.ZH, r.Title.EN)
	fmt.Fprintf(b, "%s\n\n%s\n\n", r.Rationale.ZH, r.Rationale.EN)
	b.WriteString("| | 中文 | English |\n|---|---|---|\n")
	source := detect.Text{ZH: r.Source.Law.ZH, EN: r.Source.Law.EN}
	for _, more := range []string{r.Source.Place, r.Source.Link} {
		if more != "" {
			source.ZH, source.EN = source.ZH+"，"+more, source.EN+", "+more
		}
	}
	if r.Source.Since != "" {
		source.ZH, source.EN = source.ZH+"（"+r.Source.Since+" 起施行）", source.EN+" (in force since "+r.Source.Since+")"
	}
	source.ZH, source.EN = source.ZH+r.Source.Also.ZH, source.EN+r.Source.Also.EN
	if r.Source.Until != "" {
		source.ZH, source.EN = source.ZH+"（"+r.Source.Until+" 止）", source.EN+" (until "+r.Source.Until+")"
	}
	rows := []struct {
		name string
		text detect.Text
	}{
		{"where it is broken", r.Title}, {"where it is kept", r.Kept},
		{"severity by filing", r.Policy.Filing}, {"by liveness", r.Policy.Liveness}, {"by place", r.Policy.Place}, {"needs", needs(r.Needs)}, {"witness", witnessTexts[r.Witness]},
		{"exempt", r.Policy.Exempt}, {"unknown", r.Policy.Unknown}, {"what to do", r.Remedy}, {"source", source},
	}
	for _, row := range rows {
		fmt.Fprintf(b, "| %s | %s | %s |\n", row.name, row.text.ZH, row.text.EN)
	}
}

// witnessTexts say what a browser must confirm.
var witnessTexts = map[detect.Witness]detect.Text{
	detect.WitnessNone: {ZH: "不需要浏览器核实", EN: "no browser is needed"},
	detect.WitnessPage: {ZH: "违规、待核实：页面运行会改动文字的脚本，或把编号隐藏时，须由浏览器完整打开同一页面后仍然如此，否则为“未知”", EN: "violation, warning: where the page runs a script that may touch its text, or hides a number, a browser must have drawn the same page whole and agree; otherwise unknown"},
	detect.WitnessSite: {ZH: "违规、待核实：服务器有任何应答（错误状态、握手或协议无法使用、连接被重置、空白页）时，须由浏览器打开同一地址也看不到网站，否则为“未知”", EN: "violation, warning: where the server answered anything (an error status, a handshake or protocol we could not use, a reset, a blank page), a browser must have opened the same address and seen no site either; otherwise unknown"},
}

// needs says what a rule cannot do without.
func needs(e detect.Evidence) detect.Text {
	var zh, en []string
	for _, n := range []struct {
		bit  detect.Evidence
		text detect.Text
	}{
		{detect.NeedsSite, detect.Text{ZH: "网站（文件不适用）", EN: "a site (a file is exempt)"}},
		{detect.NeedsDocuments, detect.Text{ZH: "清单列出的材料（文件不适用）", EN: "documents that the inventory lists (a file is exempt)"}},
		{detect.NeedsDNS, detect.Text{ZH: "DNS 结果", EN: "an answer of DNS"}},
		{detect.NeedsHome, detect.Text{ZH: "完整的首页", EN: "the home page, whole"}},
		{detect.NeedsFiling, detect.Text{ZH: "备案状态", EN: "a filing status"}},
		{detect.NeedsHistory, detect.Text{ZH: "以往的检查记录", EN: "what earlier runs found"}},
	} {
		if e&n.bit != 0 {
			zh, en = append(zh, n.text.ZH), append(en, n.text.EN)
		}
	}
	if zh == nil {
		return detect.Text{ZH: "首页（见“未知”一行）", EN: "the home page (see \"unknown\")"}
	}
	return detect.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
}

func writeSuffixes(b *strings.Builder) {
	b.WriteString("\n## The form of number that a province asks for\n\nUsed by `footer-number-suffix` and by the snippets. Users can change it.\n\n| form | provinces |\n|---|---|\n")
	by := map[detect.Suffix][]string{}
	for p, s := range detect.DefaultPolicy().Suffix {
		by[s] = append(by[s], p)
	}
	for _, s := range []detect.Suffix{detect.SuffixBase, detect.SuffixSite, detect.SuffixAny} {
		slices.SortFunc(by[s], func(a, b string) int { return strings.Index(lists.Provinces, a) - strings.Index(lists.Provinces, b) })
		if len(by[s]) > 0 {
			fmt.Fprintf(b, "| %s | %s |\n", s, strings.Join(by[s], " "))
		}
	}
}

func writeReasons(b *strings.Builder) {
	b.WriteString("\n## Reasons\n\nWhy an outcome is unknown or exempt, or passes in spite of what was seen (field `reasons` of the record).\n\n| reason | 中文 | English |\n|---|---|---|\n")
	for _, r := range detect.Reasons() {
		text := r.Text()
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", r, text.ZH, text.EN)
	}
}
