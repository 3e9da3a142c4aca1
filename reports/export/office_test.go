package export

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// TestOfficeOpensWorkbook has a program of others open the workbook: all sheets are
// there, and what a stranger wrote as a formula is text.
func TestOfficeOpensWorkbook(t *testing.T) {
	var b bytes.Buffer
	err := WriteXLSX(&b, Workbook{
		Run: reporttest.Run(), Records: reporttest.Records(reporttest.Record()), Rules: rules.All, Lang: "zh",
		Rejects: func(add func(reports.Reject) error) error {
			return add(reports.Reject{Line: 7, Text: "=1+1", Reason: "不是域名"})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "run.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	text := reporttest.OfficeText(t, path)
	for _, want := range []string{"总览", "问题", "域名", "无效行", "说明", reporttest.Record().Domain, "=1+1", "不是域名"} {
		if !strings.Contains(text, want) {
			t.Errorf("the workbook has no %q:\n%s", want, text)
		}
	}
}
