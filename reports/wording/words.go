package wording

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/reports"
)

// The words of the JSONL contract as a person reads them. A word that is not
// in its table is shown as it is, so a report never has an empty box.

// Word looks w up in table.
func Word[W ~string](table map[W]detect.Text, w W) detect.Text {
	if t, ok := table[w]; ok {
		return t
	}
	return Same(Clean(string(w), 80))
}

// SeverityWords are the words of the severities.
var SeverityWords = map[detect.Severity]detect.Text{
	detect.Violation: Say("违规", "violation"),
	detect.Warning:   Say("待核实", "warning"),
	detect.Notice:    Say("提示", "notice"),
}

// VerdictWords are the words of the verdicts.
var VerdictWords = map[detect.Verdict]detect.Text{
	detect.Pass:    Say("通过", "pass"),
	detect.Found:   Say("发现问题", "found"),
	detect.Unknown: Say("未判定", "inconclusive"),
	detect.Exempt:  Say("不适用", "exempt"),
	detect.Broken:  Say("程序出错", "broken"),
}

// verdictReasons stand where an outcome carries no reason of its own.
var verdictReasons = map[detect.Verdict]detect.Text{
	detect.Pass:    Say("未发现该问题", "not found"),
	detect.Unknown: Say("证据不足", "evidence missing"),
	detect.Exempt:  Say("该规则不适用于此网站", "the rule does not apply to this site"),
	detect.Broken:  Say("检查程序自身出错，与网站无关，请向我们反馈", "the check itself failed; this says nothing about the site, please report it"),
}

// LivenessWords are the words of the states of a site.
var LivenessWords = map[detect.Liveness]detect.Text{
	detect.Serving:     Say("正常访问", "serving"),
	detect.Placeholder: Say("占位页面", "placeholder"),
	detect.Blocked:     Say("被接入商拦截", "blocked by the provider"),
	detect.Challenged:  Say("要求验证", "challenged"),
	detect.Down:        Say("无法访问", "down"),
	detect.Unseen:      Say("未判定", "not checked"),
}

// LivenessNotes say what the word means for this report.
var LivenessNotes = map[detect.Liveness]detect.Text{
	detect.Serving:     Say("网站可正常访问，内容为本站内容。", "The site is accessible and serves its own content."),
	detect.Placeholder: Say("网站可以访问，但没有本站内容（默认页、建设中、空白页、停放页或目录列表）。", "The site is accessible but serves no content of its own (default page, under construction, blank, parked or a directory listing)."),
	detect.Blocked:     Say("打开的是接入商的备案拦截页，不是网站自己的内容。", "The access provider's filing block page is served instead of the site."),
	detect.Challenged:  Say("网站要求验证、登录或拒绝了本次访问；这不说明网站有问题。", "The site asked for a challenge or a login, or refused this client; this says nothing about its compliance."),
	detect.Down:        Say("网站未返回可用页面。", "The site returned no usable page."),
	detect.Unseen:      Say("本机网络或 DNS 故障，未能检查（与网站无关）。", "A local network or DNS error prevented the check; this says nothing about the site."),
}

// PageKindWords are the words of the kinds of page.
var PageKindWords = map[kind.Name]detect.Text{
	kind.Normal:            Say("正常页面", "normal page"),
	kind.DefaultServer:     Say("服务器默认页", "server default page"),
	kind.Suspended:         Say("站点已暂停", "suspended site"),
	kind.UnderConstruction: Say("建设中页面", "under construction"),
	kind.Parked:            Say("域名停放或出售页", "parked or for sale"),
	kind.Block:             Say("接入商拦截页", "provider block page"),
	kind.Challenge:         Say("验证页", "challenge page"),
	kind.SPAShell:          Say("由 JavaScript 渲染的页面外壳", "shell rendered by JavaScript"),
	kind.Error:             Say("错误页", "error page"),
	kind.Blank:             Say("空白页", "blank page"),
	kind.Listing:           Say("目录列表", "directory listing"),
	kind.Login:             Say("登录页", "login page"),
}

// FilingWords are the words of the filing statuses.
var FilingWords = map[crawler.FilingStatus]detect.Text{
	crawler.FilingFiled:     Say("已备案", "filed"),
	crawler.FilingUnfiled:   Say("未备案", "not filed"),
	crawler.FilingInReview:  Say("备案审核中", "in review"),
	crawler.FilingCancelled: Say("备案已注销", "filing cancelled"),
	crawler.FilingUnknown:   Say("备案情况未知", "filing status unknown"),
}

// SourceWords are the words of the sources of a filing status.
var SourceWords = map[string]detect.Text{
	"inventory": Say("清单", "the inventory"),
	"flag":      Say("命令行", "the command line"),
}

var linkWords = map[number.LinkKind]detect.Text{
	number.LinkCurrent: Say("链接正确", "link correct"),
	number.LinkLegacy:  Say("旧链接", "outdated link"),
	number.LinkOther:   Say("链接到别处", "links elsewhere"),
	number.LinkNone:    Say("没有链接", "no link"),
}

