package wording

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect"
)

// An advice is a reason for which reviewers reject a filing, and how they say
// to handle it.
type advice struct {
	rules  []string // ids, or beginnings of ids that end in "-"
	reason detect.Text
	handle detect.Text
}

// advices are the reasons of the list 常见驳回原因及处理办法 (Tencent Cloud), in its
// order. Rules that it does not know have their own remedy.
var advices = []advice{
	{[]string{"domain-holder-mismatch"},
		Say("域名所有人不正确，即域名所有人信息与备案主体信息不一致", "the holder of the domain is not the subject of the filing"),
		Say("登录域名注册商网站或联系注册商，变更域名实名认证信息（所有者中文为备案主办单位中文全称，英文为其拼音全称）；或修改备案主体信息，使二者保持一致。", "Have the registrar change the holder's real-name data to the full name of the filing subject (in Chinese, and its pinyin in English); or change the subject of the filing, so that both agree.")},
	{[]string{"registrar-not-approved", "suffix-not-approved", "domain-expiring"},
		Say("域名注册商或域名后缀未经工信部批复，或域名有效期不足", "the registrar or the suffix is not approved, or the domain expires too soon"),
		Say("更换其他可备案域名，或将该域名转入工信部已批复的域名注册服务机构，并保证有效期。", "File another domain, or transfer this one to an approved registrar, and keep it registered.")},
	{[]string{"site-name-"},
		Say("网站名称不合格，即网站未按规范命名", "the name of the site breaks the naming rules"),
		Say("按照网站命名规范修改网站名称；如网站名称为公司的项目或产品，在网站备注中写明“XXXX为本公司的项目/产品”。", "Change the name by the naming rules; if it is a project or product of the company, say so in the remarks of the filing.")},
	{[]string{"cross-province", "credit-code-invalid"},
		Say("跨省备案，即备案地域与主办单位证件地址不符", "the filing's province is not that of the subject's certificate"),
		Say("放弃当前备案订单，重新创建，“备案地域”选择与主办单位证件地址一致的省、自治区、直辖市。", "Give up the present order and begin a new one in the province of the certificate's address.")},
	{[]string{"unfiled-"},
		Say("未备案网站不得开启访问", "a site without a filing must not be open"),
		Say("暂停域名解析或者关闭网站访问，取得备案号后再开放。", "Suspend the DNS records or close the site until it has its filing number.")},
	{[]string{"filed-site-"},
		Say("已备案网站未开站", "a filed site is not open"),
		Say("确保已备案成功的网站可访问，且网站内容和主体性质相符；不再使用的，注销备案。", "Keep the filed site open with content that fits its subject; cancel a filing that is no longer used.")},
	{[]string{"footer-"},
		Say("网站底部未按要求注明备案号并链接至工业和信息化部备案系统", "the foot of the site does not show the filing number with its link as required"),
		Say("网站底部必须注明网站备案号，并链接至 https://beian.miit.gov.cn/ 。", "Show the filing number at the foot of the site, linked to https://beian.miit.gov.cn/.")},
	{[]string{"preapproval-", "content-forbidden"},
		Say("网站内容可能涉及不被允许的内容或需办理前置审批的内容", "the content may not be allowed, or needs approval first"),
		Say("调整网站内容，使其合法合规；涉及需前置审批行业的，先到相关批复单位办理前置审批，并在备案信息中输入审批号、上传审批文件。", "Change the content; where its trade needs approval, obtain it first, then enter its number in the filing and upload the document.")},
	{[]string{"personal-filing-business-content", "content-of-another-subject"},
		Say("网站内容与主体性质不符", "the content does not fit the subject of the filing"),
		Say("网站内容涉及行业或企业内容的，请选择单位性质备案并上传单位证件；或调整网站内容。", "File as a unit with its certificate where the content is a trade's or a firm's; or change the content.")},
	{[]string{"documents-"},
		Say("证件不合格，即证件图片不清晰或没有提交管局要求的全部证件", "a document is not clear, or not all documents were submitted"),
		Say("重新提交管局要求的所有证件，并且证件图片完整、清晰。", "Submit all documents that the administration wants again, with pictures that are whole and clear.")},
	{[]string{"phone-not-local"},
		Say("联系电话不是备案地区号段的电话号码", "the telephone number is not of the filing's province"),
		Say("使用备案省、自治区、直辖市号段的电话号码。", "Give a number of the province of the filing.")},
	{[]string{"phone-unverified"},
		Say("电话不通或无人接听", "the telephone is dead or nobody answers"),
		Say("保证电话畅通，并有人接听。", "See to it that the telephone works and is answered.")},
	{[]string{"phone-shared"},
		Say("负责人手机号码为其他主体备案过", "the mobile was filed for another subject"),
		Say("联系原来备案的单位变更手机号码，或更换本次备案的手机号码。", "Have the number changed in the other filing, or give another one.")},
}

// AdviceFor is the reviewers' reason and advice that a rule stands for; without
// one, the rule's own title and remedy.
func (b Book) AdviceFor(rule string) (reason, handle detect.Text) {
	for _, a := range advices {
		for _, r := range a.rules {
			if r == rule || strings.HasSuffix(r, "-") && strings.HasPrefix(rule, r) {
				return a.reason, a.handle
			}
		}
	}
	if r := b[rule]; r != nil {
		return r.Title, r.Remedy
	}
	return Same(Clean(rule, 80)), detect.Text{}
}
