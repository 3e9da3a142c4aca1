package progress

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/schedule"
)

// TestProgressText: what is told in a line, after a resume and while only names wait
// for their next visit.
func TestProgressText(t *testing.T) {
	at := schedule.Progress{Phase: schedule.PhaseVisit, Targets: 20000, Verdicts: 12051, Before: 400, Found: 3, Pending: 1, Rate: 35.4, Left: 182 * time.Second}
	if got, want := roundText(at).ZH, "检查网站 12,051/20,000，续检前已有 400，有问题 3，待复查 1，每秒 35 个，约剩 3 分 2 秒"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := roundText(at).EN, "visiting 12,051/20,000, 400 from before, 3 with findings, 1 to confirm, 35 a second, about 3 min 2 s left"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	waits := schedule.Progress{Phase: schedule.PhaseConfirm, Targets: 400, Verdicts: 399, Pending: 1, Rate: 3, Next: time.Date(2026, 11, 28, 4, 7, 0, 0, time.UTC)}
	if got, want := roundText(waits).ZH, "复查异常网站 399/400，等待复查 1，下次 12:07"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestProgressLines: a line is written when it says something new; for a machine each
// time, as JSON.
func TestProgressLines(t *testing.T) {
	var out bytes.Buffer
	show := lines(&out, "zh")
	at := schedule.Progress{Run: "r", Phase: schedule.PhaseConfirm, Targets: 2, Verdicts: 1, Pending: 1, Next: time.Date(2026, 11, 28, 4, 7, 0, 0, time.UTC)}
	show(at)
	show(at)
	if n := bytes.Count(out.Bytes(), []byte("\n")); n != 1 {
		t.Errorf("%d lines for one state:\n%s", n, out.String())
	}
	out.Reset()
	jsonLines(&out)(at)
	var got progressLine
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.Next != "2026-11-28T12:07:00+08:00" || got.Phase != "confirm" || got.Targets != 2 {
		t.Errorf("%v: %s", err, out.String())
	}
}
