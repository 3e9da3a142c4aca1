package detect

import (
	"fmt"
	"slices"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// unfiledSiteServing: 未经备案，不得在中华人民共和国境内从事非经营性互联网信息服务。
// (第五条) Reviewers reject a filing while the site is open: 未备案网站不得开启访问。
var unfiledSiteServing = &Rule{
	ID:       "unfiled-site-serving",
	Severity: Violation,
	Title:    Text{"未备案网站已开启访问", "an unfiled site is open to visitors"},
	Rationale: Text{
		"网站使用中国内地服务器就必须先完成备案。备案号下发之前开放访问，接入商会随时阻断，正在提交的备案也会被驳回；逾期不改的，主管部门可处一万元罚款并关闭网站。",
		"A site on a server in mainland China must be filed before it opens. Until the number is issued the provider may cut it off at any time, and a filing in progress is rejected while the site is open; the authority may fine the operator 10,000 yuan and close the site.",
	},
	Remedy: Text{
		"请暂停域名解析或关闭网站访问，待备案号下发后再开启；变更备案不受影响，接入备案在接入商初审通过后即可开启。",
		"Pause the domain's DNS or close the site until the filing number is issued. A change of an existing filing does not require closing; a new access filing allows opening after the provider's first review.",
	},
	Source: order33("第五条、第二十二条 / articles 5 and 22"),
	Needs:  NeedsFiling | NeedsSite,
	Policy: Policies{
		Filing:   Text{"未备案、已注销：违规；审核中：警告；已备案：不适用", "unfiled or cancelled: violation; in review: warning; filed: exempt"},
		Liveness: Text{"仅当网站正常提供内容；占位页、拦截页、打不开、只跳转到其他域名：通过", "only when the site serves content; placeholder, block page, down, or leading elsewhere: pass"},
		Place:    Text{"内地地址：违规；CDN 或任播地址，或页脚有没有读到的部分：最多警告；内地以外：不适用", "mainland address: violation; CDN or anycast address, or a part of the foot not read: warning at most; elsewhere: exempt"},
		Exempt:   Text{"已备案；服务器在内地以外；只检查文件", "filed; server outside the mainland; a file"},
		Unknown:  Text{"备案状态未知或查询超过 30 天；地址位置未知；被防火墙拒绝；页面任何位置（含隐藏内容与脚本）有看似有效的备案号，或页脚有编号图片、指向备案系统的链接（与登记不符，先核对）；页面由脚本生成。清单没有给出查询日期的“未备案”，视为读入清单时所查，一直有效", "status unknown or asked more than 30 days ago; place unknown; refused by a firewall; a plausible number anywhere on the page (hidden or in a script too), or at its foot a picture of one or a link to the register (register and page disagree); page drawn by script. An inventory's \"unfiled\" without a date counts as asked when the inventory was read and does not age"},
	},
	Check: checkUnfiledServing,
}

func checkUnfiledServing(c *Case) Outcome {
	if c.Filing.Status == crawler.FilingFiled {
		return exempt(ReasonFiled)
	}
	switch c.Liveness {
	case Serving:
	case Placeholder:
		if c.Away != "" {
			return passFor(ReasonAway)
		}
		return passFor(ReasonPlaceholder)
	case Blocked:
		return passFor(ReasonBlocked)
	case Down:
		if !confirmed(c) {
			return unknown(ReasonNotConfirmed)
		}
		return passFor(ReasonDown)
	default:
		return unknown(livenessReason(c))
	}
	severity, why := openSeverity(c)
	if why == ReasonAbroad {
		return exempt(why)
	}
	if why == "" {
		why = doubt(c)
	}
	if why != "" {
		return unknown(why)
	}
	if footUnread(c) {
		// The page's own word may stand where we did not read. The register's
		// stands all the same.
		severity = Warning
	}
	return found(severity, openFinding(c))
}

// openSeverity judges by the place of the answering address; the reason is set
// where the place forbids a judgement.
func openSeverity(c *Case) (Severity, Reason) {
	switch {
	case c.Place.Shared != "" && !c.Place.Mainland:
		return "", ReasonSharedNetwork
	case !c.Place.Known:
		return "", ReasonPlaceUnknown
	case !c.Place.Mainland:
		return "", ReasonAbroad
	case c.Place.Shared != "", c.Filing.Status == crawler.FilingInReview, c.Home.Fault == page.FaultBinary:
		return Warning, ""
	}
	return Violation, ""
}

// doubt gives the reason to distrust the register: a number anywhere on the
// page that may be the site's own, or at its foot a picture of one or a link to
// the register. Of a page that was not seen whole nothing can be said.
func doubt(c *Case) Reason {
	if c.Home.Fault != page.FaultNone && c.Home.Fault != page.FaultBinary {
		return faultReason(c.Home.Fault)
	}
	if c.Kind.Name == kind.SPAShell {
		return ReasonDrawnByScript
	}
	known := filed(c)
	if shown := shownNumbers(c); len(shown) > 0 {
		if c.Filing.Status == crawler.FilingCancelled && hasBase(known, shown[0]) {
			return "" // it is the very number that was cancelled
		}
		return ReasonDisagree
	}
	for _, n := range c.Shown.ICP {
		slip := seen(n.Place) && n.Fake == number.FakeImpossible // most often a real number with a slip in its digits
		if n.Own && !n.Latin && (slip || n.Fake == number.FakeNone && !hasBase(known, n)) {
			return ReasonDisagree
		}
	}
	_, pictured := c.Home.Traced(c.Home.HasFoot, page.TraceLink, page.TraceImage)
	if pictured || slices.ContainsFunc(c.Shown.Traces, func(t number.Trace) bool { return t.Place == number.Footer && t.Digits != "" }) {
		return ReasonUnreadPart
	}
	return ""
}

func openFinding(c *Case) Finding {
	addr := c.Answer.Addr.Addr().Unmap()
	state := map[crawler.FilingStatus]Text{
		crawler.FilingUnfiled:   {"未备案", "not filed"},
		crawler.FilingCancelled: {"备案已注销", "filing cancelled"},
		crawler.FilingInReview:  {"备案审核中", "filing under review"},
	}[c.Filing.Status]
	where := Text{"首页 " + c.Answer.URL, "home page " + c.Answer.URL}
	source, title := sourceOf(c), clip(c.Home.Title)
	network := Text{"中国内地", "mainland China"}
	if c.Place.Shared != "" {
		network = Text{"中国内地，" + c.Place.Shared + " 网络", "mainland China, network of " + c.Place.Shared}
	}
	return Finding{
		Where: where,
		Saw: Text{
			fmt.Sprintf("登记状态为“%s”（来源：%s），但网站可以访问：HTTP %d，地址 %s（%s），标题“%s”", state.ZH, source.ZH, c.Answer.Status, addr, network.ZH, title),
			fmt.Sprintf("the register says %s (source: %s), yet the site answers: HTTP %d from %s (%s), title %q", state.EN, source.EN, c.Answer.Status, addr, network.EN, title),
		},
		Fix: Text{
			"请先暂停域名解析或关闭网站访问，完成备案、拿到备案号后再开启。若其实已经备案，请更新清单中的备案信息。",
			"Pause the DNS or close the site now, and open it when the filing number has been issued. If it is in fact filed, update the inventory.",
		},
	}
}

// sourceOf names where the filing status comes from, and when it was asked.
func sourceOf(c *Case) Text {
	source := Text{c.Filing.Source, c.Filing.Source}
	switch c.Filing.Source {
	case "", "inventory":
		source = Text{"清单", "inventory"}
	case "flag":
		source = Text{"命令行", "command line"}
	}
	if at := c.Filing.CheckedAt; !at.IsZero() {
		day := at.Format("2006-01-02")
		source = Text{source.ZH + "，" + day, source.EN + ", " + day}
	}
	return source
}
