package pages

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/notify"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/listing"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A rulesView lists the rules with what they found in the newest run.
type rulesView struct {
	frame
	Run   *reports.Run
	Rules []ruleRow
}

// A ruleRow is a rule in the list.
type ruleRow struct {
	Rule  *detect.Rule
	Count reports.RuleCount
	Bar   template.HTML
}

func (s *Site) rules(w http.ResponseWriter, r *http.Request) error {
	v := &rulesView{frame: s.frame(r, wording.Say("规则", "Rules"), "rules")}
	counts, err := s.ruleCounts(r, v)
	if err != nil {
		return err
	}
	most := 0
	for _, c := range counts {
		most = max(most, c.Found())
	}
	for _, rule := range s.Actions.Rules {
		one := ruleRow{Rule: rule, Count: counts[rule.ID]}
		one.Bar = part(string(rule.Severity), one.Count.Found(), most)
		v.Rules = append(v.Rules, one)
	}
	s.show(w, r, http.StatusOK, "rules", v)
	return nil
}

// ruleCounts are the figures of the newest run by rule; none for who does not see all.
func (s *Site) ruleCounts(r *http.Request, v *rulesView) (map[string]reports.RuleCount, error) {
	counts := map[string]reports.RuleCount{}
	if !v.Viewer.May(account.SeeAll) {
		return counts, nil
	}
	newest, err := s.Actions.Newest(r.Context())
	if err != nil || len(newest) == 0 {
		return counts, err
	}
	v.Run = pick(newest, r.URL.Query().Get("run"))
	d, err := s.Actions.Digest(r.Context(), v.Viewer, v.Run)
	if err != nil {
		return nil, err
	}
	for _, c := range d.Rules {
		counts[c.Rule] = c
	}
	return counts, nil
}

// A ruleView is the page of a rule.
type ruleView struct {
	frame
	Rule   *detect.Rule
	Law    detect.Text
	Footer string // right, wrong-number, wrong-link: which picture of a footer is shown; "" for none
	Run    *reports.Run
	Rows   []listing.Row
	More   string
}

// pictured are the rules whose page shows a right and a wrong footer.
var pictured = map[string]string{
	"footer-number-missing": "missing", "footer-number-malformed": "missing", "footer-number-fake": "missing", "footer-number-wrong": "missing", "footer-number-hidden": "missing",
	"footer-link-missing": "unlinked", "footer-link-legacy": "unlinked", "footer-link-wrong": "unlinked",
}

func (s *Site) rule(w http.ResponseWriter, r *http.Request) error {
	rule, err := s.Actions.Rule(r.PathValue("rule"))
	if err != nil {
		return err
	}
	v := &ruleView{frame: s.frame(r, wording.Capital(rule.Title), "rules"), Rule: rule,
		Law: rule.Source.Cite(), Footer: pictured[rule.ID]}
	if !v.Viewer.May(account.SeeOwn) {
		s.show(w, r, http.StatusOK, "rule", v)
		return nil
	}
	newest, err := s.Actions.Newest(r.Context())
	if err != nil {
		return err
	}
	if v.Run = pick(newest, r.URL.Query().Get("run")); v.Run != nil {
		var more bool
		if v.Rows, more, err = s.Actions.Domains(r.Context(), v.Viewer, v.Run, listing.Filter{Rule: rule.ID}, "", pageSize); err != nil {
			return err
		}
		if more {
			v.More = "/domains?rule=" + url.QueryEscape(rule.ID) + "&run=" + url.QueryEscape(v.Run.ID)
		}
	}
	s.show(w, r, http.StatusOK, "rule", v)
	return nil
}

// An ownersView lists the owners with what was found on their sites.
type ownersView struct {
	frame
	Run    *reports.Run
	Owners []ownerRow
	Next   string
}

// ownersPage is how many owners a page lists.
const ownersPage = 100

// An ownerRow is an owner in the list.
type ownerRow struct {
	reports.OwnerCount
	Bar template.HTML
}

