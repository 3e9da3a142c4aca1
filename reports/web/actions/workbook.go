package actions

import (
	"context"
	"io"
	"net/netip"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A field is a column of the corrected workbook: its heading, which the reader of
// inventories understands, and what a target has in it.
type field struct {
	heading string
	of      func(*crawler.Target) string
}

// problemHeading is the column that says what is wrong with a line. Nobody reads it
// back: it becomes a note.
const problemHeading = "问题"

var fields = []field{
	{"域名", func(t *crawler.Target) string { return t.Given }},
	{"备案状态", func(t *crawler.Target) string { return statusWords[t.Filing.Status] }},
	{"备案号", func(t *crawler.Target) string { return t.Filing.Number }},
	{"主办单位名称", func(t *crawler.Target) string { return t.Filing.Subject }},
	{"主办单位性质", func(t *crawler.Target) string { return t.Filing.Nature }},
	{"网站名称", func(t *crawler.Target) string { return t.Filing.SiteName }},
	{"省份", func(t *crawler.Target) string { return t.Filing.Province }},
	{"证件地址", func(t *crawler.Target) string { return t.Filing.CertAddress }},
	{"统一社会信用代码", func(t *crawler.Target) string { return t.Filing.CreditCode }},
	{"接入服务商", func(t *crawler.Target) string { return t.Filing.AccessProvider }},
	{"前置审批", approvals},
	{"公安备案号", func(t *crawler.Target) string { return t.Filing.PoliceNumber }},
	{"审核通过日期", func(t *crawler.Target) string { return day(t.Filing.ApprovedAt) }},
	{"备案查询时间", func(t *crawler.Target) string { return day(t.Filing.CheckedAt) }},
	{"域名所有人", func(t *crawler.Target) string { return t.Holder.DomainHolder }},
	{"域名注册商", func(t *crawler.Target) string { return t.Holder.Registrar }},
	{"域名到期日", func(t *crawler.Target) string { return day(t.Holder.DomainExpires) }},
	{"办公电话", func(t *crawler.Target) string { return t.Holder.Phone }},
	{"手机", func(t *crawler.Target) string { return t.Holder.Mobile }},
	{"电话核验时间", func(t *crawler.Target) string { return day(t.Holder.PhoneVerifiedAt) }},
	{"材料", documents},
	{"预期", func(t *crawler.Target) string { return string(t.Expect) }},
	{"跳转到", func(t *crawler.Target) string { return t.AliasOf }},
	{"其他备案号", func(t *crawler.Target) string { return strings.Join(t.Filing.AlsoNumbers, ";") }},
	{"指定IP", func(t *crawler.Target) string { return addresses(t.Address) }},
	{"服务器IP", func(t *crawler.Target) string { return addresses(t.ServerIPs...) }},
	{"负责人", func(t *crawler.Target) string { return t.Owner }},
	{"部门", func(t *crawler.Target) string { return t.Team }},
	{"联系方式", func(t *crawler.Target) string { return t.Contact }},
	{"备注", func(t *crawler.Target) string { return t.Notes }},
}

var statusWords = map[crawler.FilingStatus]string{
	crawler.FilingFiled: "已备案", crawler.FilingUnfiled: "未备案", crawler.FilingInReview: "审核中", crawler.FilingCancelled: "已注销",
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func approvals(t *crawler.Target) string {
	if len(t.Filing.Approvals) == 0 && t.Filing.ApprovalsKnown {
		return "无"
	}
	var list []string
	for _, a := range t.Filing.Approvals {
		list = append(list, strings.TrimSuffix(a.Category+":"+a.Number, ":"))
	}
	return strings.Join(list, ";")
}

func documents(t *crawler.Target) string {
	var list []string
	for _, d := range t.Holder.Documents {
		item := string(d.Kind) + ":" + d.Path
		if until := day(d.Expires); until != "" {
			item += "@" + until
		}
		list = append(list, item)
	}
	return strings.Join(list, ";")
}

func addresses(list ...netip.Addr) string {
	var out []string
	for _, a := range list {
		if a.IsValid() {
			out = append(out, a.String())
		}
	}
	return strings.Join(out, " ")
}

// maxSheetRows is how many rows a sheet of a workbook can have.
const maxSheetRows = 1_048_576

// Corrected writes an upload as a workbook with the columns that were understood, a row
// a line in the order of the file, and in its first column what is wrong with the
// line. It can be mended and uploaded in place of the first file.
func (s *Service) Corrected(ctx context.Context, v account.Viewer, id, lang string, w io.Writer) error {
	d, err := s.draft(v, id)
	if err != nil {
		return err
	}
	book := excelize.NewFile()
	defer book.Close()
	out := &workbook{book: book, lang: lang}
	if err := out.sheet(); err != nil {
		return err
	}
	err = Lines(d.Path, func(l *Line) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return out.add(l)
	})
	if err == nil {
		err = out.stream.Flush()
	}
	if err != nil {
		return err
	}
	return book.Write(w)
}

// A workbook is written row by row; what does not fit a sheet goes on in another.
type workbook struct {
	book   *excelize.File
	lang   string
	stream *excelize.StreamWriter
	sheets int
	row    int
	style  int
}

// sheet begins another sheet, with its headings.
func (b *workbook) sheet() (err error) {
	if b.stream != nil {
		if err := b.stream.Flush(); err != nil {
			return err
		}
	}
	name := "Sheet1"
	if b.sheets++; b.sheets > 1 {
		name = "Sheet" + wording.Grouped(b.sheets)
		if _, err := b.book.NewSheet(name); err != nil {
			return err
		}
	} else if b.style, err = b.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return err
	}
	if b.stream, err = b.book.NewStreamWriter(name); err != nil {
		return err
	}
	if err := b.stream.SetPanes(&excelize.Panes{Freeze: true, XSplit: 2, YSplit: 1, TopLeftCell: "C2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := b.stream.SetColWidth(1, 1, 44); err != nil {
		return err
	}
	if err := b.stream.SetColWidth(2, len(fields)+1, 18); err != nil {
		return err
	}
	head := []any{excelize.Cell{StyleID: b.style, Value: problemHeading}}
	for _, f := range fields {
		head = append(head, excelize.Cell{StyleID: b.style, Value: f.heading})
	}
	b.row = 1
	return b.stream.SetRow("A1", head)
}

func (b *workbook) add(l *Line) error {
	if b.row == maxSheetRows {
		if err := b.sheet(); err != nil {
			return err
		}
	}
	b.row++
	cells := []any{b.problem(l)}
	if l.Target == nil {
		cells = append(cells, cell(l.Text))
	} else {
		for _, f := range fields {
			cells = append(cells, cell(f.of(l.Target)))
		}
	}
	at, err := excelize.CoordinatesToCellName(1, b.row)
	if err != nil {
		return err
	}
	return b.stream.SetRow(at, cells)
}

// problem is what is wrong with a line, with its place in the file that was uploaded.
func (b *workbook) problem(l *Line) string {
	what := l.Problem.In(b.lang)
	if what == "" {
		return ""
	}
	place := wording.Sayf(wording.Say("第 %d 行：", "line %d: "), l.Line)
	return cell(place.In(b.lang) + what)
}

// cell cleans a text for a cell. A workbook's text is never a formula.
func cell(s string) string { return wording.Clean(s, maxCell) }

// maxCell is how many characters a cell can have (32,767) with room to spare.
const maxCell = 30_000

// text makes a message one of the reports'.
func text(m interface {
	In(lang string) string
}) detect.Text {
	return detect.Text{ZH: m.In("zh"), EN: m.In("en")}
}
