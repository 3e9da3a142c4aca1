package inventory

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/beianwatch/beianwatch/crawler"
)

// makeWorkbook writes a workbook with an empty first sheet and the rows in the
// second.
func makeWorkbook(t testing.TB, rows int, row func(i int) []any) string {
	t.Helper()
	book := excelize.NewFile()
	if _, err := book.NewSheet("清单"); err != nil {
		t.Fatal(err)
	}
	w, err := book.NewStreamWriter("清单")
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "list.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWorkbook(t *testing.T) {
	head := []any{"域名", "备案号", "备案日期", "手机"}
	path := makeWorkbook(t, 4, func(i int) []any {
		switch i {
		case 0:
			return []any{"网站清单"}
		case 1:
			return head
		case 2:
			return []any{"a.cn", "京ICP备12345678号", time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), 13800138000}
		}
		return []any{"b.cn "}
	})
	targets, rejected, counts, err := readFile(t, path)
	if err != nil || len(rejected) > 0 || domains(targets) != "a.cn b.cn" {
		t.Fatalf("%v %v %v", targets, rejected, err)
	}
	a := targets[0]
	if a.Line != 3 || a.Filing.Status != crawler.FilingFiled || a.Holder.Mobile != "13800138000" || a.Filing.ApprovedAt.Format(time.DateOnly) != "2026-01-02" {
		t.Errorf("%+v", a)
	}
	if counts.Format != "xlsx" {
		t.Errorf("format %q", counts.Format)
	}
}

// Memory must not grow with the sheet: the figure is what is alive while the
// last row is read, with shared strings in play.
func TestWorkbookInBoundedMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 60,000 rows")
	}
	long := "示例公司的一段相当长的说明文字，使工作表变大"
	path := makeWorkbook(t, 60_000, func(i int) []any {
		if i == 0 {
			return []any{"domain", "subject_name", "notes"}
		}
		return []any{fmt.Sprintf("site%07d.cn", i), fmt.Sprintf("示例%d有限公司", i), long}
	})
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n := 0
	_, err := Read(path, func(crawler.Target) error {
		if n++; n == 59_999 {
			runtime.GC()
			runtime.ReadMemStats(&during)
		}
		return nil
	}, func(r Rejection) error { return fmt.Errorf("%+v", r) })
	if err != nil || n != 59_999 {
		t.Fatalf("%d rows, %v", n, err)
	}
	if grown := int64(during.HeapAlloc) - int64(before.HeapAlloc); grown > 32<<20 {
		t.Errorf("%d MiB alive while reading", grown>>20)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "beianwatch-strings-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files left: %v %v", left, err)
	}
}
