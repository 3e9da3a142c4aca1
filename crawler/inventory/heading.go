package inventory

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/beianwatch/beianwatch/crawler/inventory/script"
)

// A column is one thing that an inventory may say of a domain.
type column struct {
	name    string   // the contract's word (DESIGN section 6)
	aliases []string // other headings seen for it, the usual Chinese one first
	digits  bool     // its cells are numbers that a spreadsheet may cut short
	set     func(r *row, text string)
}

// zh is the column's usual Chinese heading.
func (c *column) zh() string { return c.aliases[0] }

// columns are all columns. Aliases are headings of filing systems' exports,
// cloud consoles and hand-kept lists; they are compared by plainHeading.
var columns = []*column{
	{name: "domain", aliases: list(`域名 网站域名 主域名 备案域名 域名名称 网址 网站网址 网站地址 首页网址 网站首页网址 首页地址 网站首页 站点 站点域名 服务域名 互联网信息服务域名 加速域名 业务域名 绑定域名 解析域名 已备案域名
		网站备案域名 域名列表 域名信息 域名地址 访问地址 访问域名 网站链接 链接 站点地址 app域名 host hostname url website site domain_name domains fqdn web_site web_address site_url website_url homepage dns_name`), set: (*row).domain},
	{name: "filing_status", aliases: list(`备案状态 icp备案状态 备案情况 是否备案 是否已备案 是否icp备案 网站备案状态 域名备案状态 服务备案状态 主体备案状态 备案结果 备案进度 备案审核状态 当前备案状态 审核状态 filing filed icp_status icp_filing_status
		beian_status registration_status icp_filed is_filed`), set: (*row).filingStatus},
	{name: "status", aliases: list(`状态 网站状态 域名状态 订单状态 服务状态 接入状态 当前状态`), set: (*row).looseStatus},
	{name: "filing_number", aliases: list(`备案号 icp备案号 icp备案 备案编号 备案许可证号 主体备案号 网站备案号 服务备案号 网站备案/许可证号 主体备案/许可证号 备案/许可证号 icp备案/许可证号 icp备案许可证号 icp许可证号 icp号 工信部备案号 备案序号
		互联网信息服务备案号 互联网信息服务备案/许可证号 服务备案/许可证号 主体备案许可证号 icp主体备案号 icp网站备案号 域名备案号 网站icp备案号 主办单位备案号 备案 icp icp_number icp_no icp_filing_number icp_filing_no
		icp_license icp_licence icp_license_number icp_licence_number icp_license_no icp_record_number icp_registration_number filing_no licence license main_licence service_licence mainlicence servicelicence beian beian_number record_number`), digits: true, set: (*row).filingNumber},
	{name: "subject_name", aliases: list(`主办单位名称 主办单位 主体名称 备案主体 备案主体名称 icp备案主体 icp主体 主体 单位名称 单位 公司名称 公司 企业名称 主办者名称 主办者 主办单位全称 备案单位 备案单位名称 备案公司 icp备案单位 所属主体 所属公司 unitname unit_name company
		company_name subject organisation organization organizer sponsor entity entity_name icp_entity filing_entity subject_name organizer_name sponsor_name`), set: func(r *row, s string) { fill(&r.t.Filing.Subject, s) }},
	{name: "subject_nature", aliases: list(`主办单位性质 单位性质 主体性质 主办单位类型 主体类型 单位类型 备案性质 备案主体性质 企业性质 性质 naturename nature entity_type organizer_type subject_type sponsor_type`), set: func(r *row, s string) { fill(&r.t.Filing.Nature, s) }},
	{name: "site_name", aliases: list(`网站名称 站点名称 网站名 服务名称 互联网信息服务名称 网站/app名称 网站或app名称 备案网站名称 网站中文名称 网站中文名 servicename service_name site_title website_name site_name`), set: func(r *row, s string) { fill(&r.t.Filing.SiteName, s) }},
	{name: "province", aliases: list(`省份 备案省份 所属省份 所在省份 备案地区 省 省市 管局 通信管理局 所属管局 备案管局 受理管局 filing_province`), set: func(r *row, s string) { fill(&r.t.Filing.Province, s) }},
	{name: "cert_address", aliases: list(`证件住所 证件地址 主办单位证件住所 主办单位证件地址 营业执照地址 注册地址 住所 certificate_address registered_address`), set: func(r *row, s string) { fill(&r.t.Filing.CertAddress, s) }},
	{name: "credit_code", aliases: list(`统一社会信用代码 社会信用代码 信用代码 统一代码 统一信用代码 证件号码 主办单位证件号码 主体证件号码 主办单位证件号 主体证件号 营业执照号 营业执照号码 统一社会信用代码证号 uscc unified_social_credit_code credit_code_number social_credit_code`), digits: true, set: (*row).creditCode},
	{name: "access_provider", aliases: list(`接入服务商 接入服务商名称 接入商 接入商名称 接入服务提供者 接入服务提供者名称 接入服务提供商 接入单位 接入单位名称 网站接入服务提供者名称 服务商 云服务商 云厂商 云平台 isp provider cloud_provider hosting_provider`), set: func(r *row, s string) { fill(&r.t.Filing.AccessProvider, s) }},
	{name: "approvals", aliases: list(`前置审批 前置审批项 前置审批号 前置审批文件 前置审批或专项审批 前置审批类型 专项审批 许可 许可证 经营许可证 资质 行业许可 licences licenses permits approval`), set: (*row).approvals},
	{name: "police_number", aliases: list(`公安备案号 公安备案 公网安备 公网安备号 公安联网备案号 公安机关备案号 公安备案编号 网安备案号 联网备案号 police police_number_no mps_number mps_filing_number psb_number police_filing public_security_filing_number`), digits: true, set: (*row).police},
	{name: "police_due", aliases: list(`应办公安备案 公安备案应办 须公安备案 需公安备案`), set: (*row).policeDue},
	{name: "approved_at", aliases: list(`备案日期 审核通过日期 审核通过时间 审核日期 审核时间 备案时间 备案通过时间 备案通过日期 备案成功时间 备案审核时间 核准日期 核准时间 updaterecordtime approved approval_date approval_time filed_at filing_date icp_date`), set: func(r *row, s string) { r.date(&r.t.Filing.ApprovedAt, "approved_at", s) }},
	{name: "domain_holder", aliases: list(`域名持有者 域名持有人 域名所有者 域名所有人 域名注册者 注册人 域名注册人 域名所有者名称 域名持有者名称 holder registrant domain_owner domain_registrant`), set: func(r *row, s string) { fill(&r.t.Holder.DomainHolder, s) }},
	{name: "registrar", aliases: list(`域名注册商 注册商 注册服务机构 域名注册服务机构 域名服务商 domain_registrar`), set: func(r *row, s string) { fill(&r.t.Holder.Registrar, s) }},
	{name: "domain_expires", aliases: list(`域名到期 域名到期时间 域名到期日期 域名到期日 域名过期时间 到期时间 到期日期 到期日 过期时间 域名有效期 expires expiry expiration expiration_date expiry_date expires_at domain_expiry domain_expiration_date`), set: func(r *row, s string) { r.date(&r.t.Holder.DomainExpires, "domain_expires", s) }},
	{name: "phone", aliases: list(`电话 办公电话 固定电话 座机 座机号码 联系电话 办公电话号码 telephone tel phone_number office_phone`), digits: true, set: func(r *row, s string) { fill(&r.t.Holder.Phone, s) }},
	{name: "mobile", aliases: list(`手机 手机号 手机号码 移动电话 联系手机 联系手机号 负责人手机 负责人手机号 负责人手机号码 应急联系电话 应急电话 cell cellphone mobile_phone mobile_number`), digits: true, set: func(r *row, s string) { fill(&r.t.Holder.Mobile, s) }},
	{name: "phone_verified_at", aliases: list(`电话核验时间 电话核验日期 手机核验时间 核验时间 核验日期`), set: func(r *row, s string) { r.date(&r.t.Holder.PhoneVerifiedAt, "phone_verified_at", s) }},
	{name: "documents", aliases: list(`材料 备案材料 文件 资料 证件材料 files`), set: (*row).documents},
	{name: "filing_checked_at", aliases: list(`备案查询时间 备案查询日期 备案核查时间 查询时间 查询日期 核查时间 核查日期 checked_at queried_at`), set: func(r *row, s string) { r.date(&r.t.Filing.CheckedAt, "filing_checked_at", s) }},
	{name: "expect", aliases: list(`预期 期望 预期状态 期望状态 应有状态 expected`), set: (*row).expect},
	{name: "alias_of", aliases: list(`跳转到 跳转域名 跳转至 跳转目标 指向 主站 主站域名 别名 alias redirects_to redirect_to`), set: (*row).aliasOf},
	{name: "also_domains", aliases: list(`其他域名 其它域名 备用域名 附加域名 更多域名 辅助域名 副域名 次域名 其余域名 域名2 域名3 域名4 域名5 域名二 域名三 域名四 域名五 第二域名 other_domains additional_domains more_domains domain2 domain3`), set: (*row).alsoDomains},
	{name: "also_numbers", aliases: list(`其他备案号 其它备案号 关联备案号 同主体备案号 other_numbers also`), set: (*row).alsoNumbers},
	{name: "address", aliases: list(`指定IP 指定ip地址 指定地址 固定解析IP 拨测IP dial dial_address`), set: (*row).address},
	{name: "server_ip", aliases: list(`服务器IP ip ip地址 服务器ip地址 解析ip 解析地址 网站ip 网站ip地址 地址ip 源站ip 主机ip 公网ip 公网ip地址 接入ip 业务ip 备案ip ip_address server_address host_ip origin_ip public_ip ips`), set: (*row).serverIP},
	{name: "owner", aliases: list(`负责人 网站负责人 责任人 所有者 负责人姓名 网站负责人姓名 管理员 站点负责人 业务负责人 运维负责人 服务负责人 互联网信息服务负责人 person_in_charge responsible responsible_person`), set: func(r *row, s string) { fill(&r.t.Owner, s) }},
	{name: "team", aliases: list(`部门 团队 所属部门 责任部门 使用部门 归属部门 管理部门 主管部门 事业部 department dept`), set: func(r *row, s string) { fill(&r.t.Team, s) }},
	{name: "contact", aliases: list(`联系方式 联系人 联系人姓名 邮箱 电子邮箱 电子邮件 联系邮箱 负责人邮箱 联系人邮箱 通知 email e-mail mail contact_email`), set: func(r *row, s string) { fill(&r.t.Contact, s) }},
	{name: "notes", aliases: list(`备注 说明 备注说明 remark remarks note comment comments`), set: func(r *row, s string) { r.note("", s) }},
}

