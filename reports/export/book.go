package export

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/beianwatch/beianwatch/reports"
)

// A book is a workbook that is being written.
type book struct {
	file       *excelize.File
	lang       string
	zone       *time.Location
	head, date int // styles
	linked     int
	first      bool
	tables     int
	limit      int // rows of a sheet
}

func newBook(lang string) (*book, error) {
	b := &book{file: excelize.NewFile(), lang: lang, zone: time.FixedZone("CST", 8*60*60), first: true, limit: maxSheetRows}
	format := "yyyy-mm-dd"
	for _, s := range []struct {
		id    *int
		style *excelize.Style
	}{
		{&b.head, &excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}},
		{&b.date, &excelize.Style{CustomNumFmt: &format}},
		{&b.linked, &excelize.Style{Font: &excelize.Font{Color: "0563C1", Underline: "single"}}},
	} {
		var err error
		if *s.id, err = b.file.NewStyle(s.style); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// day is a date in China as a cell that can be sorted; empty for no date.
func (b *book) day(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	t = t.In(b.zone)
	return excelize.Cell{StyleID: b.date, Value: time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)}
}

// maxFormulaText is the most characters of a text inside a formula.
const maxFormulaText = 255

// link is the domain, as a link to where it led if that is short enough for a
// formula: the writer of streams knows no other links.
func (b *book) link(r *reports.Record) any {
	name := cell(printable(nameOf(r)))
	u, err := url.Parse(r.FinalURL)
	if r.Domain == "" || err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(r.FinalURL) > maxFormulaText || len(name) > maxFormulaText {
		return name
	}
	return excelize.Cell{StyleID: b.linked, Value: name, Formula: "HYPERLINK(" + quoted(u.String()) + "," + quoted(name) + ")"}
}

// quoted is a text inside a formula.
func quoted(s string) string { return `"` + strings.ReplaceAll(printable(s), `"`, `""`) + `"` }

// maxSheetRows is how many rows a sheet has, its head included.
const maxSheetRows = 1 << 20

// A sheet is written row by row. The first error stays.
type sheet struct {
	book  *book
	form  sheetForm
	title string
	n     int // of this form: 2 is the second sheet
	rows  int // of this sheet, with its head
	out   *excelize.StreamWriter
	err   error
}

// sheet begins the first sheet of a form.
func (b *book) sheet(form sheetForm) *sheet {
	s := &sheet{book: b, form: form}
	s.next()
	return s
}

// next begins another sheet of the form.
func (s *sheet) next() {
	s.n++
	s.title = s.form.title.In(s.book.lang)
	if s.n > 1 {
		s.title += " " + strconv.Itoa(s.n)
	}
	if s.book.first {
		s.book.first = false
		s.fail(s.book.file.SetSheetName("Sheet1", s.title))
	} else {
		_, err := s.book.file.NewSheet(s.title)
		s.fail(err)
	}
	if s.err != nil {
		return
	}
	if s.paper(); s.err != nil {
		return
	}
	if s.out, s.err = s.book.file.NewStreamWriter(s.title); s.err != nil {
		return
	}
	head := make([]any, len(s.form.columns))
	for i, c := range s.form.columns {
		s.fail(s.out.SetColWidth(i+1, i+1, c.width))
		head[i] = excelize.Cell{StyleID: s.book.head, Value: c.head.In(s.book.lang)}
	}
	s.fail(s.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, XSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}))
	s.fail(s.out.SetRow("A1", head))
	s.rows = 1
}

// paper has the sheet printed as wide as a page of A4 across.
func (s *sheet) paper() {
	const a4 = 9
	fit := true
	s.fail(s.book.file.SetSheetProps(s.title, &excelize.SheetPropsOptions{FitToPage: &fit}))
	across, size, wide, high := "landscape", a4, 1, 0
	s.fail(s.book.file.SetPageLayout(s.title, &excelize.PageLayoutOptions{Orientation: &across, Size: &size, FitToWidth: &wide, FitToHeight: &high}))
}

func (s *sheet) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// add writes a row; texts are made safe.
func (s *sheet) add(cells ...any) {
	if s.err != nil {
		return
	}
	if s.rows == s.book.limit {
		s.end()
		s.next()
		if s.err != nil {
			return
		}
	}
	for i, c := range cells {
		if text, ok := c.(string); ok {
			cells[i] = shown(text)
		}
	}
	s.rows++
	s.fail(s.out.SetRow("A"+strconv.Itoa(s.rows), cells))
}

// end makes the head of a sheet a filter and writes what is held.
func (s *sheet) end() {
	if s.err != nil {
		return
	}
	if s.rows == 1 {
		s.rows++ // a table has a row, if an empty one
		s.fail(s.out.SetRow("A2", []any{nil}))
	}
	last, err := excelize.CoordinatesToCellName(len(s.form.columns), s.rows)
	s.fail(err)
	s.book.tables++
	s.fail(s.out.AddTable(&excelize.Table{Range: "A1:" + last, Name: "t" + strconv.Itoa(s.book.tables), StyleName: "TableStyleLight1"}))
	s.fail(s.out.Flush())
}

func (s *sheet) close() error {
	s.end()
	return s.err
}
