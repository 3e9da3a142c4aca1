package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/beianwatch/beianwatch/reports/web/account"
)

const password = "correct horse battery"

// addUsers makes a user of each role, named after it.
func addUsers(t *testing.T, k *account.Keeper) {
	t.Helper()
	for _, role := range account.Roles {
		u := account.User{Name: string(role), Role: role}
		if role == account.RoleOwner {
			u.Owner = "门户组"
		}
		if err := k.Put(context.Background(), u, password); err != nil {
			t.Fatal(err)
		}
	}
}

// A browser keeps cookies.
type browser struct {
	t      *testing.T
	at     string
	client *http.Client
}

func newBrowser(t *testing.T, at string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, at, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (b *browser) get(path string) int {
	b.t.Helper()
	a, err := b.client.Get(b.at + path)
	if err != nil {
		b.t.Fatal(err)
	}
	a.Body.Close()
	return a.StatusCode
}

func (b *browser) post(path string, form url.Values) int {
	b.t.Helper()
	a, err := b.client.PostForm(b.at+path, form)
	if err != nil {
		b.t.Fatal(err)
	}
	if a.StatusCode >= 500 {
		text, _ := io.ReadAll(a.Body)
		b.t.Errorf("%s: %.300s", path, text)
	}
	a.Body.Close()
	return a.StatusCode
}

// TestRoles: what each role is shown and refused, once there are users.
func TestRoles(t *testing.T) {
	s := service(t)
	addRun(t, s.Store, "20261123T020000-0002", 8, nil) // site0000 and site0004 are 门户组's
	s.Begin = func(context.Context, string) (string, bool, error) { return "", false, errors.New("not called") }
	addUsers(t, s.Accounts)
	at := serving(t, s)
	if a, _ := call(t, "GET", at+"/domains", "", nil); a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/login?to=") {
		t.Errorf("nobody is answered %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	for _, path := range []string{"/api/v1/runs", "/api/runs", "/metrics"} {
		if a, _ := call(t, "GET", at+path, "", nil); a.StatusCode != 401 && a.StatusCode != 403 {
			t.Errorf("%s answers nobody with %d", path, a.StatusCode)
		}
	}
	waiver := url.Values{"domain": {"site0000.example.cn"}, "rule": {"footer-link-missing"}, "until": {"2099-01-01"}, "reason": {"agreed"}}
	browsers := map[account.Role]*browser{}
	for _, role := range account.Roles {
		b := newBrowser(t, at)
		if got := b.post("/login", url.Values{"name": {string(role)}, "password": {password}, "to": {"/check"}}); got != http.StatusSeeOther {
			t.Fatalf("%s cannot log in: %d", role, got)
		}
		browsers[role] = b
	}
	for _, c := range []struct {
		name, path string
		form       url.Values
		allowed    string // the roles that are not refused
	}{
		{"overview", "/runs", nil, "viewer operator admin"},
		{"list", "/domains", nil, "owner viewer operator admin"},
		{"own site", "/domains/site0000.example.cn", nil, "owner viewer operator admin"},
		{"another's site", "/domains/site0001.example.cn", nil, "viewer operator admin"},
		{"export", "/runs/20261123T020000-0002..20261123T020000-0002/export", nil, "viewer operator admin"},
		{"waive", "/waivers", waiver, "operator admin"},
		{"begin", "/runs", url.Values{"inventory": {"x"}}, "operator admin"},
		{"users", "/users", nil, "admin"},
		{"audit", "/audit", nil, "admin"},
		{"new user", "/users", url.Values{"name": {"more"}, "role": {"viewer"}, "password": {password}}, "admin"},
	} {
		for _, role := range account.Roles {
			b, got := browsers[role], 0
			if c.form == nil {
				got = b.get(c.path)
			} else {
				got = b.post(c.path, c.form)
			}
			refused := got == http.StatusForbidden || got == http.StatusNotFound
			if may := strings.Contains(c.allowed, string(role)); may == refused {
				t.Errorf("%s: %s is answered %d", c.name, role, got)
			}
		}
	}
}

// TestOwnersList: an owner's list, export and API hold the owner's sites alone, whatever is
// asked for.
func TestOwnersList(t *testing.T) {
	s := service(t)
	addRun(t, s.Store, "20261123T020000-0002", 40, nil)
	addUsers(t, s.Accounts)
	v, _, err := s.Accounts.Viewer(context.Background(), "owner")
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.Accounts.MakeToken(context.Background(), v, "test", account.RoleAdmin)
	if err != nil {
		t.Fatal(err)
	}
	at := serving(t, s)
	bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	_, body := call(t, "GET", at+"/api/v1/runs/latest/domains?owner="+url.QueryEscape("电商组")+"&limit=100", "", bearer)
	var page struct {
		Items []struct{ Domain, Owner string }
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil || len(page.Items) != 10 {
		t.Fatalf("%d domains, %v: %.200s", len(page.Items), err, body)
	}
	for _, d := range page.Items {
		if d.Owner != "门户组" {
			t.Errorf("%s is %s's", d.Domain, d.Owner)
		}
	}
	_, body = call(t, "GET", at+"/domains/export?format=jsonl", "", bearer)
	if lines := strings.Count(body, "\n"); lines != 10 || strings.Contains(body, "电商组") {
		t.Errorf("an export of %d lines", lines)
	}
	for _, path := range []string{"/api/v1/runs", "/api/v1/runs/latest/figures", "/api/v1/waivers", "/api/v1/inventories", "/metrics"} {
		if a, _ := call(t, "GET", at+path, "", bearer); a.StatusCode != http.StatusForbidden {
			t.Errorf("%s answers an owner with %d", path, a.StatusCode)
		}
	}
}

// TestLogin: a wrong password is refused, and after some of them every one; a session ends
// with its user.
func TestLogin(t *testing.T) {
	s := service(t)
	addUsers(t, s.Accounts)
	at := serving(t, s)
	b := newBrowser(t, at)
	if got := b.post("/login", url.Values{"name": {"viewer"}, "password": {password}, "to": {"//evil.example/"}}); got != http.StatusSeeOther {
		t.Fatalf("log-in: %d", got)
	}
	if got := b.get("/runs"); got != http.StatusOK {
		t.Errorf("logged in: %d", got)
	}
	if err := s.Accounts.Put(context.Background(), account.User{Name: "viewer", Role: account.RoleViewer}, "another password"); err != nil {
		t.Fatal(err)
	}
	if got := b.get("/runs"); got != http.StatusSeeOther {
		t.Errorf("a session outlives the password: %d", got)
	}
	if got := b.post("/login", url.Values{"name": {"admin"}, "password": {password}}); got != http.StatusSeeOther {
		t.Fatalf("log-in: %d", got)
	}
	if got := b.post("/logout", nil); got != http.StatusSeeOther || b.get("/runs") != http.StatusSeeOther {
		t.Error("logging out does not end the session")
	}
	last := 0
	for range 11 {
		last = newBrowser(t, at).post("/login", url.Values{"name": {"operator"}, "password": {"wrong"}})
	}
	if last != http.StatusUnauthorized {
		t.Errorf("wrong passwords: %d", last)
	}
	if got := newBrowser(t, at).post("/login", url.Values{"name": {"operator"}, "password": {password}}); got != http.StatusUnauthorized {
		t.Errorf("the right password after eleven wrong ones: %d", got)
	}
}

// TestTokens: a token has the rights of its scope, and of its holder at most.
func TestTokens(t *testing.T) {
	s := service(t)
	addUsers(t, s.Accounts)
	ctx := context.Background()
	admin, _, err := s.Accounts.Viewer(ctx, "admin")
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.Accounts.MakeToken(ctx, admin, "reader", account.RoleViewer)
	if err != nil {
		t.Fatal(err)
	}
	at := serving(t, s)
	bearer := func(text string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+text)
			r.Header.Set("Content-Type", "application/json")
		}
	}
	for _, c := range []struct {
		method, path, body, token string
		status                    int
	}{
		{"GET", "/api/v1/runs", "", token, 200},
		{"GET", "/api/v1/me", "", token, 200},
		{"POST", "/api/v1/runs", `{"inventory":"x"}`, token, 403},
		{"GET", "/metrics", "", token, 200},
		{"GET", "/api/v1/runs", "", token + "x", 401},
		{"GET", "/api/v1/runs", "", "", 401},
	} {
		if a, body := call(t, c.method, at+c.path, c.body, bearer(c.token)); a.StatusCode != c.status {
			t.Errorf("%s %s: %d %.200s", c.method, c.path, a.StatusCode, body)
		}
	}
	if err := s.Accounts.Remove(ctx, "admin"); err != nil {
		t.Fatal(err)
	}
	if a, _ := call(t, "GET", at+"/api/v1/runs", "", bearer(token)); a.StatusCode != 401 {
		t.Errorf("a token outlives its holder: %d", a.StatusCode)
	}
}

