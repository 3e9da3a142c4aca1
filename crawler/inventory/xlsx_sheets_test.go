package inventory

import (
	"archive/zip"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// A part is one sheet of a workbook made by hand: the XML of its rows and of
// what stands behind them.
type part struct{ name, state, rows, tail string }

// rawBook writes a workbook of sheets as XML, so that a test says every byte.
func rawBook(t testing.TB, properties string, sheets ...part) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	put := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var list, relations strings.Builder
	for i, s := range sheets {
		fmt.Fprintf(&list, `<sheet name=%q sheetId="%d" state=%q r:id="rId%d"/>`, s.name, i+1, s.state, i+1)
		fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
		put(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), `<worksheet><sheetData>`+s.rows+`</sheetData>`+s.tail+`</worksheet>`)
	}
	put("xl/workbook.xml", `<workbook xmlns:r="r">`+properties+`<sheets>`+list.String()+`</sheets></workbook>`)
	put("xl/_rels/workbook.xml.rels", `<Relationships>`+relations.String()+`</Relationships>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// rowXML is a row of inline texts; a cell that begins with < is XML as it is, an
// empty one is absent.
func rowXML(line int, cells ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, line)
	for i, c := range cells {
		switch ref := string(rune('A'+i)) + fmt.Sprint(line); {
		case c == "":
		case strings.HasPrefix(c, "<"):
			b.WriteString(strings.Replace(c, "<c", `<c r="`+ref+`"`, 1))
		default:
			fmt.Fprintf(&b, `<c r=%q t="inlineStr"><is><t>%s</t></is></c>`, ref, strings.ReplaceAll(c, "&", "&amp;"))
		}
	}
	return b.String() + "</row>"
}

func TestEverySheetIsReadOrNamed(t *testing.T) {
	head := rowXML(1, "域名", "备案号", "状态")
	path := rawBook(t, "",
		part{name: "填写须知", rows: rowXML(1, "每行一个域名")},
		part{name: "旧清单", state: "hidden", rows: head + rowXML(2, "old.cn")},
		part{name: "字典", rows: head + rowXML(2, "sample.cn", "", "已备案")},
		part{name: "南方", rows: head + rowXML(2, "n1.cn", "粤ICP备12345678号-1") + rowXML(3, "坏的"), tail: `<dataValidations><dataValidation type="list" sqref="C2:C900"><formula1>'来源'!$B$1:$B$9</formula1></dataValidation></dataValidations>`},
		part{name: "来源", rows: head + rowXML(2, "choice.cn", "", "审核中")},
		part{name: "北方", rows: head + rowXML(2, "n2.cn") + rowXML(3, "也坏")},
	)
	targets, rejected, counts, err := readFile(t, path)
	if err != nil || domains(targets) != "n1.cn n2.cn" {
		t.Fatalf("%s, %v", domains(targets), err)
	}
	if targets[1].Sheet != "北方" || targets[1].Line != 2 || targets[1].Seq != 3 {
		t.Errorf("%+v", targets[1])
	}
	if len(rejected) != 2 || rejected[0].Sheet != "南方" || rejected[1].Sheet != "北方" || rejected[0].Line != 3 || rejected[0].Seq == rejected[1].Seq {
		t.Errorf("%+v", rejected)
	}
	for i, left := range []string{"no column of domains", "hidden", "choices", "", "choices", ""} {
		if s := counts.Sheets[i]; left == "" != (s.Left.EN == "") || !strings.Contains(s.Left.EN, left) {
			t.Errorf("sheet %q: %q, want %q", s.Name, s.Left.EN, left)
		}
	}
	if len(counts.Warnings) != 3 {
		t.Errorf("%v", counts.Warnings)
	}
}

func TestOnlyHiddenSheets(t *testing.T) {
	path := rawBook(t, "", part{name: "清单", state: "veryHidden", rows: rowXML(1, "域名") + rowXML(2, "a.cn")}, part{name: "空", rows: ""})
	if _, _, _, err := readFile(t, path); err == nil || !strings.Contains(err.Error(), "hidden (清单)") {
		t.Error(err)
	}
	// A list of choices that is the only list is the list.
	path = rawBook(t, "", part{name: "网站示例", rows: rowXML(1, "域名") + rowXML(2, "a.cn")})
	if targets, _, _, err := readFile(t, path); err != nil || domains(targets) != "a.cn" || targets[0].Sheet != "" {
		t.Errorf("%+v %v", targets, err)
	}
}

func TestMergedCells(t *testing.T) {
	path := rawBook(t, "", part{name: "S",
		rows: rowXML(1, "某某集团网站清单") +
			rowXML(2, "主体", "", "网站", "", "联系人", "") +
			rowXML(3, "名称", "性质", "域名", "备案号", "姓名", "手机") +
			rowXML(4, "甲公司", "企业", "a1.cn", "粤ICP备12345678号-1", "张三", "13800138000") +
			rowXML(5, "", "", "a2.cn") +
			rowXML(6, "", "", "a3.cn", "粤ICP备12345678号-3") +
			rowXML(7) + // covered by the merged cells, without a word of its own
			rowXML(8, "乙公司", "事业单位", "b1.cn"),
		tail: `<mergeCells><mergeCell ref="A1:F1"/><mergeCell ref="A2:B2"/><mergeCell ref="C2:D2"/><mergeCell ref="E2:F2"/><mergeCell ref="A4:A7"/><mergeCell ref="B4:B7"/><mergeCell ref="D4:D5"/><mergeCell ref="E4:E7"/></mergeCells>`,
	})
	targets, rejected, _, err := readFile(t, path)
	if err != nil || len(rejected) > 0 || domains(targets) != "a1.cn a2.cn a3.cn b1.cn" {
		t.Fatalf("%s %v %v", domains(targets), rejected, err)
	}
	for i, want := range []string{"甲公司 企业 粤ICP备12345678号-1 张三", "甲公司 企业 粤ICP备12345678号-1 张三", "甲公司 企业 粤ICP备12345678号-3 张三", "乙公司 事业单位  "} {
		if g := targets[i]; strings.Join([]string{g.Filing.Subject, g.Filing.Nature, g.Filing.Number, g.Contact}, " ") != want {
			t.Errorf("%s: %q %q %q %q, want %q", g.Domain, g.Filing.Subject, g.Filing.Nature, g.Filing.Number, g.Contact, want)
		}
	}
}

func TestHeadingOfTwoRows(t *testing.T) {
	for name, text := range map[string]string{
		"csv":                         "序号,网站域名,备案信息,,联系人,\n,,备案号,主办单位,姓名,手机\n1,a.cn,粤ICP备12345678号-1,甲公司,张三,13800138000\n",
		"domain below":                "基本信息,,备案信息,,联系人,\n序号,网站域名,备案号,主办单位,姓名,手机\n1,a.cn,粤ICP备12345678号-1,甲公司,张三,13800138000\n",
		"repeated":                    "序号,网站域名,备案号,主办单位,联系人姓名,手机\n1,a.cn,粤ICP备12345678号-1,甲公司,张三,13800138000\n序号,网站域名,备案号,主办单位,联系人姓名,手机\n",
		"long preamble":               strings.Repeat("填写说明的一行\n", 30) + "序号,网站域名,备案号,主办单位,联系人姓名,手机\n1,a.cn,粤ICP备12345678号-1,甲公司,张三,13800138000\n",
		"title that ends in the word": "本集团全部备案网站及域名,,,,,\n序号,网站域名,备案号,主办单位,联系人姓名,手机\n1,a.cn,粤ICP备12345678号-1,甲公司,张三,13800138000\n",
	} {
		targets, rejected, _, err := readText(t, text)
		if err != nil || len(rejected) > 0 || len(targets) != 1 {
			t.Errorf("%s: %v %v %v", name, targets, rejected, err)
			continue
		}
		if g := targets[0]; g.Domain != "a.cn" || g.Filing.Number != "粤ICP备12345678号-1" || g.Filing.Subject != "甲公司" || g.Contact != "张三" || g.Holder.Mobile != "13800138000" {
			t.Errorf("%s: %+v", name, g)
		}
	}
	// A row without a domain that is no heading is rejected with its number.
	_, rejected, _, err := readText(t, "域名,主办单位性质,备案状态\n,企业,正常\na.cn,企业,正常\n")
	if err != nil || len(rejected) != 1 || rejected[0].Line != 2 {
		t.Errorf("%v %v", rejected, err)
	}
}

func TestNumbersAndDatesOfWorkbooks(t *testing.T) {
	rows := rowXML(1, "域名", "手机", "审核通过日期", "服务器IP", "是否备案", "主办单位") +
		rowXML(2, "a.cn", `<c><v>1.3800138E10</v></c>`, `<c s="1"><v>43538.0</v></c>`, "192.0.2.7", `<c t="b"><v>1</v></c>`, `<c t="e"><v>#N/A</v></c>`) +
		rowXML(3, `<c t="str"><f>HYPERLINK("http://b.cn")</f><v>b.cn</v></c>`, `<c><v>13800138001.0</v></c>`, "二〇二三年三月十五日", "", `<c t="b"><v>0</v></c>`) +
		rowXML(4, `<c><f>A2&amp;"x"</f></c>`, "13800138002")
	for properties, want := range map[string]string{`<workbookPr date1904="1"/>`: "2023-03-15", "": "2019-03-14"} {
		targets, rejected, counts, err := readFile(t, rawBook(t, properties, part{name: "S", rows: rows}))
		if err != nil || domains(targets) != "a.cn b.cn" {
			t.Fatalf("%s %v", domains(targets), err)
		}
		a, b := targets[0], targets[1]
		if a.Holder.Mobile != "13800138000" || b.Holder.Mobile != "13800138001" || a.Filing.Status != crawler.FilingFiled || b.Filing.Status != crawler.FilingUnfiled {
			t.Errorf("%+v %+v", a, b)
		}
		if got := a.Filing.ApprovedAt.Format(time.DateOnly); got != want {
			t.Errorf("%s: approved %s, want %s", properties, got, want)
		}
		if got := b.Filing.ApprovedAt.Format(time.DateOnly); got != "2023-03-15" {
			t.Errorf("a date in words: %s", got)
		}
		if a.Address.IsValid() || len(a.ServerIPs) != 1 || a.ServerIPs[0] != netip.MustParseAddr("192.0.2.7") {
			t.Errorf("address %v, servers %v: the list's address of the server is never dialled", a.Address, a.ServerIPs)
		}
		if len(rejected) != 1 || !strings.Contains(rejected[0].Reason.EN, "formula") {
			t.Errorf("%+v", rejected)
		}
		if len(counts.Warnings) != 1 || !strings.Contains(counts.Warnings[0].EN, "line 2: subject_name is a formula's error") {
			t.Errorf("%v", counts.Warnings)
		}
	}
}

func TestBrokenWorkbooks(t *testing.T) {
	head := rowXML(1, "域名")
	for name, c := range map[string]struct{ rows, says string }{
		"ends early":    {head + `<row r="2"><c t="inlineStr"><is><t>a.cn`, "save it"},
		"no such row":   {head + `<row r="2000000"><c/></row>`, "rows"},
		"stray entity":  {head + `<row r="2"><c t="inlineStr"><is><t>&nope;</t></is></c></row>`, "save it"},
		"only headings": {head, "no domain"},
	} {
		if _, _, _, err := readFile(t, rawBook(t, "", part{name: "S", rows: c.rows})); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}
