package html

import (
	"cmp"
	"html/template"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
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
	Numbers      []wording.Number
	NoNumbers    detect.Text
	Findings     []wording.Finding
	Snippet      wording.Code // for the foot of the page
	Outcomes     []template.HTML
	Facts        []factView
	Tables       []tableView
	NoTables     detect.Text
	Picture      string // the file beside the report with the picture of the drawn page, "" if there is none
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

func (h Writer) domainView(run *reports.Run, r *reports.Record, obs *crawler.Observation, back string) *domainView {
	v := &domainView{Name: wording.Clean(cmp.Or(r.Domain, r.File), 260)}
	v.Facing = wording.DisplayName(r)
	title := wording.Say(v.Name+" · 备案检查报告", v.Name+" · ICP filing report")
	v.frame = frame{
		Lang: h.Lang, PageTitle: title.In(h.Lang), Subtitle: wording.Say("ICP 备案检查报告", "ICP filing report"),
		Back: back, BackText: wording.Say("← 本检查批次总览", "← this run"), Foot: wording.Footer(r.Ruleset),
	}
	v.Verdict, v.Tone = wording.Verdict(r), r.Tone()
	if r.File == "" {
		v.Liveness = wording.LivenessText(r.Liveness, r.Cause)
		v.LivenessNote = wording.LivenessNotes[r.Liveness]
	}
	if r.Detail.Trouble != "" {
		v.Trouble = wording.Joined(wording.Say("：", ": "), wording.Say("未能检查", "Local error"), wording.Trouble(r.Detail.Trouble))
	}
	v.Looked = wording.Joined(wording.Same(" "), wording.Say("检查时间", "Checked at"), wording.VisitText(r))
	v.filing(r)
	v.Findings = h.Rules.Findings(r)
	v.Snippet = wording.Snippet(r)
	v.Outcomes = h.outcomes(r)
	v.evidence(run, r, obs)
	if back != "" && obs != nil && len(obs.Screenshot) > 0 {
		v.Picture = reports.FileName(cmp.Or(r.Domain, r.File)) + pictureExt
	}
	return v
}

// filing fills the two boxes "on record" and "on the page".
func (v *domainView) filing(r *reports.Record) {
	v.FilingStatus = wording.Word(wording.FilingWords, crawler.FilingStatus(r.Filing.Status))
	v.FilingNumber = wording.Clean(r.Filing.Number, 80)
	note := func(name detect.Text, value string) {
		if value != "" {
			v.FilingNotes = append(v.FilingNotes, wording.Joined(wording.Say("：", ": "), name, wording.Same(wording.Clean(value, 200))))
		}
	}
	note(wording.Say("主办单位", "filing entity"), r.Detail.Subject)
	note(wording.Say("网站名称", "site name"), r.Detail.SiteName)
	if r.Filing.Source != "" {
		from := wording.Joined(wording.Say("：", ": "), wording.Say("来源", "according to"), wording.Word(wording.SourceWords, r.Filing.Source))
		if r.Filing.At != "" {
			from = wording.Joined(wording.Comma, from, wording.Same(wording.Clean(r.Filing.At, 40)))
		}
		v.FilingNotes = append(v.FilingNotes, from)
	}
	note(wording.Say("状态未知的原因", "why the status is unknown"), r.Detail.Why)
	v.Numbers = wording.Numbers(r)
	v.NoNumbers = wording.Say("未发现备案号。", "No filing number found.")
	if r.HTTPStatus == 0 && r.File == "" {
		v.NoNumbers = wording.Say("未收到页面，无法检查。", "No page was received.")
	}
}
