package html

import (
	"cmp"
	"html/template"
	"io"
	"net/url"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A summaryView is the overview of a run, ready to be laid out. The first screen
// says what changed, what is due and what was not decided; charts come after it.
type summaryView struct {
	frame
	Heading    detect.Text
	About      []detect.Text
	Files      []string // beside the overview
	Tone       string
	Since      detect.Text   // what changed since the last run, in a sentence
	Life       detect.Text   // what has become of the findings; empty if it is not known
	Lapsed     []detect.Text // waivers that have expired
	Verdict    detect.Text
	Coverage   detect.Text
	Overdue    int
	Soon       int
	Due        []dueView
	MoreDue    detect.Text
	Undecided  detect.Text
	Whys       []whyView
	Missing    detect.Text
	HasList    bool
	Unlisted   detect.Text
	Tiles      []tileView
	Share      template.HTML
	Changes    *changesView
	Liveness   []barView
	Causes     []barView
	Rules      []ruleView
	All        []ruleView // every rule, for the table without an empty box
	Trend      template.HTML
	TrendRows  []trendRow
	Owners     []ownerView
	MoreOwners []ownerView
	OwnerCount int
	Rejects    []reports.Reject
	Reasons    []barView
	Rejected   int
	MoreLeft   detect.Text // rejected lines that are not listed
}

// A tileView is one figure.
type tileView struct {
	Tone  string
	Name  detect.Text
	N     int
	Share string
}

// A barView is one row of a bar chart.
type barView struct {
	Name detect.Text
	N    int
	Pct  string
	Bar  template.HTML
}

// A ruleView is one rule over all domains.
type ruleView struct {
	reports.RuleCount
	Title detect.Text
	Bar   template.HTML
	List  []sampleView
	More  detect.Text
	Link  string // to the list of domains, filtered by the rule
}

// A sampleView is one domain under a rule or a change.
type sampleView struct {
	Domain, Name, Link, Owner, Tone string // Name: the A-label of an IDN, else ""
	Word, Saw                       detect.Text
	Rule                            detect.Text
	Was, Now                        detect.Text
}

// A changesView tells what changed since the run before.
type changesView struct {
	Kinds []changeView
	Same  detect.Text
}

type changeView struct {
	Kind reports.ChangeKind
	Tone string
	Name detect.Text
	Note detect.Text
	N    int
	List []sampleView
	More detect.Text
	Open bool // unfolded from the start
}

type trendRow struct {
	When string
	reports.Point
}

// Summary writes the overview of a run. list holds the domains that it can search;
// nil for an overview without.
func (h Writer) summary(w io.Writer, s *reports.Summary, list *listing) error {
	v := h.summaryView(s, list)
	if err := layouts.ExecuteTemplate(w, "summary-open", v); err != nil {
		return err
	}
	if list != nil {
		if _, err := io.WriteString(w, `<script type="application/json" id="domains">`); err != nil {
			return err
		}
		if err := list.write(w); err != nil {
			return err
		}
		if _, err := io.WriteString(w, `</script>`); err != nil {
			return err
		}
	}
	return layouts.ExecuteTemplate(w, "summary-close", v)
}

func (h Writer) summaryView(s *reports.Summary, list *listing) *summaryView {
	run := cmp.Or(s.Run, &reports.Run{})
	v := &summaryView{Heading: wording.Say("备案检查总览", "ICP filing overview"), HasList: list != nil}
	title := wording.Joined(wording.Same(" · "), v.Heading, wording.Same(wording.Clean(run.Inventory, 120)))
	v.frame = frame{Lang: h.Lang, PageTitle: title.In(h.Lang), Subtitle: v.Heading, Foot: wording.Footer(run.Ruleset), List: list != nil}
	v.About = wording.RunFacts(run)
	v.Verdict, v.Tone = wording.Summary(s)
	v.Coverage = wording.Coverage(s)
	for _, seg := range wording.Segments(s.Points) {
		v.Tiles = append(v.Tiles, tileView{seg.Class, seg.Name, seg.N, wording.Percent(seg.N, s.Points.Domains)})
	}
	v.Share = bar("bar thick", wording.Segments(s.Points), s.Points.Domains)
	v.Liveness, v.Causes = livenessBars(s), causeBars(s)
	h.due(v, s)
	v.undecided(s)
	v.owners(s)
	h.rules(v, s)
	h.changes(v, s)
	v.trend(s)
	v.rejects(s)
	if list != nil {
		v.Files = list.beside
		if total, listed := list.total(); listed < total {
			v.Unlisted = wording.Sayf(wording.Say("列表按严重级别收录 %[2]s 个域名；全部 %[1]s 个见 results.csv。", "The list holds the %[2]s most severe; results.csv has all %[1]s."),
				wording.Grouped(total), wording.Grouped(listed))
		}
	}
	return v
}

// filterLink is the address of the list of domains with a filter set.
func (v *summaryView) filterLink(name, value string) string {
	if !v.HasList || value == "" {
		return ""
	}
	return "#" + url.Values{name: {value}}.Encode()
}

func (v *summaryView) rejects(s *reports.Summary) {
	for _, r := range s.Rejects {
		v.Rejects = append(v.Rejects, reports.Reject{Line: r.Line, Text: wording.Clean(r.Text, 120), Reason: wording.Clean(r.Reason, 200)})
	}
	for _, c := range s.Reasons {
		v.Reasons = append(v.Reasons, barView{Name: wordOrOther(c.Word, func(w string) detect.Text { return wording.Same(wording.Clean(w, 200)) }), N: c.N})
		v.Rejected += c.N
	}
	if n := v.Rejected - len(s.Rejects); n > 0 {
		v.MoreLeft = wording.Counted(n, "行未列出", "more line not listed", "more lines not listed")
	}
}

func livenessBars(s *reports.Summary) []barView {
	var bars []barView
	for _, c := range s.Liveness {
		class := c.Word
		if class == string(detect.Unseen) {
			class = "unseen"
		}
		bars = append(bars, barView{
			Name: wording.Word(wording.LivenessWords, detect.Liveness(c.Word)), N: c.N, Pct: wording.Percent(c.N, s.Points.Domains),
			Bar: bar("bar", []wording.Segment{{Class: class, N: c.N}}, s.Points.Domains),
		})
	}
	return bars
}

func causeBars(s *reports.Summary) []barView {
	down := 0
	for _, c := range s.Causes {
		down += c.N
	}
	var bars []barView
	for _, c := range s.Causes {
		bars = append(bars, barView{Name: wordOrOther(c.Word, detect.CauseText), N: c.N, Pct: wording.Percent(c.N, down), Bar: bar("bar", []wording.Segment{{Class: "down", N: c.N}}, down)})
	}
	return bars
}

// wordOrOther puts a counted word into words; the empty word stands for all
// that was not counted one by one.
func wordOrOther(w string, text func(string) detect.Text) detect.Text {
	if w == "" {
		return wording.Say("其他", "others")
	}
	return text(w)
}

// pageLink is the relative address of a domain's report, "" if there is none.
func pageLink(s *reports.Summary, domain string, tone string) string {
	if s.Page == nil {
		return ""
	}
	return s.Page(domain, tone)
}

// named fills the names of a domain: an IDN in characters, its A-label beside it.
func named(domain string) (shown, label string) {
	if u := wording.Unicode(domain); u != "" {
		return u, wording.Clean(domain, 260)
	}
	return wording.Clean(domain, 260), ""
}
