package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/reporttest"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// TestCheckInTheReadersLanguage: what a worker found is told in the language of who reads it,
// whatever the worker's is; what an earlier version stored is told as it stands.
func TestCheckInTheReadersLanguage(t *testing.T) {
	s := service(t)
	r := reporttest.RecordOf("a.cn", detect.Serving, "V")
	r.Outcomes[0].Findings = []detect.Finding{{Saw: wording.Say("页脚没有链接", "no link at the foot")}}
	lines, err := export.LinesOf(r)
	if err != nil {
		t.Fatal(err)
	}
	s.Check = func(_ context.Context, id string) (*actions.Check, error) {
		packed := lines.Pack()
		if id == "old" {
			packed = lines.EN
		}
		return &actions.Check{ID: id, Domain: "a.cn", State: "done", Record: export.UnpackLines(packed)}, nil
	}
	h := Handler(Config{Actions: s})
	for _, test := range []struct{ path, lang, want, not string }{
		{"/check/new", "zh-CN,zh;q=0.9", "页脚没有链接", "no link at the foot"},
		{"/check/new", "en", "no link at the foot", "页脚没有链接"},
		{"/check/old", "zh-CN", "no link at the foot", "页脚没有链接"},
		{"/api/v1/checks/new", "", "页脚没有链接", "no link at the foot"},
		{"/api/v1/checks/new?lang=en", "", "no link at the foot", "页脚没有链接"},
		{"/api/checks/new", "", "页脚没有链接", "no link at the foot"},
	} {
		q := httptest.NewRequest(http.MethodGet, "http://localhost"+test.path, nil)
		q.Header.Set("Accept-Language", test.lang)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, test.want) || strings.Contains(body, test.not) {
			t.Errorf("%s in %q: %d %.600s", test.path, test.lang, w.Code, body)
		}
	}
	if packed := (export.Lines{}).Pack(); packed == nil || len(export.UnpackLines(packed).ZH) > 0 {
		t.Error("no record is read as one")
	}
}
