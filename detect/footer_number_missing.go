package detect

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
)

// footerNumberMissing: 在网站开通时在主页底部的中央位置标明其备案编号。 (第十三条)
//
// Missing needs a seen foot without a trace of a number: the rule speaks only
// where the foot of the page was read, nothing unread can still write a number
// into it, and nothing in it may be one that the text does not show.
var footerNumberMissing = &Rule{
	ID:       "footer-number-missing",
	Severity: Violation,
	Title:    Text{"首页底部没有备案号", "no filing number at the foot of the home page"},
	Rationale: Text{
		"备案网站必须在首页底部标明备案号。未标明的，主管部门可责令改正并处五千元以上罚款，接入商核查时也会要求限期整改。",
		"A filed site must show its filing number at the foot of its home page. Without it the authority may order correction and fine the operator 5,000 yuan or more, and providers set a deadline at their checks.",
	},
	Remedy: Text{
		"请在首页底部中央标明网站备案号，并链接至 https://beian.miit.gov.cn/ 。",
		"Put the filing number at the foot of the home page, centred, linked to https://beian.miit.gov.cn/.",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: Policies{
		Filing:   Text{"已备案：违规；未知（含只检查文件）：警告；未备案、已注销、审核中：不适用", "filed: violation; unknown (files too): warning; unfiled, cancelled or in review: exempt"},
		Liveness: Text{"仅当网站正常提供内容；只有登录框的首页：警告", "only when the site serves content; a home page that is nothing but a log-in form: warning"},
		Place:    Text{"内地以外且没有备案：不适用", "outside the mainland and not filed: exempt"},
		Exempt:   Text{"没有有效备案；落在其他域名；占位页面；页面上的编号由“虚假”或“不可见”规则说明", "no filing in force; landed on another domain; a placeholder; the number shown is judged by footer-number-fake or -hidden"},
		Unknown:  Text{"页面没有收全；页脚由脚本生成或没有看到页脚；页脚有备案号的痕迹（图片、指向备案系统的链接、备案字样、模板标记、没有读取的部分）；只有许可证形式的编号；只有他人的备案号", "page not whole; foot drawn by script or not seen; a trace of a number at the foot (a picture, a link to the register, its label, a template's mark, an unread part); only a licence-form number; only numbers of others"},
	},
	Check: checkNumberMissing,
}

func checkNumberMissing(c *Case) Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	if len(ownNumbers(c)) > 0 || len(filingLicences(c)) > 0 {
		return pass()
	}
	if c.Liveness == Placeholder {
		return exempt(ReasonPlaceholder)
	}
	if abroadUnfiled(c) {
		return exempt(ReasonAbroad)
	}
	latin, why := insteadOfNumber(c)
	switch {
	case latin != "":
		return found(Warning, missingFinding(c, Text{
			"只有拼音写法的备案号“" + clip(latin) + "”，没有规定形式的备案号",
			"only a romanised number, \"" + clip(latin) + "\", none in the prescribed form",
		}))
	case why == ReasonJudgedFake:
		return judgedBy(checkNumberFake(c), why)
	case why == ReasonJudgedHidden:
		return judgedBy(checkNumberHidden(c), why)
	case why != "":
		return unknown(why)
	}
	if why := trace(c); why != "" {
		return unknown(why)
	}
	return found(missingSeverity(c), missingFinding(c, Text{
		"看完了整个页面（含页脚），没有发现任何备案号",
		"the page was read to its foot, and there is no filing number on it",
	}))
}

// judgedBy leaves a page to another rule, unless that one does not know either.
func judgedBy(o Outcome, why Reason) Outcome {
	if o.Verdict == Unknown {
		return o
	}
	return exempt(why)
}

func missingSeverity(c *Case) Severity {
	if c.Filing.Status == crawler.FilingUnknown || c.Kind.Name == kind.Login {
		return Warning
	}
	return Violation
}

// insteadOfNumber looks at what the page shows in place of a number of its
// own: a romanised number, or something that forbids calling it missing.
func insteadOfNumber(c *Case) (latin string, why Reason) {
	for _, n := range claims(c) {
		switch {
		case n.Place == number.Script && !c.Rendered:
			why = ReasonDrawnByScript
		case !n.Own:
			if why == "" && seen(n.Place) {
				why = ReasonOthersNumber
			}
		case n.Latin:
			if seen(n.Place) {
				latin = n.Raw
			}
		case fake(c, n):
			if seen(n.Place) && !sampled(c, n) {
				why = ReasonJudgedFake
			}
		case n.Place == number.Hidden && scripted(c):
			why = ReasonDrawnByScript
		case !seen(n.Place):
			if why != ReasonDrawnByScript {
				why = ReasonJudgedHidden
			}
		}
	}
	if why == "" && len(blanks(c)) > 0 {
		why = ReasonJudgedFake
	}
	if why != "" {
		return "", why
	}
	for _, l := range c.Shown.Licences {
		if licenceForm(l) {
			return "", ReasonLicenceForm
		}
	}
	return latin, ""
}

func missingFinding(c *Case, saw Text) Finding {
	fix := Text{
		"请在首页底部中央加入备案号并链接至工信部备案系统，可直接使用下面的代码。",
		"Put the number at the foot of the home page with a link to the register; the code below can be pasted.",
	}
	if c.Filing.Status == crawler.FilingUnknown {
		fix = Text{
			"如果该网站已备案，请在首页底部标明备案号（把下面代码中的占位文字换成您的备案号）；若尚未备案，请先办理备案。",
			"If this site is filed, show its number at the foot (put it in place of the words in the code below); if it is not, file it first.",
		}
	}
	return Finding{Where: footWhere(c), Saw: saw, Fix: fix, Snippet: footSnippet(c)}
}

// footWhere names the foot of the page that was judged.
func footWhere(c *Case) Text {
	home := homeWhere(c)
	return Text{home.ZH + " 的页脚", "foot of the " + home.EN}
}
