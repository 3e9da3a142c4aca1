package export

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// waived is a record of which one finding is waived and still there.
func waived() (*reports.Record, string) {
	r := reporttest.PlainRules(reporttest.Record())
	rule := r.Findings()[0].Rule
	r.SetLife(map[string]reports.State{}, func(_, of string) *reports.Waiver {
		if of != rule {
			return nil
		}
		return &reports.Waiver{Domain: "*.example.cn", Rule: "*", Until: "2027-01-31", Reason: "搬迁", Who: "李雷"}
	})
	return r, rule
}

func one(r *reports.Record) iter.Seq2[*reports.Record, error] {
	return func(yield func(*reports.Record, error) bool) { yield(r, nil) }
}

// TestWaivedIsSeenAsWaived: no format tells of what is waived as if it were not.
func TestWaivedIsSeenAsWaived(t *testing.T) {
	r, rule := waived()
	line, err := Line(r, "zh")
	if err != nil {
		t.Fatal(err)
	}
	keep(t, line)
	var back struct{ Findings []said }
	if err := json.Unmarshal(line, &back); err != nil {
		t.Fatal(err)
	}
	for _, f := range back.Findings {
		if f.Waived != (f.Rule == rule) || f.Waived != (f.Waiver != nil) || f.State != reports.StateStill {
			t.Errorf("%s: waived %v, %+v, state %q", f.Rule, f.Waived, f.Waiver, f.State)
		}
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"csv":      func(b *bytes.Buffer) error { return WriteCSV(b, one(r), "zh") },
		"sarif":    func(b *bytes.Buffer) error { return WriteSARIF(b, one(r), reporttest.Rules, "zh", nil) },
		"junit":    func(b *bytes.Buffer) error { return WriteJUnit(b, one(r), detect.Notice, "zh") },
		"markdown": func(b *bytes.Buffer) error { return WriteMarkdown(b, one(r), "zh") },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil || !strings.Contains(b.String(), "2027-01-31") || !strings.Contains(b.String(), "李雷") {
			t.Errorf("%s does not tell of the waiver: %v", name, err)
		}
	}
	var told bytes.Buffer
	if err := WriteGitHub(&told, one(r), "zh", nil); err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, f := range r.Findings() {
		if f.Waiver == nil {
			want++
		}
	}
	if got := strings.Count(told.String(), "\n"); got != want {
		t.Errorf("%d annotations for %d findings that are not waived", got, want)
	}
}
