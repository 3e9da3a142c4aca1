package text

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
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
	t.heading(&b, r)
	t.about(&b, r)
	for _, f := range t.Rules.Findings(r) {
		t.finding(&b, &f)
	}
	t.snippet(&b, wording.Snippet(r))
	t.unjudged(&b, r)
	b.WriteByte('\n')
	t.headline(&b, r.Tone(), t.tell(wording.Verdict(r))) // last: it is what a person looks for when the prompt is back
	return t.print(&b)
}

// heading names what was checked: an international name in its characters, with
// its A-label beside it.
func (t *Terminal) heading(b *strings.Builder, r *reports.Record) {
	name, beside := cmp.Or(r.Domain, r.File), wording.DisplayName(r)
	if strings.Contains(name, "xn--") && beside != "" {
		name, beside = beside, name
	}
	b.WriteString(t.paint("bold", t.Cut(wording.Clean(name, wording.MaxText), t.Width)))
	if beside != "" {
		b.WriteString("  " + t.paint("soft", t.Cut(wording.Clean(beside, wording.MaxText), t.Width/2)))
	}
	b.WriteByte('\n')
}

// snippet writes the code for the foot of the page, which is not wrapped.
func (t *Terminal) snippet(b *strings.Builder, s wording.Code) {
	if len(s.Lines) == 0 {
		return
	}
	b.WriteString("\n")
	for _, line := range t.Wrap(t.tell(s.Title), min(t.Width, maxProse)) {
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
			t.field(b, names, "", "", t.tell(wording.Trouble(r.Detail.Trouble)))
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
	for i, line := range t.Wrap(title, min(t.Width, maxProse)-widest(lead)-2) {
		if i == 0 {
			b.WriteString(t.paint(f.Tone, lead))
		} else {
			b.WriteString(strings.Repeat(" ", widest(lead)))
		}
		b.WriteString("  " + t.paint("bold", line) + "\n")
	}
	for _, text := range []detect.Text{f.State, f.Waived} {
		if text.ZH != "" {
			b.WriteString(strings.Repeat(" ", widest(lead)) + "  " + t.paint("soft", t.Cut(t.tell(wording.Capital(text)), min(t.Width, maxProse)-widest(lead)-2)) + "\n")
		}
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

// maxReasons is how many reasons the line about what could not be judged names.
const maxReasons = 3

// unjudged tells in a line what could not be judged and mostly why, with Verbose
// each reason with its rules, then counts the rest.
func (t *Terminal) unjudged(b *strings.Builder, r *reports.Record) {
	n := r.Tally()
	if n.Unknown+n.Broken > 0 {
		b.WriteByte('\n')
		if reasons := unknownReasons(r); t.Verbose {
			t.allReasons(b, reasons)
		} else {
			t.mainReasons(b, reasons, n.Unknown+n.Broken)
		}
	}
	if n.Pass+n.Exempt == 0 {
		return
	}
	rest := wording.Joined(wording.Comma, wording.Counted(n.Pass, "项通过", "check passed", "checks passed"), wording.Counted(n.Exempt, "项不适用", "does not apply", "do not apply"))
	if n.Unknown+n.Broken == 0 {
		b.WriteByte('\n')
	}
	b.WriteString(t.paint("pass", t.sign("pass")) + " " + t.tell(rest) + "\n")
}

// mainReasons counts what could not be judged, by the reasons that most rules give.
func (t *Terminal) mainReasons(b *strings.Builder, reasons []whyUnknown, n int) {
	slices.SortStableFunc(reasons, func(x, y whyUnknown) int { return len(y.rules) - len(x.rules) })
	line := t.tell(wording.Counted(n, "项未判定", "inconclusive", "inconclusive")) + t.tr("：", ": ")
	rest := n
	for i, reason := range reasons[:min(len(reasons), maxReasons)] {
		if i > 0 {
			line += t.tr("；", "; ")
		}
		line += t.tell(reason.text) + " " + strconv.Itoa(len(reason.rules))
		rest -= len(reason.rules)
	}
	if rest > 0 {
		line += t.tr("；其他 ", "; other ") + strconv.Itoa(rest)
	}
	line += t.tr("（-v 列出）", " (-v lists them)")
	for i, part := range t.Wrap(line, min(t.Width, maxProse)-2) {
		lead := "  "
		if i == 0 {
			lead = t.paint("unknown", t.sign("unknown")) + " "
		}
		b.WriteString(lead + part + "\n")
	}
}

// allReasons lists every reason with the rules that give it.
func (t *Terminal) allReasons(b *strings.Builder, reasons []whyUnknown) {
	b.WriteString(t.paint("bold", t.tr("未判定", "Inconclusive")) + "\n")
	for _, reason := range reasons {
		for i, line := range t.Wrap(t.tell(wording.Capital(reason.text)), min(t.Width, maxProse)-2) {
			lead := "  "
			if i == 0 {
				lead = t.paint("unknown", t.sign("unknown")) + " "
			}
			b.WriteString(lead + line + "\n")
		}
		for _, line := range t.Wrap(strings.Join(reason.rules, ", "), min(t.Width, maxProse)-4) {
			b.WriteString("    " + t.paint("soft", line) + "\n")
		}
	}
}

// A whyUnknown is one reason with all rules that give it: a site that could not
// be seen has the same reason thirty times.
type whyUnknown struct {
	text  detect.Text
	rules []string
}

// fromInventory are the reasons that say what an inventory lacks; a check by hand
// has none.
var fromInventory = map[detect.Reason]bool{
	detect.ReasonNoPhone: true, detect.ReasonNoMobile: true, detect.ReasonNotVerified: true, detect.ReasonOneLineOnly: true,
	detect.ReasonNoDocuments: true, detect.ReasonNameNotKnown: true, detect.ReasonNatureNotKnown: true, detect.ReasonNumberNotKnown: true,
	detect.ReasonProvinceNotKnown: true, detect.ReasonCodeNotKnown: true, detect.ReasonProviderUnknown: true, detect.ReasonNoHistory: true,
	detect.ReasonNoSegments: true,
}

var noInventory = wording.Say("需要清单中的备案信息", "what is filed stands in an inventory")

func unknownReasons(r *reports.Record) []whyUnknown {
	var list []whyUnknown
	at := map[detect.Text]int{}
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != detect.Unknown && o.Verdict != detect.Broken {
			continue
		}
		note := wording.OutcomeNote(o)
		if r.Detail.Line == 0 && fromInventory[o.Reason] {
			note = noInventory // nobody gave one
		}
		if _, ok := at[note]; !ok {
			at[note] = len(list)
			list = append(list, whyUnknown{text: note})
		}
		list[at[note]].rules = append(list[at[note]].rules, wording.Clean(o.Rule, 80))
	}
	return list
}
