package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

func TestDiffWritten(t *testing.T) {
	s := detect.Serving
	was := []*reports.Record{reporttest.RecordOf("a.cn", s, "V."), reporttest.RecordOf("b.cn", s, "N."), reporttest.RecordOf("c.cn", s, "..")}
	now := []*reports.Record{reporttest.RecordOf("a.cn", s, ".."), reporttest.RecordOf("b.cn", s, "W?"), reporttest.RecordOf("d.cn", s, "N.")}
	for _, lang := range []string{"zh", "en"} {
		var counts reports.DiffCounts
		var doc, lines, table bytes.Buffer
		if err := WriteDiffJSON(&doc, "run1", "run2", reports.Diff(reporttest.Records(was...), reporttest.Records(now...), &counts), &counts, lang); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, "diff-"+lang+".json", doc.Bytes())
		var v struct {
			Schema   int
			Was, Now string
			Changes  []json.RawMessage
			Counts   struct{ Changes map[reports.ChangeKind]int }
		}
		if err := json.Unmarshal(doc.Bytes(), &v); err != nil || v.Schema != reports.Schema || len(v.Changes) != 5 || len(v.Counts.Changes) != len(reports.ChangeKinds) {
			t.Errorf("%+v, %v", v, err)
		}
		if err := WriteDiffJSONL(&lines, reports.Diff(reporttest.Records(was...), reporttest.Records(now...), nil), lang); err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(lines.Bytes(), []byte("\n")); n != 5 {
			t.Errorf("%d lines", n)
		}
		if err := WriteDiffCSV(&table, reports.Diff(reporttest.Records(was...), reporttest.Records(now...), nil), lang); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, "diff-"+lang+".csv", table.Bytes())
		if rows, err := csv.NewReader(&table).ReadAll(); err != nil || len(rows) != 6 {
			t.Errorf("%d rows, %v", len(rows), err)
		}
	}
	var doc bytes.Buffer
	counts := reports.DiffCounts{}
	if err := WriteDiffJSON(&doc, "a", "b", reports.Diff(reporttest.Records(), reporttest.Records(), &counts), &counts, "zh"); err != nil || !json.Valid(doc.Bytes()) {
		t.Errorf("an empty comparison: %s, %v", doc.Bytes(), err)
	}
}
