package pages

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/web/listing"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// An overviewView is the first page.
type overviewView struct {
	frame
	Run      *reports.Run // the newest finished run of the inventory; nil: there is none yet
	Name     string       // of its inventory
	Others   []choice     // the newest runs of other inventories
	Open     []runRow     // that are under way
	Tiles    []tile
	Today    []todo
	TodayAll string // where all of them are
	Overdue  string
	DueSoon  string
	Lapsed   []reports.Waiver
	Points   reports.Point
	Shares   template.HTML
	Segments []wording.Segment
	Reasons  []bar
	Rules    []bar
	Owners   []reports.OwnerCount
	Trend    template.HTML
	Past     []reports.Point
	Next     []actions.Planned
	Took     time.Duration
}

// A choice leads to the same page of something else.
type choice struct {
	Name, Link string
	Here       bool
}

// A tile is a figure with its page.
type tile struct {
	Tone string
	Name detect.Text
	N    int
	Link string
}

// A todo is something to deal with today.
type todo struct {
	Domain, Rule, Owner, Tone string
	State                     detect.Text
	Since, Due                time.Time
	Late                      bool
}

// A bar is a line of a chart that is a table, too.
type bar struct {
	Word string // rule or reason
	N    int
	Bar  template.HTML
	Link string
}

// Bounds of the first page.
const (
	todayMost = 20
	barsMost  = 12
	trendRuns = 30
)

func (s *Site) overview(w http.ResponseWriter, r *http.Request) error {
	ctx, viewer := r.Context(), account.From(r.Context())
	if !viewer.May(account.SeeAll) {
		http.Redirect(w, r, "/domains", http.StatusSeeOther)
		return nil
	}
	v := &overviewView{frame: s.frame(r, wording.Say("总览", "Overview"), "overview")}
	newest, err := s.Actions.Newest(ctx)
	if err != nil {
		return err
	}
	if v.Open, err = s.openRuns(r); err != nil {
		return err
	}
	if s.Actions.Calendar != nil {
		if v.Next, err = s.Actions.Calendar(ctx); err != nil {
			return err
		}
	}
	v.Run = pick(newest, r.URL.Query().Get("run"))
	if v.Run != nil {
		v.Name = filepath.Base(v.Run.Inventory)
		v.Took = v.Run.FinishedAt.Sub(v.Run.StartedAt)
		for _, n := range newest {
			v.Others = append(v.Others, choice{filepath.Base(n.Inventory), "/?run=" + url.QueryEscape(n.ID), n == v.Run})
		}
		if err := s.figures(r, v); err != nil {
			return err
		}
	}
	s.show(w, r, http.StatusOK, "overview", v)
	return nil
}

// pick is the run with an id among the newest of all inventories, else the first.
func pick(newest []*reports.Run, id string) *reports.Run {
	if i := slices.IndexFunc(newest, func(n *reports.Run) bool { return n.ID == id }); i >= 0 {
		return newest[i]
	}
	if len(newest) > 0 {
		return newest[0]
	}
	return nil
}

// figures fills what is told of the run.
func (s *Site) figures(r *http.Request, v *overviewView) error {
	ctx := r.Context()
	digest, err := s.Actions.Digest(ctx, v.Viewer, v.Run)
	if err != nil {
		return err
	}
	v.Points, v.Shares, v.Segments, v.Owners = digest.Points, shares(digest.Points), wording.Segments(digest.Points), digest.Owners
	v.Reasons = bars(digest.Reasons, "unknown", func(string) string { return "/domains?status=unknown&run=" + url.QueryEscape(v.Run.ID) })
	var rules []reports.Count
	for i := range digest.Rules {
		if n := digest.Rules[i].Violations; n > 0 {
			rules = append(rules, reports.Count{Word: digest.Rules[i].Rule, N: n})
		}
	}
	slices.SortStableFunc(rules, func(a, b reports.Count) int { return b.N - a.N })
	v.Rules = bars(rules, "violation", func(id string) string {
		return "/domains?rule=" + url.QueryEscape(id) + "&run=" + url.QueryEscape(v.Run.ID)
	})
	if v.Past, err = s.Actions.Trend(ctx, v.Run.Inventory, trendRuns); err != nil {
		return err
	}
	v.Trend = trend(v.Past)
	counts, err := s.Actions.LifeCounts(ctx, v.Viewer, v.Run.ID)
	if err != nil {
		return err
	}
	if counts != nil {
		return s.lives(r, v, counts, digest)
	}
	return s.changes(r, v, digest)
}

