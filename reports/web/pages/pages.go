// Package pages is the dashboard: pages for people over the actions of the program, in
// Chinese and English, made on the server. They work without JavaScript but for what
// moves while it is looked at. Nothing in them is inline and nothing comes from
// elsewhere, so that the content policy can forbid both.
package pages

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/wording"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// Policy is the content policy of every page.
const Policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// A Site is the dashboard.
type Site struct {
	Actions  *actions.Service
	Sessions *account.Sessions // nil: nobody logs in
	// Address returns from where a request comes, for the limits on log-ins.
	Address func(*http.Request) string
	// Single is a log-in elsewhere (single sign-on); its name is shown. nil: none.
	Single Single

	layouts map[string]*template.Template // by language
}

// A Single is a way to log in at another site.
type Single interface {
	Name() string
	// Begin returns where the browser is sent, to come back and go to a path of ours.
	Begin(ctx context.Context, to string) (address string, err error)
	// End returns who comes back from there, and where to go. An error that has an
	// In(lang) is told to the person.
	End(ctx context.Context, query url.Values) (name, to string, err error)
}

// Register adds the pages to a mux.
func (s *Site) Register(mux *http.ServeMux) {
	s.layouts = map[string]*template.Template{}
	for _, lang := range []string{"zh", "en"} {
		s.layouts[lang] = template.Must(template.New("").Funcs(functions(lang)).ParseFS(templateFiles, "templates/*.html"))
	}
	assets, err := fs.Sub(assetFiles, "assets")
	if err != nil {
		panic(err) // a constant
	}
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", cached(http.FileServerFS(assets))))
	mux.HandleFunc("POST /settings", s.settings)
	for pattern, h := range map[string]handler{
		"GET /{$}": s.overview, "GET /": nowhere,
		"GET /domains": s.domains, "GET /domains/export": s.export, "POST /domains/bulk": s.bulk,
		"GET /domains/{domain}": s.domain, "GET /domains/{domain}/picture": s.picture, "POST /domains/{domain}/visit": s.visit,
		"GET /runs": s.runs, "POST /runs": s.beginRun, "GET /runs/{run}": s.run, "POST /runs/{run}/stop": s.stopRun, "POST /runs/{run}/resume": s.resumeRun,
		"GET /runs/{run}/export": s.exportChanges, "GET /live/runs/{run}": s.liveRun,
		"GET /rules": s.rules, "GET /rules/{rule}": s.rule,
		"GET /owners": s.owners, "GET /owners/{owner}": s.owner, "POST /owners/{owner}/letters": s.writeTo, "POST /letters/answer": s.noteAnswer,
		"GET /inventory": s.inventory, "POST /inventory": s.upload, "GET /inventory/{draft}": s.draft, "POST /inventory/{draft}": s.accept,
		"GET /inventory/{draft}/corrected.xlsx": s.corrected,
		"GET /calendar":                         s.calendar,
		"GET /check":                            s.checkForm, "POST /check": s.check, "GET /check/{id}": s.checked, "GET /live/checks/{id}": s.liveCheck,
		"GET /waivers": s.waivers, "POST /waivers": s.waive, "POST /waivers/end": s.unwaive,
		"GET /account": s.account, "POST /account/tokens": s.makeToken, "POST /account/tokens/end": s.endToken,
		"GET /users": s.users, "POST /users": s.putUser, "POST /users/end": s.endUser, "GET /audit": s.audit,
	} {
		mux.HandleFunc(pattern, s.page(h))
	}
	if s.Actions.Door != nil {
		s.openPages(mux)
	}
	mux.HandleFunc("GET /login", s.loginForm)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	if s.Single != nil {
		mux.HandleFunc("GET /login/single", s.singleBegin)
		mux.HandleFunc("GET /login/callback", s.singleEnd)
	}
}

// A handler answers a request, or returns why it cannot.
type handler func(http.ResponseWriter, *http.Request) error

