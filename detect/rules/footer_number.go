package rules

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
)

// footerNumberHidden: 在主页底部的中央位置标明: where visitors see it.
var footerNumberHidden = &detect.Rule{
	ID:       "footer-number-hidden",
	Witness:  detect.WitnessPage,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "备案号不在访客能看到的页脚里", EN: "the filing number is not where visitors see it"},
	Kept:     detect.Text{ZH: "备案号在访客能看到的页脚里", EN: "the filing number is where visitors see it"},
	Rationale: detect.Text{
		ZH: "备案号应当标明在首页底部，让公众看得见。写在注释、图片说明或隐藏元素里等于没有标明；放在页面其他位置不符合“主页底部”的要求。",
		EN: "The number belongs at the foot of the home page for the public to see. In a comment, an image's text or an invisible element it is as good as absent; elsewhere on the page it is not at the foot.",
	},
	Remedy: detect.Text{
		ZH: "请把备案号以可见文字放到首页底部中央，并链接至工信部备案系统。",
		EN: "Show the number as visible text at the foot of the home page, linked to the register.",
	},
	Source: order33("第十三条 / article 13"),
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "已备案、未知：只在注释、隐藏元素或（浏览器打开后仍只在）脚本里为待核实；只在图片说明里、或可见但不在页脚为提示", EN: "filed or unknown: warning in a comment or an invisible element only, or in a script only after a browser ran it; notice in an image's text only, or visible but not at the foot"},
		Liveness: detect.Text{ZH: "仅当看到网站自己的页面", EN: "only when the site's own page was seen"},
		Place:    detect.Text{ZH: "内地以外且没有备案：不适用", EN: "outside the mainland and not filed: exempt"},
		Exempt:   detect.Text{ZH: "没有有效备案；落在其他域名；页面上没有编号", EN: "no filing in force; landed on another domain; no number on the page"},
		Unknown:  detect.Text{ZH: "只在脚本或有脚本的页面的隐藏元素里看到（可能由脚本显示出来，要用浏览器打开才能确认）；页面没有收全或页脚由脚本生成", EN: "seen in a script only, or in an invisible element of a page with scripts (which may show it: a browser would tell); page not whole, or foot drawn by script"},
	},
	Check: checkNumberHidden,
}

func checkNumberHidden(c *detect.Case) detect.Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	shown := c.ShownNumbers()
	for _, n := range shown {
		if n.Place == number.Footer {
			return pass()
		}
	}
	if why := c.UnreadReason(); why != "" {
		if !c.Rendered && why == c.ScriptReason() && c.NumberInScript() {
			why = detect.ReasonOnlyInScript
		}
		return unknown(why)
	}
	if c.AbroadUnfiled() {
		return exempt(detect.ReasonAbroad)
	}
	if len(shown) > 0 {
		if !c.Home.HasFoot {
			return pass() // a page without a foot of its own: anywhere is its foot
		}
		return found(detect.Notice, hiddenFinding(c, shown[0], detect.Text{ZH: "在页面中部，不在页脚", EN: "in the body of the page, not at its foot"}))
	}
	return checkInvisible(c)
}

// checkInvisible judges a page whose only numbers are kept from visitors.
func checkInvisible(c *detect.Case) detect.Outcome {
	severity := detect.Severity("")
	var shown number.ICP
	for _, n := range c.Claims() {
		if !n.Own || n.Latin || c.Fake(n) || detect.Visible(n.Place) {
			continue
		}
		if n.Place == number.Alt {
			severity, shown = detect.Notice, n
			break
		}
		if n.Place == number.Hidden && c.Scripted() {
			return unknown(c.ScriptReason())
		}
		severity, shown = detect.Warning, n
	}
	if severity == "" {
		return noNumber(c)
	}
	if why := c.TraceReason(); severity == detect.Warning && why != "" {
		return unknown(why) // it may be shown as well, where no text shows it
	}
	return found(severity, hiddenFinding(c, shown, placeTexts[shown.Place]))
}

func hiddenFinding(c *detect.Case, n number.ICP, place detect.Text) detect.Finding {
	f := detect.Finding{
		Where: homeWhere(c),
		Saw:   detect.Text{ZH: "“" + detect.Clip(n.Raw) + "”" + place.ZH, EN: "\"" + detect.Clip(n.Raw) + "\" " + place.EN},
		Fix: detect.Text{
			ZH: "请把备案号以可见文字放到首页底部，可直接使用本报告给出的代码。",
			EN: "Show the number as text at the foot of the home page; the code given here can be pasted.",
		},
		Snippet: footSnippet(c),
	}
	if c.Filing.Status != crawler.FilingFiled {
		f.Snippet = link(registerURL, n.Number)
	}
	return f
}