var placeWords = map[number.Place]detect.Text{
	number.Footer:  Say("页脚", "footer"),
	number.Body:    Say("正文", "body"),
	number.Script:  Say("脚本中", "in a script"),
	number.Alt:     Say("图片替代文字中", "in an alt text"),
	number.Comment: Say("注释中", "in a comment"),
	number.Hidden:  Say("隐藏元素中", "in a hidden element"),
}

var licenceWords = map[string]detect.Text{
	"telecom":              Say("增值电信业务经营许可证", "value-added telecom licence"),
	"icp-commercial":       Say("经营性 ICP 许可证", "commercial ICP licence"),
	"news":                 Say("互联网新闻信息服务许可证", "internet news licence"),
	"publishing":           Say("网络出版服务许可证", "online publishing licence"),
	"culture":              Say("网络文化经营许可证", "online culture licence"),
	"audiovisual":          Say("信息网络传播视听节目许可证", "audio-visual programme licence"),
	"drug-info":            Say("互联网药品信息服务资格证书", "drug information certificate"),
	"drug-device-record":   Say("药品医疗器械网络信息服务备案", "drug and device information record"),
	"device-platform":      Say("医疗器械网络交易平台备案", "medical device platform record"),
	"payment":              Say("支付业务许可证", "payment licence"),
	"fund-sales":           Say("基金销售业务资格", "fund sales qualification"),
	"religion":             Say("互联网宗教信息服务许可证", "online religion licence"),
	"broadcast-production": Say("广播电视节目制作经营许可证", "broadcast production licence"),
	"healthcare":           Say("互联网医疗保健信息服务审核同意书", "online healthcare consent"),
	"publication-business": Say("出版物经营许可证", "publication business licence"),
	"bulletin-board":       Say("电子公告服务专项备案", "bulletin board record"),
	"games":                Say("网络游戏出版或备案文号", "game approval"),
	"securities":           Say("证券期货业务许可证", "securities and futures licence"),
	"insurance":            Say("保险业务许可证", "insurance licence"),
	"banking":              Say("金融许可证", "banking licence"),
	"ride-hailing":         Say("网络预约出租汽车经营许可证", "ride-hailing licence"),
	"training":             Say("办学许可证或教育移动应用备案", "training licence or education app record"),
}

// IndustryWords are the words of the industries.
var IndustryWords = map[industry.Category]detect.Text{
	industry.Finance:       Say("金融", "finance"),
	industry.News:          Say("新闻", "news"),
	industry.Publishing:    Say("出版", "publishing"),
	industry.DrugsDevices:  Say("药品和医疗器械", "drugs and medical devices"),
	industry.Culture:       Say("网络文化", "online culture"),
	industry.Audiovisual:   Say("视听节目", "audio-visual programmes"),
	industry.Healthcare:    Say("医疗保健", "healthcare"),
	industry.RideHailing:   Say("网络预约车", "ride hailing"),
	industry.BulletinBoard: Say("电子公告（论坛）", "bulletin board"),
	industry.Training:      Say("校外培训", "after-school training"),
	industry.Games:         Say("游戏", "games"),
	industry.Religion:      Say("宗教", "religion"),
}

// AskWords are the words of the purposes of a request.
var AskWords = map[crawler.AskKind]detect.Text{
	crawler.AskHome:   Say("首页", "home page"),
	crawler.AskHTTPS:  Say("首页（https）", "home page (https)"),
	crawler.AskWWW:    Say("www 主机", "www host"),
	crawler.AskNoName: Say("同一地址，不带域名", "same address without the name"),
	crawler.AskFollow: Say("页面自身的跳转", "redirect by the page itself"),
	crawler.AskScript: Say("页面脚本", "a script of the page"),
	crawler.AskInner:  Say("站内页面", "an inner page"),
	crawler.AskRender: Say("浏览器渲染", "rendered in a browser"),
}

// ViaWords are the words of the ways from one page to the next.
var ViaWords = map[crawler.Via]detect.Text{
	crawler.ViaStart:    Say("请求", "request"),
	crawler.ViaHTTP:     Say("HTTP 重定向", "HTTP redirect"),
	crawler.ViaMeta:     Say("meta 跳转", "meta refresh"),
	crawler.ViaScript:   Say("脚本跳转", "script redirect"),
	crawler.ViaFrame:    Say("整页框架", "whole-page frame"),
	crawler.ViaRendered: Say("浏览器渲染", "rendered in a browser"),
}

var stateWords = map[reports.RunState]detect.Text{
	reports.RunPlanning: Say("读取清单中", "reading the inventory"),
	reports.RunActive:   Say("进行中", "in progress"),
	reports.RunDone:     Say("已完成", "done"),
	reports.RunFailed:   Say("未能完成", "failed"),
}

// ToneWord returns the word for the tone of a domain ([reports.Tally.Tone]).
func ToneWord(tone string) detect.Text {
	switch tone {
	case string(detect.Pass):
		return Say("未发现问题", "no findings")
	case reports.Waived:
		return waivedOnly
	case string(detect.Unknown), "":
		return Word(VerdictWords, detect.Unknown)
	}
	return Word(SeverityWords, detect.Severity(tone))
}
