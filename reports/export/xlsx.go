package export

import (
	"fmt"
	"io"
	"iter"
	"strings"

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
func WriteXLSX(w io.Writer, b Workbook) error {
	book, err := NewXLSX(b.Lang)
	if err != nil {
		return err
	}
	defer book.Close()
	summary := reports.NewSummary(b.Run, b.Rules)
	for r, err := range b.Records {
		if err != nil {
			return err
		}
		summary.Add(r)
		book.Add(r)
	}
	summary.Close()
	return book.Write(w, summary, b.Rejects)
}

// An XLSX is the workbook that [WriteXLSX] writes, for records that come one by one.
// Its rows lie in temporary files until it is written.
type XLSX struct {
	book                                        *book
	overview, findings, domains, rejects, notes *sheet
}

// NewXLSX begins a workbook in the language lang; it must be closed.
func NewXLSX(lang string) (*XLSX, error) {
	b, err := newBook(lang)
	if err != nil {
		return nil, err
	}
	return &XLSX{b, b.sheet(overviewSheet), b.sheet(findingSheet), b.sheet(domainSheet), b.sheet(rejectSheet), b.sheet(noteSheet)}, nil
}

// Add puts a record into the sheets. What fails is told by Write.
func (x *XLSX) Add(r *reports.Record) {
	x.domains.add(x.book.domainRow(r)...)
	for _, f := range r.Findings() {
		x.findings.add(x.book.findingRow(r, &f)...)
	}
}

// Write writes the workbook. summary is that of all records, and closed; rejects
// hands over the inventory's lines that could not be used, and may be nil.
func (x *XLSX) Write(w io.Writer, summary *reports.Summary, rejects func(add func(reports.Reject) error) error) error {
	if rejects != nil {
		err := rejects(func(r reports.Reject) error {
			x.rejects.add(r.Line, r.Text, r.Reason)
			return x.rejects.err
		})
		if err != nil {
			return err
		}
	}
	x.book.overview(x.overview, summary)
	for _, n := range sheetNotes {
		x.notes.add(n[0].In(x.book.lang), n[1].In(x.book.lang))
	}
	for _, s := range []*sheet{x.overview, x.findings, x.domains, x.rejects, x.notes} {
		if err := s.close(); err != nil {
			return fmt.Errorf("writing the sheet %s: %w", s.title, err)
		}
	}
	return x.book.file.Write(w)
}

// Close removes the temporary files.
func (x *XLSX) Close() { x.book.file.Close() } //nolint:errcheck // nothing is lost

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
		{wording.Say("问题均已豁免的域名", "Domains with all findings waived"), p.Waived},
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
		s.add(wording.Say("负责人：", "Owner: ").In(b.lang)+wording.Owner(o.Owner).In(b.lang), o.Domains, o.Violations, o.Warnings, o.Notices, o.Unknown)
	}
	if o := sum.Others; o != nil {
		s.add(wording.Say("其他负责人", "Other owners").In(b.lang), o.Domains, o.Violations, o.Warnings, o.Notices, o.Unknown)
	}
}
