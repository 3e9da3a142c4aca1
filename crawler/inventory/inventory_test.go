package inventory

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory/date"
)

// readText writes text to a file and reads it as an inventory.
func readText(t *testing.T, text string) ([]crawler.Target, []Rejection, Counts, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return readFile(t, path)
}

func readFile(t *testing.T, path string) ([]crawler.Target, []Rejection, Counts, error) {
	t.Helper()
	var targets []crawler.Target
	var rejected []Rejection
	counts, err := Read(path,
		func(tg crawler.Target) error { targets = append(targets, tg); return nil },
		func(r Rejection) error { rejected = append(rejected, r); return nil })
	if counts.Targets != len(targets) || counts.Rejected != len(rejected) || counts.Lines != len(targets)+len(rejected) {
		t.Errorf("counts %+v, yet %d targets and %d rejections came", counts, len(targets), len(rejected))
	}
	return targets, rejected, counts, err
}

func domains(targets []crawler.Target) string {
	var out []string
	for _, t := range targets {
		out = append(out, t.Domain)
	}
	return strings.Join(out, " ")
}

func TestFormsOfOneList(t *testing.T) {
	gbk := func(s string) string {
		out, err := simplifiedchinese.GBK.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("域名\t主办单位名称\r\na.cn\t示例公司\r\nb.cn\t\r\n")
	if err != nil {
		t.Fatal(err)
	}
	chinese := "域名,主办单位名称\r\na.cn,示例公司\r\nb.cn,\r\n"
	for name, text := range map[string]string{
		"english":             "domain,subject_name\na.cn,示例公司\nb.cn,\n",
		"chinese":             chinese,
		"bom":                 "\xEF\xBB\xBF" + chinese,
		"gbk":                 gbk(chinese),
		"gbk far into ascii":  "domain,subject_name\n" + gbk("a.cn,示例公司\nb.cn,\n"),
		"utf-16":              utf16,
		"semicolon":           "Domain;Subject Name\na.cn;示例公司\nb.cn;\n",
		"tab":                 "DOMAIN\tsubject-name\na.cn\t示例公司\nb.cn\t\n",
		"bar":                 "domain|subject_name\na.cn|示例公司\nb.cn|\n",
		"sep line":            "sep=;\r\n域名;主办单位\r\na.cn;示例公司\r\nb.cn;\r\n",
		"quotes":              "\"domain\",\"subject_name\"\n\"a.cn\",\"示例公司\"\n\"b.cn\",\"\"\n",
		"full width":          "ｄｏｍａｉｎ,主办单位名称（必填）\na.cn,示例公司\nb.cn,\n",
		"cr only":             "domain,subject_name\ra.cn,示例公司\rb.cn,\r",
		"blank and comment":   "# our list\n\ndomain,subject_name\n\na.cn,示例公司\n,\n# more\nb.cn,\n\n",
		"title above heading": "网站清单,\n,\n域名,主办单位名称\na.cn,示例公司\nb.cn,\n",
		"no last line end":    "domain,subject_name\na.cn,示例公司\nb.cn,",
		"jsonl":               "{\"domain\":\"a.cn\",\"subject_name\":\"示例公司\"}\n{\"域名\":\"b.cn\"}\n",
		"jsonl bom":           "\xEF\xBB\xBF{\"domain\":\"a.cn\",\"subject_name\":\"示例公司\"}\n\n{\"domain\":\"b.cn\",\"subject_name\":null}",
	} {
		t.Run(name, func(t *testing.T) {
			targets, rejected, counts, err := readText(t, text)
			if err != nil || len(rejected) > 0 {
				t.Fatalf("err %v, rejected %v", err, rejected)
			}
			if got := domains(targets); got != "a.cn b.cn" {
				t.Fatalf("domains %q", got)
			}
			if got := targets[0].Filing.Subject; got != "示例公司" {
				t.Errorf("subject %q", got)
			}
			if len(counts.Unknown) > 0 {
				t.Errorf("unknown headings %q", counts.Unknown)
			}
		})
	}
}

func TestEveryColumn(t *testing.T) {
	head := "domain,filing_status,filing_number,subject_name,subject_nature,site_name,province,cert_address,credit_code,access_provider,approvals,police_number,approved_at,domain_holder,registrar,domain_expires,phone,mobile,phone_verified_at,documents,filing_checked_at,expect,alias_of,also_numbers,address,owner,team,contact,notes,colour\n"
	row := "https://WWW.示例.cn/x,已备案,京ICP备12345678号-1,示例公司,企业,示例网,北京,海淀路1号,91110000000000000X,示例云,新闻:1012020;finance,京公网安备11010502030143号,2026年1月2日,示例公司,示例注册商,2027/3/4,010-12345678,13800138000,2026.5.6,licence:a.pdf;证件:b.jpg,2026-11-01 08:00,跳转,Main.cn.,京ICP备87654321号；沪ICP备11111111号,192.0.2.7,张三,运维,ops@example.cn,旧站,红\n"
	targets, rejected, counts, err := readText(t, head+row)
	if err != nil || len(rejected) > 0 || len(targets) != 1 {
		t.Fatalf("err %v, rejected %v", err, rejected)
	}
	day := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, date.China) }
	want := crawler.Target{
		Line: 2, Seq: 1, Domain: "www.xn--fsq092h.cn", Given: "https://WWW.示例.cn/x",
		Filing: crawler.Filing{
			Status: crawler.FilingFiled, Number: "京ICP备12345678号-1", AlsoNumbers: []string{"京ICP备87654321号", "沪ICP备11111111号"},
			Subject: "示例公司", Nature: "企业", SiteName: "示例网", Province: "北京", CertAddress: "海淀路1号", CreditCode: "91110000000000000X", AccessProvider: "示例云",
			Approvals: []crawler.Approval{{Category: "news", Number: "1012020"}, {Category: "finance"}}, ApprovalsKnown: true,
			PoliceNumber: "京公网安备11010502030143号", ApprovedAt: day(2026, 1, 2, 0), CheckedAt: day(2026, 11, 1, 8), Source: "inventory",
		},
		Holder: crawler.Holder{DomainHolder: "示例公司", Registrar: "示例注册商", DomainExpires: day(2027, 3, 4, 0), Phone: "010-12345678", Mobile: "13800138000",
			PhoneVerifiedAt: day(2026, 5, 6, 0), Documents: []crawler.Document{{Kind: "licence", Path: "a.pdf"}, {Kind: "证件", Path: "b.jpg"}}},
		Expect: crawler.ExpectRedirect, AliasOf: "main.cn", Address: netip.MustParseAddr("192.0.2.7"),
		Owner: "张三", Team: "运维", Contact: "ops@example.cn", Notes: "旧站; colour: 红",
	}
	if diff := cmp.Diff(want, targets[0], cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"colour"}, counts.Unknown); diff != "" {
		t.Error(diff)
	}
	if len(counts.Warnings) != 1 || !strings.Contains(counts.Warnings[0].EN, "colour") {
		t.Errorf("warnings %q", counts.Warnings)
	}
}

