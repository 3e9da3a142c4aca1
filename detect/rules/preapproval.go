package rules

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/industry"
)

// The preapproval rules: 从事新闻、出版、教育、医疗保健、药品和医疗器械等互联网
// 信息服务，依照法律、行政法规以及国家有关规定须经有关主管部门审核同意的，在申请经营
// 许可或者履行备案手续前，应当依法经有关主管部门审核同意。 (292号令第五条)
//
// They are one duty for twelve trades, so they are one table.

// A trade is one row of it.
type industryRule struct {
	category  industry.Category
	name      detect.Text // 金融类
	authority detect.Text // who approves
	licence   string      // the document, as it is called
	law       detect.Text // where the approval is asked for
	place     string
	since     string
	abolished detect.Text // the decision that did away with the approval; empty while it is in force
}

var industryRules = []industryRule{
	{industry.Finance, detect.Text{ZH: "金融类", EN: "finance"},
		detect.Text{ZH: "人民银行、金融监管总局、证监会、地方金融管理部门等", EN: "the central bank, the financial regulators or the provincial finance office"},
		"金融许可证、支付业务许可证、基金销售业务资格等",
		detect.Text{ZH: "《互联网信息服务管理办法》及金融类前置审批要求", EN: "Decree 292 and the approval requirements for financial content"}, "第五条 / article 5", "2000-09-25", detect.Text{}},
	{industry.News, detect.Text{ZH: "新闻类", EN: "news"},
		detect.Text{ZH: "网信部门", EN: "the cyberspace administration"}, "互联网新闻信息服务许可证",
		detect.Text{ZH: "《互联网新闻信息服务管理规定》", EN: "Provisions on Internet News Information Services"}, "第五条 / article 5", "2017-06-01", detect.Text{}},
	{industry.Publishing, detect.Text{ZH: "出版类", EN: "publishing"},
		detect.Text{ZH: "国家新闻出版署及省级出版管理部门", EN: "the press and publication administration"}, "网络出版服务许可证",
		detect.Text{ZH: "《网络出版服务管理规定》", EN: "Provisions on Online Publishing Services"}, "第七条 / article 7", "2016-03-10", detect.Text{}},
	{industry.DrugsDevices, detect.Text{ZH: "药品和医疗器械类", EN: "drugs and medical devices"},
		detect.Text{ZH: "省级药品监督管理部门", EN: "the provincial drug administration"}, "互联网药品信息服务资格证书或药品医疗器械网络信息服务备案",
		detect.Text{ZH: "《互联网药品信息服务管理办法》", EN: "Measures for Internet Drug Information Services"}, "第五条 / article 5", "2004-07-08", detect.Text{}},
	{industry.Culture, detect.Text{ZH: "文化类", EN: "online culture"},
		detect.Text{ZH: "省级文化和旅游部门", EN: "the provincial department of culture and tourism"}, "网络文化经营许可证",
		detect.Text{ZH: "《互联网文化管理暂行规定》", EN: "Interim Provisions on Internet Culture"}, "第八条 / article 8", "2011-04-01", detect.Text{}},
	{industry.Audiovisual, detect.Text{ZH: "广播电影电视节目类", EN: "audiovisual programmes"},
		detect.Text{ZH: "广播电视主管部门", EN: "the radio and television administration"}, "信息网络传播视听节目许可证",
		detect.Text{ZH: "《互联网视听节目服务管理规定》", EN: "Provisions on Internet Audiovisual Programme Services"}, "第七条 / article 7", "2008-01-31", detect.Text{}},
	{industry.Healthcare, detect.Text{ZH: "医疗保健类", EN: "healthcare"},
		detect.Text{ZH: "卫生健康部门", EN: "the health administration"}, "互联网医疗保健信息服务审核同意书、医疗机构执业许可证",
		detect.Text{ZH: "腾讯云备案文档《常见驳回原因及处理办法》", EN: "Tencent Cloud, Common Reasons for Rejected Filings"}, "网站内容不合格 / content", "",
		detect.Text{ZH: "国务院 2015 年第一批取消的行政审批事项", EN: "the State Council's first list of approvals cancelled in 2015"}},
	{industry.RideHailing, detect.Text{ZH: "网络预约车类", EN: "ride hailing"},
		detect.Text{ZH: "市（或省）交通运输主管部门", EN: "the transport administration"}, "网络预约出租汽车经营许可证",
		detect.Text{ZH: "《网络预约出租汽车经营服务管理暂行办法》", EN: "Interim Measures for Online Ride Hailing"}, "第五条、第六条 / articles 5 and 6", "2016-11-01", detect.Text{}},
	{industry.BulletinBoard, detect.Text{ZH: "电子公告类", EN: "bulletin boards"},
		detect.Text{ZH: "省通信管理局", EN: "the provincial communications administration"}, "电子公告服务专项备案",
		detect.Text{ZH: "腾讯云备案文档《常见驳回原因及处理办法》", EN: "Tencent Cloud, Common Reasons for Rejected Filings"}, "网站内容不合格 / content", "",
		detect.Text{ZH: "国务院第五批取消的行政审批项目（具体以管局为准）", EN: "the State Council's fifth list of cancelled approvals (the local administration decides)"}},
	{industry.Training, detect.Text{ZH: "校外培训类", EN: "after-school training"},
		detect.Text{ZH: "教育行政部门", EN: "the education administration"}, "办学许可证及校外培训机构审批或备案",
		detect.Text{ZH: "工信部前置审批项“校外培训”", EN: "the ministry's list of approvals, item \"after-school training\""}, "", "", detect.Text{}},
	{industry.Games, detect.Text{ZH: "网络游戏类", EN: "online games"},
		detect.Text{ZH: "国家新闻出版署", EN: "the national press and publication administration"}, "网络游戏出版批准文号（版号）与网络出版服务许可证",
		detect.Text{ZH: "《网络出版服务管理规定》", EN: "Provisions on Online Publishing Services"}, "第二十七条 / article 27", "2016-03-10", detect.Text{}},
	{industry.Religion, detect.Text{ZH: "宗教类", EN: "religion"},
		detect.Text{ZH: "省级宗教事务部门", EN: "the provincial religious affairs department"}, "互联网宗教信息服务许可证",
		detect.Text{ZH: "《互联网宗教信息服务管理办法》", EN: "Measures for Internet Religious Information Services"}, "第六条 / article 6", "2022-03-01", detect.Text{}},
}

