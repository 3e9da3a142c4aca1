package pages

import (
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/frames"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A domainView is the page of a domain.
type domainView struct {
	frame
	reportView
	Domain    string
	Run       *reports.Run
	Record    *reports.Record
	Picture   string
	Frames    frames.View // around what was found in it
	CanVisit  bool
	Rules     []ruleLine // that found something, for waivers
	History   []eventView
	Facts     []fact
	Lookups   [][]detect.Text
	Hops      [][]detect.Text
	NoRaw     bool // the raw evidence was not kept
	Inventory string
}

// A fact is a name with a value.
type fact struct {
	Name  detect.Text
	Value detect.Text
}

// An eventView is a run in which something changed.
type eventView struct {
	actions.Event
	Tone    string
	Verdict detect.Text
	Lines   []changeLine
}

// A changeLine is one change in words.
type changeLine struct {
	Tone string
	Kind detect.Text
	Rule string // "" for the domain as a whole
	Was  detect.Text
	Now  detect.Text
}

func (s *Site) domain(w http.ResponseWriter, r *http.Request) error {
	ctx, viewer := r.Context(), account.From(r.Context())
	name := r.PathValue("domain")
	result, run, err := s.Actions.Domain(ctx, viewer, r.URL.Query().Get("run"), name)
	if err != nil {
		return err
	}
	record := result.Record
	v := &domainView{frame: s.frame(r, wording.Same(wording.Clean(name, 100)), "domains"), reportView: s.report(record), Domain: record.Domain, Run: run, Record: record,
		CanVisit: s.Actions.Visit != nil && viewer.May(account.VisitSite)}
	for _, f := range v.Findings {
		v.Rules = append(v.Rules, ruleLine{f.Rule, f.Title})
	}
	if v.History, err = s.history(r, run.Inventory, record.Domain); err != nil {
		return err
	}
	v.Facts = facts(record)
	if seen := s.Actions.Seen(ctx, run, result); seen != nil {
		v.Lookups, v.Hops = lookups(seen), hops(seen)
		if len(seen.Screenshot) > 0 {
			v.Picture = "/domains/" + url.PathEscape(record.Domain) + "/picture?run=" + url.QueryEscape(run.ID)
			v.Frames = frames.Of(seen, record, s.Actions.Book())
		}
	} else {
		v.NoRaw = true
		for _, h := range record.Hops {
			v.Hops = append(v.Hops, []detect.Text{{}, wording.Same(wording.Clean(h.URL, 300)), wording.Same(strconv.Itoa(h.Status)), wording.Same(wording.Clean(h.Address, 60)), {}})
		}
		v.Hops = v.Hops[:min(len(v.Hops), maxRows)]
	}
	s.show(w, r, http.StatusOK, "domain", v)
	return nil
}

// history is the timeline of a domain.
func (s *Site) history(r *http.Request, inventory, domain string) ([]eventView, error) {
	events, err := s.Actions.History(r.Context(), inventory, domain)
	if err != nil {
		return nil, err
	}
	var list []eventView
	for _, e := range events {
		v := eventView{Event: e, Tone: e.Record.Tone(), Verdict: wording.Verdict(e.Record)}
		for i := range e.Changes {
			c := &e.Changes[i]
			v.Lines = append(v.Lines, changeLine{changeTone(c.Kind), wording.Change(c.Kind), c.Rule, wording.Side(&c.Was), wording.Side(&c.Now)})
		}
		v.Lines = v.Lines[:min(len(v.Lines), maxRows)]
		list = append(list, v)
	}
	return list, nil
}

// changeTone is the look of a change.
func changeTone(k reports.ChangeKind) string {
	switch k {
	case reports.ChangeNew, reports.ChangeReopened, reports.ChangeFirst, reports.ChangeWorse:
		return "violation"
	case reports.ChangeFixed:
		return "pass"
	case reports.ChangeWaived:
		return reports.Waived
	}
	return "unknown"
}

// maxRows bounds every table of a domain: a hostile site can make any list as long as
// it likes.
const maxRows = 60

// facts are short facts about the answer and the visit.
func facts(r *reports.Record) []fact {
	var list []fact
	put := func(zh, en, value string) {
		if value != "" && value != "0" {
			list = append(list, fact{wording.Say(zh, en), wording.Same(wording.Clean(value, 400))})
		}
	}
	put("最终页面", "Final page", r.FinalURL)
	put("HTTP 状态", "HTTP status", strconv.Itoa(r.HTTPStatus))
	put("页面标题", "Page title", r.Title)
	list = append(list, fact{wording.Say("页面类型", "Kind of page"), wording.Word(wording.PageKindWords, r.PageKind)})
	put("字符集", "Charset", r.Charset)
	for _, a := range r.Addresses[:min(len(r.Addresses), 8)] {
		put("地址", "Address", a)
	}
	put("所在国家或地区", "Country or region", r.Detail.Country)
	put("网络", "Network", r.Detail.Network)
	put("负责人", "Owner", r.Owner)
	put("部门", "Team", r.Detail.Team)
	put("联系方式", "Contact", r.Detail.Contact)
	put("清单行号", "Inventory line", strconv.Itoa(r.Detail.Line))
	put("规则集", "Rule set", r.Ruleset)
	return list
}

// lookups are the questions to DNS with their answers.
func lookups(obs *crawler.Observation) (rows [][]detect.Text) {
	for i := range obs.Lookups[:min(len(obs.Lookups), maxRows)] {
		l := &obs.Lookups[i]
		answer := wording.Same(wording.Clean(l.RCode, 20))
		if l.Failure != nil {
			answer = failure(l.Failure)
		}
		for _, a := range l.Addrs[:min(len(l.Addrs), 8)] {
			answer = wording.Joined(wording.Same(" "), answer, wording.Same(a.String()))
		}
		rows = append(rows, []detect.Text{wording.Same(wording.Clean(l.Name+" "+l.Type, 270)), answer, wording.Same(wording.Clean(l.Server, 60)), moment(l.At, l.Took)})
	}
	return rows
}

// hops are the requests with every answer on their way.
func hops(obs *crawler.Observation) (rows [][]detect.Text) {
	add := func(what detect.Text, h *crawler.Page) {
		result := "HTTP " + strconv.Itoa(h.Status) + ", " + wording.Grouped(len(h.Body)) + " B"
		if h.TLS != nil {
			result += ", " + wording.Clean(h.TLS.Version, 20)
		}
		rows = append(rows, []detect.Text{what, wording.Same(wording.Clean(h.URL, 300)), wording.Same(result), wording.Same(port(h.Addr)), moment(h.At, h.Took)})
	}
	for i := range obs.Visits {
		visit := &obs.Visits[i]
		for j := range visit.Hops {
			what := wording.Word(wording.AskWords, visit.Ask.Kind)
			if j > 0 {
				what = wording.Word(wording.ViaWords, visit.Hops[j].Via)
			}
			add(what, &visit.Hops[j])
		}
		if visit.Failure != nil {
			rows = append(rows, []detect.Text{wording.Word(wording.AskWords, visit.Ask.Kind), wording.Same(wording.Clean(visit.Failed, 300)), failure(visit.Failure), {}, moment(visit.At, visit.Took)})
		}
	}
	if obs.Rendered != nil {
		add(wording.Word(wording.AskWords, crawler.AskRender), obs.Rendered)
	}
	return rows[:min(len(rows), maxRows)]
}

func failure(f *crawler.Failure) detect.Text {
	t := detect.CauseText(string(f.Kind))
	if d := wording.Clean(f.Detail, 200); d != "" {
		t = wording.Joined(wording.Say("：", ": "), t, wording.Same(d))
	}
	return t
}

func port(a netip.AddrPort) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// moment is when something was asked and how long it took.
func moment(at time.Time, took time.Duration) detect.Text {
	if at.IsZero() {
		return detect.Text{}
	}
	return wording.Same(at.In(china).Format("15:04:05") + " +" + wording.Grouped(int(took.Milliseconds())) + " ms")
}

// picture serves the picture of a rendered page as it was kept.
func (s *Site) picture(w http.ResponseWriter, r *http.Request) error {
	result, run, err := s.Actions.Domain(r.Context(), account.From(r.Context()), r.URL.Query().Get("run"), r.PathValue("domain"))
	if err != nil {
		return err
	}
	seen := s.Actions.Seen(r.Context(), run, result)
	if seen == nil || len(seen.Screenshot) == 0 {
		return actions.ErrNotFound
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	_, _ = w.Write(seen.Screenshot) // a browser that has gone away is no trouble
	return nil
}

// visit has a site visited now; what comes of it is seen on the page of the check.
func (s *Site) visit(w http.ResponseWriter, r *http.Request) error {
	result, _, err := s.Actions.Domain(r.Context(), account.From(r.Context()), "", r.PathValue("domain"))
	if err != nil {
		return err
	}
	id, err := s.Actions.VisitNow(r.Context(), account.From(r.Context()), result.Record.Domain, filingOf(result.Record))
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/check/"+url.PathEscape(id), http.StatusSeeOther)
	return nil
}
