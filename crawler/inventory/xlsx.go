package inventory

import (
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bounds of a workbook: sheets beyond inMemory are unpacked to temporary
// files, so memory does not grow with them; a workbook beyond unpacked is a
// bomb or no inventory (a full sheet of 1,048,576 rows has about 1 GiB).
const (
	inMemory = 4 << 20
	unpacked = 4 << 30
)

// readXLSX reads the first sheet that has a column of domains, row by row.
func (s *sink) readXLSX(path string) (err error) {
	// Raw values keep a mobile number from becoming 1.38E+10; dates then come
	// as serial numbers, which dateOf knows.
	book, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipXMLSizeLimit: inMemory, UnzipSizeLimit: unpacked})
	if err != nil {
		return fmt.Errorf("it is no .xlsx that can be read (%w): open it in Excel or WPS and save it as .xlsx or CSV", err)
	}
	defer func() {
		if closeErr := book.Close(); err == nil {
			err = closeErr
		}
	}()
	var first error
	for _, sheet := range book.GetSheetList() {
		err := s.readSheet(book, sheet)
		switch {
		case err == nil && s.counts.Lines > 0:
			return nil
		case errors.As(err, new(*stopped)):
			return err
		case s.counts.Lines > 0:
			return fmt.Errorf("sheet %q: %w", sheet, err)
		case err != nil && first == nil:
			first = fmt.Errorf("sheet %q: %w", sheet, err)
		}
	}
	return first
}

// readSheet reads one sheet.
func (s *sink) readSheet(book *excelize.File, sheet string) (err error) {
	defer func() {
		// excelize has been seen to panic on crafted sheets; a broken file is
		// the file's fault, not a reason to fall.
		if p := recover(); p != nil {
			err = fmt.Errorf("it cannot be read (%v): save it again in Excel or WPS", p)
		}
	}()
	rows, err := book.Rows(sheet)
	if err != nil {
		return err
	}
	defer rows.Close()
	t := newTable(s)
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return fmt.Errorf("row %d: %w", line, err)
		}
		if len(cells) > maxColumns {
			cells = cells[:maxColumns]
		}
		for i := range cells {
			cells[i] = strings.ToValidUTF8(cells[i], "\uFFFD")
		}
		if err := t.row(line, cells); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil {
		return err
	}
	return t.end()
}