func TestFilingStatus(t *testing.T) {
	for _, c := range []struct {
		status, number string
		want           crawler.FilingStatus
	}{
		{"", "", crawler.FilingUnknown},
		{"", "京ICP备12345678号", crawler.FilingFiled},
		{"", "无", crawler.FilingUnknown},
		{"", "-", crawler.FilingUnknown},
		{"", "未备案", crawler.FilingUnfiled},
		{"未备案", "", crawler.FilingUnfiled},
		{"Not filed", "", crawler.FilingUnfiled},
		{"UNFILED", "京ICP备12345678号", crawler.FilingUnfiled},
		{"审核中", "", crawler.FilingInReview},
		{"in review", "", crawler.FilingInReview},
		{"已注销", "", crawler.FilingCancelled},
		{"查询失败", "", crawler.FilingUnknown},
		{"驳回", "京ICP备12345678号", crawler.FilingUnknown},
		{"unknown", "京ICP备12345678号", crawler.FilingUnknown},
		{"-", "", crawler.FilingUnknown},
		{"是", "", crawler.FilingFiled},
	} {
		targets, _, _, err := readText(t, "domain,filing_status,filing_number\na.cn,"+c.status+","+c.number+"\n")
		if err != nil {
			t.Fatal(err)
		}
		if got := targets[0].Filing; got.Status != c.want || got.Status == crawler.FilingUnknown && got.Reason == "" {
			t.Errorf("status %q number %q: %s (%s), want %s", c.status, c.number, got.Status, got.Reason, c.want)
		}
	}
}

