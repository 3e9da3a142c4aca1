package inventory

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"github.com/beianwatch/beianwatch/crawler/message"
	"io"
	"path"
	"strings"
)

// Bounds of a workbook. A sheet of 1,048,576 rows has about 1 GiB of XML, which
// deflate makes 20 to 60 times smaller; what is packed far tighter is made to
// fill memory. One token of XML is at most a cell, and Excel allows 32,767
// characters in one.
const (
	maxPart   = 4 << 30
	maxBook   = 8 << 30  // all sheets
	freePart  = 64 << 20 // below this the ratio does not matter
	maxRatio  = 200
	maxToken  = 1 << 20
	maxSheets = 1000
	maxRows   = 1 << 20
)

var (
	errToken  = errors.New("a cell has more than 1 MiB")
	bookFault = message.Format("无法作为 .xlsx 读取：请用 Excel 或 WPS 打开，另存为 .xlsx 或 CSV", "it is no .xlsx that can be read: open it in Excel or WPS and save it as .xlsx or CSV")
	cellFault = message.Format("有一个单元格超过 1 MiB，不是清单：请检查文件，或另存为 CSV", "a cell has more than 1 MiB, which no inventory has: check the file, or save it as CSV")
	bombFault = message.Format("解压后异常大，不是正常的工作簿：请另存为 CSV", "it unpacks to an unreasonable size: save it as CSV")
)

// A workbook is what is needed of an .xlsx file.
type workbook struct {
	parts    map[string]*zip.File // by name in lower case
	from1904 bool                 // days count from 1904
	sheets   []bookSheet
	strings  *sharedStrings
}

// A bookSheet is a sheet with the part that holds it.
type bookSheet struct {
	name   string
	hidden bool
	part   *zip.File // nil for a sheet of another kind, such as a chart
}

