package rules

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
)

// TestRulesDocument keeps docs/rules.md and the page of each rule below docs/rules,
// which are generated from the rules, up to date.
func TestRulesDocument(t *testing.T) {
	const folder = "../../docs"
	want := map[string]string{"rules.md": rulesDocument()}
	for _, r := range All {
		want[filepath.Join("rules", r.ID+".md")] = rulePage(r)
	}
	old, err := filepath.Glob(filepath.Join(folder, "rules", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range old {
		if name := filepath.Join("rules", filepath.Base(path)); want[name] == "" {
			t.Errorf("docs/%s is of no rule: remove it", name)
		}
	}
	for name, text := range want {
		path := filepath.Join(folder, name)
		if *update {
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("docs/%s is stale. Run: go generate ./detect/rules (%v)", name, err)
		}
	}
}

func rulesDocument() string {
	var b strings.Builder
	b.WriteString(`# 规则 · Rules

由 ` + "`go generate ./detect/rules`" + ` 从规则生成，请勿手工修改。每条规则一页：要求、理由、整改方法、依据，以及什么情况下是什么结论。

结论：通过、发现问题、未判定（缺少证据）、不适用、规则出错。严重级别：违规、待核实、提示。没有看到的一律是“未判定”，不作为问题。
每条规则有两个标题：违反时一个，遵守或未判定时一个。

Generated from the rules; do not edit. A page a rule: what it asks for, why, what to do, where it is written, and what its outcome depends on.

The verdicts are pass, found, unknown (evidence is missing), exempt (the rule does not apply) and broken (the rule itself failed).
The severities are violation, warning and notice. What was not seen is unknown, never guilty.
A rule has two titles: one for where it is broken, one for where it is kept or not judged.

| 规则 rule | 违反时 | where it is broken | 最高 at most |
|---|---|---|---|
`)
	for _, r := range All {
		fmt.Fprintf(&b, "| [`%s`](rules/%s.md) | %s | %s | %s %s |\n", r.ID, r.ID, r.Title.ZH, r.Title.EN, severities[r.Severity], r.Severity)
	}
	writeSuffixes(&b)
	writeReasons(&b)
	return b.String()
}

// severities are the Chinese words for them.
var severities = map[detect.Severity]string{detect.Violation: "违规", detect.Warning: "待核实", detect.Notice: "提示"}

// rulePage is the page of one rule: in Chinese, then in English.
func rulePage(r *detect.Rule) string {
	var b strings.Builder
	b.WriteString("<!-- go generate ./detect/rules -->\n\n")
	for _, lang := range []struct {
		in     func(detect.Text) string
		most   string
		headed string
	}{
		{func(t detect.Text) string { return t.ZH }, "最高为" + severities[r.Severity], ""},
		{func(t detect.Text) string { return t.EN }, "at most a " + string(r.Severity), "\n"},
	} {
		fmt.Fprintf(&b, "%s# %s\n\n`%s` · %s\n\n%s\n\n| | |\n|---|---|\n", lang.headed, capital(lang.in(r.Title)), r.ID, lang.most, lang.in(r.Rationale))
		for _, row := range rowsOf(r) {
			if text := lang.in(row.text); text != "" {
				fmt.Fprintf(&b, "| %s | %s |\n", lang.in(row.name), strings.ReplaceAll(text, "|", "\\|"))
			}
		}
	}
	b.WriteString("\n[全部规则 · all rules](../rules.md)\n")
	return b.String()
}

// capital is a text that begins with a capital letter.
func capital(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

// A ruleRow is one thing that is said of a rule.
type ruleRow struct{ name, text detect.Text }

func rowsOf(r *detect.Rule) []ruleRow {
	say := func(zh, en string) detect.Text { return detect.Text{ZH: zh, EN: en} }
	return []ruleRow{
		{say("遵守时", "where it is kept"), r.Kept},
		{say("整改方法", "what to do"), r.Remedy},
		{say("依据", "source"), lawOf(r)},
		{say("备案情况", "severity by filing"), r.Policy.Filing},
		{say("访问状态", "by the state of the site"), r.Policy.Liveness},
		{say("所在地", "by place"), r.Policy.Place},
		{say("不适用", "exempt"), r.Policy.Exempt},
		{say("未判定", "unknown"), r.Policy.Unknown},
		{say("需要", "needs"), needs(r.Needs)},
		{say("浏览器核实", "witness"), witnessTexts[r.Witness]},
	}
}

// lawOf says where a rule is written, with its address.
func lawOf(r *detect.Rule) detect.Text {
	source := r.Source.Cite()
	if link := r.Source.Link; link != "" {
		source.ZH, source.EN = source.ZH+"，<"+link+">", source.EN+", <"+link+">"
	}
	return source
}

// witnessTexts say what a browser must confirm.
var witnessTexts = map[detect.Witness]detect.Text{
	detect.WitnessNone: {ZH: "不需要浏览器核实", EN: "no browser is needed"},
	detect.WitnessPage: {ZH: "违规、待核实：页面运行会改动文字的脚本，或把编号隐藏时，须由浏览器完整打开同一页面后仍然如此，否则为“未判定”", EN: "violation, warning: where the page runs a script that may touch its text, or hides a number, a browser must have drawn the same page whole and agree; otherwise unknown"},
	detect.WitnessSite: {ZH: "违规、待核实：服务器有任何应答（错误状态、握手或协议无法使用、连接被重置、空白页）时，须由浏览器打开同一地址也看不到网站，否则为“未判定”", EN: "violation, warning: where the server answered anything (an error status, a handshake or protocol we could not use, a reset, a blank page), a browser must have opened the same address and seen no site either; otherwise unknown"},
}

// needs says what a rule cannot do without.
func needs(e detect.Evidence) detect.Text {
	var zh, en []string
	for _, n := range []struct {
		bit  detect.Evidence
		text detect.Text
	}{
		{detect.NeedsSite, detect.Text{ZH: "域名（只检查文件时不适用）", EN: "a domain (a file is exempt)"}},
		{detect.NeedsDocuments, detect.Text{ZH: "清单列出的材料（只检查文件时不适用）", EN: "documents that the inventory lists (a file is exempt)"}},
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
		return detect.Text{ZH: "首页（见“未判定”一行）", EN: "the home page (see \"unknown\")"}
	}
	return detect.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
}

func writeSuffixes(b *strings.Builder) {
	b.WriteString("\n## 各省要求的备案号形式 · The form of number that a province asks for\n\n用于 `footer-number-suffix` 和页脚代码，可以更改（配置 suffix）。Used by `footer-number-suffix` and by the snippets. Users can change it.\n\n| form | provinces |\n|---|---|\n")
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
	b.WriteString("\n## 原因 · Reasons\n\n未判定、不适用的原因，或看到了仍算通过的原因（记录的 reasons 字段）。Why an outcome is unknown or exempt, or passes in spite of what was seen (field `reasons` of the record).\n\n| reason | 中文 | English |\n|---|---|---|\n")
	for _, r := range detect.Reasons() {
		text := r.Text()
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", r, text.ZH, text.EN)
	}
}
