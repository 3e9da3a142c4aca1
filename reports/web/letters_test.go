package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/notify"
	"github.com/beianwatch/beianwatch/reports/reporttest"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
)

// TestLetters: who may writes to an owner from the owner's page or from the list of
// domains, and notes what was answered; the page tells of both.
func TestLetters(t *testing.T) {
	s := service(t)
	addRun(t, s.Store, "20261123T020000-0002", 8, nil)
	addUsers(t, s.Accounts)
	sent := map[string]int{}
	letters := []notify.Letter{{ID: "mail/x", Run: "20261123T020000-0002", Channel: "mail", To: "<b>@example.cn", Made: reporttest.At, State: "sent", Changed: reporttest.At}}
	s.Letters = func(_ context.Context, owner string, _ int) ([]notify.Letter, error) {
		if owner != "门户组" {
			return nil, nil
		}
		return letters, nil
	}
	s.Answered = func(_ context.Context, id, answer, by string) (string, error) {
		if id != "mail/x" {
			return "", actions.ErrNotFound
		}
		letters[0].Answer, letters[0].NotedBy, letters[0].Answered = answer, by, reporttest.At
		return "门户组", nil
	}
	s.Send = func(_ context.Context, run *reports.Run, owner string) (int, error) {
		sent[run.ID+" "+owner]++
		return min(1, 2-sent[run.ID+" "+owner]), nil // once a day
	}
	at := serving(t, s)
	page := "/owners/" + url.PathEscape("门户组")
	browsers := map[account.Role]*browser{}
	for _, role := range account.Roles {
		browsers[role] = newBrowser(t, at)
		browsers[role].post("/login", url.Values{"name": {string(role)}, "password": {password}})
		if got, may := browsers[role].post("/letters/answer", url.Values{"id": {"mail/none"}}), role == account.RoleOperator || role == account.RoleAdmin; may != (got == http.StatusNotFound) {
			t.Errorf("%s notes an answer: %d", role, got)
		}
	}
	b := browsers[account.RoleOperator]
	if got := b.post(page+"/letters", nil); got != http.StatusSeeOther {
		t.Fatalf("send: %d", got)
	}
	if got := b.post(page+"/letters", nil); got != http.StatusBadRequest {
		t.Errorf("a second letter of the day: %d", got)
	}
	if got := browsers[account.RoleViewer].post(page+"/letters", nil); got != http.StatusForbidden {
		t.Errorf("a viewer writes: %d", got)
	}
	if got := b.post("/domains/bulk", url.Values{"action": {"notify"}, "domain": {"site0001.example.cn"}}); got != http.StatusSeeOther {
		t.Errorf("from the list: %d", got)
	}
	if len(sent) != 2 {
		t.Errorf("sent %v", sent)
	}
	if got := b.post("/letters/answer", url.Values{"id": {"mail/x"}, "answer": {" 已整改<i> "}}); got != http.StatusSeeOther {
		t.Errorf("note: %d", got)
	}
	for role, want := range map[account.Role]bool{account.RoleOperator: true, account.RoleViewer: false} {
		if _, list := call(t, "GET", at+"/domains", "", func(r *http.Request) {
			for _, c := range browsers[role].client.Jar.Cookies(r.URL) {
				r.AddCookie(c)
			}
		}); strings.Contains(list, `value="notify"`) != want {
			t.Errorf("%s: the button to write to owners of the list", role)
		}
	}
	answer, err := b.client.Get(b.at + page)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	body := string(text)
	checkPage(t, page, body)
	for _, want := range []string{"已发送", "已整改&lt;i&gt;", "&lt;b&gt;@example.cn", "operator"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not have %q: %s", want, body)
		}
	}
}