// openWorkbook reads the directory of a workbook. in must stay open while it is
// used.
func openWorkbook(in io.ReaderAt, size int64) (*workbook, error) {
	z, err := zip.NewReader(in, size)
	if err != nil {
		return nil, fault(bookFault, err)
	}
	w := &workbook{parts: map[string]*zip.File{}}
	for _, f := range z.File {
		w.parts[strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	main := w.parts["xl/workbook.xml"]
	if main == nil {
		return nil, fault(w.kind(), nil)
	}
	targets, err := w.relations("xl/_rels/workbook.xml.rels")
	if err != nil {
		return nil, err
	}
	if err := w.readMain(main, targets); err != nil {
		return nil, err
	}
	if err := w.bounded(); err != nil {
		return nil, err
	}
	w.strings, err = readSharedStrings(w.parts["xl/sharedstrings.xml"])
	return w, err
}

// bounded refuses a workbook whose sheets are too large together, each part counted
// once. Parts may stand for the same packed bytes, so the file's size says nothing.
func (w *workbook) bounded() error {
	total, seen := uint64(0), map[*zip.File]bool{}
	for _, s := range w.sheets {
		if s.part == nil || seen[s.part] {
			continue
		}
		seen[s.part] = true
		if total += min(s.part.UncompressedSize64, maxBook+1); total > maxBook {
			return fault(bombFault, nil)
		}
	}
	return nil
}

// kind says what a zip file without a workbook is.
func (w *workbook) kind() Message {
	for name := range w.parts {
		switch {
		case name == "xl/workbook.bin":
			return message.Format("这是二进制工作簿（.xlsb）：请另存为 .xlsx 或 CSV", "this is a binary workbook (.xlsb): save it as .xlsx or CSV")
		case strings.HasPrefix(name, "word/"):
			return message.Format("这是 Word 文档：请把表格复制到 Excel，另存为 .xlsx 或 CSV", "this is a Word document: copy its table to Excel and save it as .xlsx or CSV")
		case strings.HasPrefix(name, "ppt/"):
			return message.Format("这是演示文稿：请把清单另存为 .xlsx 或 CSV", "this is a presentation: save the list as .xlsx or CSV")
		case strings.HasSuffix(name, ".iwa"):
			return message.Format("这是 Apple Numbers 表格：请导出为 .xlsx 或 CSV", "this is an Apple Numbers sheet: export it as .xlsx or CSV")
		case name == "content.xml":
			return message.Format("这是 OpenDocument 文件（.ods）：请另存为 .xlsx 或 CSV", "this is an OpenDocument file (.ods): save it as .xlsx or CSV")
		}
	}
	for _, f := range w.parts {
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".xlsx", ".xls", ".csv", ".txt", ".jsonl", ".json", ".et":
			return message.Format("这是 zip 压缩包，里面有 %s：请先解压，再给出里面的清单", "this is a zip archive with %s in it: unpack it and give the list in it", cut(strings.ToValidUTF8(f.Name, "?"), 100))
		}
	}
	return bookFault
}

// relations maps the ids of a part's relations to the names of parts.
func (w *workbook) relations(name string) (map[string]string, error) {
	out := map[string]string{}
	part := w.parts[name]
	if part == nil {
		return out, nil
	}
	x, err := openXML(part)
	if err != nil {
		return nil, err
	}
	defer x.close()
	for {
		token, err := x.token()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "Relationship" || len(out) > maxSheets*10 {
			continue
		}
		target := strings.ReplaceAll(attr(start, "Target"), `\`, "/")
		if strings.HasPrefix(target, "/") {
			target = strings.TrimLeft(target, "/")
		} else {
			target = path.Join("xl", target)
		}
		out[attr(start, "Id")] = strings.ToLower(target)
	}
}

// readMain reads the list of sheets.
func (w *workbook) readMain(part *zip.File, targets map[string]string) error {
	x, err := openXML(part)
	if err != nil {
		return err
	}
	defer x.close()
	for {
		token, err := x.token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "workbookPr":
			v := attr(start, "date1904")
			w.from1904 = v == "1" || v == "true"
		case "sheet":
			state := attr(start, "state")
			target := targets[attr(start, "id")]
			s := bookSheet{name: cut(attr(start, "name"), 200), hidden: state == "hidden" || state == "veryHidden"}
			if !strings.Contains(target, "chartsheet") && !strings.Contains(target, "dialogsheet") {
				s.part = w.parts[target]
			}
			if len(w.sheets) < maxSheets {
				w.sheets = append(w.sheets, s)
			}
		}
	}
}

// attr is an attribute by its name without its prefix, "" if it is not there.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// An xmlPart reads one part of a workbook token by token, in bounded memory.
type xmlPart struct {
	in     io.ReadCloser
	dec    *xml.Decoder
	budget budget
}

// A budget lets a reader read so much and no more until it is renewed.
type budget struct {
	in   io.Reader
	left int
}

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errToken
	}
	n, err := b.in.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// openXML opens a part, unless it is made to fill memory.
func openXML(part *zip.File) (*xmlPart, error) {
	if n := part.UncompressedSize64; n > maxPart || n > freePart && n/maxRatio > part.CompressedSize64 {
		return nil, fault(bombFault, nil)
	}
	in, err := part.Open()
	if err != nil {
		return nil, fault(bookFault, err)
	}
	return newXMLPart(in, in), nil
}

func newXMLPart(in io.ReadCloser, from io.Reader) *xmlPart {
	x := &xmlPart{in: in, budget: budget{in: from}}
	x.dec = xml.NewDecoder(&x.budget)
	return x
}

// token returns the next token, good until the next call; io.EOF at the end.
func (x *xmlPart) token() (xml.Token, error) {
	x.budget.left = maxToken
	token, err := x.dec.RawToken()
	switch {
	case err == nil, err == io.EOF:
		return token, err
	case errors.Is(err, errToken):
		return nil, fault(cellFault, err)
	}
	return nil, fault(bookFault, err)
}

func (x *xmlPart) close() { x.in.Close() } //nolint:errcheck // it was only read