// page shows a handler's error as a page; who has not logged in is asked to.
func (s *Site) page(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if account.From(r.Context()).Name == "" && !s.opened(r) {
			if r.Method != http.MethodGet {
				s.fail(w, r, actions.ErrForbidden)
				return
			}
			http.Redirect(w, r, "/login?to="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	}
}

// nowhere answers for paths that are none of ours.
func nowhere(w http.ResponseWriter, r *http.Request) error {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		http.NotFound(w, r)
		return nil
	}
	return actions.ErrNotFound
}

// opened reports whether a page is shown to those who have not logged in: with the open
// door the page of a rule, to which its results lead.
func (s *Site) opened(r *http.Request) bool {
	return s.Actions.Door != nil && r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/rules/")
}

// An errorView is a page that says why there is no other.
type errorView struct {
	frame
	Text detect.Text
	Next detect.Text
}

// fail shows an error.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, text, next := told(err)
	if r.Context().Err() != nil {
		return // nobody is there to read it
	}
	v := errorView{frame: s.frame(r, wording.Say("无法显示", "Cannot be shown"), ""), Text: text, Next: next}
	s.show(w, r, status, "error", &v)
}

// told is an error as a person reads it, with what to do next.
func told(err error) (status int, text, next detect.Text) {
	var bad *actions.BadRequest
	var soon *actions.TooSoon
	switch {
	case errors.Is(err, actions.ErrForbidden):
		return http.StatusForbidden, wording.Say("您没有这项权限", "You may not do this"), wording.Say("如需权限，请联系管理员。", "Ask an administrator for the right to do it.")
	case errors.Is(err, actions.ErrNotFound):
		return http.StatusNotFound, wording.Say("没有找到", "Not found"), wording.Say("它可能已被清理，或地址有误。请从域名列表或检查批次进入。", "It may have been removed, or the address is wrong. Start from the list of domains or runs.")
	case errors.Is(err, actions.ErrNotHere):
		return http.StatusServiceUnavailable, wording.Say("本进程不能执行此操作", "This process cannot do that"), wording.Say("请在带有 scheduler 和 worker 角色的 beianwatch serve 上操作。", "Use a beianwatch serve that has the roles scheduler and worker.")
	case errors.As(err, &soon):
		return http.StatusTooManyRequests, wording.Sayf(wording.Say("检查得太频繁，或该网站刚刚检查过，请 %d 秒后再试", "Too many checks, or the site was checked a moment ago: wait %d seconds"), int(soon.Wait/time.Second)+1), detect.Text{}
	case errors.As(err, &bad):
		return http.StatusBadRequest, detect.Text{ZH: bad.In("zh"), EN: bad.In("en")}, wording.Say("请返回修改后再试。", "Go back, correct it and try again.")
	}
	return http.StatusInternalServerError, wording.Joined(wording.Say("：", ": "), wording.Say("程序或数据库出错", "An error of the program or the database"), wording.Same(wording.Clean(err.Error(), 300))), wording.Say("请稍后重试；若仍出现，请查看服务日志。", "Try again in a moment; if it stays, read the log of the service.")
}

// show lays a page out. It is made whole first, so that an error is never half a page.
func (s *Site) show(w http.ResponseWriter, r *http.Request, status int, name string, view any) {
	var b bytes.Buffer
	if err := s.layouts[langOf(r)].ExecuteTemplate(&b, name+".html", view); err != nil {
		http.Error(w, "a page could not be laid out: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a browser that has gone away is no trouble
}

// fragment lays out a part of a page for a stream of events.
func (s *Site) fragment(r *http.Request, name string, view any) (string, error) {
	var b strings.Builder
	err := s.layouts[langOf(r)].ExecuteTemplate(&b, name, view)
	return b.String(), err
}

// cached lets browsers keep assets for an hour: they change with the program alone.
func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		next.ServeHTTP(w, r)
	})
}
