package reports

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
)

// The words of the JSONL contract as a person reads them. A word that is not
// in its table is shown as it is, so a report never has an empty box.

// word looks w up in table.
func word[W ~string](table map[W]detect.Text, w W) detect.Text {
	if t, ok := table[w]; ok {
		return t
	}
	return same(clean(string(w), 80))
}

var severityWords = map[detect.Severity]detect.Text{
	detect.Violation: say("须整改", "violation"),
	detect.Warning:   say("须核实", "warning"),
	detect.Notice:    say("提示", "notice"),
}

var verdictWords = map[detect.Verdict]detect.Text{
	detect.Pass:    say("通过", "pass"),
	detect.Found:   say("发现问题", "found"),
	detect.Unknown: say("无法判断", "unknown"),
	detect.Exempt:  say("不适用", "exempt"),
	detect.Broken:  say("程序出错", "broken"),
}

// verdictReasons stand where an outcome carries no reason of its own.
var verdictReasons = map[detect.Verdict]detect.Text{
	detect.Pass:    say("没有看到这个问题", "this was not seen"),
	detect.Unknown: say("证据不足", "the evidence is missing"),
	detect.Exempt:  say("该规则不适用于此网站", "the rule does not apply to this site"),
	detect.Broken:  say("检查程序自身出错，与网站无关，请向我们反馈", "the check itself failed; this says nothing about the site, please report it to us"),
}

var livenessWords = map[detect.Liveness]detect.Text{
	detect.Serving:     say("正常访问", "serving"),
	detect.Placeholder: say("占位页面", "placeholder"),
	detect.Blocked:     say("被接入商拦截", "blocked by the provider"),
	detect.Challenged:  say("要求验证", "challenged"),
	detect.Down:        say("无法访问", "down"),
	detect.Unseen:      say("未能看清", "not seen"),
}

// livenessNotes say what the word means for this report.
var livenessNotes = map[detect.Liveness]detect.Text{
	detect.Serving:     say("网站可以打开，看到的是它自己的内容。", "The site opens and shows content of its own."),
	detect.Placeholder: say("网站可以打开，但没有自己的内容（默认页、建设中、空白页、停放页或目录列表）。", "The site opens but has no content of its own (default page, under construction, blank, parked or a directory listing)."),
	detect.Blocked:     say("打开的是接入商的备案拦截页，不是网站自己的内容。", "What opens is the access provider's filing block page, not the site."),
	detect.Challenged:  say("网站要求验证、登录或拒绝了本次访问；这不说明网站有问题。", "The site asked us for a challenge or a log-in, or refused us; that says nothing against it."),
	detect.Down:        say("网站没有给出可用的页面。", "The site gave no usable page."),
	detect.Unseen:      say("本次检查自身受阻（网络或解析服务），不能据此判断网站。", "The look itself was hindered on our side (network or resolver); nothing follows for the site."),
}

var pageKindWords = map[kind.Name]detect.Text{
	kind.Normal:            say("正常页面", "normal page"),
	kind.DefaultServer:     say("服务器默认页", "server default page"),
	kind.Suspended:         say("站点已暂停", "suspended site"),
	kind.UnderConstruction: say("建设中页面", "under construction"),
	kind.Parked:            say("域名停放或出售页", "parked or for sale"),
	kind.Block:             say("接入商拦截页", "provider block page"),
	kind.Challenge:         say("验证页", "challenge page"),
	kind.SPAShell:          say("由脚本绘制的页面外壳", "shell drawn by script"),
	kind.Error:             say("错误页", "error page"),
	kind.Blank:             say("空白页", "blank page"),
	kind.Listing:           say("目录列表", "directory listing"),
	kind.Login:             say("登录页", "log-in page"),
}

var filingWords = map[crawler.FilingStatus]detect.Text{
	crawler.FilingFiled:     say("已备案", "filed"),
	crawler.FilingUnfiled:   say("未备案", "not filed"),
	crawler.FilingInReview:  say("备案审核中", "in review"),
	crawler.FilingCancelled: say("备案已注销", "filing cancelled"),
	crawler.FilingUnknown:   say("备案情况未知", "filing not known"),
}

var sourceWords = map[string]detect.Text{
	"inventory": say("清单", "the inventory"),
	"flag":      say("命令行", "the command line"),
}

var linkWords = map[number.LinkKind]detect.Text{
	number.LinkCurrent: say("链接正确", "link correct"),
	number.LinkLegacy:  say("旧链接", "outdated link"),
	number.LinkOther:   say("链接到别处", "links elsewhere"),
	number.LinkNone:    say("没有链接", "no link"),
}

