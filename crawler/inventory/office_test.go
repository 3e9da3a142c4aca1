package inventory

import (
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
)

// outcome writes a list as a person would check it: each domain with its status
// and number, each rejection with its line.
func outcome(t *testing.T, text string) string {
	t.Helper()
	targets, rejected, _, err := readText(t, text)
	return asWritten(targets, rejected, err)
}

func asWritten(targets []crawler.Target, rejected []Rejection, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	var out []string
	for _, g := range targets {
		out = append(out, strings.TrimSpace(g.Domain+" "+string(g.Filing.Status)+" "+g.Filing.Number))
	}
	for _, r := range rejected {
		out = append(out, "!"+Place(r.Sheet, r.Line).EN)
	}
	return strings.Join(out, "; ")
}

// bookOutcome is outcome of the same list as a workbook.
func bookOutcome(t *testing.T, text string) string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows strings.Builder
	for i, cells := range lines {
		rows.WriteString(rowXML(i+1, cells...))
	}
	var targets []crawler.Target
	var rejected []Rejection
	_, err = Read(rawBook(t, "", part{name: "导出", rows: rows.String()}),
		func(g crawler.Target) error { targets = append(targets, g); return nil },
		func(r Rejection) error { rejected = append(rejected, r); return nil })
	return asWritten(targets, rejected, err)
}

