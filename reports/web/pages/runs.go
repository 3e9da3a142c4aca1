package pages

import (
	"html/template"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/web/listing"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A runRow is a run in a list.
type runRow struct {
	*reports.Run
	Name    string // of its inventory
	Stopped bool
	Over    bool
	State   detect.Text
	Took    time.Duration
	Points  *reports.Point // nil where the figures have not been made
	Before  string         // the finished run of the inventory before it
}

// A runsView lists the runs.
type runsView struct {
	frame
	Rows        []runRow
	Next        string
	Inventories []actions.Inventory
	CanBegin    bool
}

func row(r *reports.Run) runRow {
	v := runRow{Run: r, Name: filepath.Base(r.Inventory), State: wording.Capital(wording.RunState(r.State)),
		Over: r.State == reports.RunDone || r.State == reports.RunFailed}
	if v.Stopped = !v.Over && r.Trouble == reports.Stopped; v.Stopped {
		v.State = wording.Say("已停止", "Stopped")
	}
	if !r.FinishedAt.IsZero() {
		v.Took = r.FinishedAt.Sub(r.StartedAt)
	}
	return v
}

// openRuns are the runs under way.
func (s *Site) openRuns(r *http.Request) (list []runRow, err error) {
	runs, err := s.Actions.Open(r.Context(), account.From(r.Context()))
	for _, run := range runs {
		list = append(list, row(run))
	}
	return list, err
}

// runsPage is how many runs a page lists.
const runsPage = 30

func (s *Site) runs(w http.ResponseWriter, r *http.Request) error {
	v := &runsView{frame: s.frame(r, wording.Say("检查批次", "Runs"), "runs")}
	list, more, err := s.Actions.Runs(r.Context(), v.Viewer, r.URL.Query().Get("before"), runsPage)
	if err != nil {
		return err
	}
	made, err := s.Actions.PointsOf(r.Context(), list)
	if err != nil {
		return err
	}
	for i, run := range list {
		one := row(run)
		if run.State == reports.RunDone {
			one.Points = made[run.ID]
			for _, older := range list[i+1:] {
				if older.Inventory == run.Inventory && older.State == reports.RunDone {
					one.Before = older.ID
					break
				}
			}
		}
		v.Rows = append(v.Rows, one)
	}
	if more {
		v.Next = "/runs?before=" + url.QueryEscape(list[len(list)-1].ID)
	}
	if v.CanBegin = s.Actions.Begin != nil && v.Viewer.May(account.RunScans); v.CanBegin {
		if v.Inventories, err = s.Actions.Inventories(r.Context()); err != nil {
			return err
		}
	}
	s.show(w, r, http.StatusOK, "runs", v)
	return nil
}

// beginRun begins a run over an inventory.
func (s *Site) beginRun(w http.ResponseWriter, r *http.Request) error {
	id, _, err := s.Actions.BeginRun(r.Context(), account.From(r.Context()), r.PostFormValue("inventory"), r.PostFormValue("key"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/runs/"+url.PathEscape(id)+"?done=begun", http.StatusSeeOther)
	return nil
}

func (s *Site) stopRun(w http.ResponseWriter, r *http.Request) error {
	if err := s.Actions.StopRun(r.Context(), account.From(r.Context()), r.PathValue("run")); err != nil {
		return err
	}
	http.Redirect(w, r, "/runs/"+url.PathEscape(r.PathValue("run"))+"?done=stopped", http.StatusSeeOther)
	return nil
}

func (s *Site) resumeRun(w http.ResponseWriter, r *http.Request) error {
	if err := s.Actions.ResumeRun(r.Context(), account.From(r.Context()), r.PathValue("run")); err != nil {
		return err
	}
	http.Redirect(w, r, "/runs/"+url.PathEscape(r.PathValue("run"))+"?done=resumed", http.StatusSeeOther)
	return nil
}

// A runView is the page of a run.
type runView struct {
	frame
	runRow
	Progress *progressView   // while it is not over
	Digest   *listing.Digest // when it is done
	Segments []wording.Segment
	Shares   template.HTML
	Rules    []ruleCount
	Liveness []bar
	Causes   []bar
	Rejects  []reports.Reject
	CanStop  bool
}

// A ruleCount is a rule's line in the table of all rules.
type ruleCount struct {
	reports.RuleCount
	Title detect.Text
}

// maxRejects bounds the rejected lines that a page lists.
const maxRejects = 200

func (s *Site) run(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("run")
	if was, now, ok := strings.Cut(id, ".."); ok {
		return s.compare(w, r, was, now)
	}
	ctx, viewer := r.Context(), account.From(r.Context())
	if !viewer.May(account.SeeAll) {
		return actions.ErrForbidden
	}
	run, err := s.Actions.Run(ctx, viewer, id)
	if err != nil {
		return err
	}
	v := &runView{frame: s.frame(r, wording.Sayf(wording.Say("检查批次 %s", "Run %s"), run.ID), "runs"), runRow: row(run)}
	v.CanStop = s.Actions.Stop != nil && viewer.May(account.RunScans)
	switch {
	case run.State == reports.RunDone:
		err = s.finished(r, v)
	case !v.Over:
		v.Progress, err = s.progress(r, run)
	}
	if err != nil {
		return err
	}
	if s.Actions.Rejected != nil && run.Rejected > 0 {
		err = s.Actions.Rejected(ctx, run.ID, func(x reports.Reject) error {
			if len(v.Rejects) < maxRejects {
				v.Rejects = append(v.Rejects, x)
			}
			return nil
		})
	}
	if err != nil {
		return err
	}
	s.show(w, r, http.StatusOK, "run", v)
	return nil
}

// finished fills what is told of a run that is done.
func (s *Site) finished(r *http.Request, v *runView) error {
	d, err := s.Actions.Digest(r.Context(), v.Viewer, v.Run)
	if err != nil {
		return err
	}
	v.Digest, v.Points, v.Segments, v.Shares = d, &d.Points, wording.Segments(d.Points), shares(d.Points)
	if d.Changes != nil {
		v.Before = d.Changes.Was
	}
	for i := range d.Rules {
		v.Rules = append(v.Rules, ruleCount{d.Rules[i], wording.Capital(s.Actions.Book().Title(d.Rules[i].Rule))})
	}
	lists := func(counts []reports.Count) []bar {
		return bars(counts, "plain", func(string) string { return "" })
	}
	v.Liveness, v.Causes = lists(d.Liveness), lists(d.Causes)
	return nil
}

// A compareView is what changed between two runs.
type compareView struct {
	frame
	Was, Now runRow
	Counts   reports.DiffCounts
	Kinds    []kindView
	Export   string
}

// A kindView is the changes of a kind.
type kindView struct {
	Kind reports.ChangeKind
	Tone string
	Name detect.Text
	Note detect.Text
	N    int
	List []changeView
	Open bool
}

// A changeView is one change in a list.
type changeView struct {
	reports.ChangeSample
	Before, After detect.Text
}

func (s *Site) compare(w http.ResponseWriter, r *http.Request, was, now string) error {
	ctx, viewer := r.Context(), account.From(r.Context())
	a, err := s.Actions.Run(ctx, viewer, was)
	if err != nil {
		return err
	}
	b, err := s.Actions.Run(ctx, viewer, now)
	if err != nil {
		return err
	}
	c, err := s.Actions.Compare(ctx, viewer, a, b)
	if err != nil {
		return err
	}
	v := &compareView{frame: s.frame(r, wording.Say("对比两个批次", "Comparison of two runs"), "runs"), Was: row(a), Now: row(b), Counts: c.Counts,
		Export: compareLink(was, now) + "/export"}
	kinds := reports.ChangeKinds
	if c.Counts.Waived > 0 {
		kinds = append(slices.Clip(kinds), reports.ChangeWaived)
	}
	for _, k := range kinds {
		one := kindView{Kind: k, Tone: changeTone(k), Name: wording.Capital(wording.Change(k)), Note: wording.ChangeNotes[k], N: c.Counts.Changes[k]}
		if k == reports.ChangeWaived {
			one.N = c.Counts.Waived
		}
		one.Open = one.N > 0 && k != reports.ChangeGone && k != reports.ChangeUnseen && k != reports.ChangeWaived
		for _, x := range c.Samples[k] {
			one.List = append(one.List, changeView{x, wording.Side(&x.Was), wording.Side(&x.Now)})
		}
		v.Kinds = append(v.Kinds, one)
	}
	s.show(w, r, http.StatusOK, "compare", v)
	return nil
}
