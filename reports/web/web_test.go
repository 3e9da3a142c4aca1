package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
)

// serving starts the API over answers that are given and gives its address.
func serving(t *testing.T) string {
	t.Helper()
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := Handler(Config{
		Ask: func(_ context.Context, domain, filing string) (string, error) {
			if domain == "bad" {
				return "", &BadRequest{errors.New("no domain")}
			}
			return domain + filing, nil
		},
		Check: func(_ context.Context, id string) (*Check, error) {
			if id != "known" {
				return nil, ErrNotFound
			}
			return &Check{ID: id, Domain: "a.cn", State: "done", Record: json.RawMessage(`{"schema":1}`)}, nil
		},
		Runs: func(context.Context, int) ([]*reports.Run, error) {
			return []*reports.Run{{ID: "1", State: reports.RunDone, StartedAt: time.Unix(0, 0)}}, nil
		},
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, h) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

func TestAPI(t *testing.T) {
	at := serving(t)
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
			r, err := http.NewRequest(c.method, at+c.path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Host = c.host
			if c.kind != "" {
				r.Header.Set("Content-Type", c.kind)
			}
			a, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Body.Close()
			body, err := io.ReadAll(a.Body)
			if err != nil || a.StatusCode != c.status || !strings.Contains(string(body), c.has) {
				t.Errorf("%d %s, %v; want %d %s", a.StatusCode, body, err, c.status, c.has)
			}
		})
	}
}

// Only this machine's own addresses are listened on.
func TestListen(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "localhost", "[::]:0", ""} {
		if l, err := Listen(address); err == nil {
			l.Close()
			t.Errorf("%q was opened", address)
		}
	}
}
