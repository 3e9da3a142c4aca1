package html

import (
	"testing"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// TestTimeline: turns of a history stand in order, with the title that goes with
// what they came to.
func TestTimeline(t *testing.T) {
	h, at := sampleHTML("zh"), reporttest.At
	events := h.Events(&reports.History{Turns: []reports.Turn{
		{At: at.AddDate(0, 0, -1), Rule: "footer-link-missing", Now: reports.Side{Verdict: detect.Pass}, State: reports.StateFixed},
		{At: at.AddDate(0, 0, -2), Rule: "footer-link-missing", Now: reports.Side{Verdict: detect.Found, Severity: detect.Violation}, State: reports.StateOpened},
		{At: at.AddDate(0, 0, -3), Now: reports.Side{Liveness: detect.Serving}},
	}})
	got := h.timeline(reporttest.Record(), events)
	want := []eventView{
		{"2026-11-20 02:00", "pass", detect.Text{ZH: "正常访问", EN: "serving"}},
		{"2026-11-21 02:00", "violation", detect.Text{ZH: "新增：备案号没有链接到工信部备案系统", EN: "opened: The filing number does not link to the MIIT filing system"}},
		{"2026-11-22 02:00", "pass", detect.Text{ZH: "已整改：备案号没有链接到工信部备案系统", EN: "fixed: The filing number does not link to the MIIT filing system"}},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}
