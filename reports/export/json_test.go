package export

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// What programs read is shown on terminals too: nothing of a stranger's hides in it,
// turns the writing or moves the cursor.
func TestNothingHidesOnATerminal(t *testing.T) {
	const payload = "备\u202e案\x9b2J\x7f\u200b\u00ad\ufe0f\U000e0041\r\tx"
	r := reporttest.Record()
	reporttest.Poison(reflect.ValueOf(r), payload)
	waiver := &reports.Waiver{Domain: payload, Rule: payload, Reason: payload, Who: payload, Source: payload}
	changes := func(yield func(reports.Change, error) bool) {
		yield(reports.Change{Kind: reports.ChangeNew, Domain: payload, Owner: payload, Rule: payload, Now: reports.Side{Findings: r.Outcomes[3].Findings}, Waiver: waiver}, nil)
	}
	history := []*reports.History{{Domain: payload, Inventory: payload, Turns: []reports.Turn{{Run: payload, Rule: payload, Waiver: waiver}}}}
	for name, write := range map[string]func(io.Writer) error{
		"jsonl":        func(w io.Writer) error { return WriteJSONL(w, reporttest.Records(r), "zh") },
		"json":         func(w io.Writer) error { return WriteJSON(w, r, "zh") },
		"csv":          func(w io.Writer) error { return WriteCSV(w, reporttest.Records(r), "zh") },
		"sarif":        func(w io.Writer) error { return WriteSARIF(w, reporttest.Records(r), rules.All, "zh", nil) },
		"junit":        func(w io.Writer) error { return WriteJUnit(w, reporttest.Records(r), "", "zh") },
		"github":       func(w io.Writer) error { return WriteGitHub(w, reporttest.Records(r), "zh", nil) },
		"markdown":     func(w io.Writer) error { return WriteMarkdown(w, reporttest.Records(r), "zh") },
		"diff json":    func(w io.Writer) error { return WriteDiffJSON(w, "a", "b", changes, &reports.DiffCounts{}, "zh") },
		"diff jsonl":   func(w io.Writer) error { return WriteDiffJSONL(w, changes, "zh") },
		"diff csv":     func(w io.Writer) error { return WriteDiffCSV(w, changes, "zh") },
		"history json": func(w io.Writer) error { return WriteHistoryJSON(w, payload, history, "zh") },
		"history csv":  func(w io.Writer) error { return WriteHistoryCSV(w, history, "zh") },
		"waivers json": func(w io.Writer) error { return WriteWaiversJSON(w, []*reports.Waiver{waiver}, time.Time{}) },
		"waivers csv":  func(w io.Writer) error { return WriteWaiversCSV(w, []*reports.Waiver{waiver}, time.Time{}, "zh") },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(strings.TrimPrefix(b.String(), bom), "\r\n", "\n")
			reporttest.Safe(t, name, text)
			if !strings.Contains(text, `u202e`) {
				t.Error("what was hidden is not shown")
			}
		})
	}
}

// FuzzVisible: an escape says the same to a program.
func FuzzVisible(f *testing.F) {
	f.Add("备\u202e案\U000e0041\ufeff")
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "\uFFFD")
		var b bytes.Buffer
		if err := writeJSON(&b, detect.Text{ZH: s}, ""); err != nil {
			t.Fatal(err)
		}
		reporttest.Safe(t, "JSON", b.String())
		var back detect.Text
		if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.ZH != s {
			t.Errorf("%q came back as %q, %v", s, back.ZH, err)
		}
	})
}
