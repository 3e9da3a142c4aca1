package inventory

import "github.com/beianwatch/beianwatch/crawler"

// offs say what is not checked for want of a column, the weightiest first. The
// ids are those of the rules that read the column.
var offs = []Missing{
	{Column: "filing_status", Rules: []string{"unfiled-site-serving", "filed-site-down", "filed-site-placeholder"}, Off: say("不能判断“未备案却已开放”；没有备案号的网站按状态未知处理", "sites that serve without a filing are not found; a site without a number counts as unknown")},
	{Column: "filing_number", Rules: []string{"footer-number-wrong", "footer-number-suffix"}, Off: say("不能核对页面上的备案号是不是本站的", "whether the number shown is the site's own is not checked")},
	{Column: "subject_name", Rules: []string{"domain-holder-mismatch", "content-of-another-subject", "phone-shared"}, Off: say("不能核对域名所有人、页面主体和共用手机", "holder, content and shared mobiles are not compared with the filing entity")},
	{Column: "subject_nature", Rules: []string{"personal-filing-business-content", "documents-incomplete"}, Off: say("不能检查个人备案的经营内容和材料是否齐全", "business content under a personal filing and missing documents are not found")},
	{Column: "site_name", Rules: []string{"site-name-mismatch", "site-name-invalid"}, Off: say("不能检查网站名称", "the name of the site is not checked")},
	{Column: "cert_address", Rules: []string{"cross-province", "phone-not-local"}, Off: say("不能按证件地址检查跨省备案", "filings across provinces are not found by the certificate's address")},
	{Column: "credit_code", Rules: []string{"credit-code-invalid"}, Off: say("不能检查统一社会信用代码", "the credit code is not checked")},
	{Column: "access_provider", Rules: []string{"filed-site-elsewhere"}, Off: say("不能核对网站是否在备案的接入商", "whether the site runs at its access provider is not checked")},
	{Column: "server_ip", Rules: []string{"server-address-differs"}, Off: say("不核对域名是否解析到服务器 IP", "whether the name points to the server's address is not checked")},
	{Column: "approvals", Rules: []string{"preapproval-*"}, Off: say("前置审批只作待核实处理", "industries that need approval are warnings at most")},
	{Column: "approved_at", Rules: []string{"filed-site-down", "filed-site-placeholder"}, Off: say("不能扣除备案通过后的准备期", "the days of grace after an approval are not counted")},
	{Column: "police_number", Rules: []string{"police-number-missing"}, Off: say("公安备案只作提示", "public-security filings are notices")},
	{Column: "domain_holder", Rules: []string{"domain-holder-mismatch"}, Off: say("不核对域名所有人（可用 --whois）", "the domain's holder is not compared (--whois can ask)")},
	{Column: "registrar", Rules: []string{"registrar-not-approved"}, Off: say("不核对域名注册商（可用 --whois）", "the registrar is not checked (--whois can ask)")},
	{Column: "domain_expires", Rules: []string{"domain-expiring"}, Off: say("不检查域名到期（可用 --whois）", "the domain's term is not checked (--whois can ask)")},
	{Column: "phone", Rules: []string{"phone-not-local"}, Off: say("不检查办公电话", "the office telephone is not checked")},
	{Column: "mobile", Rules: []string{"phone-shared", "phone-not-local"}, Off: say("不检查手机", "the mobile is not checked")},
	{Column: "phone_verified_at", Rules: []string{"phone-unverified"}, Off: say("不检查电话核验时间", "how old the last verification is, is not checked")},
	{Column: "documents", Rules: []string{"documents-incomplete", "documents-unclear"}, Off: say("不检查备案材料", "documents are not checked")},
	{Column: "owner", Off: say("报告不能按负责人分发", "reports are not parted by owner")},
}

// filledColumns lists the columns of offs that a target fills.
func filledColumns(t *crawler.Target) []string {
	f, h := &t.Filing, &t.Holder
	out := make([]string, 0, len(offs))
	for _, c := range [...]struct {
		name   string
		filled bool
	}{
		{"filing_status", f.Status != crawler.FilingUnknown}, {"filing_number", f.Number != ""}, {"subject_name", f.Subject != ""}, {"subject_nature", f.Nature != ""},
		{"site_name", f.SiteName != ""}, {"cert_address", f.CertAddress != ""}, {"credit_code", f.CreditCode != ""}, {"access_provider", f.AccessProvider != ""},
		{"server_ip", len(t.ServerIPs) > 0}, {"approvals", f.ApprovalsKnown || len(f.Approvals) > 0}, {"approved_at", !f.ApprovedAt.IsZero()}, {"police_number", f.PoliceNumber != "" || f.PoliceDue},
		{"domain_holder", h.DomainHolder != ""}, {"registrar", h.Registrar != ""}, {"domain_expires", !h.DomainExpires.IsZero()}, {"phone", h.Phone != ""},
		{"mobile", h.Mobile != ""}, {"phone_verified_at", !h.PhoneVerifiedAt.IsZero()}, {"documents", len(h.Documents) > 0}, {"owner", t.Owner != ""},
	} {
		if c.filled {
			out = append(out, c.name)
		}
	}
	return out
}
