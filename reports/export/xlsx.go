package export

import (
	"fmt"
	"io"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A Workbook is what [WriteXLSX] writes.
type Workbook struct {
	Run     *reports.Run
	Records iter.Seq2[*reports.Record, error]
	// Rejects hands over the inventory's lines that could not be used; it may be nil.
	Rejects func(add func(reports.Reject) error) error
	Rules   []*detect.Rule // usually rules.All
	Lang    string         // "zh" or "en"
}

// WriteXLSX writes a workbook of five sheets: overview, findings (a row each),
// domains (a row each), lines that could not be used, and what the columns mean.
// Heads stay in sight and are filters. What does not fit into a sheet's 1,048,576
// rows goes on in the next one. No text of a stranger's is a formula or a link.
func WriteXLSX(w io.Writer, b Workbook) (err error) {
	book, err := newBook(b.Lang)
	if err != nil {
		return err
	}
	defer book.file.Close() //nolint:errcheck // it removes its temporary files
	overview, findings, domains, rejects, notes := book.sheet(overviewSheet), book.sheet(findingSheet), book.sheet(domainSheet), book.sheet(rejectSheet), book.sheet(noteSheet)
	summary := reports.NewSummary(b.Run, b.Rules)
	for r, err := range b.Records {
		if err != nil {
			return err
		}
		summary.Add(r)
		domains.add(book.domainRow(r)...)
		for _, f := range r.Findings() {
			findings.add(book.findingRow(r, &f)...)
		}
	}
	summary.Close()
	if b.Rejects != nil {
		err := b.Rejects(func(r reports.Reject) error {
			rejects.add(r.Line, r.Text, r.Reason)
			return rejects.err
		})
		if err != nil {
			return err
		}
	}
	book.overview(overview, summary)
	for _, n := range sheetNotes {
		notes.add(n[0].In(b.Lang), n[1].In(b.Lang))
	}
	for _, s := range []*sheet{overview, findings, domains, rejects, notes} {
		if err := s.close(); err != nil {
			return fmt.Errorf("writing the sheet %s: %w", s.title, err)
		}
	}
	return book.file.Write(w)
}

// A column of a sheet.
type xlsxColumn struct {
	head  detect.Text
	width float64
}

// A sheetForm is a sheet's name and columns.
type sheetForm struct {
	title   detect.Text
	columns []xlsxColumn
}

func col(zh, en string, width float64) xlsxColumn { return xlsxColumn{wording.Say(zh, en), width} }

var (
	overviewSheet = sheetForm{wording.Say("总览", "Overview"), []xlsxColumn{col("项目", "Item", 44), col("数量", "Count", 14), col("违规", "Violations", 12), col("待核实", "Warnings", 12), col("提示", "Notices", 12), col("未判定", "Inconclusive", 12)}}
	findingSheet  = sheetForm{wording.Say("问题", "Findings"), []xlsxColumn{
		col("域名", "Domain", 28), col("负责人", "Owner", 14), col("团队", "Team", 14), col("联系方式", "Contact", 22), col("问题", "Finding", 34), col("严重程度", "Severity", 10), col("位置", "Where", 14),
		col("实测情况", "Observed", 50), col("整改方法", "Remedy", 50), col("可直接使用的代码", "Snippet", 40), col("首次发现", "First found", 12), col("整改期限", "Due", 12), col("规则", "Rule", 28),
		col("进展", "State", 12), col("豁免", "Waiver", 30),
	}}
	domainSheet = sheetForm{wording.Say("域名", "Domains"), []xlsxColumn{
		col("域名", "Domain", 28), col("负责人", "Owner", 14), col("团队", "Team", 14), col("结论", "Verdict", 12), col("访问状态", "Liveness", 12), col("原因", "Cause", 22), col("最终网址", "Final URL", 36), col("HTTP 状态码", "HTTP status", 10),
		col("备案状态", "Filing status", 12), col("备案号（登记）", "Filing number", 24), col("页面展示的备案号", "Numbers shown", 28), col("违规", "Violations", 8), col("待核实", "Warnings", 8), col("提示", "Notices", 8), col("未判定的规则数", "Inconclusive rules", 10),
		col("检查时间", "Checked at", 18), col("清单行号", "Inventory line", 10),
	}}
	rejectSheet = sheetForm{wording.Say("无效行", "Rejected lines"), []xlsxColumn{col("清单行号", "Inventory line", 10), col("内容", "Text", 60), col("原因", "Reason", 60)}}
	noteSheet   = sheetForm{wording.Say("说明", "Notes"), []xlsxColumn{col("栏目", "Column", 22), col("含义", "Meaning", 100)}}
)

var sheetNotes = [][2]detect.Text{
	{wording.Say("违规", "Violation"), wording.Say("有证据表明不符合规定，须在期限前整改。", "There is evidence against a rule; mend it by the date given.")},
	{wording.Say("待核实", "Warning"), wording.Say("多半有问题，需要人工核实。", "Probably wrong; a person should check.")},
	{wording.Say("提示", "Notice"), wording.Say("建议改进，或以后会成为问题。", "Better mended, or a problem later.")},
	{wording.Say("未判定", "Inconclusive"), wording.Say("没有看清，不代表有问题，也不代表没有问题。", "Not seen clearly: neither right nor wrong.")},
	{wording.Say("首次发现", "First found"), wording.Say("此问题在连续的检查批次中最早出现的日期。", "The day on which it was first found, in runs one after the other.")},
	{wording.Say("进展", "State"), wording.Say("新增、加重、再次出现、仍存在等；“首次查明”指上次未判定。", "Opened, worse, reopened, still; \"first seen\" was inconclusive before.")},
	{wording.Say("豁免", "Waiver"), wording.Say("已接受的问题：到期前不计入各项数量。", "What is accepted: until its last day it is in none of the counts.")},
	{wording.Say("整改期限", "Due"), wording.Say("按工作日计算，见该规则的说明。", "Counted in working days, as the rule says.")},
}

// findingRow is a row of the findings.
func (b *book) findingRow(r *reports.Record, f *reports.Finding) []any {
	return []any{
		b.link(r), r.Owner, r.Detail.Team, r.Detail.Contact, wording.Title(f.Rule).In(b.lang), wording.Word(wording.SeverityWords, f.Severity).In(b.lang), f.Where.In(b.lang),
		f.Saw.In(b.lang), f.Fix.In(b.lang), f.Snippet, b.day(f.Since), b.day(f.Due), f.Rule,
		spoken(wording.StateWords, f.State, b.lang), wording.WaiverText(f.Waiver).In(b.lang),
	}
}

// domainRow is a row of the domains.
func (b *book) domainRow(r *reports.Record) []any {
	tally := r.Tally()
	cause := ""
	if r.Cause != "" {
		cause = detect.CauseText(r.Cause).In(b.lang)
	}
	var numbers []string
	for _, n := range r.Shown.ICP {
		numbers = append(numbers, n.Number)
	}
	return []any{
		b.link(r), r.Owner, r.Detail.Team, wording.ToneWord(tally.Tone(r.Liveness)).In(b.lang), wording.Word(wording.LivenessWords, r.Liveness).In(b.lang), cause, r.FinalURL, orEmpty(r.HTTPStatus),
		wording.Word(wording.FilingWords, crawler.FilingStatus(r.Filing.Status)).In(b.lang), r.Filing.Number, strings.Join(numbers, " "), tally.Violations, tally.Warnings, tally.Notices, tally.Unknown,
		r.At.In(b.zone).Format("2006-01-02 15:04"), orEmpty(r.Detail.Line),
	}
}

// orEmpty is a number in a cell, which stays empty for 0.
func orEmpty(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// overview fills the first sheet.
func (b *book) overview(s *sheet, sum *reports.Summary) {
	p := sum.Points
	for _, row := range []struct {
		what detect.Text
		n    int
	}{
		{wording.Say("检查的域名", "Domains checked"), p.Domains}, {wording.Say("违规的域名", "Domains with violations"), p.Violations}, {wording.Say("待核实的域名", "Domains with warnings"), p.Warnings},
		{wording.Say("只有提示的域名", "Domains with notices only"), p.Notices}, {wording.Say("未发现问题的域名", "Domains without findings"), p.Clean}, {wording.Say("未判定的域名", "Domains inconclusive"), p.Unknown},
	} {
		s.add(row.what.In(b.lang), row.n)
	}
	s.add(wording.Say("检查批次", "Run").In(b.lang)+" "+sum.Run.ID, nil)
	for i := range sum.Rules {
		c := &sum.Rules[i]
		if c.Found() > 0 || c.Unknown > 0 {
			s.add(wording.Title(c.Rule).In(b.lang), c.Found(), c.Violations, c.Warnings, c.Notices, c.Unknown)
		}
	}
	for _, o := range sum.Owners {
		s.add(wording.Say("负责人：", "Owner: ").In(b.lang)+wording.Owner(o.Owner).In(b.lang), o.Domains, o.Violations, o.Warnings, o.Notices)
	}
}

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
	s.out, s.err = s.book.file.NewStreamWriter(s.title)
	if s.err != nil {
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
