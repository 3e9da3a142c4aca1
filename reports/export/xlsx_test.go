package export

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

func workbook(t *testing.T, lang string, list ...*reports.Record) *excelize.File {
	t.Helper()
	var b bytes.Buffer
	err := WriteXLSX(&b, Workbook{
		Run: reporttest.Run(), Records: reporttest.Records(list...), Rules: rules.All, Lang: lang,
		Rejects: func(add func(reports.Reject) error) error {
			return add(reports.Reject{Line: 7, Text: "=1+1", Reason: "not a name"})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestWorkbook(t *testing.T) {
	for lang, sheets := range map[string]string{"zh": "总览 问题 域名 无效行 说明", "en": "Overview Findings Domains Rejected lines Notes"} {
		f := workbook(t, lang, reporttest.Record(), reporttest.Variant(1), reporttest.Variant(2))
		if got := strings.Join(f.GetSheetList(), " "); got != sheets {
			t.Errorf("sheets %s", got)
		}
		for i, want := range []int{0, len(reporttest.Record().Findings()) + len(reporttest.Variant(1).Findings()) + len(reporttest.Variant(2).Findings()), 3, 1, len(sheetNotes)} {
			name := f.GetSheetList()[i]
			rows, err := f.GetRows(name)
			if err != nil || want > 0 && len(rows) != want+1 {
				t.Errorf("%s: %d rows, want %d and a head; %v", name, len(rows), want, err)
			}
			if tables, err := f.GetTables(name); err != nil || len(tables) != 1 {
				t.Errorf("%s: %d tables, %v", name, len(tables), err)
			}
			if panes, err := f.GetPanes(name); err != nil || !panes.Freeze {
				t.Errorf("%s: the head moves, %v", name, err)
			}
		}
		link, err := f.GetCellFormula(f.GetSheetList()[2], "A2")
		if err != nil || !strings.HasPrefix(link, `HYPERLINK("http`) {
			t.Errorf("the domain is no link: %q, %v", link, err)
		}
		if reject, err := f.GetCellValue(f.GetSheetList()[3], "B2"); err != nil || reject != "'=1+1" {
			t.Errorf("a stranger's formula: %q, %v", reject, err)
		}
	}
}

// No text of a stranger's becomes a formula, whatever field it stands in.
func TestWorkbookHostile(t *testing.T) {
	for _, payload := range []string{`=cmd|' /C calc'!A0`, `@SUM(1)`, "a\x00\x1b[31m\u202eb", `","http://evil.cn")`, strings.Repeat("长", 40_000)} {
		r := reporttest.Record()
		reporttest.Poison(reflect.ValueOf(r), payload)
		f := workbook(t, "zh", r)
		for _, name := range f.GetSheetList() {
			rows, err := f.GetRows(name)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range rows {
				for j, text := range row {
					at, _ := excelize.CoordinatesToCellName(j+1, i+1)
					formula, err := f.GetCellFormula(name, at)
					if err != nil || formula != "" && !strings.HasPrefix(formula, `HYPERLINK("http`) {
						t.Errorf("%s %s: formula %q, %v", name, at, formula, err)
					}
					if formula == "" && strings.HasPrefix(text, "=") || strings.ContainsAny(text, "\x00\x1b\u202e") {
						t.Errorf("%s %s: %q", name, at, text)
					}
				}
			}
		}
	}
}

// What does not fit goes on in the next sheet, with a head of its own.
func TestSheetsGoOn(t *testing.T) {
	b, err := newBook("en")
	if err != nil {
		t.Fatal(err)
	}
	defer b.file.Close()
	b.limit = 4
	s := b.sheet(rejectSheet)
	for i := range 7 {
		s.add(i, fmt.Sprint("line ", i), "why")
	}
	if err := s.close(); err != nil || s.n != 3 || s.rows != 2 || s.title != "Rejected lines 3" {
		t.Errorf("%d sheets, %d rows in %q, %v", s.n, s.rows, s.title, err)
	}
	var out bytes.Buffer
	if err := b.file.Write(&out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, want := range []int{4, 4, 2} {
		if rows, err := f.GetRows(f.GetSheetList()[i]); err != nil || len(rows) != want {
			t.Errorf("%d rows, %v", len(rows), err)
		}
	}
}
