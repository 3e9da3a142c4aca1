package inventory

import (
	"bytes"
	"github.com/beianwatch/beianwatch/crawler/message"
	"strings"
)

// sniffed is how many bytes are looked at to find format and encoding.
const sniffed = 64 << 10

type format string

const (
	formatCSV   format = "csv"
	formatXLSX  format = "xlsx"
	formatJSONL format = "jsonl"
)

// foreign are files that are no inventory, by their first bytes, and what to do
// with each.
var foreign = []struct {
	magic string
	say   Message
}{
	{"\xD0\xCF\x11\xE0", message.Format("这是旧版 Excel 文件（.xls），或者加了密码：请另存为 .xlsx 或 CSV，不设密码", "this is an Excel file of the old kind (.xls), or one with a password: save it as .xlsx or CSV without a password")},
	{"%PDF", message.Format("这是 PDF：请把清单导出为 CSV 或 .xlsx", "this is a PDF: export the list as CSV or .xlsx")},
	{"Rar!", message.Format("这是 RAR 压缩包：请先解压，再给出里面的清单", "this is a RAR archive: unpack it and give the list in it")},
	{"7z\xBC\xAF", message.Format("这是 7z 压缩包：请先解压，再给出里面的清单", "this is a 7z archive: unpack it and give the list in it")},
	{"\x1F\x8B", message.Format("这是 gzip 压缩文件：请先解压（gunzip），再给出里面的清单", "this is a gzip file: unpack it (gunzip) and give the list in it")},
	{"BZh", message.Format("这是 bzip2 压缩文件：请先解压，再给出里面的清单", "this is a bzip2 file: unpack it and give the list in it")},
	{"\xFD7zXZ", message.Format("这是 xz 压缩文件：请先解压，再给出里面的清单", "this is an xz file: unpack it and give the list in it")},
	{"\x28\xB5\x2F\xFD", message.Format("这是 zstd 压缩文件：请先解压，再给出里面的清单", "this is a zstd file: unpack it and give the list in it")},
	{"SQLite format 3", message.Format("这是 SQLite 数据库：请把清单导出为 CSV", "this is an SQLite database: export the list as CSV")},
	{"MIME-Version:", message.Format("这是单个文件网页（.mht）：请用 Excel 打开，另存为 .xlsx 或 CSV", "this is a web page in one file (.mht): open it in Excel and save it as .xlsx or CSV")},
	{"{\\rtf", message.Format("这是 RTF 文档：请把表格另存为 .xlsx 或 CSV", "this is an RTF document: save the table as .xlsx or CSV")},
	{"\x89PNG", pictureFault}, {"\xFF\xD8\xFF", pictureFault}, {"GIF8", pictureFault},
}

var (
	pictureFault = message.Format("这是图片：请把清单存为 CSV 或 .xlsx", "this is a picture: save the list as CSV or .xlsx")
	pageFault    = message.Format("这是网页或 XML（有些程序把它命名为 .xls）：请用 Excel 打开，另存为 .xlsx 或 CSV", "this is a web page or XML, which some programs name .xls: save it as .xlsx or CSV")
	arrayFault   = message.Format("这是一个 JSON 数组：请改用 JSON Lines，每行一个对象、行间没有逗号（jq -c '.[]' 可以转换）", "this is one JSON array: write JSON Lines instead, one object a line without commas between them (jq -c '.[]' does it)")
	wrappedFault = message.Format("这是包着清单的一个 JSON 对象：请改用 JSON Lines，每行一个对象（例如 jq -c '.data[]'）", "this is one JSON object around the list: write JSON Lines instead, one object a line (jq -c '.data[]' or the like does it)")
	binaryFault  = message.Format("这既不是文本也不是 .xlsx：请把清单存为 CSV、.xlsx 或 JSON Lines", "this is no text file and no .xlsx: save the list as CSV, .xlsx or JSON Lines")
	emptyFault   = message.Format("文件是空的：请每行写一个域名，或在标题行中写一列“域名”", "it is empty: put one domain a line, or a heading line with a column named domain (域名)")
)

// formatOf returns the format by the first bytes; the name's ending is not
// asked, because people rename files. The error says what else the file is.
func formatOf(head []byte) (format, error) {
	if len(bytes.TrimSpace(head)) == 0 {
		return "", fault(emptyFault, nil)
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return formatXLSX, nil
	}
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return "", fault(f.say, nil)
		}
	}
	if wide(head) != 0 {
		return formatCSV, nil
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return "", fault(binaryFault, nil)
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	lower := strings.ToLower(string(text[:min(len(text), 20)]))
	switch {
	case bytes.HasPrefix(text, []byte("{")):
		if wrapped(text) {
			return "", fault(wrappedFault, nil)
		}
		return formatJSONL, nil
	case bytes.HasPrefix(text, []byte("[{")), bytes.HasPrefix(text, []byte("[\n")), bytes.HasPrefix(text, []byte("[\r")), bytes.HasPrefix(text, []byte(`["`)):
		return "", fault(arrayFault, nil)
	case strings.HasPrefix(lower, "<!doctype"), strings.HasPrefix(lower, "<html"), strings.HasPrefix(lower, "<?xml"), strings.HasPrefix(lower, "<table"), strings.HasPrefix(lower, "<meta"):
		return "", fault(pageFault, nil)
	}
	return formatCSV, nil
}

// wrapped reports whether a JSON text begins with an object whose first value
// is a list of objects, as the answers of interfaces do.
func wrapped(text []byte) bool {
	first, rest, _ := bytes.Cut(text, []byte("["))
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return bytes.HasPrefix(rest, []byte("{")) && bytes.Count(first, []byte(":")) == 1 && bytes.Count(first, []byte(`"`)) == 2 && columnOf(string(bytes.Trim(first, "{\": \t\r\n"))) == nil
}

// wide tells UTF-16 by its byte order mark, as Excel's "Unicode text" has it:
// 'l' for little-endian, 'b' for big-endian, 0 for none.
func wide(head []byte) byte {
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return 'l'
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return 'b'
	}
	return 0
}