// footerNumberMissing: 在网站开通时在主页底部的中央位置标明其备案编号。 (第十三条)
//
// Missing needs a seen foot without a trace of a number: the rule speaks only
// where the foot of the page was read, nothing unread can still write a number
// into it, and nothing in it may be one that the text does not show.
var footerNumberMissing = &detect.Rule{
	ID:       "footer-number-missing",
	Witness:  detect.WitnessPage,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "首页底部没有备案号", EN: "no filing number at the foot of the home page"},
	Kept:     detect.Text{ZH: "首页底部有备案号", EN: "the foot of the home page shows a filing number"},
	Rationale: detect.Text{
		ZH: "备案网站必须在首页底部标明备案号。未标明的，主管部门可责令改正并处五千元以上罚款，接入商核查时也会要求限期整改。",
		EN: "A filed site must show its filing number at the foot of its home page. Without it the authority may order correction and fine the operator 5,000 yuan or more, and providers set a deadline at their checks.",
	},
	Remedy: detect.Text{
		ZH: "请在首页底部中央标明网站备案号，并链接至 https://beian.miit.gov.cn/ 。",
		EN: "Put the filing number at the foot of the home page, centred, linked to https://beian.miit.gov.cn/.",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "已备案：违规；未知（含只检查文件）：待核实；未备案、已注销、审核中：不适用", EN: "filed: violation; unknown (files too): warning; unfiled, cancelled or in review: exempt"},
		Liveness: detect.Text{ZH: "仅当网站正常提供内容；只有登录框的首页：待核实", EN: "only when the site serves content; a home page that is nothing but a log-in form: warning"},
		Place:    detect.Text{ZH: "内地以外且没有备案：不适用", EN: "outside the mainland and not filed: exempt"},
		Exempt:   detect.Text{ZH: "没有有效备案；落在其他域名；占位页面；页面上的编号由“页面展示的是无效备案号”或“备案号不在访客能看到的页脚里”说明", EN: "no filing in force; landed on another domain; a placeholder; the number shown is judged by footer-number-fake or -hidden"},
		Unknown:  detect.Text{ZH: "页面没有收全；页脚由脚本生成或没有看到页脚；页脚有备案号的痕迹（图片、指向备案系统的链接、备案字样、模板标记、没有读取的部分）；只有许可证形式的编号；只有他人的备案号", EN: "page not whole; foot drawn by script or not seen; a trace of a number at the foot (a picture, a link to the register, its label, a template's mark, an unread part); only a licence-form number; only numbers of others"},
	},
	Check: checkNumberMissing,
}

func checkNumberMissing(c *detect.Case) detect.Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	if len(c.OwnNumbers()) > 0 || len(c.FilingLicences()) > 0 {
		return pass()
	}
	if c.Liveness == detect.Placeholder {
		return exempt(detect.ReasonPlaceholder)
	}
	if c.AbroadUnfiled() {
		return exempt(detect.ReasonAbroad)
	}
	latin, why := insteadOfNumber(c)
	switch {
	case latin != "":
		return found(detect.Warning, missingFinding(c, detect.Text{
			ZH: "只有拼音写法的备案号“" + detect.Clip(latin) + "”，没有规定形式的备案号",
			EN: "only a romanised number, \"" + detect.Clip(latin) + "\", none in the prescribed form",
		}))
	case why == detect.ReasonJudgedFake:
		return judgedBy(checkNumberFake(c), why)
	case why == detect.ReasonJudgedHidden:
		return judgedBy(checkNumberHidden(c), why)
	case why != "":
		return unknown(why)
	}
	if why := c.TraceReason(); why != "" {
		return unknown(why)
	}
	return found(missingSeverity(c), missingFinding(c, detect.Text{
		ZH: "已检查完整页面（含页脚），未发现备案号",
		EN: "the page was read to its foot, and there is no filing number on it",
	}))
}

// judgedBy leaves a page to another rule, unless that one does not know either.
func judgedBy(o detect.Outcome, why detect.Reason) detect.Outcome {
	if o.Verdict == detect.Unknown {
		return o
	}
	return exempt(why)
}

func missingSeverity(c *detect.Case) detect.Severity {
	if c.Filing.Status == crawler.FilingUnknown || c.Kind.Name == kind.Login {
		return detect.Warning
	}
	return detect.Violation
}

// insteadOfNumber looks at what the page shows in place of a number of its
// own: a romanised number, or something that forbids calling it missing.
func insteadOfNumber(c *detect.Case) (latin string, why detect.Reason) {
	for _, n := range c.Claims() {
		switch {
		case n.Place == number.Script && !c.Rendered:
			why = c.ScriptReason()
		case !n.Own:
			if why == "" && detect.Visible(n.Place) && !sampled(c, n) {
				why = detect.ReasonOthersNumber
			}
		case n.Latin:
			if detect.Visible(n.Place) {
				latin = n.Raw
			}
		case c.Fake(n):
			if detect.Visible(n.Place) && !sampled(c, n) {
				why = detect.ReasonJudgedFake
			}
		case n.Place == number.Hidden && c.Scripted():
			why = c.ScriptReason()
		case !detect.Visible(n.Place):
			if why == "" || why == detect.ReasonOthersNumber || why == detect.ReasonJudgedFake {
				why = detect.ReasonJudgedHidden
			}
		}
	}
	if why == "" && len(blanks(c)) > 0 {
		why = detect.ReasonJudgedFake
	}
	if why != "" {
		return "", why
	}
	for _, l := range c.Shown.Licences {
		if detect.LicenceForm(l) {
			return "", detect.ReasonLicenceForm
		}
	}
	return latin, ""
}

func missingFinding(c *detect.Case, saw detect.Text) detect.Finding {
	fix := detect.Text{
		ZH: "请在首页底部中央加入备案号并链接至工信部备案系统，可直接使用本报告给出的代码。",
		EN: "Put the number at the foot of the home page with a link to the register; the code given here can be pasted.",
	}
	if c.Filing.Status == crawler.FilingUnknown {
		fix = detect.Text{
			ZH: "如果该网站已备案，请在首页底部标明备案号（把本报告给出的代码中的占位文字换成您的备案号）；若尚未备案，请先办理备案。",
			EN: "If this site is filed, show its number at the foot (put it in place of the words in the code given here); if it is not, file it first.",
		}
	}
	return detect.Finding{Where: footWhere(c), Saw: saw, Fix: fix, Snippet: footSnippet(c)}
}
