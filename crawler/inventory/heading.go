package inventory

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// A column is one thing that an inventory may say of a domain.
type column struct {
	name    string   // the contract's word (DESIGN section 6)
	aliases []string // other headings seen for it
	set     func(r *row, text string)
}

// columns are all columns. Aliases are headings of filing systems' exports,
// cloud consoles and hand-kept lists; they are compared by plainHeading.
var columns = []*column{
	{"domain", []string{"域名", "网站域名", "主域名", "备案域名", "域名名称", "网址", "网站网址", "网站地址", "首页网址", "网站首页网址", "站点", "站点域名", "host", "hostname", "url", "website", "site", "domain name", "fqdn"}, (*row).domain},
	{"filing_status", []string{"备案状态", "icp备案状态", "备案情况", "是否备案", "是否已备案", "filing", "icp status", "filed"}, (*row).filingStatus},
	{"status", []string{"状态", "网站状态", "域名状态"}, (*row).looseStatus},
	{"filing_number", []string{"备案号", "icp备案号", "icp备案", "备案编号", "备案许可证号", "主体备案号", "网站备案号", "服务备案号", "网站备案/许可证号", "主体备案/许可证号", "备案/许可证号", "icp", "icp number", "icp no", "licence", "license", "main licence", "service licence", "mainlicence", "servicelicence", "beian"}, (*row).filingNumber},
	{"subject_name", []string{"主办单位名称", "主办单位", "主体名称", "备案主体", "单位名称", "公司名称", "企业名称", "主办者名称", "主办者", "unitname", "unit name", "company", "subject", "organisation", "organization"}, func(r *row, s string) { fill(&r.t.Filing.Subject, s) }},
	{"subject_nature", []string{"主办单位性质", "单位性质", "主体性质", "性质", "naturename", "nature"}, func(r *row, s string) { fill(&r.t.Filing.Nature, s) }},
	{"site_name", []string{"网站名称", "站点名称", "网站名", "服务名称", "互联网信息服务名称", "servicename", "site title"}, func(r *row, s string) { fill(&r.t.Filing.SiteName, s) }},
	{"province", []string{"省份", "备案省份", "所属省份", "所在省份", "省", "省市", "管局", "通信管理局", "所属管局"}, func(r *row, s string) { fill(&r.t.Filing.Province, s) }},
	{"cert_address", []string{"证件住所", "证件地址", "主办单位证件住所", "注册地址", "住所", "certificate address"}, func(r *row, s string) { fill(&r.t.Filing.CertAddress, s) }},
	{"credit_code", []string{"统一社会信用代码", "社会信用代码", "信用代码", "证件号码", "主办单位证件号码", "uscc", "unified social credit code"}, func(r *row, s string) { fill(&r.t.Filing.CreditCode, s) }},
	{"access_provider", []string{"接入服务商", "接入商", "接入服务提供者", "接入服务提供商", "服务商", "云服务商", "isp", "provider"}, func(r *row, s string) { fill(&r.t.Filing.AccessProvider, s) }},
	{"approvals", []string{"前置审批", "前置审批项", "前置审批号", "前置审批文件", "前置审批或专项审批", "专项审批", "许可", "许可证", "经营许可证", "资质", "行业许可", "licences", "licenses", "permits", "approval"}, (*row).approvals},
	{"police_number", []string{"公安备案号", "公安备案", "公网安备", "公网安备号", "公安联网备案号", "公安机关备案号", "联网备案号", "police", "mps number", "police filing"}, (*row).police},
	{"police_due", []string{"应办公安备案", "公安备案应办", "须公安备案", "需公安备案"}, (*row).policeDue},
	{"approved_at", []string{"备案日期", "审核通过日期", "审核通过时间", "审核日期", "审核时间", "备案时间", "备案通过时间", "备案通过日期", "核准日期", "updaterecordtime", "approved", "approval date", "filed at"}, func(r *row, s string) { r.date(&r.t.Filing.ApprovedAt, "approved_at", s) }},
	{"domain_holder", []string{"域名持有者", "域名所有者", "域名所有人", "域名注册者", "注册人", "域名注册人", "holder", "registrant"}, func(r *row, s string) { fill(&r.t.Holder.DomainHolder, s) }},
	{"registrar", []string{"域名注册商", "注册商", "注册服务机构", "域名注册服务机构"}, func(r *row, s string) { fill(&r.t.Holder.Registrar, s) }},
	{"domain_expires", []string{"域名到期", "域名到期时间", "域名到期日期", "域名到期日", "到期时间", "到期日期", "到期日", "域名有效期", "expires", "expiry", "expiration date"}, func(r *row, s string) { r.date(&r.t.Holder.DomainExpires, "domain_expires", s) }},
	{"phone", []string{"电话", "办公电话", "固定电话", "座机", "联系电话", "telephone", "tel"}, func(r *row, s string) { fill(&r.t.Holder.Phone, s) }},
	{"mobile", []string{"手机", "手机号", "手机号码", "移动电话", "应急联系电话", "cell"}, func(r *row, s string) { fill(&r.t.Holder.Mobile, s) }},
	{"phone_verified_at", []string{"电话核验时间", "电话核验日期", "手机核验时间", "核验时间", "核验日期"}, func(r *row, s string) { r.date(&r.t.Holder.PhoneVerifiedAt, "phone_verified_at", s) }},
	{"documents", []string{"材料", "备案材料", "文件", "资料", "证件材料", "files"}, (*row).documents},
	{"filing_checked_at", []string{"备案查询时间", "备案查询日期", "备案核查时间", "查询时间", "查询日期", "核查时间", "核查日期", "checked at", "queried at"}, func(r *row, s string) { r.date(&r.t.Filing.CheckedAt, "filing_checked_at", s) }},
	{"expect", []string{"预期", "期望", "预期状态", "期望状态", "应有状态", "expected"}, (*row).expect},
	{"alias_of", []string{"跳转到", "跳转域名", "跳转至", "指向", "主站", "主站域名", "别名", "alias", "redirects to"}, (*row).aliasOf},
	{"also_numbers", []string{"其他备案号", "其它备案号", "关联备案号", "同主体备案号", "other numbers", "also"}, (*row).alsoNumbers},
	{"address", []string{"ip", "ip地址", "服务器ip", "解析ip", "网站ip", "地址ip", "源站ip", "dial", "ip address"}, (*row).address},
	{"owner", []string{"负责人", "网站负责人", "责任人", "所有者", "负责人姓名"}, func(r *row, s string) { fill(&r.t.Owner, s) }},
	{"team", []string{"部门", "团队", "所属部门", "责任部门", "事业部", "department"}, func(r *row, s string) { fill(&r.t.Team, s) }},
	{"contact", []string{"联系方式", "联系人", "邮箱", "电子邮箱", "联系邮箱", "通知", "email", "e-mail", "mail"}, func(r *row, s string) { fill(&r.t.Contact, s) }},
	{"notes", []string{"备注", "说明", "remark", "remarks", "note", "comment", "comments"}, func(r *row, s string) { r.note("", s) }},
}

// byName and byHeading find columns.
var byName, byHeading = index()

func index() (names, headings map[string]*column) {
	names, headings = map[string]*column{}, map[string]*column{}
	for _, c := range columns {
		names[c.name] = c
		headings[plainHeading(c.name)] = c
		for _, a := range c.aliases {
			headings[plainHeading(a)] = c
		}
	}
	return names, headings
}

// columnOf finds the column that a heading means, nil if none. What stands in
// brackets behind a heading (必填, YYYY-MM-DD) is a remark.
func columnOf(heading string) *column {
	if len(heading) > 200 {
		return nil
	}
	plain := plainHeading(heading)
	if c := byHeading[plain]; c != nil {
		return c
	}
	folded := width.Fold.String(heading)
	if i := strings.IndexAny(folded, "([【"); i > 0 {
		return byHeading[plainHeading(folded[:i])]
	}
	return nil
}

// plainHeading reduces a heading to its letters and digits, in lower case and
// half width.
func plainHeading(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, width.Fold.String(s))
}

// fill sets a field that no earlier column has set.
func fill(field *string, text string) {
	if *field == "" {
		*field = text
	}
}
