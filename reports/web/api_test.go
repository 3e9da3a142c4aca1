package web

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/reports"
)

// TestAPI: the calls of version 1, with their problems, cursors, ETags and idempotency keys.
func TestAPI(t *testing.T) {
	s := service(t)
	addRun(t, s.Store, "20261122T020000-0001", 24, nil)
	addRun(t, s.Store, "20261123T020000-0002", 24, nil)
	begun := 0
	s.Begin = func(ctx context.Context, path string) (string, bool, error) {
		begun++
		id := "20261124T020000-000" + string(rune('2'+begun))
		return id, false, s.Store.CreateRun(ctx, &reports.Run{ID: id, Inventory: path, State: reports.RunPlanning})
	}
	list := filepath.Join(s.Dir, "inventories")
	if err := os.MkdirAll(list, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(list, "mine.csv"), []byte("domain\na.cn\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	at := serving(t, s) + "/api/v1"
	asJSON := func(key string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Idempotency-Key", key)
		}
	}
	a, body := call(t, "GET", at+"/runs/none", "", nil)
	if a.StatusCode != 404 || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a run that is not there: %d %s %s", a.StatusCode, a.Header.Get("Content-Type"), body)
	}
	// Cursors: every domain once.
	seen := map[string]bool{}
	for next := "?limit=7"; next != ""; {
		_, body := call(t, "GET", at+"/runs/20261123T020000-0002/domains"+next, "", nil)
		var page struct {
			Items []struct{ Domain string }
			Next  string
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Items {
			if seen[d.Domain] {
				t.Errorf("%s twice", d.Domain)
			}
			seen[d.Domain] = true
		}
		if next = ""; page.Next != "" {
			next = "?limit=7&cursor=" + page.Next
		}
	}
	if len(seen) != 24 {
		t.Errorf("%d domains", len(seen))
	}
	// ETags.
	for _, path := range []string{"/runs/latest", "/runs/latest/figures", "/runs/latest/domains/site0000.example.cn"} {
		a, _ := call(t, "GET", at+path, "", nil)
		etag := a.Header.Get("ETag")
		if a.StatusCode != 200 || etag == "" {
			t.Errorf("%s: %d, ETag %q", path, a.StatusCode, etag)
		}
		if a, body := call(t, "GET", at+path, "", func(r *http.Request) { r.Header.Set("If-None-Match", etag) }); a.StatusCode != 304 {
			t.Errorf("%s unchanged: %d %.100s", path, a.StatusCode, body)
		}
	}
	// A run is begun once under a key, and the key is for one request.
	var first, again struct{ ID string }
	a, body = call(t, "POST", at+"/runs", `{"inventory":"mine.csv"}`, asJSON("k1"))
	if err := json.Unmarshal([]byte(body), &first); err != nil || a.StatusCode != 202 || a.Header.Get("Location") == "" {
		t.Fatalf("%d %s", a.StatusCode, body)
	}
	a, body = call(t, "POST", at+"/runs", `{"inventory":"mine.csv"}`, asJSON("k1"))
	if err := json.Unmarshal([]byte(body), &again); err != nil || again != first || begun != 1 || a.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("again: %d %s, %d begun", a.StatusCode, body, begun)
	}
	if a, _ = call(t, "POST", at+"/runs", `{"inventory":"domains.csv"}`, asJSON("k1")); a.StatusCode != 422 {
		t.Errorf("another request with the key: %d", a.StatusCode)
	}
	if a, body = call(t, "POST", at+"/runs", `{"inventory":"/etc/passwd"}`, asJSON("")); a.StatusCode != 400 || begun != 1 {
		t.Errorf("a file that is no inventory: %d %s", a.StatusCode, body)
	}
	// What is uploaded is shown before it is accepted.
	a, body = call(t, "POST", at+"/inventories?name=up.csv", "域名,备案号\nb.cn,京ICP备12345678号\nnot a name,\n", func(r *http.Request) { r.Header.Set("Content-Type", "application/octet-stream") })
	var draft struct {
		ID               string
		Usable, Rejected int
	}
	if err := json.Unmarshal([]byte(body), &draft); err != nil || a.StatusCode != 201 || draft.Usable != 1 || draft.Rejected != 1 {
		t.Fatalf("%d %s", a.StatusCode, body)
	}
	if a, body = call(t, "POST", at+"/inventories/drafts/"+draft.ID+"/accept", "", nil); a.StatusCode != 200 || !strings.Contains(body, "up.csv") {
		t.Errorf("%d %s", a.StatusCode, body)
	}
	// A site is left alone for a while after a visit.
	if a, _ = call(t, "POST", at+"/checks", `{"domain":"c.cn"}`, asJSON("")); a.StatusCode != 202 {
		t.Errorf("a check: %d", a.StatusCode)
	}
	if a, _ = call(t, "POST", at+"/checks", `{"domain":"C.CN."}`, asJSON("")); a.StatusCode != 429 || a.Header.Get("Retry-After") == "" {
		t.Errorf("at once again: %d", a.StatusCode)
	}
	for _, path := range []string{"/runs", "/rules", "/calendar", "/waivers", "/inventories", "/findings", "/me", "/runs/latest/changes", "/checks/known"} {
		if a, body := call(t, "GET", at+path, "", nil); a.StatusCode != 200 {
			t.Errorf("%s: %d %.200s", path, a.StatusCode, body)
		}
	}
}

// TestOpenAPI: both descriptions name every call, and nothing of the docs page is served.
func TestOpenAPI(t *testing.T) {
	at := serving(t, service(t))
	for path, version := range map[string]string{"/openapi.json": "3.1.0", "/openapi-3.0.json": "3.0.3"} {
		_, body := call(t, "GET", at+path, "", nil)
		var d struct {
			OpenAPI string                    `json:"openapi"`
			Paths   map[string]map[string]any `json:"paths"`
		}
		if err := json.Unmarshal([]byte(body), &d); err != nil || d.OpenAPI != version || len(d.Paths) < 18 {
			t.Errorf("%s: %v, version %s, %d paths", path, err, d.OpenAPI, len(d.Paths))
		}
	}
	if a, _ := call(t, "GET", at+"/docs", "", nil); a.StatusCode != 404 {
		t.Errorf("/docs: %d", a.StatusCode)
	}
}
