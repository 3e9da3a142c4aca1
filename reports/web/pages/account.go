package pages

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A loginView is the form to log in.
type loginView struct {
	frame
	To     string
	Name   string
	Wrong  detect.Text
	Single string // the name of another way
}

func (s *Site) loginForm(w http.ResponseWriter, r *http.Request) {
	s.showLogin(w, r, http.StatusOK, &loginView{To: ownPath(r.URL.Query().Get("to"))})
}

func (s *Site) showLogin(w http.ResponseWriter, r *http.Request, status int, v *loginView) {
	if s.Sessions == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	v.frame = s.frame(r, wording.Say("登录", "Log in"), "")
	if s.Single != nil {
		v.Single = s.Single.Name()
	}
	s.show(w, r, status, "login", v)
}

var loginErrors = map[error]detect.Text{
	account.ErrLogin:   wording.Say("用户名或密码不正确", "Name or password is wrong"),
	account.ErrTooMany: wording.Say("登录尝试过多，请 15 分钟后再试", "Too many attempts to log in: wait 15 minutes"),
}

func (s *Site) login(w http.ResponseWriter, r *http.Request) {
	v := &loginView{To: ownPath(r.PostFormValue("to")), Name: r.PostFormValue("name")}
	if s.Sessions == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	viewer, err := s.Actions.Accounts.Login(r.Context(), s.Address(r), v.Name, r.PostFormValue("password"))
	for known, text := range loginErrors {
		if errors.Is(err, known) {
			v.Wrong = text
			s.showLogin(w, r, http.StatusUnauthorized, v)
			return
		}
	}
	if err == nil {
		err = s.Sessions.Begin(r.Context(), viewer.Name)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, v.To, http.StatusSeeOther)
}

// singleBegin sends the browser to another site to log in.
func (s *Site) singleBegin(w http.ResponseWriter, r *http.Request) {
	err := s.Actions.Accounts.Away(s.Address(r))
	if errors.Is(err, account.ErrTooMany) {
		s.showLogin(w, r, http.StatusTooManyRequests, &loginView{Wrong: loginErrors[account.ErrTooMany], To: "/"})
		return
	}
	address, err := s.Single.Begin(r.Context(), ownPath(r.URL.Query().Get("to")))
	if err != nil {
		s.singleFailed(w, r, err)
		return
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// singleEnd logs in who comes back from there.
func (s *Site) singleEnd(w http.ResponseWriter, r *http.Request) {
	name, to, err := s.Single.End(r.Context(), r.URL.Query())
	if err == nil {
		err = s.Sessions.Begin(r.Context(), name)
	}
	if err != nil {
		s.singleFailed(w, r, err)
		return
	}
	s.Actions.LoggedIn(r.Context(), name)
	http.Redirect(w, r, ownPath(to), http.StatusSeeOther)
}

// singleFailed says why there is no log-in. What is nobody's here to mend in the browser goes
// into the log of the service.
func (s *Site) singleFailed(w http.ResponseWriter, r *http.Request, err error) {
	status, text := http.StatusUnauthorized, wording.Say("登录服务暂时无法使用，请稍后重试；管理员可查看服务日志", "The provider cannot be used now: try again later; an administrator can read the log of the service")
	var in interface{ In(string) string }
	if errors.As(err, &in) {
		text = detect.Text{ZH: in.In("zh"), EN: in.In("en")}
	} else {
		status = http.StatusBadGateway
		if s.Actions.Log != nil {
			s.Actions.Log.Warn("single sign-on failed", "err", err)
		}
	}
	s.showLogin(w, r, status, &loginView{Wrong: text, To: "/"})
}

func (s *Site) logout(w http.ResponseWriter, r *http.Request) {
	if s.Sessions != nil {
		if err := s.Sessions.End(r.Context()); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

// An accountView is one's own page: tokens, and the ways to what only some may do.
type accountView struct {
	frame
	Tokens []account.Token
	Made   string // the text of a token that was made now
	Scopes []account.Role
}

func (s *Site) account(w http.ResponseWriter, r *http.Request) error { return s.showAccount(w, r, "") }

func (s *Site) showAccount(w http.ResponseWriter, r *http.Request, made string) error {
	v := &accountView{frame: s.frame(r, wording.Say("我的账户", "My account"), "account"), Made: made}
	v.Here = "/account"
	tokens, err := s.Actions.Accounts.Tokens(r.Context(), v.Viewer)
	if err != nil {
		return err
	}
	v.Tokens = tokens
	for _, role := range account.Roles {
		if v.Viewer.Role == role || role != account.RoleOwner && account.Above(v.Viewer.Role, role) {
			v.Scopes = append(v.Scopes, role)
		}
	}
	s.show(w, r, http.StatusOK, "account", v)
	return nil
}

func (s *Site) makeToken(w http.ResponseWriter, r *http.Request) error {
	made, err := s.Actions.MakeToken(r.Context(), account.From(r.Context()), r.PostFormValue("name"), account.Role(r.PostFormValue("scope")))
	if err != nil {
		return err
	}
	return s.showAccount(w, r, made)
}

func (s *Site) endToken(w http.ResponseWriter, r *http.Request) error {
	if err := s.Actions.EndToken(r.Context(), account.From(r.Context()), r.PostFormValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/account?done=ended", http.StatusSeeOther)
	return nil
}

// A usersView lists the users, with the form for another one.
type usersView struct {
	frame
	Users []account.User
	Roles []account.Role
}

func (s *Site) users(w http.ResponseWriter, r *http.Request) error {
	v := &usersView{frame: s.frame(r, wording.Say("用户", "Users"), "account"), Roles: account.Roles}
	var err error
	if v.Users, err = s.Actions.Users(r.Context(), v.Viewer); err != nil {
		return err
	}
	s.show(w, r, http.StatusOK, "users", v)
	return nil
}

func (s *Site) putUser(w http.ResponseWriter, r *http.Request) error {
	u := account.User{Name: r.PostFormValue("name"), Role: account.Role(r.PostFormValue("role")), Owner: r.PostFormValue("owner")}
	if err := s.Actions.PutUser(r.Context(), account.From(r.Context()), u, r.PostFormValue("password")); err != nil {
		return err
	}
	http.Redirect(w, r, "/users?done=saved", http.StatusSeeOther)
	return nil
}

func (s *Site) endUser(w http.ResponseWriter, r *http.Request) error {
	if err := s.Actions.RemoveUser(r.Context(), account.From(r.Context()), r.PostFormValue("name")); err != nil {
		return err
	}
	http.Redirect(w, r, "/users?done=ended", http.StatusSeeOther)
	return nil
}

// An auditView is the log of what was done.
type auditView struct {
	frame
	Entries []account.Entry
	Next    string
}

// auditPage is how many entries a page of the log lists.
const auditPage = 100

func (s *Site) audit(w http.ResponseWriter, r *http.Request) error {
	v := &auditView{frame: s.frame(r, wording.Say("操作记录", "Audit log"), "account")}
	list, err := s.Actions.Audit(r.Context(), v.Viewer, r.URL.Query().Get("before"), auditPage)
	if err != nil {
		return err
	}
	v.Entries = list
	if len(list) == auditPage {
		v.Next = "/audit?before=" + url.QueryEscape(actions.AuditCursor(list[len(list)-1]))
	}
	s.show(w, r, http.StatusOK, "audit", v)
	return nil
}
