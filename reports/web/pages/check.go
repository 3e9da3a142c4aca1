package pages

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A checkView is the self-check: a form, and what came of one.
type checkView struct {
	frame
	Domain, Filing, Page string
	Check                *actions.Check // nil for the form alone, and for a page
	Steps                stepsView
	Report               *reportView
	Told                 *toldView
	Link                 string // to share
	Base                 string // the path of the page: /check, or that of the open door
}

// A stepsView is what a check has done so far.
type stepsView struct {
	Waiting bool
	Steps   []actions.Step
}

// A toldView is what the record of a check says, which is JSON in the reader's language.
type toldView struct {
	Tone     string
	Verdict  detect.Text
	Liveness detect.Text
	Findings []toldFinding
	Snippet  []string
	Record   *toldRecord
}

// A toldFinding is a finding of such a record.
type toldFinding struct {
	Rule     string          `json:"rule"`
	Severity detect.Severity `json:"severity"`
	Where    string          `json:"where"`
	Saw      string          `json:"saw"`
	Fix      string          `json:"fix"`
	Snippet  string          `json:"snippet"`
}

// A toldRecord is what is read of such a record.
type toldRecord struct {
	reports.Record
	Outcomes map[string]detect.Verdict `json:"outcomes"`
	Findings []toldFinding             `json:"findings"`
}

func (s *Site) checkForm(w http.ResponseWriter, r *http.Request) error {
	v := &checkView{frame: s.frame(r, wording.Say("自查", "Self-check"), "check"), Base: "/check", Domain: r.URL.Query().Get("domain")}
	s.show(w, r, http.StatusOK, "check", v)
	return nil
}

// check has a site visited, or judges a page that was pasted.
func (s *Site) check(w http.ResponseWriter, r *http.Request) error {
	page, domain, filing, err := checkAsked(r)
	if err != nil {
		return err
	}
	ctx, viewer := r.Context(), account.From(r.Context())
	if page == "" {
		id, err := s.Actions.VisitNow(ctx, viewer, domain, filing)
		if err != nil {
			return err
		}
		http.Redirect(w, r, "/check/"+url.PathEscape(id), http.StatusSeeOther)
		return nil
	}
	record, err := s.Actions.JudgePage(ctx, viewer, []byte(page), filing)
	if err != nil {
		return err
	}
	report := s.report(record)
	v := &checkView{frame: s.frame(r, wording.Say("自查", "Self-check"), "check"), Base: "/check", Filing: filing, Page: page, Report: &report}
	v.Here = "/check"
	s.show(w, r, http.StatusOK, "check", v)
	return nil
}

func (s *Site) stepsOf(c *actions.Check) stepsView {
	return stepsView{Waiting: c.State == "waiting", Steps: s.Actions.StepsOf(c)}
}

// checked shows what came of a check, or what it does.
func (s *Site) checked(w http.ResponseWriter, r *http.Request) error {
	c, err := s.Actions.CheckOf(r.Context(), account.From(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := &checkView{frame: s.frame(r, detect.Text{}, "check"), Base: "/check"}
	return s.showCheck(w, r, v, c)
}

// showCheck shows a check on the page of v.
func (s *Site) showCheck(w http.ResponseWriter, r *http.Request, v *checkView, c *actions.Check) (err error) {
	v.Title = wording.Same(wording.Clean(c.Domain, 100))
	v.Check, v.Domain, v.Link, v.Steps = c, c.Domain, v.Base+"/"+url.PathEscape(c.ID), s.stepsOf(c)
	if c.State == "done" {
		if v.Told, err = recordTold(c.Record.In(langOf(r))); err != nil {
			return err
		}
	}
	s.show(w, r, http.StatusOK, "check", v)
	return nil
}

// recordTold reads the record of a check.
func recordTold(data []byte) (*toldView, error) {
	record := &toldRecord{}
	if err := json.Unmarshal(data, record); err != nil {
		return nil, err
	}
	v := &toldView{Record: record, Liveness: wording.LivenessText(record.Liveness, record.Cause)}
	bySeverity := map[string]detect.Severity{}
	for _, f := range record.Findings {
		bySeverity[f.Rule] = f.Severity
		v.Findings = append(v.Findings, f)
		if f.Snippet != "" && v.Snippet == nil {
			v.Snippet = strings.Split(f.Snippet, "\n")
		}
	}
	var outs []detect.Outcome
	for rule, verdict := range record.Outcomes {
		outs = append(outs, detect.Outcome{Rule: rule, Verdict: verdict, Severity: bySeverity[rule]})
	}
	tally := reports.TallyOf(outs)
	v.Verdict, v.Tone = wording.VerdictOf(tally, record.Liveness), tally.Tone(record.Liveness)
	return v, nil
}
