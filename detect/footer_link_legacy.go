package detect

import "github.com/beianwatch/beianwatch/detect/number"

// footerLinkLegacy: the register moved to beian.miit.gov.cn; what older notices
// prescribed (miitbeian, miibeian) leads nowhere. A legacy link seen is a legacy
// link, whatever else of the page was not read.
var footerLinkLegacy = &Rule{
	ID:        "footer-link-legacy",
	Severity:  Violation,
	Title:     Text{"备案号链接到已停用的旧网址", "the filing number links to a retired address"},
	Rationale: linkRationale,
	Remedy: Text{
		"请把链接改为 https://beian.miit.gov.cn/ （旧网址 www.miitbeian.gov.cn、www.miibeian.gov.cn 等已停用）。",
		"Change the link to https://beian.miit.gov.cn/ (www.miitbeian.gov.cn, www.miibeian.gov.cn and the like are retired).",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: linkPolicies(
		Text{"已备案、未知：违规；链接到曾用网址 www.beian.miit.gov.cn：提示", "filed or unknown: violation; the former www.beian.miit.gov.cn: notice"},
		noNumberExempt,
		Text{"页面由脚本生成，且没有看到编号", "drawn by script, and no number seen"},
	),
	Check: checkLinkLegacy,
}

// formerHost is the register's address as notices of 2019 and 2020 gave it. It
// is the register, so this is only a remark.
const formerHost = "www.beian.miit.gov.cn"

func checkLinkLegacy(c *Case) Outcome {
	n, o, ok := linked(c)
	if !ok {
		return o
	}
	if n.Kind == number.LinkCurrent && hostOf(n.Link) == formerHost {
		return found(Notice, linkFinding(c, n, Text{"链接到曾用网址 " + clip(n.Link), "links to the former " + clip(n.Link)}, Text{
			"目前仍可访问；建议改为 https://beian.miit.gov.cn/ ，见下面的代码。",
			"It still leads there; better change it to https://beian.miit.gov.cn/, as in the code below.",
		}))
	}
	if n.Kind != number.LinkLegacy {
		return pass()
	}
	return found(Violation, linkFinding(c, n, Text{"链接到旧网址 " + clip(n.Link), "links to the retired " + clip(n.Link)}, Text{
		"请把链接改为 https://beian.miit.gov.cn/ ，见下面的代码。",
		"Change the link to https://beian.miit.gov.cn/, as in the code below.",
	}))
}
