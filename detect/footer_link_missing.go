package detect

import "github.com/beianwatch/beianwatch/detect/number"

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
		Text{"页面没有收全或由脚本生成", "page not whole or drawn by script"},
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
	return found(Violation, linkFinding(c, n, Text{"没有超链接", "no link"}, Text{
		"请把页脚的备案号换成下面这段带链接的代码。",
		"Put the code below, number and link, in place of the number at the foot.",
	}))
}