// TestOwnerScope: a token of the scope owner that was made by somebody who is none shows no
// sites at all.
func TestOwnerScope(t *testing.T) {
	s := service(t)
	addRun(t, s.Store, "20261123T020000-0002", 8, nil)
	addUsers(t, s.Accounts)
	v, _, err := s.Accounts.Viewer(context.Background(), "viewer")
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.Accounts.MakeToken(context.Background(), v, "test", account.RoleOwner)
	if err != nil {
		t.Fatal(err)
	}
	at := serving(t, s)
	for _, path := range []string{"/api/v1/runs/latest/domains", "/api/v1/findings", "/api/v1/runs/latest/domains/site0000.example.cn", "/domains", "/domains/export", "/rules/footer-link-missing"} {
		if a, body := call(t, "GET", at+path, "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }); a.StatusCode != http.StatusForbidden || strings.Contains(body, "site0") {
			t.Errorf("%s: %d %.200s", path, a.StatusCode, body)
		}
	}
}

// A flood is a body that tells how much of it was taken.
type flood struct {
	left  int
	taken atomic.Int64
}

func (f *flood) Read(p []byte) (int, error) {
	n := min(len(p), f.left)
	if n == 0 {
		return 0, io.EOF
	}
	f.left -= n
	f.taken.Add(int64(n))
	return n, nil
}

