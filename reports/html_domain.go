package reports

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// A domainView is the report of one domain, ready to be laid out.
type domainView struct {
	frame
	Name         string // the A-label, or the file's name
	Facing       string // the name as written by people, if it differs
	Tone         string
	Verdict      detect.Text
	Liveness     detect.Text
	LivenessNote detect.Text
	Trouble      detect.Text
	Looked       detect.Text
	FilingStatus detect.Text
	FilingNumber string
	FilingNotes  []detect.Text
	Numbers      []numberView
	NoNumbers    detect.Text
	Findings     []findingView
	Outcomes     []template.HTML
	Facts        []factView
	Tables       []tableView
	NoTables     detect.Text
	Picture      string // the file beside the report with the picture of the drawn page, "" if there is none
}

// A numberView is one number that the page shows.
type numberView struct {
	Number string
	Kind   detect.Text // what number, where, and how it is linked
	Note   detect.Text // as written, if that differs
	Link   string
}

// A findingView is one rule that found something, with every place.
type findingView struct {
	Rule     string
	Tone     string
	Severity detect.Text
	Title    detect.Text
	Dates    detect.Text // since when, and until when it is to be mended; empty if not known
	Spots    []spotView
	Why      detect.Text
	Law      detect.Text
	LawLink  string
}

// A spotView is one place.
type spotView struct {
	Where, Saw, Fix detect.Text
	Quotes          []string
	Snippet         string
}

// An outcomeView is one row of the whole table.
type outcomeView struct {
	Rule  string
	Title detect.Text
	Found bool
	Tone  string
	Word  detect.Text
	Note  detect.Text
}

func (h HTML) domainView(run *Run, r *Record, obs *crawler.Observation, back string) *domainView {
	v := &domainView{Name: clean(cmp.Or(r.Domain, r.File), 260)}
	v.Facing = facing(r)
	title := say(v.Name+" · 备案检查报告", v.Name+" · ICP filing report")
	v.frame = frame{
		Lang: h.Lang, PageTitle: title.In(h.Lang), Subtitle: say("ICP 备案检查报告", "ICP filing report"),
		Back: back, BackText: say("← 本次运行总览", "← this run"), Foot: footText(r.Ruleset),
	}
	v.Verdict, v.Tone = verdict(r)
	if r.File == "" {
		v.Liveness = livenessText(r.Liveness, r.Cause)
		v.LivenessNote = livenessNotes[r.Liveness]
	}
	if r.Detail.Trouble != "" {
		v.Trouble = joined(say("：", ": "), say("检查受阻", "We were stopped"), same(clean(r.Detail.Trouble, 300)))
	}
	v.Looked = joined(same(" "), say("检查时间", "Looked at"), lookedText(r))
	v.filing(r)
	v.Findings = h.Rules.findings(r)
	v.Outcomes = h.outcomes(r)
	v.evidence(run, r, obs)
	if back != "" && obs != nil && len(obs.Screenshot) > 0 {
		v.Picture = FileName(cmp.Or(r.Domain, r.File)) + pictureExt
	}
	return v
}

// facing is the name as people write it: the Unicode form of an A-label.
func facing(r *Record) string {
	if strings.Contains(r.Domain, "xn--") {
		if u, err := idna.Display.ToUnicode(r.Domain); err == nil && u != r.Domain {
			return clean(u, 260)
		}
	}
	if r.Detail.Given != "" && r.Detail.Given != r.Domain {
		return clean(r.Detail.Given, 260)
	}
	return ""
}

// lookedText says when, from where and how often the site was looked at.
func lookedText(r *Record) detect.Text {
	parts := []detect.Text{same(stamp(r.At))}
	if r.Vantage != "" {
		parts = append(parts, sayf(say("观测点 %s", "from %s"), clean(r.Vantage, 60)))
	}
	if r.Attempts > 1 {
		parts = append(parts, counted(r.Attempts, "次尝试", "look", "looks"))
	}
	return joined(comma, parts...)
}

