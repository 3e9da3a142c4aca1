package text

import (
	"cmp"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// Check writes the report of one domain or file: the verdict, what is on
// record and on the page, every finding with what to do, and what could not be
// judged. A blank line parts it from the report before.
func (t *Terminal) Check(r *reports.Record) error {
	var b strings.Builder
	if t.checks++; t.checks > 1 {
		b.WriteByte('\n')
	}
	name, label := wording.Clean(cmp.Or(r.Domain, r.File), wording.MaxText), ""
	if shown := wording.DisplayName(r); shown != "" {
		name, label = shown, name
	}
	b.WriteString(t.paint("bold", t.Cut(name, t.Width)))
	if label != "" {
		b.WriteString("  " + t.paint("soft", t.Cut(label, t.Width/2)))
	}
	b.WriteByte('\n')
	t.headline(&b, r.Tone(), t.tell(wording.Verdict(r)))
	t.about(&b, r)
	for _, f := range t.Rules.Findings(r) {
		t.finding(&b, &f)
	}
	t.snippet(&b, wording.Snippet(r))
	t.unjudged(&b, r)
	return t.print(&b)
}

// snippet writes the code for the foot of the page, which is not wrapped.
func (t *Terminal) snippet(b *strings.Builder, s wording.Code) {
	if len(s.Lines) == 0 {
		return
	}
	b.WriteString("\n")
	for _, line := range t.wrap(t.tell(s.Title), min(t.Width, maxProse)) {
		b.WriteString(t.paint("bold", line) + "\n")
	}
	for _, line := range s.Lines {
		b.WriteString("  " + t.paint("link", line) + "\n")
	}
}

// about tells the state of the site and its filing.
func (t *Terminal) about(b *strings.Builder, r *reports.Record) {
	state, record, page, looked := t.tr("状态", "State"), t.tr("备案", "Filing"), t.tr("页面", "Page"), t.tr("时间", "When")
	names := widest(state, record, page, looked)
	if r.File == "" {
		t.field(b, names, state, "", t.tell(wording.Capital(wording.LivenessText(r.Liveness, r.Cause))))
		if r.Detail.Trouble != "" {
			t.field(b, names, "", "", wording.Clean(r.Detail.Trouble, 300))
		}
	}
	filing := t.tell(wording.Capital(wording.Word(wording.FilingWords, crawler.FilingStatus(r.Filing.Status))))
	for _, s := range []string{r.Filing.Number, r.Detail.Subject} {
		if s != "" {
			filing += " " + wording.Clean(s, 120)
		}
	}
	if r.Filing.Source != "" {
		filing += t.tr("（", " (") + strings.TrimSpace(t.tell(wording.Word(wording.SourceWords, r.Filing.Source))+" "+wording.Clean(r.Filing.At, 20)) + t.tr("）", ")")
	}
	t.field(b, names, record, "", filing)
	t.shown(b, names, page, r)
	t.field(b, names, looked, "soft", t.tell(wording.VisitText(r)))
}

// maxShown is how many numbers of a page a terminal lists; the rest are in the
// HTML and JSON reports.
const maxShown = 6

func (t *Terminal) shown(b *strings.Builder, names int, name string, r *reports.Record) {
	list := wording.Numbers(r)
	if len(list) == 0 {
		none := t.tr("未发现备案号", "No filing number found")
		if r.HTTPStatus == 0 && r.File == "" {
			none = t.tr("未收到页面", "No page received")
		}
		t.field(b, names, name, "", none)
	}
	for i, n := range list {
		if i == maxShown {
			t.field(b, names, "", "soft", t.tell(wording.Counted(len(list)-i, "个编号未列出", "more number", "more numbers")))
			break
		}
		t.field(b, names, name, "", n.Number+t.tr("（", " (")+t.tell(n.Kind)+t.tr("）", ")"))
		name = ""
	}
}

// finding writes one rule that found something. Long texts are wrapped.
func (t *Terminal) finding(b *strings.Builder, f *wording.Finding) {
	b.WriteByte('\n')
	lead := t.sign(f.Tone) + " " + t.tell(wording.Capital(f.Severity))
	title := t.tell(wording.Capital(f.Title))
	for i, line := range t.wrap(title, min(t.Width, maxProse)-widest(lead)-2) {
		if i == 0 {
			b.WriteString(t.paint(f.Tone, lead))
		} else {
			b.WriteString(strings.Repeat(" ", widest(lead)))
		}
		b.WriteString("  " + t.paint("bold", line) + "\n")
	}
	where, saw, fix := t.tr("位置", "Where"), t.tr("实测情况", "Observed"), t.tr("整改方法", "Remedy")
	why, law, rule := t.tr("为什么", "Why"), t.tr("依据", "Source"), t.tr("规则", "Rule")
	due := t.tr("整改期限", "Due")
	names := widest(where, saw, fix, why, law, rule, due)
	for i, s := range f.Spots {
		if i > 0 {
			b.WriteByte('\n')
		}
		t.field(b, names, where, "", t.tell(wording.Capital(s.Where)))
		t.field(b, names, saw, "", t.tell(wording.Capital(s.Saw)))
		for _, q := range s.Quotes {
			t.field(b, names, "", "soft", "> "+wording.Clean(q, 200))
		}
		t.field(b, names, fix, "bold", t.tell(wording.Capital(s.Fix)))
	}
	t.field(b, names, why, "", t.tell(wording.Capital(f.Why)))
	if f.Law.ZH != "" {
		t.field(b, names, law, "", t.tell(f.Law))
	}
	if f.LawLink != "" {
		t.field(b, names, "", "link", wording.Clean(f.LawLink, 300))
	}
	if f.Due != "" {
		t.field(b, names, due, "", f.Due)
	}
	t.field(b, names, rule, "soft", f.Rule)
}

// unjudged tells by reason how many rules could not be judged, in a few lines, then
// counts the rest.
func (t *Terminal) unjudged(b *strings.Builder, r *reports.Record) {
	n := reports.TallyOf(r.Outcomes)
	if n.Unknown+n.Broken > 0 {
		b.WriteString("\n" + t.paint("bold", t.tr("未判定", "Inconclusive")) + " " + wording.Grouped(n.Unknown+n.Broken) + "\n")
		for _, u := range t.Rules.Undecided(r) {
			lead := t.sign("unknown") + " " + wording.Grouped(len(u.Rules)) + " "
			for i, line := range t.wrap(t.tell(wording.Capital(u.Why)), min(t.Width, maxProse)-widest(lead)) {
				if i == 0 {
					b.WriteString(t.paint("unknown", lead) + line + "\n")
				} else {
					b.WriteString(strings.Repeat(" ", widest(lead)) + line + "\n")
				}
			}
		}
	}
	if n.Pass+n.Exempt == 0 {
		return
	}
	rest := wording.Joined(wording.Comma, wording.Counted(n.Pass, "项通过", "check passed", "checks passed"), wording.Counted(n.Exempt, "项不适用", "does not apply", "do not apply"))
	b.WriteString("\n" + t.paint("pass", t.sign("pass")) + " " + t.tell(rest) + "\n")
}
