package rules

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// filingDisputed: the inventory or the register says that a site is not filed,
// and the site shows a number that may be real. One of the two is wrong, and
// nobody but the owner can say which.
var filingDisputed = &detect.Rule{
	ID:       "filing-disputed",
	Severity: detect.Warning,
	Witness:  detect.WitnessNone,
	Title:    detect.Text{ZH: "清单或登记为“未备案”，但页面展示了备案号", EN: "the site counts as unfiled, yet it shows a filing number"},
	Rationale: detect.Text{
		ZH: "清单或登记库认为该域名没有备案，页面上却有看似有效的备案号：要么备案信息没有更新，要么页面冒用了他人的备案号。两种情况都应核实，冒用备案号会被注销并处罚。",
		EN: "The inventory or the register says that the domain is not filed, while the page shows a number that may be real: either the record is out of date, or the page uses somebody else's number, for which filings are cancelled and fines imposed.",
	},
	Remedy: detect.Text{
		ZH: "请到 beian.miit.gov.cn 查询该备案号和该域名：已备案的，更新清单；不是本网站的备案号，请立即从页面上删除。",
		EN: "Look the number and the domain up on beian.miit.gov.cn: if the site is filed, update the inventory; if the number is not this site's, remove it from the page at once.",
	},
	Source: order33("第五条、第十三条 / articles 5 and 13"),
	Needs:  detect.NeedsFiling | detect.NeedsSite,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "未备案，或已注销而页面展示另一个备案号：警告；审核中、已备案：不适用", EN: "unfiled, or cancelled and the page shows another number: warning; in review or filed: exempt"},
		Liveness: detect.Text{ZH: "仅当网站提供自己的内容", EN: "only when the site serves content of its own"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "已备案、审核中；跳转到其他域名；只检查文件", EN: "filed or in review; leads to another domain; a file"},
		Unknown:  detect.Text{ZH: "备案状态未知或过旧；网站打不开、被拦截或拒绝访问；页面没有读完整，或编号只在图片中", EN: "status unknown or too old; down, blocked or refused; the page was not read whole, or the number stands in a picture"},
	},
	Check: checkDisputed,
}

func checkDisputed(c *detect.Case) detect.Outcome {
	switch {
	case c.Filing.Status == crawler.FilingFiled:
		return exempt(detect.ReasonFiled)
	case c.Filing.Status == crawler.FilingInReview:
		return exempt(detect.ReasonInReview)
	case c.Away != "":
		return exempt(detect.ReasonAway)
	}
	if why := c.LivenessReason(); why != "" {
		return unknown(why)
	}
	if c.Liveness != detect.Serving {
		return pass() // nothing of its own stands there
	}
	switch why := doubt(c); why {
	case "":
		return pass()
	case detect.ReasonDisagree:
		return found(detect.Warning, disputedFinding(c))
	default:
		return unknown(why)
	}
}

func disputedFinding(c *detect.Case) detect.Finding {
	number := ""
	if shown := c.ShownNumbers(); len(shown) > 0 {
		number = shown[0].Number
	} else {
		for _, n := range c.Shown.ICP {
			if n.Own {
				number = n.Number
				break
			}
		}
	}
	source := sourceOf(c)
	state := detect.Text{ZH: "未备案", EN: "not filed"}
	if c.Filing.Status == crawler.FilingCancelled {
		state = detect.Text{ZH: "备案已注销", EN: "filing cancelled"}
	}
	return detect.Finding{
		Where: homeWhere(c),
		Saw: detect.Text{
			ZH: "登记状态为“" + state.ZH + "”（来源：" + source.ZH + "），页面展示备案号 " + detect.Clip(number),
			EN: "the status is \"" + state.EN + "\" (source: " + source.EN + "), the page shows " + detect.Clip(number),
		},
		Fix: detect.Text{
			ZH: "请到 beian.miit.gov.cn 核对 " + detect.Clip(number) + " 的主办单位和网站域名，再更新清单或从页面删除该编号。",
			EN: "Look up whose number " + detect.Clip(number) + " is on beian.miit.gov.cn, then update the inventory or remove it from the page.",
		},
	}
}