// A column headed 状态 alone may speak of the site, not of its filing.
func TestStatusOfWhat(t *testing.T) {
	targets, _, _, err := readText(t, "域名,状态\na.cn,正常\nb.cn,已备案\nc.cn,停用\n")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []crawler.FilingStatus{crawler.FilingUnknown, crawler.FilingFiled, crawler.FilingUnknown} {
		if got := targets[i].Filing.Status; got != want {
			t.Errorf("%s: %s, want %s", targets[i].Domain, got, want)
		}
	}
	if targets[0].Notes != "status: 正常" {
		t.Errorf("notes %q", targets[0].Notes)
	}
}

func TestSubjectAndSiteNumber(t *testing.T) {
	targets, _, _, err := readText(t, "域名,主体备案号,网站备案号\na.cn,粤ICP备1号,粤ICP备1号-2\n")
	if err != nil {
		t.Fatal(err)
	}
	f := targets[0].Filing
	if f.Number != "粤ICP备1号" || len(f.AlsoNumbers) != 1 || f.AlsoNumbers[0] != "粤ICP备1号-2" {
		t.Errorf("%+v", f)
	}
}

func TestApprovals(t *testing.T) {
	for _, c := range []struct {
		cell  string
		n     int
		known bool
	}{
		{"", 0, false}, {"none", 0, true}, {"无", 0, true}, {"news:1;出版：2", 2, true}, {"新闻", 1, true}, {"wine:3", 0, false}, {"news:1;wine:3", 1, false}, {"未知", 0, false},
	} {
		targets, _, _, err := readText(t, "domain;approvals\na.cn;\""+c.cell+"\"\n")
		if err != nil {
			t.Fatal(err)
		}
		if f := targets[0].Filing; len(f.Approvals) != c.n || f.ApprovalsKnown != c.known {
			t.Errorf("%q: %v, known %v", c.cell, f.Approvals, f.ApprovalsKnown)
		}
	}
	targets, _, _, err := readText(t, `{"domain":"a.cn","approvals":[{"category":"news","number":"7"}]}`+"\n"+`{"domain":"b.cn","approvals":[]}`+"\n"+`{"domain":"c.cn"}`)
	if err != nil {
		t.Fatal(err)
	}
	if f := targets[0].Filing; len(f.Approvals) != 1 || f.Approvals[0].Number != "7" || !targets[1].Filing.ApprovalsKnown || targets[2].Filing.ApprovalsKnown {
		t.Errorf("%+v %+v", f, targets[1].Filing)
	}
}

