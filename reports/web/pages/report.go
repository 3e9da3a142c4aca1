package pages

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A reportView is what is told of one domain or page: its verdict, what to mend, the
// register beside the page, and the outcomes of all rules.
type reportView struct {
	Name, Facing string
	Tone         string
	Verdict      detect.Text
	Liveness     detect.Text
	LivenessNote detect.Text
	Trouble      string
	Looked       detect.Text
	FilingStatus detect.Text
	FilingNumber string
	FilingNotes  []detect.Text
	Numbers      []wording.Number
	NoNumbers    detect.Text
	Findings     []findingView
	Snippet      wording.Code
	Groups       []outcomeGroup
}

// A findingView is a finding with what became of it.
type findingView struct {
	wording.Finding
	State  detect.Text
	Waiver *reports.Waiver
}

// An outcomeGroup is the rules of one outcome, or of one reason.
type outcomeGroup struct {
	Tone  string
	Name  detect.Text
	Rules []ruleLine
}

// A ruleLine is a rule in a group.
type ruleLine struct {
	ID    string
	Title detect.Text
}

// report makes what is told of a record.
func (s *Site) report(r *reports.Record) reportView {
	visit := *r
	visit.At = r.At.In(china)
	v := reportView{Name: wording.Clean(r.Domain, 260), Facing: wording.DisplayName(r), Tone: r.Tone(), Verdict: wording.Verdict(r), Looked: wording.VisitText(&visit), Trouble: wording.Clean(r.Detail.Trouble, 300),
		FilingStatus: wording.Word(wording.FilingWords, crawler.FilingStatus(r.Filing.Status)), FilingNumber: wording.Clean(r.Filing.Number, 80),
		Numbers: wording.Numbers(r), Snippet: wording.Snippet(r)}
	if r.Domain == "" {
		v.Name = wording.Clean(r.File, 260)
	}
	if r.File == "" {
		v.Liveness, v.LivenessNote = wording.LivenessText(r.Liveness, r.Cause), wording.LivenessNotes[r.Liveness]
	}
	v.NoNumbers = wording.NoNumbers(r)
	note := func(name detect.Text, value string) {
		if value != "" {
			v.FilingNotes = append(v.FilingNotes, wording.Capital(wording.Joined(wording.Say("：", ": "), name, wording.Same(wording.Clean(value, 200)))))
		}
	}
	note(wording.Say("主办单位", "filing entity"), r.Detail.Subject)
	note(wording.Say("网站名称", "site name"), r.Detail.SiteName)
	if r.Filing.Source != "" {
		v.FilingNotes = append(v.FilingNotes, wording.Capital(wording.Joined(wording.Say("：", ": "), wording.Say("来源", "according to"), wording.Word(wording.SourceWords, r.Filing.Source))))
	}
	note(wording.Say("查询日期", "asked on"), r.Filing.At)
	note(wording.Say("状态未知的原因", "why the status is unknown"), r.Detail.Why)
	for _, f := range s.Actions.Book().Findings(r) {
		one := findingView{Finding: f}
		if life, ok := r.Life[f.Rule]; ok {
			one.State, one.Waiver = wording.Word(wording.StateWords, life.State), life.Waiver
		}
		v.Findings = append(v.Findings, one)
	}
	v.Groups = s.groups(r)
	return v
}

// groups are the rules that found nothing: the inconclusive by reason, then those that
// passed and those that do not apply.
func (s *Site) groups(r *reports.Record) []outcomeGroup {
	var list []outcomeGroup
	add := func(tone string, name detect.Text, rule string) {
		line := ruleLine{wording.Clean(rule, 80), wording.Capital(s.Actions.Book().Title(rule))}
		for i := range list {
			if list[i].Tone == tone && list[i].Name == name {
				list[i].Rules = append(list[i].Rules, line)
				return
			}
		}
		list = append(list, outcomeGroup{tone, name, []ruleLine{line}})
	}
	for _, verdict := range []detect.Verdict{detect.Unknown, detect.Broken, detect.Pass, detect.Exempt} {
		for i := range r.Outcomes {
			o := &r.Outcomes[i]
			if o.Verdict != verdict {
				continue
			}
			name := wording.Capital(wording.Word(wording.VerdictWords, verdict))
			if verdict == detect.Unknown {
				name = wording.Joined(wording.Say("：", ": "), name, wording.CleanText(wording.OutcomeNote(o), 200))
			}
			add(string(verdict), name, o.Rule)
		}
	}
	return list
}
