package detect

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/beianwatch/beianwatch/detect/number"
)

// footerLinkWrong: 按要求链接备案管理系统网址 — to the register, not to the police
// platform, the ministry's front page, a parody register or a provider.
var footerLinkWrong = &Rule{
	ID:        "footer-link-wrong",
	Severity:  Violation,
	Title:     Text{"备案号链接到了错误的网址", "the filing number links to a wrong address"},
	Rationale: linkRationale,
	Remedy: Text{
		"请把备案号的链接改为 https://beian.miit.gov.cn/ 。",
		"Change the link of the number to https://beian.miit.gov.cn/.",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: linkPolicies(
		Text{"已备案、未知：违规；链接到工信部其他网站或省通信管理局：警告", "filed or unknown: violation; another site of the ministry or a provincial administration: warning"},
		noNumberExempt,
		Text{"页面没有收全或由脚本生成；链接经由跳转页，参数里是备案系统的网址", "page not whole or drawn by script; the link goes by a page that sends visitors on, with the register's address in its query"},
	),
	Check: checkLinkWrong,
}

func checkLinkWrong(c *Case) Outcome {
	n, o, ok := linked(c)
	if !ok {
		return o
	}
	if n.Kind != number.LinkOther {
		return pass()
	}
	if why := faultReason(c.Home.Fault); why != "" {
		return unknown(why)
	}
	if detour(n.Link) {
		return unknown(ReasonNotFollowed)
	}
	severity := Violation
	if registrable(hostOf(n.Link)) == "miit.gov.cn" {
		severity = Warning
	}
	return found(severity, linkFinding(c, n, Text{"链接到 " + clip(n.Link), "links to " + clip(n.Link)}, Text{
		"请把备案号的链接改为 https://beian.miit.gov.cn/ ，见下面的代码。",
		"Change the link of the number to https://beian.miit.gov.cn/, as in the code below.",
	}))
}

// detour tells whether a link leads to a page that sends visitors on to the
// register: its address stands in the query, plain, escaped or in base64.
func detour(link string) bool {
	if plain, err := url.QueryUnescape(link); err == nil && strings.Contains(plain, "//beian.miit.gov.cn") {
		return true
	}
	for _, scheme := range []string{"https", "http"} {
		// Whole groups of three bytes, so that what follows changes no letter.
		head := scheme + "://beian.miit.gov.cn"
		if strings.Contains(link, base64.StdEncoding.EncodeToString([]byte(head[:len(head)/3*3]))) {
			return true
		}
	}
	return false
}
