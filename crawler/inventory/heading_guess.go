package inventory

import "strings"

// A guess names a column by the words that a heading is made of.
type guess struct {
	column string
	all    []string // each of these groups must be met by one of its words, parted by |
	none   string   // none of these words may stand there
	end    bool     // the last group must be the heading's end
}

// guesses are tried in order for headings that no list has. They are narrow: a
// heading with one word too much stays a note, which is told, and costs a rule;
// a wrong guess would cost the truth.
var guesses = []guess{
	{"police_number", []string{"公安|网安|公网安备", "备案号|编号|号码"}, "时间|日期|状态|链接|是否", false},
	{"filing_number", []string{"icp|备案", "备案号|许可证号|备案编号|备案许可证"}, "公安|网安|其他|其它|关联|时间|日期|状态|链接|是否|订单|经营|前置|查询|app|小程序", false},
	{"filing_status", []string{"备案", "状态|情况|进度"}, "公安|网安|时间|日期|原因|app|小程序", true},
	{"subject_nature", []string{"主办单位|主体|主办者|单位", "性质|类型"}, "时间|证件|注册", true},
	{"credit_code", []string{"信用代码"}, "图|照|附件|到期|有效", false},
	{"credit_code", []string{"主办单位|主体|单位", "证件号码|证件号"}, "负责人|法人|法定代表人|联系人", true},
	{"cert_address", []string{"主办单位|主体|单位|证件|执照", "住所|住址|证件地址|注册地址"}, "负责人|联系人|法人", true},
	{"access_provider", []string{"接入", "服务商|提供者|提供商|单位|商名称"}, "时间|地址|电话|ip|联系", false},
	{"domain_holder", []string{"域名", "持有|所有者|所有人|注册人|注册者"}, "证件|邮箱|电话|类型|时间", false},
	{"registrar", []string{"注册商|注册服务机构"}, "时间|链接|网址", false},
	{"domain_expires", []string{"域名|注册", "到期|过期|有效期"}, "备案|提醒|天数|状态", false},
	{"subject_name", []string{"主办单位|主办者|备案主体|备案单位|备案公司", "名称|全称"}, "负责人|曾用", true},
	{"site_name", []string{"网站|互联网信息服务", "名称"}, "域名|主办|单位|主体|负责人|接入|曾用|英文", true},
	{"approved_at", []string{"备案|审核|核准", "通过|成功|核准|完成", "时间|日期"}, "公安|网安|提交|更新|查询|到期", true},
	{"mobile", []string{"负责人|联系人|应急|管理员", "手机|移动电话|应急电话|应急联系电话"}, "", false},
	{"phone", []string{"负责人|联系人|办公|单位|主办单位", "电话|座机"}, "手机|应急|核验", true},
	{"contact", []string{"负责人|联系人|管理员", "邮箱|邮件|email"}, "", true},
	{"owner", []string{"网站|站点|系统|业务|运维|技术|服务", "负责人|负责人姓名|责任人"}, "", true},
	{"server_ip", []string{"服务器|主机|解析|公网|网站|接入|源站", "ip|ip地址"}, "归属|数量|段", true},
	{"domain", []string{"域名|网址|url"}, "跳转|指向|注册|到期|过期|状态|持有|所有|数量|个数|备案号|类型|后缀|证书|级别|时间|是否|别名|解析|dns|服务商|备案状态|等级|总数|审核|别称", true},
}

// guessColumn finds the column by the words of a plain heading, nil if none is
// sure.
func guessColumn(plain string) *column {
	if plain == "" || len(plain) > 60 {
		return nil
	}
	for _, g := range guesses {
		if g.meets(plain) {
			return byName[g.column]
		}
	}
	return nil
}

func (g guess) meets(plain string) bool {
	for _, word := range strings.Split(g.none, "|") {
		if word != "" && strings.Contains(plain, word) {
			return false
		}
	}
	for i, group := range g.all {
		met := false
		for _, word := range strings.Split(group, "|") {
			if g.end && i == len(g.all)-1 {
				met = met || strings.HasSuffix(plain, word)
			} else {
				met = met || strings.Contains(plain, word)
			}
		}
		if !met {
			return false
		}
	}
	return true
}
