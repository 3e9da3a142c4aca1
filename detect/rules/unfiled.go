package rules

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// unfiledSiteBlocked: the provider already keeps the duty in the owner's
// place. The owner should know; nothing is violated.
var unfiledSiteBlocked = &detect.Rule{
	ID:       "unfiled-site-blocked",
	Witness:  detect.WitnessNone,
	Severity: detect.Notice,
	Title:    detect.Text{ZH: "未备案网站已被接入商拦截", EN: "an unfiled site is blocked by its provider"},
	Kept:     detect.Text{ZH: "未备案网站未被接入商拦截", EN: "an unfiled site is not blocked by its provider"},
	Rationale: detect.Text{
		ZH: "域名解析到了内地服务器但没有备案，接入商已经拦截访问。网站目前没有对外服务，但解析仍然存在，备案审核时可能被要求关闭。",
		EN: "The domain points to a server in mainland China without a filing, and the provider has cut it off. Nothing is served, but the DNS record remains and reviewers may ask to remove it.",
	},
	Remedy: detect.Text{
		ZH: "如需继续使用，请办理备案；否则请删除指向内地服务器的解析。",
		EN: "File the site if it is to be used; otherwise remove the DNS record that points to the mainland.",
	},
	Source: order33("第五条 / article 5"),
	Needs:  detect.NeedsFiling | detect.NeedsSite,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "未备案、已注销、审核中：提示；已备案：不适用", EN: "unfiled, cancelled or in review: notice; filed: exempt"},
		Liveness: detect.Text{ZH: "仅当看到接入商的拦截页，或带域名访问被重置而不带域名有应答（经复查确认）", EN: "only for a provider's block page, or a reset that depends on the name (confirmed by further looks)"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "已备案；只检查文件", EN: "filed; a file"},
		Unknown:  detect.Text{ZH: "备案状态未知；被防火墙拒绝；未能看到", EN: "status unknown; refused by a firewall; not seen"},
	},
	Check: checkUnfiledBlocked,
}

func checkUnfiledBlocked(c *detect.Case) detect.Outcome {
	if c.Filing.Status == crawler.FilingFiled {
		return exempt(detect.ReasonFiled)
	}
	switch c.Liveness {
	case detect.Blocked:
	case detect.Challenged, detect.Unseen:
		return unknown(c.LivenessReason())
	default:
		return pass()
	}
	if c.Cause == detect.CauseNameReset && !c.Confirmed() {
		return unknown(detect.ReasonNotConfirmed)
	}
	where, saw := blockEvidence(c)
	return found(detect.Notice, detect.Finding{
		Where: where,
		Saw:   saw,
		Fix: detect.Text{
			ZH: "如需使用该域名，请尽快办理备案；不再使用请删除解析记录。",
			EN: "File the site soon if the domain is to be used; otherwise remove its DNS record.",
		},
	})
}

// blockEvidence tells what shows that the provider blocks the name.
func blockEvidence(c *detect.Case) (where, saw detect.Text) {
	nameless := detect.Text{}
	if v := c.Visit(crawler.AskNoName, ""); v != nil {
		switch p := v.Last(); {
		case p != nil:
			status := strconv.Itoa(p.Status)
			nameless = detect.Text{ZH: "；不带域名访问同一地址返回 HTTP " + status, EN: "; the same address asked without the name answers HTTP " + status}
		case v.Failure != nil:
			nameless = detect.Text{ZH: "；不带域名访问同一地址：" + detect.CauseText(string(v.Failure.Kind)).ZH, EN: "; the same address asked without the name: " + detect.CauseText(string(v.Failure.Kind)).EN}
		}
	}
	if c.Cause == detect.CauseNameReset {
		t := detect.CauseText(detect.CauseNameReset)
		return detect.Text{ZH: c.FailedURL, EN: c.FailedURL}, detect.Text{ZH: t.ZH + nameless.ZH, EN: t.EN + nameless.EN}
	}
	at := c.FailedURL // the provider's own host, which did not answer
	if c.Answer != nil {
		at = c.Answer.URL
	}
	where = detect.Text{ZH: at, EN: at}
	saw = detect.Text{ZH: "接入商的备案拦截页", EN: "a provider's block page"}
	if c.Kind.Saw != "" {
		saw = detect.Text{ZH: saw.ZH + "：“" + c.Kind.Saw + "”", EN: saw.EN + ": “" + c.Kind.Saw + "”"}
	}
	return where, detect.Text{ZH: saw.ZH + nameless.ZH, EN: saw.EN + nameless.EN}
}