// filing fills the two boxes "on record" and "on the page".
func (v *domainView) filing(r *Record) {
	v.FilingStatus = word(filingWords, crawler.FilingStatus(r.Filing.Status))
	v.FilingNumber = clean(r.Filing.Number, 80)
	note := func(name detect.Text, value string) {
		if value != "" {
			v.FilingNotes = append(v.FilingNotes, joined(say("：", ": "), name, same(clean(value, 200))))
		}
	}
	note(say("主办单位", "subject"), r.Detail.Subject)
	note(say("网站名称", "site name"), r.Detail.SiteName)
	if r.Filing.Source != "" {
		from := joined(say("：", ": "), say("来源", "according to"), word(sourceWords, r.Filing.Source))
		if r.Filing.At != "" {
			from = joined(comma, from, same(clean(r.Filing.At, 40)))
		}
		v.FilingNotes = append(v.FilingNotes, from)
	}
	note(say("未能得知的原因", "why it is not known"), r.Detail.Why)
	v.Numbers = numbers(r)
	v.NoNumbers = say("没有看到备案号。", "No filing number was seen.")
	if r.HTTPStatus == 0 && r.File == "" {
		v.NoNumbers = say("没有收到页面，无从查看。", "No page was received, so there was nothing to read.")
	}
}

func numbers(r *Record) []numberView {
	var list []numberView
	for _, n := range r.Shown.ICP {
		nv := numberView{
			Number: clean(n.Number, 80),
			Kind:   joined(comma, say("ICP 备案号", "ICP filing number"), word(placeWords, n.Place), word(linkWords, n.LinkKind)),
			Link:   clean(n.Link, 300),
		}
		if raw := clean(n.Raw, 120); raw != nv.Number && raw != "" {
			nv.Note = joined(say("：", ": "), say("原样", "as written"), same(raw))
		}
		list = append(list, nv)
	}
	for _, n := range r.Shown.Police {
		list = append(list, numberView{
			Number: clean(n.Number, 80),
			Kind:   joined(comma, say("公安联网备案号", "public-security filing number"), word(linkWords, n.LinkKind)),
			Link:   clean(n.Link, 300),
		})
	}
	for _, n := range r.Shown.Licences {
		list = append(list, numberView{Number: clean(n.Number, 120), Kind: word(licenceWords, n.Kind)})
	}
	return list[:min(len(list), maxRows)]
}

// findings lists the rules that found something, gravest first.
func (b Book) findings(r *Record) []findingView {
	var views []findingView
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != detect.Found {
			continue
		}
		f := findingView{
			Rule: clean(o.Rule, 80), Tone: toneOf(o), Severity: outcomeWord(o), Title: b.title(o.Rule),
		}
		f.Dates = datesText(o)
		rule := b[o.Rule]
		if rule == nil {
			rule = &detect.Rule{Rationale: say("本程序已不含该规则。", "This program no longer has the rule.")}
		}
		f.Why = rule.Rationale
		f.Law, f.LawLink = lawText(rule.Source), rule.Source.Link
		for _, found := range o.Findings[:min(len(o.Findings), maxRows)] {
			f.Spots = append(f.Spots, spot(found, rule))
		}
		views = append(views, f)
	}
	slices.SortStableFunc(views, func(x, y findingView) int {
		return Rank(detect.Severity(y.Tone)) - Rank(detect.Severity(x.Tone))
	})
	return views
}

// datesText says since when something has been found and until when it is to be
// mended.
func datesText(o *detect.Outcome) detect.Text {
	if o.Since.IsZero() {
		return detect.Text{}
	}
	t := sayf(say("首次发现 %s", "first found %s"), chinaDay(o.Since))
	if !o.Due.IsZero() {
		t = joined(comma, t, sayf(say("整改期限 %s", "due %s"), chinaDay(o.Due)))
	}
	return capital(t)
}

// spot fills what a finding leaves empty from its rule, so no box is empty.
func spot(f detect.Finding, rule *detect.Rule) spotView {
	s := spotView{Where: f.Where, Saw: f.Saw, Fix: f.Fix, Snippet: cleanLines(f.Snippet)}
	if s.Where.ZH == "" {
		s.Where = say("网站", "the site")
	}
	if s.Saw.ZH == "" {
		s.Saw = rule.Title
	}
	if s.Fix.ZH == "" {
		s.Fix = rule.Remedy
	}
	for _, q := range f.Quotes[:min(len(f.Quotes), 5)] {
		s.Quotes = append(s.Quotes, clean(q, 400))
	}
	return s
}

// lawText names law, article and since when it is in force.
func lawText(a detect.Article) detect.Text {
	if a.Law.ZH == "" {
		return detect.Text{}
	}
	t := a.Law
	if a.Place != "" {
		zh, en, both := strings.Cut(a.Place, " / ") // "第十三条 / article 13"
		if !both {
			en = zh
		}
		t = joined(same(" "), t, say(zh, en))
	}
	if a.Since != "" {
		t = joined(same(""), t, sayf(say("（%s 起施行）", " (in force since %s)"), a.Since))
	}
	t = joined(same(""), t, a.Also)
	return t
}
