package detect

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// footerLinkMissing: 并在备案编号下方按要求链接备案管理系统网址. A number seen without a
// link is evidence enough: a link needs no seen foot.
var footerLinkMissing = &Rule{
	ID:        "footer-link-missing",
	Severity:  Violation,
	Title:     Text{"备案号没有链接到工信部备案系统", "the filing number is not linked to the register"},
	Rationale: linkRationale,
	Remedy: Text{
		"请给备案号加上指向 https://beian.miit.gov.cn/ 的超链接。",
		"Link the number to https://beian.miit.gov.cn/.",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: linkPolicies(
		Text{"已备案、未知：违规", "filed or unknown: violation"},
		noNumberExempt,
		Text{"页面没有收全或由脚本生成；脚本或属性里有备案系统的网址（可能由脚本打开）", "page not whole or drawn by script; the register's address stands in a script or an attribute (a script may open it)"},
	),
	Check: checkLinkMissing,
}

func checkLinkMissing(c *Case) Outcome {
	n, o, ok := linked(c)
	if !ok {
		return o
	}
	if n.Kind != number.LinkNone {
		return pass()
	}
	if why := faultReason(c.Home.Fault); why != "" {
		// A number with its link may stand in the part that was not read.
		return unknown(why)
	}
	if t, ok := c.Home.Traced(false, page.TraceLink); ok && (t.Foot || !c.Home.HasFoot) {
		return pass() // 在备案编号下方: the link need not be around the number
	}
	if _, ok := c.Home.Traced(false, page.TraceRegister); ok || registerInParts(c) {
		return unknown(ReasonDrawnByScript)
	}
	return found(Violation, linkFinding(c, n, Text{"没有超链接", "no link"}, Text{
		"请把页脚的备案号换成下面这段带链接的代码。",
		"Put the code below, number and link, in place of the number at the foot.",
	}))
}

// registerInParts tells whether a script file of the page names the register,
// which a click on the number may open.
func registerInParts(c *Case) bool {
	for _, a := range c.parts() {
		if strings.Contains(a.Raw, "beian.miit.gov.cn") {
			return true
		}
	}
	return false
}
