package rules

import (
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
	"github.com/beianwatch/beianwatch/detect/region"
)

// filingListedAsShell: provinces publish batches of filings whose subject is gone
// or whose site is not open or points elsewhere, give some days or weeks to mend
// it, and cancel what is left.
var filingListedAsShell = &detect.Rule{
	ID:       "filing-listed-as-shell",
	Severity: detect.Notice,
	Witness:  detect.WitnessNone,
	Title:    detect.Text{ZH: "备案被管局列入空壳清理名单", EN: "the filing is on an administration's list of shells"},
	Kept:     detect.Text{ZH: "备案未被列入空壳清理名单", EN: "the filing is on no list of shells"},
	Rationale: detect.Text{
		ZH: "省通信管理局分批公示“空壳主体”“空壳网站”（证件注销、网站打不开、解析不在备案接入商等），公示期满未整改的注销备案，注销后需要重新备案。",
		EN: "Provincial administrations publish batches of empty filings (a subject that is gone, a site that is not open or points away from its provider); what is not mended by the end of the term is cancelled, and has to be filed anew.",
	},
	Remedy: detect.Text{
		ZH: "请在公示期内联系接入商更新备案信息、恢复网站访问；不再使用的，可等待注销或主动注销。",
		EN: "Within the term, have the provider update the filing and bring the site back; if the site is given up, cancel the filing or let it be cancelled.",
	},
	Source: shellNotice("二 / part 2"),
	Needs:  detect.NeedsFiling | detect.NeedsSite,
	Dated:  true,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "仅已备案：提示", EN: "filed only: notice"},
		Liveness: detect.Text{ZH: "不看网站", EN: "the site is not looked at"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "未备案；没有提供名单；只检查文件", EN: "not filed; no list was given; a file"},
		Unknown:  detect.Text{ZH: "备案省份未知，或没有该省的名单", EN: "the province of the filing is not known, or no list of it was given"},
	},
	Check: checkShell,
}

func checkShell(c *detect.Case) detect.Outcome {
	shells := c.Policy.Shells
	switch {
	case c.Filing.Status != crawler.FilingFiled:
		return exempt(detect.ReasonNotFiled)
	case shells == nil:
		return exempt(detect.ReasonNoShellList)
	}
	names := []string{c.Target.Domain, detect.Registrable(c.Target.Domain)}
	for _, n := range c.FiledNumbers() {
		names = append(names, n.Number, n.Base)
	}
	for _, name := range names {
		if l, ok := shells.Find(name); ok && name != "" {
			return found(detect.Notice, shellFinding(c, name, l))
		}
	}
	switch p := filingProvince(c); {
	case p == region.None:
		return unknown(detect.ReasonProvinceNotKnown)
	case !shells.Covers(p):
		return unknown(detect.ReasonShellListOther)
	}
	return pass()
}

func shellFinding(c *detect.Case, name string, l lists.ShellList) detect.Finding {
	day := l.Due.Format(time.DateOnly)
	fix := detect.Text{
		ZH: "请在 " + day + " 前联系接入商整改，并向" + l.Province.Name() + "管局确认已移出名单。",
		EN: "Mend it with the provider before " + day + " and ask the administration of " + l.Province.English() + " to confirm.",
	}
	if c.At.After(l.Due.AddDate(0, 0, 1)) {
		fix = detect.Text{
			ZH: "公示期已于 " + day + " 结束，请到 beian.miit.gov.cn 核对备案是否已被注销。",
			EN: "The term ended on " + day + ": look up on beian.miit.gov.cn whether the filing has been cancelled.",
		}
	}
	return detect.Finding{
		Where: detect.Text{ZH: l.Province.Name() + "管局名单", EN: "list of the administration of " + l.Province.English()},
		Saw: detect.Text{
			ZH: detect.Clip(name) + " 列入“" + detect.Clip(l.Name) + "”，" + l.Published.Format(time.DateOnly) + " 公示，限 " + day + " 前整改",
			EN: detect.Clip(name) + " is on \"" + detect.Clip(l.Name) + "\", published " + l.Published.Format(time.DateOnly) + ", to be mended by " + day,
		},
		Fix: fix,
	}
}

// filingDisputed: the inventory or the register says that a site is not filed,
// and the site shows a number that may be real. One of the two is wrong, and
// nobody but the owner can say which.
var filingDisputed = &detect.Rule{
	ID:       "filing-disputed",
	Severity: detect.Warning,
	Witness:  detect.WitnessNone,
	Title:    detect.Text{ZH: "清单或登记为“未备案”，但页面展示了备案号", EN: "the site counts as unfiled, yet it shows a filing number"},
	Kept:     detect.Text{ZH: "备案登记与页面展示不矛盾", EN: "the filing on record and the page do not contradict each other"},
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
		Filing:   detect.Text{ZH: "未备案，或已注销而页面展示另一个备案号：待核实；审核中、已备案：不适用", EN: "unfiled, or cancelled and the page shows another number: warning; in review or filed: exempt"},
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
