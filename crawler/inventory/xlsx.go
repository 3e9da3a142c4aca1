package inventory

import (
	"errors"
	"github.com/beianwatch/beianwatch/crawler/message"
	"io"
	"os"
	"slices"
	"strings"
)

// readXLSX reads every visible sheet of a workbook that has a column of
// domains. What is left out is named.
func (s *sink) readXLSX(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	book, err := openWorkbook(f, info.Size())
	if err != nil {
		return err
	}
	defer book.strings.close()
	views, err := book.survey()
	if err != nil {
		return err
	}
	wanted := 0
	for i := range views {
		v := &views[i]
		if v.left.EN == "" {
			wanted++
		}
		if v.told {
			s.warn(v.left)
		}
	}
	if wanted == 0 {
		return nothingToRead(views)
	}
	for i := range views {
		v := &views[i]
		sheet := Sheet{Name: v.name, Left: v.left}
		if v.left.EN == "" {
			before := s.counts
			name := v.name
			if wanted == 1 {
				name = ""
			}
			if err := s.readSheet(book, v, name); err != nil {
				return inSheet(v.name, err)
			}
			sheet.Lines, sheet.Rejected = s.counts.Lines-before.Lines, s.counts.Rejected-before.Rejected
		}
		s.counts.Sheets = append(s.counts.Sheets, sheet)
	}
	return nil
}

// inSheet says in which sheet a workbook is at fault.
func inSheet(name string, err error) error {
	var known *Error
	if !errors.As(err, &known) {
		return err
	}
	return fault(Message{ZH: "工作表“" + name + "”：" + known.ZH, EN: "sheet \"" + name + "\": " + known.EN}, err)
}

// nothingToRead says why no sheet is read.
func nothingToRead(views []sheetView) error {
	var hidden []string
	for _, v := range views {
		if v.hidden && v.domains {
			hidden = append(hidden, v.name)
		}
	}
	if len(hidden) > 0 {
		names := strings.Join(hidden, ", ")
		return fault(message.Format("有域名的工作表都是隐藏的（%s）：请取消隐藏要检查的工作表", "all sheets with domains are hidden (%s): show the ones that are to be checked", names), nil)
	}
	for _, v := range views {
		if v.column >= 0 {
			return fault(noDomainFault, nil)
		}
	}
	for _, v := range views {
		if v.err != nil {
			return inSheet(v.name, v.err)
		}
	}
	return fault(message.Format("工作簿里没有内容", "the workbook is empty"), nil)
}

// readSheet reads one sheet into targets.
func (s *sink) readSheet(book *workbook, v *sheetView, name string) error {
	t := newTable(s)
	t.sheet, t.epoch = name, book.from1904
	return book.each(v.bookSheet, v.tail, func(line int, cells []cell) error { return t.row(line, cells) }, t.end)
}

// each hands the rows of a sheet over, with merged cells spread, and calls end
// behind the last.
func (w *workbook) each(sheet bookSheet, t tail, row func(line int, cells []cell) error, end func() error) error {
	rows, err := w.rows(sheet)
	if err != nil {
		return err
	}
	defer rows.x.close()
	spread := merged{left: slices.Clone(t.merges)}
	for {
		line, cells, err := rows.next()
		if err == io.EOF {
			return end()
		}
		if err != nil {
			return err
		}
		for i := range cells {
			cells[i].text = strings.ToValidUTF8(cells[i].text, "\uFFFD")
		}
		empty := blank(cells)
		cells = spread.fill(line, cells)
		rows.cells = cells
		if empty {
			continue // what a merged cell above covers is no line of its own
		}
		if err := row(line, cells); err != nil {
			return err
		}
	}
}
