package inventory

import (
	"encoding/xml"
	"github.com/beianwatch/beianwatch/crawler/message"
	"io"
	"strconv"
	"strings"
)

var (
	earlyEnd = message.Format("工作表的内容不完整：请用 Excel 或 WPS 打开并重新保存", "the sheet ends early: open it in Excel or WPS and save it again")
	rowFault = message.Format("工作表超过 %d 行：请另存为 CSV", "a sheet has more than %d rows: save it as CSV", maxRows)
)

// sheetRows reads the rows of a sheet one after the other.
type sheetRows struct {
	x     *xmlPart
	book  *workbook
	line  int
	cells []cell
	done  bool
}

// rows opens a sheet.
func (w *workbook) rows(s bookSheet) (*sheetRows, error) {
	x, err := openXML(s.part)
	if err != nil {
		return nil, err
	}
	return &sheetRows{x: x, book: w}, nil
}

// next returns the next row that the file holds with its number from 1; cells
// are good until the next call. io.EOF comes after the last.
func (r *sheetRows) next() (line int, cells []cell, err error) {
	for !r.done {
		token, err := r.x.token()
		if err == io.EOF {
			return 0, nil, fault(earlyEnd, io.ErrUnexpectedEOF)
		}
		if err != nil {
			return 0, nil, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local != "row" {
				continue
			}
			r.line++
			if n, err := strconv.Atoi(attr(e, "r")); err == nil && n > r.line {
				r.line = n
			}
			if r.line > maxRows {
				return 0, nil, fault(rowFault, nil)
			}
			err := r.row()
			return r.line, r.cells, err
		case xml.EndElement:
			r.done = e.Name.Local == "sheetData"
		}
	}
	return 0, nil, io.EOF
}

// row reads the cells up to the end of the row. It returns them in r.cells.
func (r *sheetRows) row() error {
	r.cells = r.cells[:0]
	at := -1
	for {
		token, err := r.x.token()
		if err == io.EOF {
			return fault(earlyEnd, io.ErrUnexpectedEOF)
		}
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			at++
			if col, _, ok := cellName(attr(e, "r")); ok {
				at = col
			}
			c, err := r.cell(attr(e, "t"))
			if err != nil {
				return err
			}
			if at >= maxColumns || c.text == "" && c.flaw == sound {
				continue
			}
			for len(r.cells) <= at {
				r.cells = append(r.cells, cell{})
			}
			r.cells[at] = c
		case xml.EndElement:
			if e.Name.Local == "row" {
				return nil
			}
		}
	}
}

// cell reads one cell of a kind up to its end.
func (r *sheetRows) cell(kind string) (cell, error) {
	var value strings.Builder
	inValue, hasValue, formula, inline := false, false, false, ""
	for {
		token, err := r.x.token()
		if err == io.EOF {
			return cell{}, fault(earlyEnd, io.ErrUnexpectedEOF)
		}
		if err != nil {
			return cell{}, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "v":
				inValue, hasValue = true, true
			case "f":
				formula = true
			case "is":
				if inline, err = r.x.richText("is"); err != nil {
					return cell{}, err
				}
				hasValue = true
			}
		case xml.CharData:
			if inValue && value.Len() < maxToken {
				value.Write(e)
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "v":
				inValue = false
			case "c":
				if formula && (!hasValue || value.Len() == 0 && kind != "str") && inline == "" {
					return cell{flaw: unsaved}, nil
				}
				return r.value(kind, value.String(), inline)
			}
		}
	}
}

// value is a cell by the kind that the workbook gives it. Of a text that is too long
// for a cell one byte more than may be is kept: a few kB of a workbook can name a text
// of a MiB in thousands of cells.
func (r *sheetRows) value(kind, v, inline string) (cell, error) {
	v, inline = beginning(v), beginning(inline)
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil {
			return cell{}, nil
		}
		text, _, err := r.book.strings.get(i)
		return textCell(text), err
	case "inlineStr":
		if inline == "" {
			inline = v
		}
		return textCell(inline), nil
	case "str", "d":
		return textCell(v), nil
	case "b":
		if strings.TrimSpace(v) == "1" {
			return cell{text: "true"}, nil
		}
		return cell{text: "false"}, nil
	case "e":
		return cell{flaw: failed}, nil
	}
	if inline != "" {
		return textCell(inline), nil
	}
	return numberCell(v), nil
}

// beginning is a text of a cell, or what shows that it is too long.
func beginning(s string) string {
	if s = strings.TrimSpace(s); len(s) > maxCell+1 {
		return strings.Clone(s[:maxCell+1])
	}
	return s
}

// cellName reads B7 as column 1 and row 7.
func cellName(s string) (col, row int, ok bool) {
	s = strings.ReplaceAll(s, "$", "")
	i := 0
	for ; i < len(s) && i < 4; i++ {
		c := s[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		col = col*26 + int(c-'A') + 1
	}
	row, err := strconv.Atoi(s[i:])
	return col - 1, row, err == nil && i > 0 && row > 0
}
