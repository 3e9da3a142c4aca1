package web

import (
	"strings"
	"testing"
)

// TestLatency: requests are counted by the pattern of their path, however many paths are asked
// for.
func TestLatency(t *testing.T) {
	at := serving(t, service(t))
	for _, path := range []string{"/rules/a", "/rules/b", "/no/such/page", "/api/v1/rules"} {
		call(t, "GET", at+path, "", nil)
	}
	_, body := call(t, "GET", at+"/metrics", "", nil)
	for _, want := range []string{`beianwatch_http_request_duration_seconds_count{pattern="GET /rules/{rule}"} 2`, `{pattern="GET /api/v1/rules"} 1`, `{pattern="GET /"} 1`} {
		if !strings.Contains(body, want) {
			t.Errorf("want %s", want)
		}
	}
	if strings.Contains(body, "/rules/a") || strings.Contains(body, "/no/such") {
		t.Error("a path is a label")
	}
}
