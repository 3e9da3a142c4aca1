package html

import (
	"cmp"
	"html/template"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/frames"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A Subject is what the report of a domain is made from.
type Subject struct {
	Run      *reports.Run // nil for a single check
	Record   *reports.Record
	Evidence Evidence
	Events   []Event // the domain's past, as far as it is known
	Back     string  // relative address of the run's overview, "" if there is none
}

// Evidence is what was kept of a visit, and where.
type Evidence struct {
	Seen   *crawler.Observation // nil if nothing was kept, and then the report says so
	File   string               // of the WARC record, below the folder for evidence; "" if there is none
	Offset int64                // of the record in the file, in bytes
}

// A domainView is the report of one domain, ready to be laid out.
type domainView struct {
	frame
	Name         string // in characters, or the file's name
	Label        string // the A-label of an IDN, or the name as the inventory writes it
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
	Findings     []findingView
	Snippet      wording.Code // for the foot of the page
	Timeline     []eventView
	Undecided    []wording.Undecided
	Unjudged     int // rules
	Passed       []template.HTML
	Exempt       []template.HTML
	Facts        []factView
	Digests      tableView
	WARC         string
	Tables       []tableView
	NoTables     detect.Text
	Picture      template.URL // of the foot of the page as a browser drew it, "" if there is none
	Frames       frames.View  // around what was found in it
}

// A findingView is a finding with the source around it.
type findingView struct {
	wording.Finding
	Excerpt excerptView
}

func (h Writer) domainView(s *Subject) *domainView {
	r, obs := s.Record, s.Evidence.Seen
	v := &domainView{Name: wording.Clean(cmp.Or(r.Domain, r.File), 260)}
	if shown := wording.DisplayName(r); shown != "" {
		v.Name, v.Label = shown, v.Name
	}
	title := wording.Say(v.Name+" · 备案检查报告", v.Name+" · ICP filing report")
	v.frame = frame{
		Lang: h.Lang, PageTitle: title.In(h.Lang), Subtitle: wording.Say("ICP 备案检查报告", "ICP filing report"),
		Back: s.Back, BackText: wording.Say("← 本检查批次总览", "← Overview of this run"), Foot: wording.Footer(r.Ruleset),
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
	excerpts := excerpts(obs, r)
	for _, f := range h.Rules.Findings(r) {
		v.Findings = append(v.Findings, findingView{wording.Discreet(f), excerpts[f.Rule]})
	}
	v.Snippet = wording.Snippet(r)
	v.Timeline = h.timeline(r, s.Events)
	v.Undecided = h.Rules.Undecided(r)
	for _, u := range v.Undecided {
		v.Unjudged += len(u.Rules)
	}
	v.Passed, v.Exempt = h.outcomes(r)
	h.evidence(v, s)
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
	if r.Detail.Why != "" {
		v.FilingNotes = append(v.FilingNotes, wording.Joined(wording.Say("：", ": "), wording.Say("状态未知的原因", "why the status is unknown"), wording.WhyUnknown(r.Detail.Why)))
	}
	v.Numbers = wording.Numbers(r)
	v.NoNumbers = wording.NoNumbers(r)
}