var placeWords = map[number.Place]detect.Text{
	number.Footer:  say("页脚", "footer"),
	number.Body:    say("正文", "body"),
	number.Script:  say("脚本中", "in a script"),
	number.Alt:     say("图片替代文字中", "in an alt text"),
	number.Comment: say("注释中", "in a comment"),
	number.Hidden:  say("隐藏元素中", "in a hidden element"),
}

var licenceWords = map[string]detect.Text{
	"telecom":              say("增值电信业务经营许可证", "value-added telecom licence"),
	"icp-commercial":       say("经营性 ICP 许可证", "commercial ICP licence"),
	"news":                 say("互联网新闻信息服务许可证", "internet news licence"),
	"publishing":           say("网络出版服务许可证", "online publishing licence"),
	"culture":              say("网络文化经营许可证", "online culture licence"),
	"audiovisual":          say("信息网络传播视听节目许可证", "audio-visual programme licence"),
	"drug-info":            say("互联网药品信息服务资格证书", "drug information certificate"),
	"drug-device-record":   say("药品医疗器械网络信息服务备案", "drug and device information record"),
	"device-platform":      say("医疗器械网络交易平台备案", "medical device platform record"),
	"payment":              say("支付业务许可证", "payment licence"),
	"fund-sales":           say("基金销售业务资格", "fund sales qualification"),
	"religion":             say("互联网宗教信息服务许可证", "online religion licence"),
	"broadcast-production": say("广播电视节目制作经营许可证", "broadcast production licence"),
	"healthcare":           say("互联网医疗保健信息服务审核同意书", "online healthcare consent"),
	"publication-business": say("出版物经营许可证", "publication business licence"),
	"bulletin-board":       say("电子公告服务专项备案", "bulletin board record"),
	"games":                say("网络游戏出版或备案文号", "game approval"),
	"securities":           say("证券期货业务许可证", "securities and futures licence"),
	"insurance":            say("保险业务许可证", "insurance licence"),
	"banking":              say("金融许可证", "banking licence"),
	"ride-hailing":         say("网络预约出租汽车经营许可证", "ride-hailing licence"),
	"training":             say("办学许可证或教育移动应用备案", "training licence or education app record"),
}

var industryWords = map[industry.Category]detect.Text{
	industry.Finance:       say("金融", "finance"),
	industry.News:          say("新闻", "news"),
	industry.Publishing:    say("出版", "publishing"),
	industry.DrugsDevices:  say("药品和医疗器械", "drugs and medical devices"),
	industry.Culture:       say("网络文化", "online culture"),
	industry.Audiovisual:   say("视听节目", "audio-visual programmes"),
	industry.Healthcare:    say("医疗保健", "healthcare"),
	industry.RideHailing:   say("网络预约车", "ride hailing"),
	industry.BulletinBoard: say("电子公告（论坛）", "bulletin board"),
	industry.Training:      say("校外培训", "after-school training"),
	industry.Games:         say("游戏", "games"),
	industry.Religion:      say("宗教", "religion"),
}

var askWords = map[crawler.AskKind]detect.Text{
	crawler.AskHome:   say("首页", "home page"),
	crawler.AskHTTPS:  say("首页（https）", "home page (https)"),
	crawler.AskWWW:    say("www 主机", "www host"),
	crawler.AskNoName: say("同一地址，不带域名", "same address without the name"),
	crawler.AskFollow: say("页面自身的跳转", "where the page itself leads"),
	crawler.AskScript: say("页面脚本", "a script of the page"),
	crawler.AskInner:  say("站内页面", "an inner page"),
	crawler.AskRender: say("浏览器渲染", "drawn by a browser"),
}

var viaWords = map[crawler.Via]detect.Text{
	crawler.ViaStart:    say("请求", "request"),
	crawler.ViaHTTP:     say("HTTP 重定向", "HTTP redirect"),
	crawler.ViaMeta:     say("meta 跳转", "meta refresh"),
	crawler.ViaScript:   say("脚本跳转", "script redirect"),
	crawler.ViaFrame:    say("整页框架", "whole-page frame"),
	crawler.ViaRendered: say("浏览器渲染", "drawn by a browser"),
}

var stateWords = map[RunState]detect.Text{
	RunPlanning: say("读取清单中", "reading the inventory"),
	RunActive:   say("进行中", "under way"),
	RunDone:     say("已完成", "done"),
	RunFailed:   say("未能完成", "could not be finished"),
}

// livenessOrder is the order in which states are listed: from open to closed.
var livenessOrder = []detect.Liveness{detect.Serving, detect.Placeholder, detect.Blocked, detect.Challenged, detect.Down, detect.Unseen}
