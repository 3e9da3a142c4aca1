package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/web/listing"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A domainsView is the list of domains of a run.
type domainsView struct {
	frame
	Run    *reports.Run
	Others []choice
	Search string
	Facets []facet
	Rows   []domainRow
	Count  string // of domains that the filter picks
	Query  url.Values
	Next   string // the next page; "" behind the last
	First  string // back to the first page; "" on it
	Writes bool   // the viewer may write to owners, and there is a way
}

// A facet is a choice that narrows the list.
type facet struct {
	Key     string
	Name    detect.Text
	Options []option
}

// An option is a value of a facet.
type option struct {
	Value string
	Name  detect.Text
	N     int
	Here  bool
}

// A domainRow is a line of the list.
type domainRow struct {
	listing.Row
	More int // rules beyond those that are listed
	Late bool
}

// pageSize is how many domains a page lists.
const (
	pageSize = 50
	rowRules = 3
)

// counted is a number of domains in words.
func counted(n int, more bool) string {
	if more {
		return wording.Grouped(n) + "+"
	}
	return wording.Grouped(n)
}

// filterOf reads a filter from a query. Values are data: a database statement never
// holds one.
func filterOf(q url.Values, now time.Time) listing.Filter {
	get := func(key string) string { return strings.TrimSpace(q.Get(key)) }
	f := listing.Filter{Tone: get("status"), Rule: get("rule"), Owner: get("owner"), Team: get("team"), Province: get("province"), Network: get("network"),
		Liveness: get("liveness"), Search: get("q")}
	if severity := get("severity"); f.Tone == "" {
		f.Tone = severity
	}
	switch get("due") {
	case "overdue":
		f.DueBefore = now
	case "week":
		f.DueFrom, f.DueBefore = now, now.AddDate(0, 0, 7)
	}
	return f
}

// filterKeys are the keys of a filter in an address.
var filterKeys = []string{"q", "status", "severity", "rule", "owner", "team", "province", "network", "liveness", "due", "run"}

// kept is the filter of an address without its place in the list.
func kept(q url.Values) url.Values {
	out := url.Values{}
	for _, key := range filterKeys {
		if value := q.Get(key); value != "" {
			out.Set(key, value)
		}
	}
	return out
}

// runOf is the run that a request is about: the one that it names, or the newest
// finished one. ErrNotFound if there is none.
func (s *Site) runOf(r *http.Request) (run *reports.Run, newest []*reports.Run, err error) {
	if newest, err = s.Actions.Newest(r.Context()); err != nil {
		return nil, nil, err
	}
	id := r.URL.Query().Get("run")
	if id == "" {
		id = r.PostFormValue("run")
	}
	if id == "" {
		return pick(newest, ""), newest, nil
	}
	run, err = s.Actions.Run(r.Context(), account.From(r.Context()), id)
	return run, newest, err
}

func (s *Site) domains(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := &domainsView{frame: s.frame(r, wording.Say("域名", "Domains"), "domains"), Query: kept(r.URL.Query()), Search: r.URL.Query().Get("q")}
	run, newest, err := s.runOf(r)
	if err != nil {
		return err
	}
	v.Writes = v.Viewer.May(account.Notify) && s.Actions.Send != nil
	if v.Run = run; run == nil {
		s.show(w, r, http.StatusOK, "domains", v)
		return nil
	}
	for _, n := range newest {
		v.Others = append(v.Others, choice{filepath.Base(n.Inventory), "/domains?run=" + url.QueryEscape(n.ID), n.Inventory == run.Inventory})
	}
	f, after := filterOf(r.URL.Query(), run.StartedAt), r.URL.Query().Get("after")
	rows, more, err := s.Actions.Domains(ctx, v.Viewer, run, f, after, pageSize)
	if err != nil {
		return err
	}
	for _, row := range rows {
		line := domainRow{Row: row, Late: late(row.Due, run.StartedAt)}
		if line.More = len(row.Rules) - rowRules; line.More > 0 {
			line.Rules = row.Rules[:rowRules]
		}
		v.Rows = append(v.Rows, line)
	}
	n, over, err := s.Actions.Count(ctx, v.Viewer, run, f)
	if err != nil {
		return err
	}
	v.Count = counted(n, over)
	if after != "" {
		v.First = "/domains?" + v.Query.Encode()
	}
	if more {
		q := kept(r.URL.Query())
		q.Set("after", rows[len(rows)-1].Domain)
		v.Next = "/domains?" + q.Encode()
	}
	if v.Facets, err = s.facets(r, v, f); err != nil {
		return err
	}
	s.show(w, r, http.StatusOK, "domains", v)
	return nil
}