func TestWithoutHeading(t *testing.T) {
	targets, rejected, _, err := readText(t, "a.cn\n# remark\nhttp://b.cn/\nnot a name\n例子.中国\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := domains(targets); got != "a.cn b.cn xn--fsqu00a.xn--fiqs8s" {
		t.Errorf("domains %q", got)
	}
	if len(rejected) != 1 || rejected[0].Line != 4 || rejected[0].Text != "not a name" {
		t.Errorf("rejected %+v", rejected)
	}
	targets, _, counts, err := readText(t, "1,a.cn,first\n2,b.cn,second\n")
	if err != nil {
		t.Fatal(err)
	}
	if domains(targets) != "a.cn b.cn" || targets[0].Notes != "column 1: 1; column 3: first" || len(counts.Warnings) != 1 {
		t.Errorf("%+v %q", targets, counts.Warnings)
	}
}

func TestRejections(t *testing.T) {
	_, rejected, _, err := readText(t, "domain,owner\nok.cn,x\n,nobody\na..b,x\n*.wild.cn,x\n\"a.cn;b.cn\",x\n\"open.cn,x\nafter.cn,y\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		line int
		says string
	}{{3, "missing"}, {4, "empty part"}, {5, "wildcard"}, {7, "quotation mark"}}
	if len(rejected) != len(want) {
		t.Fatalf("rejected %+v", rejected)
	}
	for i, w := range want {
		if rejected[i].Line != w.line || !strings.Contains(rejected[i].Reason.EN, w.says) {
			t.Errorf("rejection %+v, want line %d saying %q", rejected[i], w.line, w.says)
		}
	}
}

// A quotation mark that is never closed must cost its own line alone, however
// long the file.
func TestOpenQuoteCostsOneLine(t *testing.T) {
	var b strings.Builder
	b.WriteString("domain,owner\n\"a.cn,x\n")
	for range 5000 {
		b.WriteString("b.cn,y\n")
	}
	targets, rejected, _, err := readText(t, b.String())
	if err != nil || len(targets) != 5000 || len(rejected) != 1 {
		t.Errorf("%d targets, %d rejections, err %v", len(targets), len(rejected), err)
	}
}

func TestLineNumbersAfterCellsOfManyLines(t *testing.T) {
	targets, rejected, _, err := readText(t, "domain,notes\na.cn,\"one\ntwo \"\"three\"\"\"\nb.cn,x\nbad_,\n")
	if err != nil {
		t.Fatal(err)
	}
	if targets[0].Notes != "one\ntwo \"three\"" || targets[1].Line != 4 || rejected[0].Line != 5 {
		t.Errorf("%+v %+v", targets, rejected)
	}
}

func TestTroubleWithTheFile(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"empty":     {"", "empty"},
		"xls":       {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ".xls"},
		"pdf":       {"%PDF-1.7\n", "PDF"},
		"binary":    {"\x7fELF\x00\x00", "no text file"},
		"page":      {"<html><table>", "web page"},
		"array":     {"[{\"domain\":\"a.cn\"}]", "JSON Lines"},
		"bad zip":   {"PK\x03\x04rest", ".xlsx"},
		"no domain": {"name,备案号\nx,y\n", `understood: "备案号" as filing_number`},
		"only head": {"domain,owner\n", "no domain in it"},
	} {
		if _, _, _, err := readText(t, c.text); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want it to say %q", name, err, c.says)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "absent.csv"), nil, nil); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("absent: %v", err)
	}
	if _, err := Read(t.TempDir(), nil, nil); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("folder: %v", err)
	}
}

func TestCallersErrorComesBackAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.csv")
	if err := os.WriteFile(path, []byte("a.cn\nb.cn\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	stop := errors.New("stop")
	n := 0
	_, err := Read(path, func(crawler.Target) error { n++; return stop }, func(Rejection) error { return nil })
	if err != stop || n != 1 {
		t.Errorf("err %v after %d", err, n)
	}
}

// No heading may mean two columns.
func TestHeadingsAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, c := range columns {
		for _, a := range append([]string{c.name}, c.aliases...) {
			if was := seen[plainHeading(a)]; was != "" && was != c.name {
				t.Errorf("%q means both %s and %s", a, was, c.name)
			}
			seen[plainHeading(a)] = c.name
		}
	}
}
