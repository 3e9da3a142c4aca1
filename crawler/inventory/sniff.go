package inventory

import (
	"bytes"
	"errors"
)

// sniffed is how many bytes are looked at to find format and encoding.
const sniffed = 64 << 10

type format string

const (
	formatCSV   format = "csv"
	formatXLSX  format = "xlsx"
	formatJSONL format = "jsonl"
)

// formatOf tells the format by the first bytes; the name's ending is not
// asked, because people rename files.
func formatOf(head []byte) (format, error) {
	switch {
	case len(bytes.TrimSpace(head)) == 0:
		return "", errors.New("it is empty: put one domain a line, or a heading line with a column named domain (域名)")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return formatXLSX, nil
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")):
		return "", errors.New("this is an Excel file of the old kind (.xls), or one with a password: save it as .xlsx or CSV without a password")
	case bytes.HasPrefix(head, []byte("%PDF")):
		return "", errors.New("this is a PDF: export the list as CSV or .xlsx")
	}
	if wide(head) != 0 {
		return formatCSV, nil
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return "", errors.New("this is no text file and no .xlsx: save the list as CSV, .xlsx or JSON Lines")
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	switch {
	case bytes.HasPrefix(text, []byte("{")):
		return formatJSONL, nil
	case bytes.HasPrefix(text, []byte("[{")), bytes.HasPrefix(text, []byte("[\n")), bytes.HasPrefix(text, []byte("[\r")):
		return "", errors.New("this is one JSON array: write JSON Lines instead, one object a line without commas between them (jq -c '.[]' does it)")
	case bytes.HasPrefix(bytes.ToLower(text), []byte("<!doctype")), bytes.HasPrefix(bytes.ToLower(text), []byte("<html")), bytes.HasPrefix(text, []byte("<?xml")):
		return "", errors.New("this is a web page or XML, which some programs name .xls: save it as .xlsx or CSV")
	}
	return formatCSV, nil
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