// unfiledSiteServing: 未经备案，不得在中华人民共和国境内从事非经营性互联网信息服务。
// (第五条) Reviewers reject a filing while the site is open: 未备案网站不得开启访问。
var unfiledSiteServing = &detect.Rule{
	ID:       "unfiled-site-serving",
	Witness:  detect.WitnessNone,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "未备案网站已开启访问", EN: "an unfiled site is open to visitors"},
	Kept:     detect.Text{ZH: "未备案网站没有开启访问", EN: "no unfiled site is open to visitors"},
	Rationale: detect.Text{
		ZH: "网站使用中国内地服务器就必须先完成备案。备案号下发之前开放访问，接入商会随时阻断，正在提交的备案也会被驳回；逾期不改的，主管部门可处一万元罚款并关闭网站。",
		EN: "A site on a server in mainland China must be filed before it opens. Until the number is issued the provider may cut it off at any time, and a filing in progress is rejected while the site is open; the authority may fine the operator 10,000 yuan and close the site.",
	},
	Remedy: detect.Text{
		ZH: "请暂停域名解析或关闭网站访问，待备案号下发后再开启；变更备案不受影响，接入备案在接入商初审通过后即可开启。",
		EN: "Pause the domain's DNS or close the site until the filing number is issued. A change of an existing filing does not require closing; a new access filing allows opening after the provider's first review.",
	},
	Source: order33("第五条、第二十二条 / articles 5 and 22"),
	Needs:  detect.NeedsFiling | detect.NeedsSite,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "未备案、已注销：违规；审核中：待核实；已备案：不适用", EN: "unfiled or cancelled: violation; in review: warning; filed: exempt"},
		Liveness: detect.Text{ZH: "仅当网站正常提供内容；占位页、拦截页、打不开、只跳转到其他域名：通过", EN: "only when the site serves content; placeholder, block page, down, or leading elsewhere: pass"},
		Place:    detect.Text{ZH: "内地地址：违规；CDN 或任播地址，或页脚有没有读到的部分：最多待核实；内地以外：不适用", EN: "mainland address: violation; CDN or anycast address, or a part of the foot not read: warning at most; elsewhere: exempt"},
		Exempt:   detect.Text{ZH: "已备案；服务器在内地以外；只检查文件", EN: "filed; server outside the mainland; a file"},
		Unknown:  detect.Text{ZH: "备案状态未知或查询超过 30 天；地址位置未知；被防火墙拒绝；页面任何位置（含隐藏内容与脚本）有看似有效的备案号，或页脚有编号图片、指向备案系统的链接（与登记不符，先核对）；页面由脚本生成。清单没有给出查询日期的“未备案”，视为读入清单时所查，一直有效", EN: "status unknown or asked more than 30 days ago; place unknown; refused by a firewall; a plausible number anywhere on the page (hidden or in a script too), or at its foot a picture of one or a link to the register (register and page disagree); page drawn by script. An inventory's \"unfiled\" without a date counts as asked when the inventory was read and does not age"},
	},
	Check: checkUnfiledServing,
}

func checkUnfiledServing(c *detect.Case) detect.Outcome {
	if c.Filing.Status == crawler.FilingFiled {
		return exempt(detect.ReasonFiled)
	}
	switch c.Liveness {
	case detect.Serving:
	case detect.Placeholder:
		if c.Away != "" {
			return passFor(detect.ReasonAway)
		}
		return passFor(detect.ReasonPlaceholder)
	case detect.Blocked:
		return passFor(detect.ReasonBlocked)
	case detect.Down:
		if !c.Confirmed() {
			return unknown(detect.ReasonNotConfirmed)
		}
		return passFor(detect.ReasonDown)
	default:
		return unknown(c.LivenessReason())
	}
	severity, why := openSeverity(c)
	if why == detect.ReasonAbroad {
		return exempt(why)
	}
	if why == "" {
		why = doubt(c)
	}
	if why != "" {
		return unknown(why)
	}
	if c.FooterUnread() {
		// The page's own word may stand where we did not read. The register's
		// stands all the same.
		severity = detect.Warning
	}
	return found(severity, openFinding(c))
}

