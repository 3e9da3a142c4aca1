package reports

import (
	"cmp"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// Check writes the report of one domain or file: the verdict, what is on
// record and on the page, every finding with what to do, and what could not be
// judged. A blank line parts it from the report before.
func (t *Terminal) Check(r *Record) error {
	var b strings.Builder
	if t.checks++; t.checks > 1 {
		b.WriteByte('\n')
	}
	b.WriteString(t.paint("bold", t.cut(clean(cmp.Or(r.Domain, r.File), maxText), t.Width)))
	if name := facing(r); name != "" {
		b.WriteString("  " + t.paint("soft", t.cut(name, t.Width/2)))
	}
	b.WriteByte('\n')
	sentence, tone := verdict(r)
	t.headline(&b, tone, t.tell(sentence))
	t.about(&b, r)
	for _, f := range t.Rules.findings(r) {
		t.finding(&b, &f)
	}
	t.unjudged(&b, r)
	return t.print(&b)
}

// about tells the state of the site and its filing.
func (t *Terminal) about(b *strings.Builder, r *Record) {
	state, record, page, looked := t.tr("状态", "State"), t.tr("登记", "On record"), t.tr("页面", "On page"), t.tr("时间", "When")
	names := widest(state, record, page, looked)
	if r.File == "" {
		t.field(b, names, state, "", t.tell(capital(livenessText(r.Liveness, r.Cause))))
		if r.Detail.Trouble != "" {
			t.field(b, names, "", "", clean(r.Detail.Trouble, 300))
		}
	}
	filing := t.tell(capital(word(filingWords, crawler.FilingStatus(r.Filing.Status))))
	for _, s := range []string{r.Filing.Number, r.Detail.Subject} {
		if s != "" {
			filing += " " + clean(s, 120)
		}
	}
	if r.Filing.Source != "" {
		filing += t.tr("（", " (") + strings.TrimSpace(t.tell(word(sourceWords, r.Filing.Source))+" "+clean(r.Filing.At, 20)) + t.tr("）", ")")
	}
	t.field(b, names, record, "", filing)
	t.shown(b, names, page, r)
	t.field(b, names, looked, "soft", t.tell(lookedText(r)))
}

// maxShown is how many numbers of a page a terminal lists; the rest are in the
// HTML and JSON reports.
const maxShown = 6

func (t *Terminal) shown(b *strings.Builder, names int, name string, r *Record) {
	list := numbers(r)
	if len(list) == 0 {
		none := t.tr("没有看到备案号", "No filing number was seen")
		if r.HTTPStatus == 0 && r.File == "" {
			none = t.tr("没有收到页面", "No page was received")
		}
		t.field(b, names, name, "", none)
	}
	for i, n := range list {
		if i == maxShown {
			t.field(b, names, "", "soft", t.tell(counted(len(list)-i, "个编号未列出", "more number", "more numbers")))
			break
		}
		t.field(b, names, name, "", n.Number+t.tr("（", " (")+t.tell(n.Kind)+t.tr("）", ")"))
		name = ""
	}
}

// finding writes one rule that found something. Long texts are wrapped; a
// snippet is not, because it is to be copied as it stands.
func (t *Terminal) finding(b *strings.Builder, f *findingView) {
	b.WriteByte('\n')
	lead := t.sign(f.Tone) + " " + t.tell(capital(f.Severity))
	title := t.tell(capital(f.Title))
	for i, line := range t.wrap(title, min(t.Width, maxProse)-widest(lead)-2) {
		if i == 0 {
			b.WriteString(t.paint(f.Tone, lead))
		} else {
			b.WriteString(strings.Repeat(" ", widest(lead)))
		}
		b.WriteString("  " + t.paint("bold", line) + "\n")
	}
	where, saw, fix := t.tr("位置", "Where"), t.tr("所见", "Seen"), t.tr("怎么改", "What to do")
	why, law, rule := t.tr("为什么", "Why"), t.tr("依据", "Source"), t.tr("规则", "Rule")
	names := widest(where, saw, fix, why, law, rule)
	for i, s := range f.Spots {
		if i > 0 {
			b.WriteByte('\n')
		}
		t.field(b, names, where, "", t.tell(capital(s.Where)))
		t.field(b, names, saw, "", t.tell(capital(s.Saw)))
		for _, q := range s.Quotes {
			t.field(b, names, "", "soft", "> "+clean(q, 200))
		}
		t.field(b, names, fix, "bold", t.tell(capital(s.Fix)))
		for line := range strings.SplitSeq(s.Snippet, "\n") {
			if line != "" {
				b.WriteString("  " + strings.Repeat(" ", names) + "  " + t.paint("link", line) + "\n")
			}
		}
	}
	t.field(b, names, why, "", t.tell(capital(f.Why)))
	if f.Law.ZH != "" {
		t.field(b, names, law, "", t.tell(f.Law))
	}
	if f.LawLink != "" {
		t.field(b, names, "", "link", clean(f.LawLink, 300))
	}
	t.field(b, names, rule, "soft", f.Rule)
}

// unjudged lists what could not be judged and why, then counts the rest.
func (t *Terminal) unjudged(b *strings.Builder, r *Record) {
	n := tallyOf(r.Outcomes)
	if n.Unknown+n.Broken > 0 {
		b.WriteString("\n" + t.paint("bold", t.tr("无法判断", "Could not be judged")) + "\n")
		for _, reason := range unknownReasons(r) {
			for i, line := range t.wrap(t.tell(capital(reason.text)), min(t.Width, maxProse)-2) {
				lead := "  "
				if i == 0 {
					lead = t.paint("unknown", t.sign("unknown")) + " "
				}
				b.WriteString(lead + line + "\n")
			}
			for _, line := range t.wrap(strings.Join(reason.rules, ", "), min(t.Width, maxProse)-4) {
				b.WriteString("    " + t.paint("soft", line) + "\n")
			}
		}
	}
	if n.Pass+n.Exempt == 0 {
		return
	}
	rest := joined(comma, counted(n.Pass, "项通过", "check passed", "checks passed"), counted(n.Exempt, "项不适用", "does not apply", "do not apply"))
	b.WriteString("\n" + t.paint("pass", t.sign("pass")) + " " + t.tell(rest) + "\n")
}

// A whyUnknown is one reason with all rules that give it: a site that could not
// be seen has the same reason thirty times.
type whyUnknown struct {
	text  detect.Text
	rules []string
}

func unknownReasons(r *Record) []whyUnknown {
	var list []whyUnknown
	at := map[detect.Text]int{}
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != detect.Unknown && o.Verdict != detect.Broken {
			continue
		}
		note := outcomeNote(o)
		if _, ok := at[note]; !ok {
			at[note] = len(list)
			list = append(list, whyUnknown{text: note})
		}
		list[at[note]].rules = append(list[at[note]].rules, clean(o.Rule, 80))
	}
	return list
}