// Forms in which filing systems and cloud consoles export lists, with made-up
// content.
func TestExportsOfConsoles(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"the register, sites": {"序号,主办单位名称,主办单位性质,ICP备案/许可证号,网站名称,网站首页网址,网站域名,审核通过日期,是否限制接入\n1,清河园艺有限公司,企业,冀ICP备19000001号-1,清河园艺,www.qhyy-demo.cn,qhyy-demo.cn,2024-05-06,否\n",
			"www.qhyy-demo.cn filed 冀ICP备19000001号-1"},
		"the register, subjects": {"主办单位名称,主办单位性质,主体备案/许可证号,互联网信息服务备案/许可证号,互联网信息服务域名,服务名称,审核时间\n清河园艺有限公司,企业,冀ICP备19000001号,冀ICP备19000001号-2,shop.qhyy-demo.cn,清河商城,2024/5/6\n",
			"shop.qhyy-demo.cn filed 冀ICP备19000001号"},
		"the register, traditional": {"主辦單位名稱,主辦單位性質,網站備案/許可證號,網站名稱,網站域名,審核通過時間,備案狀態\n清河園藝有限公司,企業,冀ICP备19000001号-1,清河園藝,qhyy-demo.cn,2024-05-06,已註銷\n",
			"qhyy-demo.cn cancelled 冀ICP备19000001号-1"},
		"Aliyun, filings": {"ICP备案主体,主体备案号,网站名称,网站备案号,网站域名,接入服务商,IP地址,备案状态,备案完成时间\n清河园艺有限公司,冀ICP备19000001号,清河园艺,冀ICP备19000001号-1,qhyy-demo.cn;qhyy-demo.com,阿里云计算有限公司,192.0.2.9,正常,2024-05-06 10:20:30\n清河园艺有限公司,冀ICP备19000001号,清河商城,,qhsc-demo.cn,阿里云计算有限公司,192.0.2.9,取消接入,\n",
			"qhyy-demo.cn filed 冀ICP备19000001号; qhyy-demo.com filed 冀ICP备19000001号; qhsc-demo.cn unknown 冀ICP备19000001号"},
		"Aliyun, domains": {"域名,域名状态,域名类型,注册日期,到期日期,域名持有者,域名分组,备注,ICP备案状态\nqhyy-demo.cn,正常,cn,2019-01-02,2027-01-02,清河园艺有限公司,默认,,已备案\nqhsc-demo.cn,急需续费,cn,2019-01-02,2026-12-20,清河园艺有限公司,默认,,未备案\n",
			"qhyy-demo.cn filed; qhsc-demo.cn unfiled"},
		"Tencent Cloud": {"备案主体,备案号,网站/APP名称,域名/包名,服务类型,接入商,备案状态,更新时间\n清河园艺有限公司,冀ICP备19000001号-1,清河园艺,qhyy-demo.cn,网站,腾讯云,已接入,2024-05-06\n清河园艺有限公司,冀ICP备19000001号-3,清河商城,qhsc-demo.cn,网站,腾讯云,空壳网站,2024-05-06\n",
			"qhyy-demo.cn filed 冀ICP备19000001号-1; qhsc-demo.cn unknown 冀ICP备19000001号-3"},
		"Huawei Cloud": {"备案订单号,备案类型,主办单位名称,互联网信息服务名称,互联网信息服务域名,ICP备案号,负责人,备案审核状态,接入IP\nHW0001,新增网站,清河园艺有限公司,清河园艺,qhyy-demo.cn,,李四,管局审核中,192.0.2.9\nHW0002,首次备案,清河园艺有限公司,清河商城,qhsc-demo.cn,冀ICP备19000001号-2,李四,备案成功,192.0.2.9\n",
			"qhyy-demo.cn in-review; qhsc-demo.cn filed 冀ICP备19000001号-2"},
		"Baidu": {"网站域名,ICP备案号,备案主体名称,备案主体性质,接入状态,备案进度\nqhyy-demo.cn,冀ICP备19000001号-1,清河园艺有限公司,企业,正常,备案成功\nqhsc-demo.cn,-,清河园艺有限公司,企业,,待初审\n",
			"qhyy-demo.cn filed 冀ICP备19000001号-1; qhsc-demo.cn in-review"},
		"a CDN": {"加速域名,CNAME,状态,业务类型,源站IP,是否备案,创建时间\ncdn.qhyy-demo.cn,cdn.qhyy-demo.cn.example.net,已启动,图片小文件,192.0.2.9,是,2024-01-01\n",
			"cdn.qhyy-demo.cn filed"},
		"English": {"Domain Name,Entity Name,Entity Type,ICP Filing Number,Website Name,ICP Filing Status,Approval Date,Server IP\nqhyy-demo.cn,Qinghe Horticulture,Enterprise,冀ICP备19000001号-1,Qinghe,Filed,2024-05-06,192.0.2.9\nqhsc-demo.cn,Qinghe Horticulture,Enterprise,,Qinghe shop,Under review,,\n",
			"qhyy-demo.cn filed 冀ICP备19000001号-1; qhsc-demo.cn in-review"},
	} {
		if got := outcome(t, c.text); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
		if got := bookOutcome(t, c.text); got != c.want {
			t.Errorf("%s as a workbook:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// Ten lists as offices keep them: every domain is a target with the status that
// a person would read, or a rejection with its number.
func TestListsOfOffices(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a name a line":       {"qh1-demo.cn\nqh2-demo.cn  # 旧站\n\nhttps://www.qh3-demo.cn/index.html\n待定\n", "qh1-demo.cn unknown; qh2-demo.cn unknown; www.qh3-demo.cn unknown; !line 5"},
		"numbered":            {"1.qh1-demo.cn\n2.qh2-demo.cn\n3.www.qh3-demo.cn\n", "qh1-demo.cn unknown; qh2-demo.cn unknown; www.qh3-demo.cn unknown"},
		"title and totals":    {"清河集团网站台账,,,\n制表：信息中心,,日期：2026.11.1,\n序号,网址,备案号,使用部门\n1,http://www.qh1-demo.cn,冀ICP备19000001号-1,总务\n2,qh2-demo.cn（内网）,无,总务\n合计,2,,\n", "www.qh1-demo.cn filed 冀ICP备19000001号-1; qh2-demo.cn unknown; !line 6"},
		"several in a cell":   {"系统名称,域名,ICP备案号,负责人,联系电话\n官网,qh1-demo.cn、www.qh1-demo.cn,冀ICP备19000001号-1,王五,0317-1234567\n商城,\"qh2-demo.cn\nm.qh2-demo.cn\",冀ICP备19000001号-2（已注销）,王五,0317-1234567\n", "qh1-demo.cn filed 冀ICP备19000001号-1; www.qh1-demo.cn filed 冀ICP备19000001号-1; qh2-demo.cn cancelled 冀ICP备19000001号-2; m.qh2-demo.cn cancelled 冀ICP备19000001号-2"},
		"words for numbers":   {"域名,备案号\nqh1-demo.cn,正在办理\nqh2-demo.cn,境外服务器，无需备案\nqh3-demo.cn,同上\nqh4-demo.cn,冀ICP备19000001号\nqh5-demo.cn,×\n", "qh1-demo.cn in-review; qh2-demo.cn unknown; qh3-demo.cn unknown; qh4-demo.cn filed 冀ICP备19000001号; qh5-demo.cn unfiled"},
		"tab, quoted by hand": {"网站域名\t是否已备案\t备案编号\n“qh1-demo.cn”\t√\t冀ICP备19000001号-1\n《qh2-demo.cn》\t×\t\nqh3-demo.cn\t\t\n", "qh1-demo.cn filed 冀ICP备19000001号-1; qh2-demo.cn unfiled; qh3-demo.cn unknown"},
		"an unknown heading":  {"网站,备案\nqh1-demo.cn,冀ICP备19000001号-1\nqh2-demo.cn,\n", "qh1-demo.cn filed 冀ICP备19000001号-1; qh2-demo.cn unknown"},
		"from a database":     {"id;host;icp;status;owner_mail\n1;qh1-demo.cn;冀ICP备19000001号-1;1;a@example.cn\n2;qh2-demo.cn;NULL;0;b@example.cn\n3;;NULL;0;\n", "qh1-demo.cn filed 冀ICP备19000001号-1; qh2-demo.cn unknown; !line 4"},
		"json lines":          {`{"网站域名":["qh1-demo.cn","qh2-demo.cn"],"备案号":"冀ICP备19000001号-1","手机":1.3800138E10}` + "\n" + `{"domain":"qh3-demo.cn","filing_status":"已註銷"}` + "\nnot json\n", "qh1-demo.cn filed 冀ICP备19000001号-1; qh2-demo.cn filed 冀ICP备19000001号-1; qh3-demo.cn cancelled; !line 3"},
		"full-width commas":   {"域名，备案号，备注\nqh1-demo.cn，冀ICP备19000001号-1，旧\nqh2-demo.cn，未备案，\n", "qh1-demo.cn filed 冀ICP备19000001号-1; qh2-demo.cn unfiled"},
		"texts of Excel":      {"域名,备案号,手机\n\"=\"\"qh1-demo.cn\"\"\",\"=\"\"冀ICP备19000001号-1\"\"\",\"=\"\"13800138000\"\"\"\n#N/A,,\n", "qh1-demo.cn filed 冀ICP备19000001号-1; !line 3"},
		"domains in columns":  {"单位名称,域名1,域名2,其他域名,备案号\n清河园艺,qh1-demo.cn,qh2-demo.cn,\"qh3-demo.cn、qh4-demo.cn\",冀ICP备19000001号-1\n清河渔具,qh5-demo.cn,无,,未备案\n,,qh6-demo.cn,,\n", "qh1-demo.cn filed 冀ICP备19000001号-1; qh2-demo.cn filed 冀ICP备19000001号-1; qh3-demo.cn filed 冀ICP备19000001号-1; qh4-demo.cn filed 冀ICP备19000001号-1; qh5-demo.cn unfiled; qh6-demo.cn unknown"},
		"words between names": {"域名,备案号\nqh1-demo.cn以及qh2-demo.cn,\nqh3-demo.cn//qh4-demo.cn,\nqh5-demo.cn备用qh6-demo.cn,\n", "qh1-demo.cn unknown; qh2-demo.cn unknown; qh3-demo.cn unknown; qh4-demo.cn unknown; qh5-demo.cn unknown; qh6-demo.cn unknown"},
		"odd numbers":         {"域名,备案号\nqh1-demo.cn,冀ICP备 2019 000001号-2\nqh2-demo.cn,萌ICP备20190001号\nqh3-demo.cn,冀ICP备00000000号\nqh4-demo.cn,冀ICP备19000001号-3A\nqh5-demo.cn,泸ICP备19000001号\n", "qh1-demo.cn filed 冀ICP备 2019 000001号-2; qh2-demo.cn unknown; qh3-demo.cn unknown; qh4-demo.cn filed 冀ICP备19000001号-3A; qh5-demo.cn filed 泸ICP备19000001号"},
		"no list of domains":  {"姓名,部门\n张三,总务\n", `error: reading inventory PATH: no column of domains: line 1 reads "姓名", "部门"; understood: "部门" as team. Name one column domain (域名, 网站域名). Known headings: ` + strings.Join(knownHeadings(func(c *column) string { return c.name }), ", ")},
	} {
		got := outcome(t, c.text)
		if i, j := strings.Index(got, "inventory /"), strings.Index(got, ": no column"); i > 0 && j > i {
			got = got[:i] + "inventory PATH" + got[j:]
		}
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// Headings that mean something else must not be taken for a column.
func TestHeadingsThatAreOthers(t *testing.T) {
	for heading, want := range map[string]string{
		"域名": "domain", "網站域名": "domain", "网站域名（必填）": "domain", "*网址": "domain", "集团子公司域名": "domain", "域名到期时间": "domain_expires", "域名备案状态": "filing_status", "域名数量": "", "域名注册商": "registrar", "域名后缀": "", "是否有域名": "", "跳转域名": "alias_of", "域名证书到期": "domain_expires",
		"ICP备案主体许可证号": "filing_number", "备案订单号": "", "公安备案号": "police_number", "公安联网备案编号": "police_number", "公安备案时间": "", "公安备案状态": "", "备案号查询链接": "", "APP备案号": "", "是否有备案号": "", "其他备案号": "also_numbers", "前置审批号": "approvals",
		"备案审核状态": "filing_status", "订单状态": "status", "备案状态更新时间": "", "负责人证件号码": "", "主办单位证件号码": "credit_code", "法定代表人证件号码": "", "营业执照照片": "", "统一社会信用代码/组织机构代码": "credit_code",
		"主办单位负责人姓名": "", "网站负责人姓名": "owner", "网站负责人手机": "mobile", "主办单位通信地址": "", "单位通讯地址": "", "主办单位证件住所": "cert_address", "接入服务提供者单位名称": "access_provider", "接入地": "", "接入时间": "",
		"IP": "server_ip", "服务器公网IP": "server_ip", "IP归属地": "", "IP数量": "", "指定IP": "address", "联系人邮箱": "contact", "备案通过时间": "approved_at", "提交备案时间": "", "备案时间": "approved_at", "网站开通日期": "", "注册时间": "", "创建时间": "", "序号": "",
	} {
		got := ""
		if c := columnOf(heading); c != nil {
			got = c.name
		}
		if got != want {
			t.Errorf("%q: %q, want %q", heading, got, want)
		}
	}
}

// Nothing may be handed on that a visit could not use.
func checkRead(t *testing.T, path string) {
	t.Helper()
	targets, rejected, _, _ := readFile(t, path)
	seq := 0
	for _, g := range targets {
		if again, err := dns.Name(g.Domain); err != nil || again != g.Domain {
			t.Errorf("domain %q reads again as %q, %v", g.Domain, again, err)
		}
		for _, s := range []string{g.Given, g.Notes, g.Owner, g.Filing.Subject, g.Filing.Number, g.Filing.Reason} {
			if !utf8.ValidString(s) {
				t.Errorf("%q is not UTF-8", s)
			}
		}
		if g.Seq <= seq || g.Line < 1 || string(g.Filing.Status) == "" {
			t.Errorf("%+v after %d", g, seq)
		}
		seq = g.Seq
	}
	for _, r := range rejected {
		if r.Reason.EN == "" || r.Reason.ZH == "" || len(r.Text) > 4*maxText || r.Line < 1 {
			t.Errorf("rejection %+v", r)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"域名,备案号\na.cn、b.cn,京ICP备12345678号-1(已注销)\n", "网站域名，备案号\na.cn，×\n", "基本,,联系,\n域名,备案号,姓名,手机\n1.a.cn,,x,1.38E+10\n", "\"=\"\"a.cn\"\"\";#N/A\n", "域名\r\xd6\xd0\xb9\xfa.cn\ra.cn", "x,y\na.cn,\nb.cn,\"", "id|host\n1|1.a.cn"} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) { checkRead(t, written(t, dir, "list.csv", data)) })
}

func FuzzJSONL(f *testing.F) {
	for _, s := range []string{`{"domain":["a.cn","b.cn"],"mobile":1.38E10}`, `{"域名":"a.cn","approvals":[],"x":{"y":[1,{"z":null}]}}`, "{\n", `{"data":[{"domain":"a.cn"}]}`, `{"domain":{"kind":"a","path":"b.cn"}}`} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		checkRead(t, written(t, dir, "list.jsonl", append([]byte("{"), data...)))
	})
}

// FuzzXLSX fuzzes the XML of a sheet and of the shared strings inside a
// workbook that is otherwise sound.
func FuzzXLSX(f *testing.F) {
	rows := rowXML(1, "域名", "手机") + rowXML(2, "a.cn", `<c><v>1.38E10</v></c>`) + `<row r="4"><c r="A4" t="s"><v>0</v></c><c t="e"/></row>`
	f.Add(`<workbookPr date1904="1"/>`, rows, `<mergeCells><mergeCell ref="B2:B4"/></mergeCells>`)
	f.Add("", `<x:row><x:c r="ZZ9"><x:v>1</x:v></x:c>`, `<dataValidation type="list" sqref="A1"><formula1>x!$A$1</formula1>`)
	f.Add("", `<row r="9999999999"/><row r="1048577"><c>`, `</sheetData><mergeCell ref="A1:XFD1048576"/>`)
	f.Fuzz(func(t *testing.T, properties, rows, tail string) {
		checkRead(t, rawBook(t, properties, part{name: "S", rows: rows, tail: tail}, part{name: "T", rows: rows}))
	})
}

func written(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestForeignHeadings: headings that nobody knows are never taken for data, and the
// known ones are listed.
func TestForeignHeadings(t *testing.T) {
	for text, want := range map[string]string{
		"网站：,备案信息栏\na.example.cn,已备案\nb.example.cn,未备案\n": "其余标题均无法识别",
		"站点一览.,甲,乙\na.example.cn,1,2\n":                   "其余标题均无法识别",
	} {
		path := filepath.Join(t.TempDir(), "list.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Summarize(context.Background(), path)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if s.Rejected != 0 || s.Targets != strings.Count(text, "example.cn") {
			t.Errorf("%q: %d names, %d rejected", text, s.Targets, s.Rejected)
		}
		if said := s.Text("zh"); !strings.Contains(said, want) || !strings.Contains(said, "备案状态、备案号、主办单位名称") {
			t.Errorf("%q: %s", text, said)
		}
	}
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte("名称,备案\n某站,已备案\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var fault *Error
	if _, err := Summarize(context.Background(), path); !errors.As(err, &fault) || !strings.Contains(fault.In("zh"), "能识别的标题：域名、备案状态") {
		t.Errorf("no domains at all: %v", err)
	}
}