// bars are the first counts, as lines of a chart.
func bars(counts []reports.Count, class string, link func(string) string) (list []bar) {
	most := 0
	for i, c := range counts {
		if most = max(most, c.N); i < barsMost {
			list = append(list, bar{Word: c.Word, N: c.N, Link: link(c.Word)})
		}
	}
	for i := range list {
		list[i].Bar = part(class, list[i].N, most)
	}
	return list
}

// lives tells of the findings by what became of them.
func (s *Site) lives(r *http.Request, v *overviewView, c *reports.LifeCounts, d *listing.Digest) error {
	link := ""
	if d.Changes != nil {
		link = compareLink(d.Changes.Was, d.Changes.Now)
	}
	v.Tiles = []tile{
		{"violation", wording.Say("新增", "New"), c.Opened.Grave() + c.First.Grave() + c.Reopened.Grave(), link},
		{"warning", wording.Say("加重", "Worse"), c.Worse.Grave(), link},
		{"pass", wording.Say("已整改", "Fixed"), c.Fixed.Grave(), link},
		{"unknown", wording.Say("未能复查", "Could not check"), c.Unseen.Grave(), link},
	}
	v.Overdue, v.DueSoon = counted(c.Overdue.Total(), false), counted(c.DueSoon.Total(), false)
	page, err := s.Actions.Findings(r.Context(), v.Viewer, lifecycle.Query{Inventory: v.Run.Inventory, Severity: detect.Violation, Waived: new(bool), Limit: todayMost,
		States: []reports.State{reports.StateOpened, reports.StateFirst, reports.StateReopened, reports.StateWorse}})
	if err != nil {
		return err
	}
	now := v.Run.StartedAt
	for _, f := range page.Findings {
		v.Today = append(v.Today, todo{Domain: f.Domain, Rule: f.Rule, Owner: f.Owner, Tone: string(f.Severity), State: wording.Word(wording.StateWords, f.State), Since: f.First, Due: f.Due, Late: late(f.Due, now)})
	}
	v.TodayAll = link
	waivers, err := s.Actions.Waivers(r.Context(), v.Viewer)
	if err != nil {
		return err
	}
	v.Lapsed = lifecycle.NewWaivers(waivers).Lapsed(time.Now(), 5)
	return nil
}

// late reports whether a due date has passed on the day of now.
func late(due, now time.Time) bool {
	return !due.IsZero() && wording.ChinaDay(due) < wording.ChinaDay(now)
}

// changes tells of the findings by the comparison with the run before.
func (s *Site) changes(r *http.Request, v *overviewView, d *listing.Digest) error {
	if c := d.Changes; c != nil {
		link, n := compareLink(c.Was, c.Now), c.Counts.Changes
		v.Tiles = []tile{
			{"violation", wording.Say("新增", "New"), n[reports.ChangeNew] + n[reports.ChangeReopened] + n[reports.ChangeFirst], link + "#new"},
			{"warning", wording.Say("加重", "Worse"), n[reports.ChangeWorse], link + "#worse"},
			{"pass", wording.Say("已整改", "Fixed"), n[reports.ChangeFixed], link + "#fixed"},
			{"unknown", wording.Say("未能复查", "Could not check"), n[reports.ChangeUnseen], link + "#could-not-look"},
		}
		v.TodayAll = link
		for _, kind := range []reports.ChangeKind{reports.ChangeNew, reports.ChangeReopened, reports.ChangeFirst, reports.ChangeWorse} {
			for _, x := range c.Samples[kind] {
				if x.Tone != string(detect.Violation) || len(v.Today) == todayMost {
					continue
				}
				one := todo{Domain: x.Domain, Rule: x.Rule, Owner: x.Owner, Tone: x.Tone, State: wording.Change(kind)}
				if result, err := s.Actions.Store.Verdict(r.Context(), v.Run.ID, x.Domain); err == nil {
					o, _ := result.Outcome(x.Rule)
					one.Since, one.Due, one.Late = o.Since, o.Due, late(o.Due, v.Run.StartedAt)
				} else if !errors.Is(err, store.ErrNoResult) {
					return err
				}
				v.Today = append(v.Today, one)
			}
		}
	}
	now := v.Run.StartedAt
	for _, e := range []struct {
		into *string
		f    listing.Filter
	}{{&v.Overdue, listing.Filter{DueBefore: now}}, {&v.DueSoon, listing.Filter{DueFrom: now, DueBefore: now.AddDate(0, 0, 7)}}} {
		n, more, err := s.Actions.Count(r.Context(), v.Viewer, v.Run, e.f)
		if err != nil {
			return err
		}
		*e.into = counted(n, more)
	}
	return nil
}

func compareLink(was, now string) string {
	return "/runs/" + url.PathEscape(was) + ".." + url.PathEscape(now)
}
