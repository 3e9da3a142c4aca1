package export

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// WriteGitHub writes findings as workflow commands, which GitHub and Gitee show at
// the lines of a pull request. at may be nil.
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
func WriteGitHub(w io.Writer, records iter.Seq2[*reports.Record, error], lang string, at Locator) error {
	if at == nil {
		at = nowhere
	}
	for r, err := range records {
		if err != nil {
			return err
		}
		for _, f := range r.Findings() {
			if f.Waiver != nil {
				continue
			}
			line, column := at(r, &f)
			if err := annotate(w, r, &f, lang, line, column); err != nil {
				return err
			}
		}
	}
	return nil
}

func annotate(w io.Writer, r *reports.Record, f *reports.Finding, lang string, line, column int) error {
	properties := []string{"title=" + property(wording.Title(f.Rule).In(lang))}
	if r.File != "" {
		properties = append(properties, "file="+property(r.File))
	}
	if line > 0 {
		properties = append(properties, fmt.Sprintf("line=%d,col=%d", line, max(column, 1)))
	}
	level := map[detect.Severity]string{detect.Violation: "error", detect.Warning: "warning"}[f.Severity]
	if level == "" {
		level = "notice"
	}
	text := []string{nameOf(r)}
	for _, part := range []string{f.Saw.In(lang), f.Fix.In(lang), f.Snippet} {
		if part != "" {
			text = append(text, part)
		}
	}
	_, err := fmt.Fprintf(w, "::%s %s::%s\n", level, strings.Join(properties, ","), data(strings.Join(text, " | ")))
	return err
}

// data and property escape what would end a workflow command or begin another.
func data(s string) string { return strings.ReplaceAll(printable(s), "%", "%25") }

func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}

// WriteMarkdown writes a table of findings, for a job's summary or a wiki: what was
// found first, then how many domains have nothing and how many could not be judged.
// The table has at most 500 rows; how many more there are is said.
func WriteMarkdown(w io.Writer, records iter.Seq2[*reports.Record, error], lang string) error {
	m := markdown{w: w, lang: lang}
	m.line("## %s", wording.Say("备案检查", "Filing check").In(lang))
	for r, err := range records {
		if err != nil {
			return err
		}
		m.record(r)
	}
	m.end()
	return m.err
}

const maxMarkdown = 500

type markdown struct {
	w                             io.Writer
	lang                          string
	rows, more                    int
	domains, found, clean, opened int
	waived                        int // domains on which all that was found is waived
	err                           error
}

func (m *markdown) line(format string, args ...any) {
	if m.err == nil {
		_, m.err = fmt.Fprintf(m.w, format+"\n", args...)
	}
}

func (m *markdown) record(r *reports.Record) {
	m.domains++
	tally := r.Tally()
	findings := r.Findings()
	switch {
	case slices.ContainsFunc(findings, func(f reports.Finding) bool { return f.Waiver == nil }):
		m.found++
	case len(findings) > 0:
		m.waived++
	case tally.Tone(r.Liveness) == string(detect.Pass):
		m.clean++
	default:
		m.opened++
	}
	for i := range findings {
		f := &findings[i]
		if m.rows == maxMarkdown {
			m.more++
			continue
		}
		if m.rows == 0 {
			m.line("\n| %s |\n|---|---|---|---|", strings.Join([]string{m.say("域名", "Domain"), m.say("问题", "Finding"), m.say("严重程度", "Severity"), m.say("整改方法", "Remedy")}, " | "))
		}
		m.rows++
		m.line("| %s | %s | %s | %s |", mdCell(nameOf(r)), mdCell(wording.Title(f.Rule).In(m.lang)+m.say("：", ": ")+f.Saw.In(m.lang)),
			mdCell(m.severity(f)), mdCell(f.Fix.In(m.lang)))
	}
}

// severity is that of a finding, or until when it is waived.
func (m *markdown) severity(f *reports.Finding) string {
	if f.Waiver != nil {
		return wording.WaiverText(f.Waiver).In(m.lang)
	}
	return wording.Word(wording.SeverityWords, f.Severity).In(m.lang)
}

func (m *markdown) end() {
	if m.more > 0 {
		m.line("\n%s", wording.Sayf(wording.Say("另有 %d 项没有列出。", "%d more are not listed."), m.more).In(m.lang))
	}
	m.line("\n%s", wording.Sayf(wording.Say("共 %[1]d 个域名：%[2]d 个有问题，%[3]d 个没有发现问题，%[4]d 个未判定。", "%[1]d domains: %[2]d with findings, %[3]d without, %[4]d inconclusive."),
		m.domains, m.found, m.clean, m.opened).In(m.lang))
	if m.waived > 0 {
		m.line("\n%s", wording.Sayf(wording.Say("%d 个域名的问题均已豁免。", "On %d domains all findings are waived."), m.waived).In(m.lang))
	}
}

func (m *markdown) say(zh, en string) string { return wording.Say(zh, en).In(m.lang) }

// mdCell is a text in a cell of a table: what Markdown or HTML in it would do
// is taken from it.
func mdCell(s string) string {
	return strings.NewReplacer("\\", "\\\\", "|", "\\|", "<", "&lt;", ">", "&gt;", "&", "&amp;", "[", "\\[", "]", "\\]", "*", "\\*", "_", "\\_", "`", "\\`", "#", "\\#", "@", "&#64;", "~", "\\~", "!", "\\!", "://", "&#58;//").Replace(wording.Clean(s, 300))
}
