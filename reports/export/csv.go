package export

import (
	"bufio"
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// maxCell is the most characters that a spreadsheet takes in one cell.
const maxCell = 32767

// bom makes spreadsheets read the file as UTF-8.
const bom = "\ufeff"

var csvHead = []detect.Text{
	{ZH: "域名", EN: "Domain"}, {ZH: "负责人", EN: "Owner"}, {ZH: "团队", EN: "Team"}, {ZH: "联系方式", EN: "Contact"},
	{ZH: "访问状态", EN: "Liveness"}, {ZH: "原因", EN: "Cause"}, {ZH: "最终网址", EN: "Final URL"}, {ZH: "HTTP 状态码", EN: "HTTP status"},
	{ZH: "备案状态", EN: "Filing status"}, {ZH: "备案号（登记）", EN: "Filing number"}, {ZH: "页面展示的备案号", EN: "Numbers shown"},
	{ZH: "规则", EN: "Rule"}, {ZH: "问题", EN: "Finding"}, {ZH: "严重程度", EN: "Severity"}, {ZH: "位置", EN: "Where"},
	{ZH: "实测情况", EN: "Observed"}, {ZH: "整改方法", EN: "Remedy"}, {ZH: "可直接使用的代码", EN: "Snippet"},
	{ZH: "未判定的规则数", EN: "Inconclusive rules"}, {ZH: "检查时间", EN: "Checked at"}, {ZH: "清单行号", EN: "Inventory line"}, {ZH: "批次号", EN: "Run"},
	{ZH: "首次发现", EN: "First found"}, {ZH: "整改期限", EN: "Due"},
	{ZH: "进展", EN: "State"}, {ZH: "豁免至", EN: "Waived until"}, {ZH: "豁免原因", EN: "Waiver reason"}, {ZH: "批准人", EN: "Waived by"},
}

// WriteCSV writes a table for spreadsheets: one row a finding, and one row
// for a domain without any, whose columns for the finding are empty. Text
// that a spreadsheet would take for a formula is neutralised.
func WriteCSV(w io.Writer, records iter.Seq2[*reports.Record, error], lang string) error {
	t, err := NewCSV(w, lang)
	if err != nil {
		return err
	}
	for r, err := range records {
		if err != nil {
			return err
		}
		if err := t.Add(r); err != nil {
			return err
		}
	}
	return t.Close()
}

// A CSV is the table that [WriteCSV] writes, for records that come one by one.
type CSV struct {
	table *table
	lang  string
}

// NewCSV begins a table with its head.
func NewCSV(w io.Writer, lang string) (*CSV, error) {
	t, err := newTable(w, csvHead, lang)
	if err != nil {
		return nil, err
	}
	return &CSV{t, lang}, nil
}

// Add writes the rows of a record.
func (c *CSV) Add(r *reports.Record) error { return c.table.record(r, c.lang) }

// Close writes what is held.
func (c *CSV) Close() error { return c.table.close() }

// record writes the rows of one record.
func (t *table) record(r *reports.Record, lang string) error {
	findings := r.Findings()
	if len(findings) == 0 {
		findings = []reports.Finding{{}}
	}
	for i := range findings {
		if err := t.row(csvRow(r, &findings[i], lang)...); err != nil {
			return err
		}
	}
	return nil
}

// CSVHead writes the beginning of what [WriteCSV] writes, to be followed by
// CSVRows of many records, made side by side.
func CSVHead(w io.Writer, lang string) error {
	t, err := NewCSV(w, lang)
	if err != nil {
		return err
	}
	return t.Close()
}

// CSVRows writes the rows of records without a head.
func CSVRows(w io.Writer, records []*reports.Record, lang string) error {
	t := bareTable(w)
	for _, r := range records {
		if err := t.record(r, lang); err != nil {
			return err
		}
	}
	return t.close()
}

// WriteRejects writes the lines of an inventory that could not be used as a
// table for spreadsheets, as they come; the returned functions take them and
// end it.
func WriteRejects(w io.Writer, lang string) (add func(reports.Reject) error, end func() error, err error) {
	t, err := newTable(w, []detect.Text{{ZH: "清单行号", EN: "Inventory line"}, {ZH: "内容", EN: "Text"}, {ZH: "原因", EN: "Reason"}}, lang)
	if err != nil {
		return nil, nil, err
	}
	return func(r reports.Reject) error { return t.row(strconv.Itoa(r.Line), r.Text, r.Reason) }, t.close, nil
}

func csvRow(r *reports.Record, f *reports.Finding, lang string) []string {
	title, severity := "", ""
	if f.Rule != "" {
		title, severity = wording.Title(f.Rule).In(lang), wording.Word(wording.SeverityWords, f.Severity).In(lang)
	}
	domain, cause, status, line := r.Domain, "", "", ""
	if r.Cause != "" {
		cause = detect.CauseText(r.Cause).In(lang)
	}
	if r.File != "" {
		domain = r.File
	}
	if r.HTTPStatus != 0 {
		status = strconv.Itoa(r.HTTPStatus)
	}
	if r.Detail.Line != 0 {
		line = strconv.Itoa(r.Detail.Line)
	}
	reason, who := "", ""
	if f.Waiver != nil {
		reason, who = f.Waiver.Reason, f.Waiver.Who
	}
	var numbers []string
	for _, n := range r.Shown.ICP {
		numbers = append(numbers, n.Number)
	}
	return []string{domain, r.Owner, r.Detail.Team, r.Detail.Contact,
		wording.Word(wording.LivenessWords, r.Liveness).In(lang), cause, r.FinalURL, status,
		wording.Word(wording.FilingWords, crawler.FilingStatus(r.Filing.Status)).In(lang), r.Filing.Number, strings.Join(numbers, " "),
		f.Rule, title, severity, f.Where.In(lang), f.Saw.In(lang), f.Fix.In(lang), f.Snippet,
		strconv.Itoa(r.Tally().Unknown), r.At.Format(time.RFC3339), line, r.Run, wording.ChinaDay(f.Since), wording.ChinaDay(f.Due),
		spoken(wording.StateWords, f.State, lang), untilOf(f.Waiver), reason, who}
}

// table writes CSV for spreadsheets: UTF-8 with BOM, CRLF.
type table struct{ csv *csv.Writer }

// bareTable is a table without a head.
func bareTable(w io.Writer) *table {
	t := &table{csv.NewWriter(w)}
	t.csv.UseCRLF = true
	return t
}

func newTable(w io.Writer, head []detect.Text, lang string) (*table, error) {
	buf := bufio.NewWriterSize(w, 64<<10) // which the table takes for its own
	if _, err := buf.WriteString(bom); err != nil {
		return nil, err
	}
	t := bareTable(buf)
	var cells []string
	for _, h := range head {
		cells = append(cells, h.In(lang))
	}
	return t, t.row(cells...)
}

func (t *table) row(cells ...string) error {
	for i, c := range cells {
		cells[i] = shown(c)
	}
	return t.csv.Write(cells)
}

func (t *table) close() error {
	t.csv.Flush()
	return t.csv.Error()
}

// shown is a text in a cell: nothing in it hides, moves the cursor of a terminal or
// is taken for a formula. A snippet keeps its lines.
func shown(s string) string { return cell(strings.TrimSpace(wording.CleanLines(s, 0))) }

// cell makes a text safe for a spreadsheet: a cell that begins like a formula
// gets an apostrophe before it, in the full-width forms too, which some
// spreadsheets accept. The same holds behind a semicolon or a tab, where a
// spreadsheet set to another separator would begin a new cell.
func cell(s string) string {
	if harmless(s) {
		return s
	}
	var b strings.Builder
	count, edge := 0, true
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		if count++; count > maxCell-1 {
			b.WriteRune('…')
			break
		}
		if edge && formula(r) {
			b.WriteByte('\'')
			count++
		}
		if r == 0 {
			r = utf8.RuneError
		}
		b.WriteRune(r)
		edge = r == ';' || r == '\t'
	}
	return b.String()
}

// harmless reports whether a cell can stand as it is, as most can.
func harmless(s string) bool {
	if len(s) >= maxCell || strings.ContainsAny(s, ";\t\x00") || !utf8.ValidString(s) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	return !formula(first)
}

func formula(r rune) bool {
	switch r {
	case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return true
	}
	return false
}
