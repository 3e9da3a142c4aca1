package pages

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// The open door: the self-check for people who have not logged in, on pages of its own that
// show nothing of the inventory.
const openPath = "/self-check"

// maxOpenStreams bounds the streams of people who have not logged in.
const maxOpenStreams = 100

// openPages adds the pages of the open door.
func (s *Site) openPages(mux *http.ServeMux) {
	streams := &atomic.Int64{}
	for pattern, h := range map[string]handler{
		"GET " + openPath: s.openForm, "POST " + openPath: s.openCheck, "GET " + openPath + "/{id}": s.openChecked,
		"GET /live" + openPath + "/{id}": func(w http.ResponseWriter, r *http.Request) error {
			defer streams.Add(-1)
			if streams.Add(1) > maxOpenStreams {
				w.WriteHeader(http.StatusServiceUnavailable)
				return nil
			}
			return s.streamCheck(w, r, func() (*actions.Check, error) { return s.Actions.OpenCheckOf(r.Context(), r.PathValue("id")) })
		},
	} {
		mux.HandleFunc(pattern, s.anybody(h))
	}
}

// anybody shows a handler's error as a page, to whoever asks.
func (s *Site) anybody(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	}
}

func (s *Site) openView(r *http.Request) *checkView {
	v := &checkView{frame: s.frame(r, wording.Say("网站备案自查", "Self-check of a site's filing"), ""), Base: openPath}
	v.Viewer = account.Viewer{} // the page is the same for everybody
	v.Menu = nil
	return v
}

func (s *Site) openForm(w http.ResponseWriter, r *http.Request) error {
	v := s.openView(r)
	v.Domain = r.URL.Query().Get("domain")
	s.show(w, r, http.StatusOK, "check", v)
	return nil
}

func (s *Site) openCheck(w http.ResponseWriter, r *http.Request) error {
	page, domain, filing, err := checkAsked(r)
	if err != nil {
		return err
	}
	if page == "" {
		id, err := s.Actions.OpenCheck(r.Context(), s.Address(r), domain, filing)
		if err != nil {
			return err
		}
		http.Redirect(w, r, openPath+"/"+url.PathEscape(id), http.StatusSeeOther)
		return nil
	}
	record, err := s.Actions.OpenPage(r.Context(), s.Address(r), []byte(page), filing)
	if err != nil {
		return err
	}
	v := s.openView(r)
	report := s.report(record)
	v.Filing, v.Page, v.Report, v.Here = filing, page, &report, openPath
	s.show(w, r, http.StatusOK, "check", v)
	return nil
}

func (s *Site) openChecked(w http.ResponseWriter, r *http.Request) error {
	c, err := s.Actions.OpenCheckOf(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.showCheck(w, r, s.openView(r), c)
}

// checkAsked reads the form of a self-check: a page or a domain.
func checkAsked(r *http.Request) (page, domain, filing string, err error) {
	if err := r.ParseForm(); err != nil {
		return "", "", "", &actions.BadRequest{Err: both{wording.Say("提交的内容过大：网页不超过 2 MB", "what was sent is too large: a page has 2 MB at most")}}
	}
	page, domain, filing = r.PostFormValue("page"), strings.TrimSpace(r.PostFormValue("domain")), strings.TrimSpace(r.PostFormValue("filing"))
	switch {
	case len(domain) > maxAsked || len(filing) > maxAsked:
		return "", "", "", &actions.BadRequest{Err: both{wording.Say("域名或备案号过长", "the domain or the filing number is too long")}}
	case strings.TrimSpace(page) != "":
		return page, domain, filing, nil
	case domain == "":
		return "", "", "", &actions.BadRequest{Err: both{wording.Say("请填写域名，或粘贴网页源代码", "give a domain, or paste a page")}}
	}
	return "", domain, filing, nil
}

// maxAsked bounds what is typed into the form, in bytes.
const maxAsked = 1024
