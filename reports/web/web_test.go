package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/reporttest"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/web/listing"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// service makes actions over a database of the test's own.
func service(t *testing.T) *actions.Service {
	t.Helper()
	return serviceOn(t, filepath.Join(t.TempDir(), "results.db"), reporttest.Rules)
}

// serviceOn makes actions over the database at a DSN.
func serviceOn(t *testing.T, dsn string, rules []*detect.Rule) *actions.Service {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	s, err := store.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	accounts, err := account.Open(ctx, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	accounts.Cost = account.Cost{Passes: 1, Memory: 64, Lanes: 1}
	life, err := lifecycle.Open(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	listings, err := listing.Open(ctx, s, life, rules)
	if err != nil {
		t.Fatal(err)
	}
	return &actions.Service{Store: s, Rules: rules, Accounts: accounts, Listings: listings, Life: life, Dir: dir, Lang: "zh",
		Visit: func(_ context.Context, domain, filing string) (string, error) {
			if domain == "bad" {
				return "", &actions.BadRequest{Err: errors.New("no domain")}
			}
			return domain + filing, nil
		},
		Check: func(_ context.Context, id string) (*actions.Check, error) {
			if id != "known" {
				return nil, actions.ErrNotFound
			}
			return &actions.Check{ID: id, Domain: "a.cn", State: "done", Record: export.UnpackLines([]byte(`{"schema":1}`))}, nil
		}}
}

// addRun stores a finished run of n domains.
func addRun(t *testing.T, s *store.Store, id string, n int, change func(int, *reports.Record)) *reports.Run {
	t.Helper()
	ctx := context.Background()
	run := reporttest.Run()
	run.ID, run.Lines, run.Rejected, run.Verdicts, run.State = id, n, 0, n, reports.RunActive
	if err := s.CreateRun(ctx, run); err != nil {
		t.Fatal(err)
	}
	var results []store.Result
	for i := range n {
		r := reporttest.Variant(i)
		r.Run = id
		if change != nil {
			change(i, r)
		}
		results = append(results, store.Result{Record: r, Line: i + 1})
	}
	batch, err := store.Pack(id, results)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := s.Writer().BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.PutTx(ctx, tx, batch), tx.Commit()); err != nil {
		t.Fatal(err)
	}
	run.State = reports.RunDone
	if err := s.UpdateRun(ctx, run); err != nil {
		t.Fatal(err)
	}
	return run
}

// serving answers by the actions and gives the address.
func serving(t *testing.T, s *actions.Service) string {
	t.Helper()
	l, err := Listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, Handler(Config{Actions: s, Version: "test"}), nil) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

func TestFirstAPI(t *testing.T) {
	s := service(t)
	if err := s.Store.CreateRun(context.Background(), &reports.Run{ID: "1", State: reports.RunDone, StartedAt: time.Unix(0, 0)}); err != nil {
		t.Fatal(err)
	}
	at := serving(t, s)
	for _, c := range []struct {
		name, method, path, host, kind, body string
		status                               int
		has                                  string
	}{
		{"ask", "POST", "/api/checks", "", "application/json", `{"domain":"a.cn","filing":"none"}`, 202, `{"id":"a.cnnone"}`},
		{"refused", "POST", "/api/checks", "", "application/json", `{"domain":"bad"}`, 400, "no domain"},
		{"no domain", "POST", "/api/checks", "", "application/json", `{}`, 400, "wanted"},
		{"unknown key", "POST", "/api/checks", "", "application/json", `{"domain":"a.cn","x":1}`, 400, "send"},
		{"no JSON", "POST", "/api/checks", "", "application/json", `<`, 400, "send"},
		{"a form", "POST", "/api/checks", "", "text/plain", `{"domain":"a.cn"}`, 415, "Content-Type"},
		{"too long", "POST", "/api/checks", "", "application/json", `{"domain":"` + strings.Repeat("a", maxBody) + `"}`, 400, "send"},
		{"other name", "GET", "/api/runs", "rebound.example", "", "", 403, "localhost"},
		{"localhost", "GET", "/api/runs", "localhost:80", "", "", 200, `"id":"1"`},
		{"known", "GET", "/api/checks/known", "", "", "", 200, `"record":{"schema":1}`},
		{"unknown", "GET", "/api/checks/x", "", "", "", 404, "week"},
		{"health", "GET", "/healthz", "", "", "", 200, "ok"},
		{"other method", "DELETE", "/api/runs", "", "", "", 405, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, body := call(t, c.method, at+c.path, c.body, func(r *http.Request) {
				r.Host = c.host
				r.Header.Set("Content-Type", c.kind)
			})
			if a.StatusCode != c.status || !strings.Contains(body, c.has) {
				t.Errorf("%d %s; want %d %s", a.StatusCode, body, c.status, c.has)
			}
		})
	}
}

// call makes a request and reads the answer.
func call(t *testing.T, method, url, body string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a, string(text)
}

// Only this machine's own addresses are listened on while nobody logs in.
func TestListen(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "localhost", "[::]:0", ""} {
		if l, err := Listen(address, false); err == nil {
			l.Close()
			t.Errorf("%q was opened", address)
		}
	}
	l, err := Listen("0.0.0.0:0", true)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}

// What a page of another origin sends through a browser is refused.
func TestOtherOrigins(t *testing.T) {
	at := serving(t, service(t))
	for _, path := range []string{"/settings", "/runs", "/api/v1/runs", "/api/checks", "/users", "/waivers"} {
		a, _ := call(t, "POST", at+path, "lang=en", func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Origin", "https://evil.example")
		})
		if a.StatusCode != http.StatusForbidden {
			t.Errorf("%s answers %d to another origin", path, a.StatusCode)
		}
	}
	a, _ := call(t, "GET", at+"/", "", nil)
	if csp := a.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'self';") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
}
