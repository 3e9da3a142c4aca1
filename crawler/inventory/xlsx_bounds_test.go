package inventory

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// bomb writes a workbook with one cell of so many bytes, and noise between them
// so that it packs worse.
func bomb(t *testing.T, size, noise int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bomb.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	put := func(name string, write func(w io.Writer)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		write(w)
	}
	text := func(s string) func(io.Writer) { return func(w io.Writer) { io.WriteString(w, s) } }
	put("xl/workbook.xml", text(`<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>`))
	put("xl/_rels/workbook.xml.rels", text(`<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`))
	put("xl/worksheets/sheet1.xml", func(w io.Writer) {
		io.WriteString(w, `<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>域名</t></is></c></row><row r="2"><c t="inlineStr"><is><t>`)
		block := []byte(strings.Repeat("a", 1<<16))
		state := uint32(1)
		for i := range noise {
			state = state*1664525 + 1013904223
			block[i] = 'a' + byte(state>>24)%26
		}
		for range size / len(block) {
			w.Write(block)
		}
		io.WriteString(w, `</t></is></c></row></sheetData></worksheet>`)
	})
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// What is packed to fill memory is refused, by its ratio or at its first
// oversized cell, without being unpacked.
func TestBombs(t *testing.T) {
	for name, path := range map[string]string{"tight": bomb(t, 80<<20, 0), "loose": bomb(t, 32<<20, 1<<12)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, _, err := readFile(t, path)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), "save it as CSV") {
			t.Errorf("%s: %v", name, err)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 32<<20 {
			t.Errorf("%s: %d MiB allocated", name, n>>20)
		}
	}
}

// longText writes a workbook of so many rows, none of which names a heading, whose
// cells all name one shared text.
func longText(t *testing.T, text string, rows, columns int) string {
	t.Helper()
	var cells strings.Builder
	for line := range rows {
		fmt.Fprintf(&cells, `<row r="%d">`, line+1)
		cells.WriteString(strings.Repeat(`<c t="s"><v>0</v></c>`, columns) + "</row>")
	}
	path := rawBook(t, "", part{name: "S", rows: cells.String()})
	return repacked(t, path, "xl/sharedStrings.xml", "<sst><si><t>"+text+"</t></si></sst>")
}

// repacked adds a part to a workbook and packs all of it.
func repacked(t *testing.T, path, name, text string) string {
	t.Helper()
	old, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	out := filepath.Join(t.TempDir(), "repacked.xlsx")
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, part := range old.File {
		if err := z.Copy(part); err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create(name)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err = errors.Join(err, z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return out
}

// One long text that many cells name is not held once for each of them.
func TestOneTextInManyCells(t *testing.T) {
	path := longText(t, strings.Repeat("x", 1<<20-1), 45, 100)
	if info, err := os.Stat(path); err != nil || info.Size() > 20<<10 {
		t.Fatal(info, err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, _, err := readFile(t, path)
	runtime.ReadMemStats(&after)
	if err == nil {
		t.Error("a list without a domain was taken")
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 256<<20 {
		t.Errorf("%d MiB allocated", n>>20)
	}
}

// Few rows wait for a heading if they are long.
func TestWaitingRowsAreBounded(t *testing.T) {
	table := newTable(&sink{})
	cells := make([]cell, maxColumns)
	for i := range cells {
		cells[i].text = strings.Repeat("y", maxCell)
	}
	for line := 1; ; line++ {
		if err := table.row(line, cells); err != nil {
			break
		}
		if line > 3 {
			t.Fatalf("%d rows of %d bytes wait", len(table.waiting), table.held/line)
		}
	}
}

// What is too long is cut, and said to be, also where a rune stands at the bound.
func TestLongCellOfWorkbook(t *testing.T) {
	rows := rowXML(1, "域名", "主办单位名称") + rowXML(2, "a.cn", strings.Repeat("a", 4095)+"示例")
	targets, _, counts, err := readFile(t, rawBook(t, "", part{name: "S", rows: rows}))
	if err != nil || len(targets) != 1 || targets[0].Filing.Subject != strings.Repeat("a", 4095) {
		t.Fatalf("%v %v", targets, err)
	}
	if said := fmt.Sprint(counts.Warnings); !strings.Contains(said, "more than 4096 bytes") {
		t.Error(said)
	}
}

// Several sheets that name one part are one sheet.
func TestSheetsOfOnePart(t *testing.T) {
	path := rawBook(t, "", part{name: "S", rows: rowXML(1, "域名") + rowXML(2, "a.cn") + rowXML(3, "b.cn")})
	old, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	many := filepath.Join(t.TempDir(), "many.xlsx")
	f, err := os.Create(many)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, part := range old.File {
		if part.Name != "xl/workbook.xml" {
			if err := z.Copy(part); err != nil {
				t.Fatal(err)
			}
		}
	}
	w, err := z.Create("xl/workbook.xml")
	if err == nil {
		_, err = io.WriteString(w, `<workbook xmlns:r="r"><sheets>`+strings.Repeat(`<sheet name="S" r:id="rId1"/>`, maxSheets)+`</sheets></workbook>`)
	}
	if err = errors.Join(err, z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	targets, rejected, counts, err := readFile(t, many)
	if err != nil || domains(targets) != "a.cn b.cn" || len(rejected) > 0 || len(counts.Sheets) != maxSheets || !strings.Contains(counts.Sheets[1].Left.EN, "read once") {
		t.Errorf("%v %v %d sheets, %v", targets, rejected, len(counts.Sheets), err)
	}
}

// Sheets of which each alone may be read, and all together are too large, are refused
// before any is unpacked: there is nothing in them.
func TestSheetsTooLargeTogether(t *testing.T) {
	for sheets, refused := range map[int]bool{2: false, 3: true} {
		path := filepath.Join(t.TempDir(), "large.xlsx")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(f)
		var list, relations strings.Builder
		for i := range sheets {
			name := fmt.Sprintf("worksheets/sheet%d.xml", i)
			fmt.Fprintf(&list, `<sheet name="S%d" r:id="r%d"/>`, i, i)
			fmt.Fprintf(&relations, `<Relationship Id="r%d" Target=%q/>`, i, name)
			if _, err := z.CreateRaw(&zip.FileHeader{Name: "xl/" + name, Method: zip.Deflate, UncompressedSize64: maxPart, CompressedSize64: maxPart / maxRatio}); err != nil {
				t.Fatal(err)
			}
		}
		for name, text := range map[string]string{"xl/workbook.xml": `<workbook><sheets>` + list.String() + `</sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<Relationships>` + relations.String() + `</Relationships>`} {
			w, err := z.Create(name)
			if err == nil {
				_, err = io.WriteString(w, text)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(z.Close(), f.Close()); err != nil {
			t.Fatal(err)
		}
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := in.Stat()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := openWorkbook(in, info.Size()); refused != (err != nil) || refused && !strings.Contains(err.Error(), "unreasonable size") {
			t.Errorf("%d sheets: %v", sheets, err)
		}
		in.Close()
	}
}

// Merged ranges that overlap cost each row no more than its width.
func TestOverlappingMerges(t *testing.T) {
	m := &merged{}
	for i := range 1000 {
		m.left = append(m.left, mergeRange{top: 1, left: i % 3, bottom: maxRows, right: maxColumns - 1 - i%5})
	}
	cells := m.fill(1, []cell{{text: "a"}, {text: "b"}})
	if len(m.active) != 1 || len(cells) != maxColumns || cells[maxColumns-1].text != "a" || cells[1].text != "b" {
		t.Errorf("%d ranges are active, %d cells", len(m.active), len(cells))
	}
}