// preapprovals makes the rule of each trade.
func preapprovals() []*detect.Rule {
	rules := make([]*detect.Rule, 0, len(industryRules))
	for _, t := range industryRules {
		rules = append(rules, t.rule())
	}
	return rules
}

func (t industryRule) rule() *detect.Rule {
	severity := detect.Violation
	switch {
	case t.category == industry.BulletinBoard:
		severity = detect.Warning // under a personal filing
	case t.abolished.ZH != "":
		severity = detect.Notice
	}
	return &detect.Rule{
		ID:        "preapproval-" + string(t.category),
		Witness:   detect.WitnessNone,
		Severity:  severity,
		Title:     detect.Text{ZH: "内容涉及" + t.name.ZH + "，未见前置审批信息", EN: "content of the kind \"" + t.name.EN + "\" without a sign of the approval"},
		Kept:      detect.Text{ZH: "内容不涉及" + t.name.ZH + "，或已见前置审批信息", EN: "no content of the kind \"" + t.name.EN + "\", or a sign of the approval"},
		Rationale: t.rationale(),
		Remedy: detect.Text{
			ZH: "请先到" + t.authority.ZH + "办理（" + t.licence + "），在备案信息中填写审批号并上传文件；不从事该类业务的，请调整网站内容。",
			EN: "Obtain the approval from " + t.authority.EN + " (" + t.licence + "), enter its number in the filing and upload the document; or take the content off the site if this is not your trade.",
		},
		Source: detect.Article{Law: t.law, Place: t.place, Since: t.since},
		Policy: t.policies(),
		Check:  t.check,
	}
}

func (t industryRule) rationale() detect.Text {
	if t.abolished.ZH != "" {
		return detect.Text{
			ZH: t.name.ZH + "内容曾须前置审批，现已取消（" + t.abolished.ZH + "），但接入商的审核清单仍列有此类，个别管局也可能另有要求，故只作提示。",
			EN: "Content of this kind used to need an approval, which has been abolished (" + t.abolished.EN + "). Reviewers' lists still name it and some administrations may ask for papers, so this is a remark.",
		}
	}
	return detect.Text{
		ZH: "备案网站含有" + t.name.ZH + "内容的，须先取得" + t.authority.ZH + "的前置审批。没有审批的，备案会被驳回；已备案的，核查时会被要求整改或注销。",
		EN: "A filed site with content of this kind needs the approval of " + t.authority.EN + " first. Without it a filing is rejected, and an existing one is to be corrected or cancelled.",
	}
}

func (t industryRule) policies() detect.Policies {
	filing := detect.Text{
		ZH: "清单列明了审批情况（“无”也算）而其中没有此类：违规；否则（含状态未知）：待核实；政府、事业单位、医院：提示；未备案、已注销、审核中：不适用",
		EN: "violation when the inventory lists the approvals (\"none\" counts) and this one is not among them; else, and with an unknown status, warning; government, public institutions and hospitals: notice; unfiled, cancelled or in review: exempt",
	}
	if t.abolished.ZH != "" {
		filing = detect.Text{
			ZH: "审批已取消：提示；个人备案的论坛：待核实；未备案、已注销、审核中：不适用",
			EN: "abolished: notice; a forum under a personal filing: warning; unfiled, cancelled or in review: exempt",
		}
	}
	exempt := detect.Text{ZH: "没有有效备案；落在其他域名；占位页面；内容属于禁止之列（由禁止内容的规则判断）。清单有该类审批，或页面标明该类许可证号：通过", EN: "no filing in force; landed on another domain; a placeholder; forbidden content (content-forbidden speaks). Approval in the inventory, or a licence of this kind on the page: pass"}
	if t.category == industry.Culture {
		exempt = detect.Text{ZH: "文化类内容只是网络游戏；" + exempt.ZH, EN: "cultural content that is nothing but games; " + exempt.EN}
	}
	return detect.Policies{
		Filing:   filing,
		Liveness: detect.Text{ZH: "仅当网站正常提供内容；只有内页属于此类时最多为待核实", EN: "only when the site serves content; a warning at most if only an inner page is of this kind"},
		Place:    detect.Text{ZH: "内地以外且没有备案：不适用", EN: "outside the mainland and not filed: exempt"},
		Exempt:   exempt,
		Unknown:  detect.Text{ZH: "页面没有收全或由脚本生成；内容属于此类，但页脚（许可证所在处）没有读到且清单未列明审批", EN: "page not whole or drawn by script; the content is of this kind, but the foot, where the licence stands, was not read and the inventory does not list the approvals"},
	}
}

