package inventory

import (
	"archive/zip"
	"errors"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory/script"
	"github.com/beianwatch/beianwatch/crawler/message"
)

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
	owner := map[*zip.File]string{} // the sheet that a part is read for
	for i, sheet := range w.sheets {
		views[i] = sheetView{bookSheet: sheet, column: -1}
		if sheet.part == nil {
			views[i].left = message.Format("不是表格", "it is no table of cells")
			continue
		}
		if name, ok := owner[sheet.part]; ok {
			views[i].left = message.Format("工作表“%s”与“%s”是同一张表，只读取一次", "the sheet %q is the same as %q and is read once", sheet.name, name)
			continue
		}
		owner[sheet.part] = sheet.name
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
		name := strings.ToLower(script.Simplify(v.name))
		return v.examples || referenced[v.name] || slices.ContainsFunc(pickWords, func(w string) bool { return strings.Contains(name, w) })
	}
	real := slices.ContainsFunc(views, func(v sheetView) bool { return v.domains && !v.hidden && !picks(&v) })
	for i := range views {
		v := &views[i]
		switch {
		case v.left.EN != "":
		case v.hidden:
			v.left, v.told = message.Format("工作表“%s”是隐藏的，未读取：要检查它，请取消隐藏", "the sheet %q is hidden and was left out: show it to have it checked", v.name), true
		case !v.domains:
			v.left = message.Format("工作表“%s”没有域名列，未读取", "the sheet %q has no column of domains and was left out", v.name)
			if v.column >= 0 {
				v.left = message.Format("工作表“%s”只有标题，没有域名", "the sheet %q has a heading and no domains", v.name)
			}
		case real && picks(v):
			v.left, v.told = message.Format("工作表“%s”看起来是选项、示例或填写说明，未读取：如果是清单，请改名", "the sheet %q looks like choices, examples or instructions and was left out: rename it if it is a list", v.name), true
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
	v.domains = v.column >= 0 && dry.counts.Lines > 0
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
