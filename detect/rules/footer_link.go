package rules

import (
	"encoding/base64"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// The three footer-link rules share their duty: 并在备案编号下方按要求链接
// 备案管理系统网址，供公众查询核对。 (第十三条) Each speaks of one kind of fault,
// and only one of them speaks of a page. What they share is here.

var linkRationale = detect.Text{
	ZH: "备案号必须链接到工信部备案管理系统 https://beian.miit.gov.cn/ ，供公众查询核对。缺少或链接错误，核查时会要求整改，主管部门可处五千元以上一万元以下罚款。",
	EN: "The filing number must link to the ministry's register, https://beian.miit.gov.cn/, so that the public can check it. Checks ask for correction, and the authority may fine the operator 5,000 to 10,000 yuan.",
}

func linkPolicies(severity, exemptions, unknowns detect.Text) detect.Policies {
	return detect.Policies{
		Filing:   severity,
		Liveness: detect.Text{ZH: "仅当看到网站自己的页面", EN: "only when the site's own page was seen"},
		Place:    detect.Text{ZH: "不区分：标明的备案号就是一种声明", EN: "any: a number shown is a claim"},
		Exempt:   exemptions,
		Unknown:  unknowns,
	}
}

var noNumberExempt = detect.Text{ZH: "没有有效备案；落在其他域名；页面上没有编号", EN: "no filing in force; landed on another domain; no number on the page"}

// linked returns the number whose link is judged, or the outcome where there is
// none.
func linked(c *detect.Case) (number.ICP, detect.Outcome, bool) {
	if o, ok := footerDuty(c); !ok {
		return number.ICP{}, o, false
	}
	n, ok := c.BestLinked()
	if !ok {
		return n, noNumber(c), false
	}
	return n, detect.Outcome{}, true
}

// linkFinding keeps the number as the page shows it, unless it is another
// subject's: these rules mend the link, other rules the number.
func linkFinding(c *detect.Case, n number.ICP, saw, fix detect.Text) detect.Finding {
	place := placeTexts[n.Place]
	home := homeWhere(c)
	text := n.Number
	if known := c.FiledNumbers(); len(known) > 0 && !detect.HasBase(known, n) {
		text = numberToShow(c)
	}
	return detect.Finding{
		Where:   detect.Text{ZH: home.ZH + "，" + place.ZH, EN: home.EN + ", " + place.EN},
		Saw:     detect.Text{ZH: "“" + detect.Clip(n.Raw) + "”" + saw.ZH, EN: "\"" + detect.Clip(n.Raw) + "\": " + saw.EN},
		Fix:     fix,
		Snippet: link(registerURL, text),
	}
}

// footerLinkLegacy: the register moved to beian.miit.gov.cn; what older notices
// prescribed (miitbeian, miibeian) leads nowhere. A legacy link seen is a legacy
// link, whatever else of the page was not read.
var footerLinkLegacy = &detect.Rule{
	ID:        "footer-link-legacy",
	Witness:   detect.WitnessPage,
	Severity:  detect.Violation,
	Title:     detect.Text{ZH: "备案号链接到旧网址", EN: "the filing number links to an old address"},
	Kept:      detect.Text{ZH: "备案号没有链接到旧网址", EN: "the filing number does not link to an old address"},
	Rationale: linkRationale,
	Remedy: detect.Text{
		ZH: "请把链接改为 https://beian.miit.gov.cn/ （旧网址 www.miitbeian.gov.cn、www.miibeian.gov.cn 等已停用）。",
		EN: "Change the link to https://beian.miit.gov.cn/ (www.miitbeian.gov.cn, www.miibeian.gov.cn and the like are retired).",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: linkPolicies(
		detect.Text{ZH: "已备案、未知：违规；链接到曾用网址 www.beian.miit.gov.cn：提示", EN: "filed or unknown: violation; the former www.beian.miit.gov.cn: notice"},
		noNumberExempt,
		detect.Text{ZH: "页面由脚本生成，且没有看到编号", EN: "drawn by script, and no number seen"},
	),
	Check: checkLinkLegacy,
}

// formerHost is the register's address as notices of 2019 and 2020 gave it. It
// is the register, so this is only a remark.
const formerHost = "www.beian.miit.gov.cn"

func checkLinkLegacy(c *detect.Case) detect.Outcome {
	n, o, ok := linked(c)
	if !ok {
		return o
	}
	if n.Kind == number.LinkCurrent && detect.HostOf(n.Link) == formerHost {
		return found(detect.Notice, linkFinding(c, n, detect.Text{ZH: "链接到曾用网址 " + detect.Clip(n.Link), EN: "links to the former " + detect.Clip(n.Link)}, detect.Text{
			ZH: "目前仍可访问；建议改为 https://beian.miit.gov.cn/ ，代码见本报告。",
			EN: "It still leads there; better change it to https://beian.miit.gov.cn/, as in the code given here.",
		}))
	}
	if n.Kind != number.LinkLegacy {
		return pass()
	}
	return found(detect.Violation, linkFinding(c, n, detect.Text{ZH: "链接到旧网址 " + detect.Clip(n.Link), EN: "links to the retired " + detect.Clip(n.Link)}, detect.Text{
		ZH: "请把链接改为 https://beian.miit.gov.cn/ ，代码见本报告。",
		EN: "Change the link to https://beian.miit.gov.cn/, as in the code given here.",
	}))
}

// footerLinkMissing: 并在备案编号下方按要求链接备案管理系统网址. A number seen without a
// link is evidence enough: a link needs no seen foot.
var footerLinkMissing = &detect.Rule{
	ID:        "footer-link-missing",
	Witness:   detect.WitnessPage,
	Severity:  detect.Violation,
	Title:     detect.Text{ZH: "备案号没有链接到工信部备案系统", EN: "the filing number is not linked to the register"},
	Kept:      detect.Text{ZH: "备案号已链接到工信部备案系统", EN: "the filing number is linked to the register"},
	Rationale: linkRationale,
	Remedy: detect.Text{
		ZH: "请给备案号加上指向 https://beian.miit.gov.cn/ 的超链接。",
		EN: "Link the number to https://beian.miit.gov.cn/.",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: linkPolicies(
		detect.Text{ZH: "已备案、未知：违规", EN: "filed or unknown: violation"},
		noNumberExempt,
		detect.Text{ZH: "页面没有收全或由脚本生成；点击编号时可能由脚本打开备案系统，浏览器未能排除", EN: "page not whole or drawn by script; a script may open the register at a click on the number, which the browser could not rule out"},
	),
	Check: checkLinkMissing,
}

func checkLinkMissing(c *detect.Case) detect.Outcome {
	n, o, ok := linked(c)
	if !ok {
		return o
	}
	if n.Kind != number.LinkNone {
		return pass()
	}
	if why := detect.FaultReason(c.Home.Fault); why != "" {
		// A number with its link may stand in the part that was not read.
		return unknown(why)
	}
	if c.RegisterLink(func(*page.Link) bool { return true }) {
		return pass() // 在备案编号下方: the link need not be around the number
	}
	if _, ok := c.Home.Traced(false, page.TraceRegister); ok || registerInParts(c) {
		if c.Rendered {
			return unknown(detect.ReasonScriptLink) // elsewhere than by a click on the number
		}
		return unknown(c.ScriptReason())
	}
	if !c.OpensNothing(n.Raw) {
		return unknown(detect.ReasonScriptLink)
	}
	return found(detect.Violation, linkFinding(c, n, detect.Text{ZH: "没有超链接", EN: "no link"}, detect.Text{
		ZH: "请把页脚的备案号换成本报告给出的带链接的代码。",
		EN: "Put the code given here, number and link, in place of the number at the foot.",
	}))
}

// registerInParts reports whether a script file of the page names the register,
// which a click on the number may open.
func registerInParts(c *detect.Case) bool {
	for _, a := range c.PageFiles() {
		if strings.Contains(a.Raw, "beian.miit.gov.cn") {
			return true
		}
	}
	return false
}

// footerLinkWrong: 按要求链接备案管理系统网址 — to the register, not to the police
// platform, the ministry's front page, a parody register or a provider.
var footerLinkWrong = &detect.Rule{
	ID:        "footer-link-wrong",
	Witness:   detect.WitnessPage,
	Severity:  detect.Violation,
	Title:     detect.Text{ZH: "备案号链接到了错误的网址", EN: "the filing number links to a wrong address"},
	Kept:      detect.Text{ZH: "备案号的链接地址正确", EN: "the filing number links to the right address"},
	Rationale: linkRationale,
	Remedy: detect.Text{
		ZH: "请把备案号的链接改为 https://beian.miit.gov.cn/ 。",
		EN: "Change the link of the number to https://beian.miit.gov.cn/.",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: linkPolicies(
		detect.Text{ZH: "已备案、未知：违规；链接到工信部其他网站或省通信管理局：待核实", EN: "filed or unknown: violation; another site of the ministry or a provincial administration: warning"},
		noNumberExempt,
		detect.Text{ZH: "页面没有收全或由脚本生成；链接经由跳转页，参数里是备案系统的网址", EN: "page not whole or drawn by script; the link goes by a page that sends visitors on, with the register's address in its query"},
	),
	Check: checkLinkWrong,
}

func checkLinkWrong(c *detect.Case) detect.Outcome {
	n, o, ok := linked(c)
	if !ok {
		return o
	}
	if n.Kind != number.LinkOther {
		return pass()
	}
	if why := detect.FaultReason(c.Home.Fault); why != "" {
		return unknown(why)
	}
	if c.RegisterLink(rightBeside) {
		return pass() // beside a link of another kind
	}
	if detour(n.Link) {
		return unknown(detect.ReasonNotFollowed)
	}
	severity := detect.Violation
	if detect.Registrable(detect.HostOf(n.Link)) == "miit.gov.cn" {
		severity = detect.Warning
	}
	return found(severity, linkFinding(c, n, detect.Text{ZH: "链接到 " + detect.Clip(n.Link), EN: "links to " + detect.Clip(n.Link)}, detect.Text{
		ZH: "请把备案号的链接改为 https://beian.miit.gov.cn/ ，代码见本报告。",
		EN: "Change the link of the number to https://beian.miit.gov.cn/, as in the code given here.",
	}))
}

// rightBeside reports whether a link leads to the register as it is now, and was not
// swapped with that of a public-security number.
func rightBeside(l *page.Link) bool {
	return number.KindOf(l.URL) == number.LinkCurrent && !strings.Contains(l.Text, "公网安备") && !strings.Contains(l.Text, "公安")
}

// detour reports whether a link leads to a page that sends visitors on to the
// register: its address stands in the query, plain, escaped or in base64.
func detour(link string) bool {
	if page.Detour(link, "beian.miit.gov.cn") {
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
