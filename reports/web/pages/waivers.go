package pages

import (
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A waiversView lists the waivers, with the form for another one.
type waiversView struct {
	frame
	Waivers  []waiverRow
	Rules    []ruleLine
	Domain   string // filled in
	Rule     string
	CanWaive bool
}

// A waiverRow is a waiver in the list.
type waiverRow struct {
	*reports.Waiver
	Lapsed bool
}

func (s *Site) waivers(w http.ResponseWriter, r *http.Request) error {
	v := &waiversView{frame: s.frame(r, wording.Say("豁免", "Waivers"), "waivers"), Domain: r.URL.Query().Get("domain"), Rule: r.URL.Query().Get("rule")}
	v.CanWaive = v.Viewer.May(account.Waive)
	list, err := s.Actions.Waivers(r.Context(), v.Viewer)
	if err != nil {
		return err
	}
	for _, x := range list {
		v.Waivers = append(v.Waivers, waiverRow{x, !x.InForce(time.Now())})
	}
	slices.SortStableFunc(v.Waivers, func(a, b waiverRow) int {
		if a.Lapsed != b.Lapsed {
			if a.Lapsed {
				return 1
			}
			return -1
		}
		return 0
	})
	for _, rule := range s.Actions.Rules {
		v.Rules = append(v.Rules, ruleLine{rule.ID, wording.Capital(rule.Title)})
	}
	s.show(w, r, http.StatusOK, "waivers", v)
	return nil
}

func (s *Site) waive(w http.ResponseWriter, r *http.Request) error {
	err := s.Actions.Waive(r.Context(), account.From(r.Context()), r.PostFormValue("domain"), r.PostFormValue("rule"), r.PostFormValue("until"), r.PostFormValue("reason"))
	if err != nil {
		return err
	}
	back(w, r, "/waivers?done=waived")
	return nil
}

func (s *Site) unwaive(w http.ResponseWriter, r *http.Request) error {
	if err := s.Actions.Unwaive(r.Context(), account.From(r.Context()), r.PostFormValue("domain"), r.PostFormValue("rule")); err != nil {
		return err
	}
	back(w, r, "/waivers?done=ended")
	return nil
}

// back leads to where the form says that it stands, or to a page.
func back(w http.ResponseWriter, r *http.Request, page string) {
	if to := r.PostFormValue("to"); to != "" {
		page = ownPath(to)
	}
	http.Redirect(w, r, page, http.StatusSeeOther)
}

// A calendarView lists what is planned.
type calendarView struct {
	frame
	Entries []calendarRow
}

// A calendarRow is an entry of the calendar.
type calendarRow struct {
	actions.Planned
	File string
	Runs []runRow // the newest ones
}

func (s *Site) calendar(w http.ResponseWriter, r *http.Request) error {
	v := &calendarView{frame: s.frame(r, wording.Say("日程", "Calendar"), "calendar")}
	if !v.Viewer.May(account.SeeAll) {
		return actions.ErrForbidden
	}
	if s.Actions.Calendar != nil {
		list, err := s.Actions.Calendar(r.Context())
		if err != nil {
			return err
		}
		runs, _, err := s.Actions.Runs(r.Context(), v.Viewer, "", 200)
		if err != nil {
			return err
		}
		for _, p := range list {
			one := calendarRow{Planned: p, File: filepath.Base(p.Inventory)}
			for _, run := range runs {
				if run.Entry == p.Name && len(one.Runs) < 5 {
					one.Runs = append(one.Runs, row(run))
				}
			}
			v.Entries = append(v.Entries, one)
		}
	}
	s.show(w, r, http.StatusOK, "calendar", v)
	return nil
}