// facets are the choices with the number of domains of each in the run. Who sees the
// sites of one owner has no figures of all.
func (s *Site) facets(r *http.Request, v *domainsView, f listing.Filter) ([]facet, error) {
	digest := &listing.Digest{}
	if v.Viewer.May(account.SeeAll) {
		var err error
		if digest, err = s.Actions.Digest(r.Context(), v.Viewer, v.Run); err != nil {
			return nil, err
		}
	}
	list := []facet{toneFacet(digest, f.Tone)}
	for _, e := range []struct {
		key  listing.Facet
		name detect.Text
		here string
		word func(string) detect.Text
	}{
		{listing.FacetRule, wording.Say("规则", "Rule"), f.Rule, func(id string) detect.Text { return wording.Capital(s.Actions.Book().Title(id)) }},
		{listing.FacetOwner, wording.Say("负责人", "Owner"), f.Owner, wording.Same},
		{listing.FacetTeam, wording.Say("部门", "Team"), f.Team, wording.Same},
		{listing.FacetProvince, wording.Say("省份", "Province"), f.Province, wording.Same},
		{listing.FacetNetwork, wording.Say("网络", "Network"), f.Network, wording.Same},
		{listing.FacetLiveness, wording.Say("访问状态", "State"), f.Liveness, func(l string) detect.Text {
			return wording.Capital(wording.LivenessText(detect.Liveness(l), ""))
		}},
	} {
		one := facet{Key: string(e.key), Name: e.name}
		for _, c := range digest.Facets[e.key] {
			one.Options = append(one.Options, option{c.Word, e.word(c.Word), c.N, c.Word == e.here})
		}
		if e.here != "" && !slices.ContainsFunc(one.Options, func(o option) bool { return o.Here }) {
			one.Options = append(one.Options, option{e.here, e.word(e.here), 0, true})
		}
		if len(one.Options) > 0 && (e.key != listing.FacetOwner || v.Viewer.May(account.SeeAll)) {
			list = append(list, one)
		}
	}
	due := facet{Key: "due", Name: wording.Say("期限", "Due")}
	for _, o := range []option{{Value: "overdue", Name: wording.Say("已逾期", "Overdue")}, {Value: "week", Name: wording.Say("7 天内到期", "Within 7 days")}} {
		o.Here = r.URL.Query().Get("due") == o.Value
		due.Options = append(due.Options, o)
	}
	return append(list, due), nil
}

// tones are the verdicts on a domain in the order of lists.
var tones = []string{string(detect.Violation), string(detect.Warning), string(detect.Notice), string(detect.Unknown), reports.Waived, string(detect.Pass)}

// toneFacet is the facet of verdicts.
func toneFacet(d *listing.Digest, here string) facet {
	f := facet{Key: "status", Name: wording.Say("结论", "Verdict")}
	for _, tone := range tones {
		o := option{Value: tone, Name: wording.Capital(wording.ToneWord(tone)), Here: tone == here}
		for _, c := range d.Facets[listing.FacetTone] {
			if c.Word == tone {
				o.N = c.N
			}
		}
		f.Options = append(f.Options, o)
	}
	return f
}

// maxBulk bounds the domains of one action.
const maxBulk = 100

// bulk does something to the domains that were ticked.
func (s *Site) bulk(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return &actions.BadRequest{Err: err}
	}
	ctx, viewer := r.Context(), account.From(r.Context())
	domains := r.PostForm["domain"]
	if len(domains) == 0 || len(domains) > maxBulk {
		return &actions.BadRequest{Err: both{wording.Say("请勾选 1 至 100 个域名", "tick 1 to 100 domains")}}
	}
	back := "/domains?" + kept(r.PostForm).Encode()
	switch r.PostFormValue("action") {
	case "visit":
		for _, d := range domains {
			result, _, err := s.Actions.Domain(ctx, viewer, "", d)
			if err != nil {
				return err
			}
			if _, err := s.Actions.VisitNow(ctx, viewer, d, filingOf(result.Record)); err != nil {
				return err
			}
		}
		back += "&done=asked"
	case "notify":
		if err := s.writeOwners(r, domains); err != nil {
			return err
		}
		back += "&done=written"
	case "waive":
		for _, d := range domains {
			if err := s.Actions.Waive(ctx, viewer, d, r.PostFormValue("waive-rule"), r.PostFormValue("until"), r.PostFormValue("reason")); err != nil {
				return err
			}
		}
		back += "&done=waived"
	default:
		return &actions.BadRequest{Err: fmt.Errorf("there is no action %q", r.PostFormValue("action"))}
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// writeOwners writes to the owners of domains of the run that the list shows. Who has
// nothing open, no address, or was written to today is passed over.
func (s *Site) writeOwners(r *http.Request, domains []string) error {
	ctx, viewer := r.Context(), account.From(r.Context())
	run, _, err := s.runOf(r)
	if err != nil {
		return err
	}
	if run == nil {
		return actions.ErrNotFound
	}
	var owners []string
	for _, d := range domains {
		result, _, err := s.Actions.Domain(ctx, viewer, run.ID, d)
		if err != nil {
			return err
		}
		if owner := result.Record.Owner; owner != "" && !slices.Contains(owners, owner) {
			owners = append(owners, owner)
		}
	}
	_, err = s.Actions.SendTo(ctx, viewer, run, owners...)
	return err
}

// filingOf is what is filed for a domain as a visit is told of it.
func filingOf(r *reports.Record) string {
	switch {
	case r.Filing.Number != "" && r.Filing.Status == string(crawler.FilingFiled):
		return r.Filing.Number
	case r.Filing.Status == string(crawler.FilingUnfiled):
		return "none"
	}
	return ""
}

// both is an error in two languages.
type both struct{ detect.Text }

func (b both) Error() string { return b.EN }