func (s *Site) owners(w http.ResponseWriter, r *http.Request) error {
	v := &ownersView{frame: s.frame(r, wording.Say("负责人", "Owners"), "owners")}
	newest, err := s.Actions.Newest(r.Context())
	if err != nil {
		return err
	}
	if v.Run = pick(newest, r.URL.Query().Get("run")); v.Run != nil {
		after, err := strconv.Atoi(r.URL.Query().Get("after"))
		if err != nil {
			after = 0
		}
		list, more, err := s.Actions.Owners(r.Context(), v.Viewer, v.Run, after, ownersPage)
		if err != nil {
			return err
		}
		if more {
			v.Next = "/owners?" + url.Values{"run": {v.Run.ID}, "after": {strconv.Itoa(after + len(list))}}.Encode()
		}
		most := 0
		for _, o := range list {
			most = max(most, o.Violations)
		}
		for _, o := range list {
			v.Owners = append(v.Owners, ownerRow{o, part("violation", o.Violations, most)})
		}
	}
	s.show(w, r, http.StatusOK, "owners", v)
	return nil
}

// An ownerView is the page of an owner.
type ownerView struct {
	frame
	Owner  string
	Run    *reports.Run
	Groups []ownerGroup

	Letters []notify.Letter
	Writes  bool // the viewer may write to owners, and there is a way
}

// An ownerGroup is the owner's sites of one verdict.
type ownerGroup struct {
	Tone string
	N    string
	Rows []listing.Row
	More string
}

func (s *Site) owner(w http.ResponseWriter, r *http.Request) error {
	owner := r.PathValue("owner")
	v := &ownerView{frame: s.frame(r, wording.Same(wording.Clean(owner, 100)), "owners"), Owner: owner}
	newest, err := s.Actions.Newest(r.Context())
	if err != nil {
		return err
	}
	if v.Run = pick(newest, r.URL.Query().Get("run")); v.Run != nil {
		for _, tone := range tones {
			f := listing.Filter{Owner: owner, Tone: tone}
			g := ownerGroup{Tone: tone}
			var more bool
			if g.Rows, more, err = s.Actions.Domains(r.Context(), v.Viewer, v.Run, f, "", pageSize); err != nil {
				return err
			}
			n, over, err := s.Actions.Count(r.Context(), v.Viewer, v.Run, f)
			if err != nil {
				return err
			}
			if more {
				g.More = "/domains?" + url.Values{"owner": {owner}, "status": {tone}, "run": {v.Run.ID}}.Encode()
			}
			if g.N = counted(n, over); n > 0 {
				v.Groups = append(v.Groups, g)
			}
		}
	}
	if v.Letters, err = s.Actions.LettersTo(r.Context(), v.Viewer, owner); err != nil {
		return err
	}
	v.Writes = v.Viewer.May(account.Notify) && s.Actions.Send != nil && len(v.Groups) > 0
	s.show(w, r, http.StatusOK, "owner", v)
	return nil
}

// writeTo writes to an owner.
func (s *Site) writeTo(w http.ResponseWriter, r *http.Request) error {
	newest, err := s.Actions.Newest(r.Context())
	if err != nil {
		return err
	}
	owner := r.PathValue("owner")
	if _, err := s.Actions.SendTo(r.Context(), account.From(r.Context()), pick(newest, r.PostFormValue("run")), owner); err != nil {
		return err
	}
	http.Redirect(w, r, "/owners/"+url.PathEscape(owner)+"?done=written", http.StatusSeeOther)
	return nil
}

// noteAnswer notes what an owner has answered.
func (s *Site) noteAnswer(w http.ResponseWriter, r *http.Request) error {
	owner, err := s.Actions.NoteAnswer(r.Context(), account.From(r.Context()), r.PostFormValue("id"), r.PostFormValue("answer"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/owners/"+url.PathEscape(owner)+"?done=noted", http.StatusSeeOther)
	return nil
}