// list parts aliases; an underscore stands for a blank, which headings are
// compared without.
func list(s string) []string { return strings.Fields(s) }

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

// maxHeading bounds a cell that is tried as a heading, in bytes.
const maxHeading = 200

// columnOf finds the column that a heading means, nil if none. What stands in
// brackets behind a heading (必填, YYYY-MM-DD) is a remark.
func columnOf(heading string) *column {
	if len(heading) > maxHeading {
		return nil
	}
	if c := headingColumn(plainHeading(heading)); c != nil {
		return c
	}
	folded := width.Fold.String(heading)
	if i := strings.IndexAny(folded, "([【\n:"); i > 0 {
		return headingColumn(plainHeading(folded[:i]))
	}
	if i := strings.IndexAny(folded, "/、"); i > 0 { // 域名/包名
		return byHeading[plainHeading(folded[:i])]
	}
	return nil
}

// headingColumn finds the column of a plain heading: by its list, without the
// words that decorate headings, or by the words that it is made of.
func headingColumn(plain string) *column {
	if c := byHeading[plain]; c != nil {
		return c
	}
	bare := plain
	for _, word := range [...]string{"必填", "选填", "可选", "列表"} {
		bare = strings.TrimSuffix(strings.TrimPrefix(bare, word), word)
	}
	if c := byHeading[bare]; c != nil {
		return c
	}
	return guessColumn(bare)
}

// plainHeading reduces a heading to its letters and digits, in lower case, half
// width and simplified characters.
func plainHeading(s string) string {
	return script.Simplify(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, width.Fold.String(s)))
}

// fill sets a field that no earlier column has set.
func fill(field *string, text string) {
	if *field == "" {
		*field = text
	}
}
