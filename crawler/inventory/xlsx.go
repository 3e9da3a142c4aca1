package inventory

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
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
	return fault(Message{"工作表“" + name + "”：" + known.ZH, "sheet \"" + name + "\": " + known.EN}, err)
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
		return fault(say("有域名的工作表都是隐藏的（%s）：请取消隐藏要检查的工作表", "all sheets with domains are hidden (%s): show the ones that are to be checked", names), nil)
	}
	for _, v := range views {
		if v.err != nil {
			return inSheet(v.name, v.err)
		}
	}
	return fault(say("工作簿里没有内容", "the workbook is empty"), nil)
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

// A sheetView is what is known of a sheet before any is read.
type sheetView struct {
	bookSheet
	tail     tail
	domains  bool    // it has a column of domains
	column   int     // which
	examples bool    // all its domains are reserved for examples
	left     Message // why it is left out; empty if it is read
	told     bool    // the person should know of it
	err      error   // why no domains were found
}

// pickWords mark in a sheet's name that it holds choices or instructions.
var pickWords = []string{"选项", "下拉", "字典", "枚举", "数据源", "参数", "说明", "须知", "示例", "样例", "范例", "例子", "填写指南", "option", "lookup", "dropdown", "picklist", "example", "sample", "instruction", "readme", "guide"}

// survey looks at all sheets and decides which are read.
func (w *workbook) survey() ([]sheetView, error) {
	views := make([]sheetView, len(w.sheets))
	for i, sheet := range w.sheets {
		views[i] = sheetView{bookSheet: sheet}
		if sheet.part == nil {
			views[i].left = say("不是表格", "it is no table of cells")
			continue
		}
		if err := w.probe(&views[i]); err != nil {
			return nil, inSheet(sheet.name, err)
		}
	}
	referenced := map[string]bool{}
	for _, v := range views {
		for _, l := range v.tail.lists {
			if v.domains && !v.hidden && l.column != v.column {
				referenced[l.sheet] = true
			}
		}
	}
	picks := func(v *sheetView) bool {
		name := strings.ToLower(simplify(v.name))
		return v.examples || referenced[v.name] || slices.ContainsFunc(pickWords, func(w string) bool { return strings.Contains(name, w) })
	}
	real := slices.ContainsFunc(views, func(v sheetView) bool { return v.domains && !v.hidden && !picks(&v) })
	for i := range views {
		v := &views[i]
		switch {
		case v.left.EN != "":
		case v.hidden:
			v.left, v.told = say("工作表“%s”是隐藏的，未读取：要检查它，请取消隐藏", "the sheet %q is hidden and was left out: show it to have it checked", v.name), true
		case !v.domains:
			v.left = say("工作表“%s”没有域名列，未读取", "the sheet %q has no column of domains and was left out", v.name)
		case real && picks(v):
			v.left, v.told = say("工作表“%s”看起来是选项、示例或填写说明，未读取：如果是清单，请改名", "the sheet %q looks like choices, examples or instructions and was left out: rename it if it is a list", v.name), true
		}
	}
	return views, nil
}

// errEnough ends a probe.
var errEnough = errors.New("enough rows")

// probe reads the beginning of a sheet to learn whether it has domains.
func (w *workbook) probe(v *sheetView) (err error) {
	if v.tail, err = w.readTail(v.bookSheet); err != nil {
		return err
	}
	all, examples := 0, 0
	dry := &sink{reject: func(Rejection) error { return nil }, said: map[Message]bool{}}
	dry.counts.Statuses = map[crawler.FilingStatus]int{}
	dry.each = func(t crawler.Target) error {
		if all++; reserved(t.Domain) {
			examples++
		}
		return nil
	}
	t := newTable(dry)
	n := 0
	err = w.each(v.bookSheet, v.tail, func(line int, cells []cell) error {
		if n++; n > 2*headRows {
			examples = -1 // more than was looked at: no sheet of examples
			return errEnough
		}
		return t.row(line, cells)
	}, t.end)
	var known *Error
	switch {
	case err == nil, errors.Is(err, errEnough):
	case errors.As(err, &known) && known.Err == nil && !t.ready:
		v.err = err
	default:
		return err
	}
	v.column = slices.IndexFunc(t.columns, isDomain)
	v.domains = v.column >= 0 && all > 0
	v.examples = all > 0 && examples == all
	return nil
}

// reserved reports whether a name is kept for examples (RFC 2606).
func reserved(domain string) bool {
	for _, suffix := range []string{"example.com", "example.net", "example.org", "example.cn", ".example", ".test", ".invalid"} {
		if domain == strings.TrimPrefix(suffix, ".") || strings.HasSuffix(domain, "."+strings.TrimPrefix(suffix, ".")) {
			return true
		}
	}
	return false
}
