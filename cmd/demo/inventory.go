package demo

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/schedule/sharing"
)

// A row is what the inventory says of a site, in the words of the file.
type row struct {
	status    string // 备案状态; empty: not known
	number    string // 备案号
	subject   string // 主办单位名称
	nature    string // 主办单位性质; 企业 if empty and filed
	siteName  string // 网站名称
	province  string // 省份
	address   string // 证件地址
	server    string // 服务器IP
	code      string // 统一社会信用代码
	phone     string // 办公电话
	mobile    string // 手机
	verified  int    // days since the telephone was called; 0 stands for never
	approvals string // 前置审批
	police    string // 公安备案号; 应办 if it is owed
	approved  int    // days since the approval; 0 stands for a long time
	checked   int    // days since the register was asked; 0 stands for yesterday
	expect    string // 预期
	aliasOf   string // 跳转到
	also      string // 其他备案号
	owner     string // 负责人
	team      string // 部门
	notes     string // 备注
	papers    string // 材料, below Files.Documents
	holder    string // 域名所有人
	registrar string // 域名注册商
	expires   int    // days until the domain expires; 0: not known
}

// The statuses as an inventory writes them.
const (
	isFiled    = "已备案"
	isUnfiled  = "未备案"
	isInReview = "审核中"
)

// headings are the columns in order.
var headings = []string{"域名", "备案状态", "备案号", "主办单位名称", "主办单位性质", "网站名称", "省份", "前置审批", "公安备案号",
	"审核通过日期", "备案查询时间", "预期", "跳转到", "其他备案号", "负责人", "部门", "联系方式", "备注", "材料",
	"证件地址", "统一社会信用代码", "办公电话", "手机", "电话核验时间",
	"域名所有人", "域名注册商", "域名到期日", "服务器IP"}

// cells are the row's columns in the order of headings, as of now.
func (r row) cells(domain string, now time.Time) []string {
	day := func(ago int) string { return now.AddDate(0, 0, -ago).Format(time.DateOnly) }
	approved, checked := "", ""
	if r.status == isFiled {
		approved = day(orDays(r.approved, 420))
	}
	if r.status != "" {
		checked = day(orDays(r.checked, 1))
	}
	expires := ""
	if r.expires != 0 {
		expires = day(-r.expires)
	}
	nature := r.nature
	if nature == "" && r.status == isFiled {
		nature = "企业"
	}
	verified := ""
	if r.verified > 0 {
		verified = day(r.verified)
	}
	contact := ""
	if r.owner != "" {
		contact = "site-owner@" + domain
	}
	return []string{domain, r.status, r.number, r.subject, nature, r.siteName, r.province, r.approvals, r.police,
		approved, checked, r.expect, r.aliasOf, r.also, r.owner, r.team, contact, r.notes, r.papers,
		r.address, r.code, r.phone, r.mobile, verified,
		r.holder, r.registrar, expires, r.server}
}

func orDays(n, usual int) int {
	if n == 0 {
		return usual
	}
	return n
}

// writeCSV writes the inventory of all sites as Excel does: UTF-8 with a byte
// order mark.
func (in *Internet) writeCSV(w io.Writer, now time.Time) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	lines := [][]string{headings}
	for _, s := range in.Sites {
		lines = append(lines, s.row.cells(s.Domain, now))
	}
	return c.WriteAll(lines)
}

// Files are what a scan of the box is given.
type Files struct {
	Inventory string // the CSV file (scan INVENTORY)
	Networks  string // where the loopback networks are (--mainland-file)
	Documents string // the folder of documents (--documents)
}

// Write writes the inventory, the list of networks and the documents into the folder, which
// is made if it is not there. Dates in the inventory are relative to now.
func (in *Internet) Write(dir string) (Files, error) {
	f := Files{Inventory: filepath.Join(dir, "demo-inventory.csv"), Networks: filepath.Join(dir, "demo-networks.txt"), Documents: filepath.Join(dir, "demo-documents")}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return f, fmt.Errorf("making a folder for the demo's files: %w", err)
	}
	var b strings.Builder
	if err := in.writeCSV(&b, time.Now()); err != nil {
		return f, fmt.Errorf("writing the demo's inventory: %w", err)
	}
	if err := os.WriteFile(f.Inventory, []byte(b.String()), 0o644); err != nil {
		return f, fmt.Errorf("writing the demo's inventory: %w", err)
	}
	if err := os.WriteFile(f.Networks, []byte(in.NetworksText()), 0o644); err != nil {
		return f, fmt.Errorf("writing the demo's list of networks: %w", err)
	}
	return f, writePapers(f.Documents)
}

// NetworksText is the file that says where the addresses of the box are, in
// the form of --mainland-file. A loopback address is nowhere by itself; here
// one of them stands for a server abroad.
func (in *Internet) NetworksText() string {
	return "# the demo's addresses\n" + usual[foreignSpot][0].String() + " SG\n"
}

// Targets reads the inventory back through the ordinary reader: one target
// for each site, in the same order, with what the whole inventory says of each
// mobile.
func (in *Internet) Targets(dir string) ([]crawler.Target, error) {
	f, err := in.Write(dir)
	if err != nil {
		return nil, err
	}
	var out []crawler.Target
	_, err = inventory.Read(f.Inventory,
		func(t crawler.Target) error { out = append(out, t); return nil },
		func(r inventory.Rejection) error {
			return fmt.Errorf("%s, line %d: %s: %s", f.Inventory, r.Line, r.Text, r.Reason)
		})
	if err != nil {
		return nil, err
	}
	return out, share(out, dir)
}

// share tells each target who else has its mobile.
func share(targets []crawler.Target, dir string) error {
	book := sharing.New(dir)
	for i := range targets {
		if err := book.Add(&targets[i]); err != nil {
			return err
		}
	}
	index, err := book.Index()
	if err != nil {
		return err
	}
	defer index.Close()
	for i := range targets {
		if targets[i].Holder.Sharing, err = index.Of(&targets[i]); err != nil {
			return err
		}
	}
	return nil
}