func (t industryRule) check(c *detect.Case) detect.Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	if c.Liveness == detect.Placeholder {
		return exempt(detect.ReasonPlaceholder)
	}
	if c.AbroadUnfiled() {
		return exempt(detect.ReasonAbroad)
	}
	judged, ok := t.judged(c)
	if !ok {
		if why := unreadContent(c); why != "" {
			return unknown(why)
		}
		return pass()
	}
	switch {
	case t.approved(c):
		return passFor(detect.ReasonApproval)
	case judged.Licence != "":
		return passFor(detect.ReasonLicence)
	}
	if t.category == industry.Culture && onlyGames(c, judged) {
		return exempt(detect.ReasonJudgedGames)
	}
	if _, ok := forbiddenOn(c.Home, homeWhere(c)); ok {
		return exempt(detect.ReasonForbidden)
	}
	if why := detect.FaultReason(c.Home.Fault); why != "" && !c.Filing.ApprovalsKnown {
		return unknown(why)
	}
	if c.FooterUnread() && !c.Filing.ApprovalsKnown {
		if c.Rendered {
			return unknown(detect.ReasonUnreadPart)
		}
		return unknown(c.ScriptReason())
	}
	return found(t.severity(c), t.finding(c, judged))
}

// gameWords stand in whatever a game site offers.
var gameWords = regexp.MustCompile(`(?i)游戏|手游|页游|端游|网游|新游|电竞|玩家|攻略|开服|新服|礼包|激活码|副本|公会|帮会|装备|道具|英雄|皮肤|段位|game`)

// onlyGames reports whether all that makes the content cultural is games, and
// they are judged as games too. The ministry of culture has approved no games
// since 2019; the press administration's number is what a game needs.
func onlyGames(c *detect.Case, culture industry.Judged) bool {
	games := slices.ContainsFunc(c.Industries, func(j industry.Judged) bool { return j.Category == industry.Games })
	return games && !slices.ContainsFunc(culture.Evidence, func(s string) bool { return !gameWords.MatchString(s) })
}

// judged returns the classifier's word on this trade, false if the content is
// not of it.
func (t industryRule) judged(c *detect.Case) (industry.Judged, bool) {
	for _, j := range c.Industries {
		if j.Category == t.category {
			return j, true
		}
	}
	return industry.Judged{}, false
}

// approved reports whether the register lists an approval of this trade.
func (t industryRule) approved(c *detect.Case) bool {
	for _, a := range c.Filing.Approvals {
		if a.Category == string(t.category) {
			return true
		}
	}
	return false
}

func (t industryRule) severity(c *detect.Case) detect.Severity {
	switch {
	case t.category == industry.BulletinBoard && personal(c):
		return detect.Warning // persons may not run forums, approval or not
	case t.abolished.ZH != "", public(c):
		return detect.Notice
	case c.Filing.Status == crawler.FilingFiled && c.Filing.ApprovalsKnown && c.IndustryPage(t.category) == nil:
		return detect.Violation
	}
	return detect.Warning
}

func (t industryRule) finding(c *detect.Case, j industry.Judged) detect.Finding {
	approvals := detect.Text{ZH: "清单没有列明审批情况", EN: "the inventory does not say which approvals exist"}
	if c.Filing.ApprovalsKnown {
		approvals = detect.Text{ZH: "清单列明的审批中没有此类", EN: "none of the approvals in the inventory is of this kind"}
	}
	return detect.Finding{
		Where: pageWhere(c, t.category),
		Saw: detect.Text{
			ZH: fmt.Sprintf("内容属于%s（置信度 %.0f%%），页面上没有看到相应许可证号，%s", t.name.ZH, 100*j.Score, approvals.ZH),
			EN: fmt.Sprintf("content of the kind \"%s\" (confidence %.0f%%), no licence of this kind on the page, and %s", t.name.EN, 100*j.Score, approvals.EN),
		},
		Fix: detect.Text{
			ZH: "若确实从事此类业务：请到" + t.authority.ZH + "办理" + t.licence + "，在备案信息中补充审批号，并在页脚标明。若已有审批：请登记到清单。若不从事：请调整上述内容。",
			EN: "If this is your trade: obtain the approval (" + t.licence + ") from " + t.authority.EN + ", add its number to the filing and show it at the foot. If you hold it: enter it in the inventory. If it is not: change the content quoted below.",
		},
		Quotes: clipAll(j.Evidence),
	}
}
