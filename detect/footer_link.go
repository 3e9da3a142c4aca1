package detect

import "github.com/beianwatch/beianwatch/detect/number"

// The three rules about the link share their duty: 并在备案编号下方按要求链接
// 备案管理系统网址，供公众查询核对。 (第十三条) Each speaks of one kind of fault,
// and only one of them speaks of a page.

var linkRationale = Text{
	"备案号必须链接到工信部备案管理系统 https://beian.miit.gov.cn/ ，供公众查询核对。缺少或链接错误，核查时会要求整改，主管部门可处五千元以上一万元以下罚款。",
	"The filing number must link to the ministry's register, https://beian.miit.gov.cn/, so that the public can check it. Checks ask for correction, and the authority may fine the operator 5,000 to 10,000 yuan.",
}

func linkPolicies(severity, exemptions, unknowns Text) Policies {
	return Policies{
		Filing:   severity,
		Liveness: Text{"仅当看到网站自己的页面", "only when the site's own page was seen"},
		Place:    Text{"不区分：标明的备案号就是一种声明", "any: a number shown is a claim"},
		Exempt:   exemptions,
		Unknown:  unknowns,
	}
}

var noNumberExempt = Text{"没有有效备案；落在其他域名；页面上没有编号", "no filing in force; landed on another domain; no number on the page"}

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
		Text{"已备案、未知：违规", "filed or unknown: violation"},
		noNumberExempt,
		Text{"页面由脚本生成，且没有看到编号", "drawn by script, and no number seen"},
	),
	Check: checkLinkLegacy,
}

func checkLinkLegacy(c *Case) Outcome {
	n, o, ok := linked(c)
	if !ok {
		return o
	}
	if n.Kind != number.LinkLegacy {
		return pass()
	}
	return found(Violation, linkFinding(c, n, Text{"链接到旧网址 " + clip(n.Link), "links to the retired " + clip(n.Link)}, Text{
		"请把链接改为 https://beian.miit.gov.cn/ ，见下面的代码。",
		"Change the link to https://beian.miit.gov.cn/, as in the code below.",
	}))
}

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
		Text{"页面没有收全或由脚本生成", "page not whole or drawn by script"},
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
	severity := Violation
	if registrable(hostOf(n.Link)) == "miit.gov.cn" {
		severity = Warning
	}
	return found(severity, linkFinding(c, n, Text{"链接到 " + clip(n.Link), "links to " + clip(n.Link)}, Text{
		"请把备案号的链接改为 https://beian.miit.gov.cn/ ，见下面的代码。",
		"Change the link of the number to https://beian.miit.gov.cn/, as in the code below.",
	}))
}

// linked gives the number whose link is judged, or the outcome where there is
// none.
func linked(c *Case) (number.ICP, Outcome, bool) {
	if o, ok := footerDuty(c); !ok {
		return number.ICP{}, o, false
	}
	n, ok := bestLinked(c)
	if !ok {
		return n, noNumber(c), false
	}
	return n, Outcome{}, true
}

// linkFinding keeps the number as the page shows it, unless it is another
// subject's: these rules mend the link, other rules the number.
func linkFinding(c *Case, n number.ICP, saw, fix Text) Finding {
	place := placeTexts[n.Place]
	home := homeWhere(c)
	text := n.Number
	if known := filed(c); len(known) > 0 && !hasBase(known, n) {
		text = numberToShow(c)
	}
	return Finding{
		Where:   Text{home.ZH + "，" + place.ZH, home.EN + ", " + place.EN},
		Saw:     Text{"“" + clip(n.Raw) + "”" + saw.ZH, "\"" + clip(n.Raw) + "\": " + saw.EN},
		Fix:     fix,
		Snippet: link(registerURL, text),
	}
}