// TestFlood: nobody is read for longer than what may be sent there, logged in or not.
func TestFlood(t *testing.T) {
	s := service(t)
	addUsers(t, s.Accounts)
	v, _, err := s.Accounts.Viewer(context.Background(), "viewer")
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.Accounts.MakeToken(context.Background(), v, "test", account.RoleViewer)
	if err != nil {
		t.Fatal(err)
	}
	at := serving(t, s)
	const much = 100 << 20
	for _, c := range []struct{ path, kind, token string }{
		{"/settings", "multipart/form-data; boundary=x", ""},
		{"/login", "multipart/form-data; boundary=x", ""},
		{"/domains/bulk", "multipart/form-data; boundary=x", token},
		{"/inventory", "multipart/form-data; boundary=x", token},
		{"/check", "application/x-www-form-urlencoded", token},
		{"/api/v1/inventories?name=a.csv", "application/octet-stream", token},
	} {
		body := &flood{left: much}
		head := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
		r, err := http.NewRequest("POST", at+c.path, io.MultiReader(strings.NewReader(head), body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", c.kind)
		if c.token != "" {
			r.Header.Set("Authorization", "Bearer "+c.token)
		}
		if a, err := http.DefaultTransport.RoundTrip(r); err == nil { // else the connection was cut
			a.Body.Close()
			if a.StatusCode < 300 || a.StatusCode >= 500 {
				t.Errorf("%s: %d", c.path, a.StatusCode)
			}
		}
		if taken := body.taken.Load(); taken > much/2 {
			t.Errorf("%s takes %d MB", c.path, taken>>20)
		}
	}
}
