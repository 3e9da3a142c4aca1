package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/reporttest"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A stranger is somebody who has not logged in, at an address.
type stranger struct {
	h       http.Handler
	address string
}

func (s stranger) ask(method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "https://beian.example.cn"+path, strings.NewReader(form.Encode()))
	r.RemoteAddr = s.address
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	return w
}

// TestOpenDoor: where it is switched on, anybody may check a public site or a page, within
// limits, and sees nothing else.
func TestOpenDoor(t *testing.T) {
	s := service(t)
	addRun(t, s.Store, "20261122T020000-0001", 8, nil)
	addUsers(t, s.Accounts)
	if w := (stranger{Handler(Config{Actions: s}), "203.0.113.1:1"}).ask("GET", "/self-check", nil); w.Code != http.StatusSeeOther {
		t.Errorf("without being switched on it answers %d", w.Code)
	}
	now, visits, failing := reporttest.At, 0, ""
	s.Now = func() time.Time { return now }
	s.Judge = func(_ context.Context, _ []byte, _ string) (*reports.Record, error) { return reporttest.Record(), nil }
	s.Door = &actions.Door{
		Visit: func(_ context.Context, domain, _ string) (string, error) {
			visits++
			return fmt.Sprintf("open-%d", visits), nil
		},
		Check: func(_ context.Context, id string) (*actions.Check, error) {
			if !strings.HasPrefix(id, "open-") {
				return nil, actions.ErrNotFound
			}
			if id == failing {
				return &actions.Check{ID: id, State: "failed", Reason: wording.Say("稍后再试", "try again later")}, nil
			}
			return &actions.Check{ID: id, Domain: "a.example.cn", State: "done", Record: export.UnpackLines([]byte(`{"schema":1,"liveness":"serving","outcomes":{"footer-link-missing":"found"},"findings":[{"rule":"footer-link-missing","severity":"violation","saw":"<b>"}]}`))}, nil
		},
	}
	h := Handler(Config{Actions: s})
	one := stranger{h, "203.0.113.1:1"}
	form := one.ask("GET", "/self-check?domain=a.example.cn", nil)
	if form.Code != http.StatusOK || strings.Contains(form.Body.String(), `href="/domains"`) || strings.Contains(form.Body.String(), "site0000") {
		t.Fatalf("%d %s", form.Code, form.Body)
	}
	checkPage(t, "self-check", form.Body.String())
	for _, name := range []string{"10.0.0.1", "127.0.0.1", "[::1]", "http://192.168.0.1/", "localhost", "router.lan", "db.internal", "intranet", "a.example.", "..", "", "a b.cn", "cn", "1.0.0.127.in-addr.arpa"} {
		if w := one.ask("POST", "/self-check", url.Values{"domain": {name}}); w.Code != http.StatusBadRequest {
			t.Errorf("%q: %d", name, w.Code)
		}
	}
	first := one.ask("POST", "/self-check", url.Values{"domain": {"https://a.example.cn/x"}})
	link := first.Header().Get("Location")
	if first.Code != http.StatusSeeOther || link != "/self-check/open-1" {
		t.Fatalf("%d to %q", first.Code, link)
	}
	if again := (stranger{h, "203.0.113.2:1"}).ask("POST", "/self-check", url.Values{"domain": {"A.EXAMPLE.CN"}}); again.Header().Get("Location") != link || visits != 1 {
		t.Errorf("the same site again: %q, %d visits", again.Header().Get("Location"), visits)
	}
	failing = "open-1"
	if told := one.ask("GET", link, nil); !strings.Contains(told.Body.String(), "稍后再试") {
		t.Errorf("why it failed: %s", told.Body)
	}
	if w := (stranger{h, "203.0.113.2:1"}).ask("POST", "/self-check", url.Values{"domain": {"a.example.cn"}}); w.Header().Get("Location") != "/self-check/open-2" {
		t.Errorf("a check that failed is not made again: %q", w.Header().Get("Location"))
	}
	failing = ""
	shown := stranger{h, "203.0.113.3:1"}.ask("GET", link, nil)
	if body := shown.Body.String(); shown.Code != http.StatusOK || !strings.Contains(body, "footer-link-missing") || strings.Contains(body, "<b>") || !strings.Contains(body, `href="`+link+`"`) {
		t.Errorf("the link to share: %d %.500s", shown.Code, body)
	}
	for path, want := range map[string]int{"/self-check/known": 404, "/live/self-check/known": 404, "/check/open-1": 303, "/check": 303, "/domains": 303, "/": 303, "/runs": 303, "/rules": 303,
		"/rules/footer-link-missing": 200, "/live/checks/open-1": 303, "/api/checks/known": 403, "/api/v1/runs": 401, "/metrics": 403} {
		w := one.ask("GET", path, nil)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		if strings.Contains(w.Body.String(), "site000") {
			t.Errorf("%s tells of the inventory", path)
		}
	}
	if w := one.ask("GET", "/live"+link, nil); !strings.Contains(w.Body.String(), "event: end") {
		t.Errorf("the stream: %d %s", w.Code, w.Body)
	}
	page := one.ask("POST", "/self-check", url.Values{"page": {"<html>"}})
	if page.Code != http.StatusOK {
		t.Errorf("a page: %d", page.Code)
	}
	openLimits(t, h, &now)
}

// openLimits: an address, or all addresses of one customer, may ask some times in ten minutes.
func openLimits(t *testing.T, h http.Handler, now *time.Time) {
	refused := func(s stranger, n int) int {
		for i := range n {
			if w := s.ask("POST", "/self-check", url.Values{"domain": {fmt.Sprintf("b%d-%x.example.cn", i, s.address)}}); w.Code == http.StatusTooManyRequests {
				return i
			}
		}
		return n
	}
	for _, address := range []string{"203.0.113.9:1", "[2001:db8:1:1::1]:1"} {
		if n := refused(stranger{h, address}, 20); n != 6 {
			t.Errorf("%s is refused after %d", address, n)
		}
	}
	if n := refused(stranger{h, "[2001:db8:1:1::2]:1"}, 1); n != 0 {
		t.Error("a neighbour is another customer")
	}
	*now = now.Add(10 * time.Minute)
	if n := refused(stranger{h, "203.0.113.9:1"}, 1); n != 1 {
		t.Error("refused for too long")
	}
	all := 0
	for i := range 50 {
		all += refused(stranger{h, fmt.Sprintf("198.51.100.%d:1", i)}, 5)
	}
	if all > 120 {
		t.Errorf("%d checks for all in ten minutes", all)
	}
	if v := account.From(t.Context()); v.May(account.VisitSite) {
		t.Error("nobody may visit")
	}
}
