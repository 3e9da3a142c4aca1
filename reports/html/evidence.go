package html

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/frames"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// maxRows bounds every table of a domain's report: a hostile site can make
// any list as long as it likes.
const maxRows = 60

// A factView is one line of the evidence, with one or more values.
type factView struct {
	Name   detect.Text
	Values []detect.Text
}

// A tableView is one table of the evidence.
type tableView struct {
	Title detect.Text
	Head  []column
	Rows  [][]detect.Text
	More  detect.Text // how many rows were left out
}

// A column has a name; a wide one holds long values and may wrap.
type column struct {
	detect.Text
	Wide bool
}

func narrow(zh, en string) column { return column{Text: wording.Say(zh, en)} }
func wide(zh, en string) column   { return column{Text: wording.Say(zh, en), Wide: true} }

// add appends a row; an empty cell gets a dash.
func (t *tableView) add(cells ...detect.Text) {
	for i, c := range cells {
		if c.ZH == "" {
			cells[i] = wording.Same("-")
		}
	}
	t.Rows = append(t.Rows, cells)
}

// bound cuts the table to maxRows and says so.
func (t tableView) bound() tableView {
	if n := len(t.Rows) - maxRows; n > 0 {
		t.Rows = t.Rows[:maxRows]
		t.More = wording.Counted(n, "行未列出", "more row not listed", "more rows not listed")
	}
	return t
}

// evidence fills the picture, the facts and the tables at the end of the report.
func (h Writer) evidence(v *domainView, s *Subject) {
	r, obs := s.Record, s.Evidence.Seen
	v.Facts = facts(s.Run, r)
	var tables []tableView
	if obs != nil {
		if v.Picture = inlined(obs.Screenshot); v.Picture != "" {
			v.Frames = frames.Of(obs, r, h.Rules)
		}
		v.Digests = digests(obs, r)
		if s.Evidence.File != "" {
			v.WARC = wording.Clean(s.Evidence.File, 200) + " @ " + strconv.FormatInt(s.Evidence.Offset, 10)
		}
		tables = append(tables, lookupTable(obs), visitTable(obs))
	} else {
		tables = append(tables, hopTable(r))
		v.NoTables = wording.Say("生成此报告时没有原始证据（DNS 查询、逐跳响应）。", "The raw evidence (DNS answers, every hop) was not available when this report was generated.")
	}
	tables = append(tables, lookTable(r))
	for _, t := range tables {
		if len(t.Rows) > 0 {
			v.Tables = append(v.Tables, t.bound())
		}
	}
}

// hopTable is the way to the answer as the record keeps it.
func hopTable(r *reports.Record) tableView {
	t := tableView{
		Title: wording.Say("到达页面的路径", "Redirects to the page"),
		Head:  []column{wide("地址", "URL"), narrow("状态", "Status"), narrow("服务器", "Server")},
	}
	for _, h := range r.Hops {
		t.add(wording.Same(wording.Clean(h.URL, 300)), wording.Same(strconv.Itoa(h.Status)), wording.Same(wording.Clean(h.Address, 60)))
	}
	return t
}

// visitTable lists every request with every hop.
func visitTable(obs *crawler.Observation) tableView {
	t := tableView{
		Title: wording.Say("请求与响应", "Requests and answers"),
		Head:  []column{narrow("目的", "Purpose"), wide("地址", "URL"), wide("结果", "Result"), narrow("服务器", "Server"), narrow("时间和用时", "When, how long")},
	}
	hop := func(what detect.Text, h *crawler.Page) {
		t.add(what, wording.Same(wording.Clean(h.URL, 300)), hopResult(h), wording.Same(addrText(h.Addr)), wording.Same(moment(h.At, h.Took)))
	}
	for i := range obs.Visits {
		visit := &obs.Visits[i]
		what := wording.Word(wording.AskWords, visit.Ask.Kind)
		for j := range visit.Hops {
			h := &visit.Hops[j]
			if j > 0 {
				what = wording.Joined(wording.Same(" "), wording.Same("↳"), wording.Word(wording.ViaWords, h.Via))
			}
			hop(what, h)
		}
		if visit.Failure != nil {
			if len(visit.Hops) > 0 {
				what = wording.Same("↳")
			}
			t.add(what, wording.Same(wording.Clean(visit.Failed, 300)), failureText(visit.Failure), detect.Text{}, wording.Same(moment(visit.At, visit.Took)))
		}
	}
	if obs.Rendered != nil {
		hop(wording.Word(wording.AskWords, crawler.AskRender), obs.Rendered)
	}
	return t
}