// openSeverity judges by the place of the answering address; the reason is set
// where the place forbids a judgement.
func openSeverity(c *detect.Case) (detect.Severity, detect.Reason) {
	switch {
	case c.Place.Shared != "" && !c.Place.Mainland:
		return "", detect.ReasonSharedNetwork
	case !c.Place.Known:
		return "", detect.ReasonPlaceUnknown
	case !c.Place.Mainland:
		return "", detect.ReasonAbroad
	case c.Place.Shared != "", c.Filing.Status == crawler.FilingInReview, c.Home.Fault == page.FaultBinary:
		return detect.Warning, ""
	}
	return detect.Violation, ""
}

// doubt returns the reason to distrust the register: a number anywhere on the
// page that may be the site's own, or at its foot a picture of one or a link to
// the register. Of a page that was not seen whole nothing can be said.
func doubt(c *detect.Case) detect.Reason {
	if c.Home.Fault != page.FaultNone && c.Home.Fault != page.FaultBinary {
		return detect.FaultReason(c.Home.Fault)
	}
	if c.Kind.Name == kind.SPAShell {
		return c.ScriptReason()
	}
	known := c.FiledNumbers()
	if shown := c.ShownNumbers(); len(shown) > 0 {
		if c.Filing.Status == crawler.FilingCancelled && detect.HasBase(known, shown[0]) {
			return "" // it is the very number that was cancelled
		}
		return detect.ReasonDisagree
	}
	for _, n := range c.Shown.ICP {
		slip := detect.Visible(n.Place) && n.Fake == number.FakeImpossible // most often a real number with a slip in its digits
		if (n.Own || n.Credited) && !n.Latin && (slip || n.Fake == number.FakeNone && !detect.HasBase(known, n)) {
			return detect.ReasonDisagree
		}
	}
	_, pictured := c.Home.Traced(c.Home.HasFoot, page.TraceLink, page.TraceImage)
	if pictured || slices.ContainsFunc(c.Shown.Traces, func(t number.Trace) bool { return t.Place == number.Footer && t.Digits != "" }) {
		return detect.ReasonUnreadPart
	}
	return ""
}

func openFinding(c *detect.Case) detect.Finding {
	addr := c.Answer.Addr.Addr().Unmap()
	state := map[crawler.FilingStatus]detect.Text{
		crawler.FilingUnfiled:   {ZH: "未备案", EN: "not filed"},
		crawler.FilingCancelled: {ZH: "备案已注销", EN: "filing cancelled"},
		crawler.FilingInReview:  {ZH: "备案审核中", EN: "filing under review"},
	}[c.Filing.Status]
	where := detect.Text{ZH: "首页 " + c.Answer.URL, EN: "home page " + c.Answer.URL}
	source, title := sourceOf(c), detect.Clip(c.Home.Title)
	network := detect.Text{ZH: "中国内地", EN: "mainland China"}
	if c.Place.Shared != "" {
		network = detect.Text{ZH: "中国内地，" + c.Place.Shared + " 网络", EN: "mainland China, network of " + c.Place.Shared}
	}
	return detect.Finding{
		Where: where,
		Saw: detect.Text{
			ZH: fmt.Sprintf("登记状态为“%s”（来源：%s），但网站可以访问：HTTP %d，地址 %s（%s），标题“%s”", state.ZH, source.ZH, c.Answer.Status, addr, network.ZH, title),
			EN: fmt.Sprintf("the register says %s (source: %s), yet the site answers: HTTP %d from %s (%s), title %q", state.EN, source.EN, c.Answer.Status, addr, network.EN, title),
		},
		Fix: detect.Text{
			ZH: "请先暂停域名解析或关闭网站访问，完成备案、拿到备案号后再开启。若其实已经备案，请更新清单中的备案信息。",
			EN: "Pause the DNS or close the site now, and open it when the filing number has been issued. If it is in fact filed, update the inventory.",
		},
	}
}

// sourceOf names where the filing status comes from, and when it was asked.
func sourceOf(c *detect.Case) detect.Text {
	source := detect.Text{ZH: c.Filing.Source, EN: c.Filing.Source}
	switch c.Filing.Source {
	case "", "inventory":
		source = detect.Text{ZH: "清单", EN: "inventory"}
	case "flag":
		source = detect.Text{ZH: "命令行", EN: "command line"}
	}
	if at := c.Filing.CheckedAt; !at.IsZero() {
		day := at.Format("2006-01-02")
		source = detect.Text{ZH: source.ZH + "，" + day, EN: source.EN + ", " + day}
	}
	return source
}