// hopResult is what one answer was: status, size, TLS and its fault.
func hopResult(h *crawler.Page) detect.Text {
	parts := []detect.Text{wording.Same("HTTP " + strconv.Itoa(h.Status)), wording.Same(wording.Grouped(len(h.Body)) + " B")}
	if h.Cut {
		parts = append(parts, wording.Say("未收全", "cut"))
	}
	if h.TLS != nil {
		parts = append(parts, wording.Same(wording.Clean(h.TLS.Version, 20)))
		if h.TLS.Fault != "" {
			parts = append(parts, wording.Certificate(h.TLS.Fault))
		}
	}
	return wording.Joined(wording.Comma, parts...)
}

// lookupTable lists every DNS question with its answer or failure.
func lookupTable(obs *crawler.Observation) tableView {
	t := tableView{
		Title: wording.Say("域名解析", "Name resolution"),
		Head: []column{wide("问题", "Question"), wide("回答", "Answer"), narrow("解析服务器", "Resolver"),
			narrow("时间和用时", "When, how long")},
	}
	for i := range obs.Lookups {
		l := &obs.Lookups[i]
		server := wording.Server(l.Server)
		if l.TCP {
			server = wording.Joined(wording.Same(" "), server, wording.Same("(TCP)"))
		}
		t.add(wording.Same(wording.Clean(l.Name, 260)+" "+wording.Clean(l.Type, 10)), answerText(l), server, wording.Same(moment(l.At, l.Took)))
	}
	return t
}

func answerText(l *crawler.Lookup) detect.Text {
	if l.Failure != nil {
		return failureText(l.Failure)
	}
	var parts []string
	for _, c := range l.Chain[:min(len(l.Chain), 10)] {
		parts = append(parts, "→ "+wording.Clean(c, 260))
	}
	for _, a := range l.Addrs[:min(len(l.Addrs), 16)] {
		parts = append(parts, a.String())
	}
	if len(parts) == 0 {
		return wording.Joined(wording.Same(" "), wording.Same(wording.Clean(l.RCode, 20)), wording.Say("（无记录）", "(no record)"))
	}
	return wording.Same(strings.Join(parts, "  "))
}

func failureText(f *crawler.Failure) detect.Text { return wording.Failure(f) }

// lookTable lists the visits of the run, if there were several.
func lookTable(r *reports.Record) tableView {
	t := tableView{
		Title: wording.Say("各次访问", "All visits"),
		Head:  []column{narrow("时间", "When"), wide("实测情况", "Observed"), narrow("解析服务器", "Resolver")},
	}
	for _, l := range r.Detail.Looks {
		t.add(wording.Same(wording.Timestamp(l.At)), wording.LivenessText(l.Liveness, l.Cause), wording.Server(l.Server))
	}
	return t
}

func addrText(a netip.AddrPort) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// moment is when something was asked and how long it took, in milliseconds,
// which is what a reader compares.
func moment(at time.Time, took time.Duration) string {
	var parts []string
	if !at.IsZero() {
		parts = append(parts, wording.InZone(at).Format("15:04:05"))
	}
	if took > 0 {
		parts = append(parts, "+"+wording.Grouped(int((took+time.Millisecond/2)/time.Millisecond))+" ms")
	}
	return strings.Join(parts, " ")
}
