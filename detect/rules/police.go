package rules

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/number"
)

// The rules about the public-security filing (公安联网备案), a duty beside the
// ICP filing: due within 30 days of the opening of a site. Who owes it cannot
// be seen on a page, so these are remarks unless the inventory says more.

// policeDuty is footerDuty for the second filing.
func policeDuty(c *detect.Case) (detect.Outcome, bool) {
	if o, ok := footerDuty(c); !ok {
		return o, false
	}
	if c.AbroadUnfiled() {
		return exempt(detect.ReasonAbroad), false
	}
	return detect.Outcome{}, true
}

// policeSeverity is Warning where the inventory says that the filing is due or
// made.
func policeSeverity(c *detect.Case) detect.Severity {
	if c.Filing.PoliceDue || c.Filing.PoliceNumber != "" {
		return detect.Warning
	}
	return detect.Notice
}

// shownPolice are the public-security numbers that a visitor sees.
func shownPolice(c *detect.Case) []number.Police {
	var list []number.Police
	for _, p := range c.Shown.Police {
		if detect.Visible(p.Place) {
			list = append(list, p)
		}
	}
	return list
}

// noPolice is the outcome of the rules about a shown public-security number
// when none is shown.
func noPolice(c *detect.Case) detect.Outcome {
	if c.Liveness == detect.Placeholder {
		return exempt(detect.ReasonPlaceholder)
	}
	if why := c.PoliceTraceReason(); why != "" {
		return unknown(why)
	}
	return exempt(detect.ReasonNoNumber)
}

var policeSource = police33("第十二条、第二十三条 / articles 12 and 23")

var policeRationale = detect.Text{
	ZH: "网站开通之日起三十日内应当办理公安联网备案，并在首页底部标明公安备案号、链接到全国互联网安全管理服务平台。不履行的，公安机关可给予警告或停机整顿。",
	EN: "Within thirty days of opening, a site is to be filed with public security as well and show that number at the foot, linked to the police platform. Otherwise the police may warn the operator or have the site suspended.",
}

func policePolicies(unknowns detect.Text) detect.Policies {
	return detect.Policies{
		Filing:   detect.Text{ZH: "已备案、未知：提示；清单注明应办理或已有公安备案号：待核实；未备案、已注销、审核中：不适用", EN: "filed or unknown: notice; warning when the inventory says that it is due or gives its number; unfiled, cancelled or in review: exempt"},
		Liveness: detect.Text{ZH: "仅当看到网站自己的页面", EN: "only when the site's own page was seen"},
		Place:    detect.Text{ZH: "内地以外且没有备案：不适用", EN: "outside the mainland and not filed: exempt"},
		Exempt:   detect.Text{ZH: "没有有效备案；落在其他域名；占位页面；备案通过不足 30 天；页面上没有公安备案号（仅格式与链接规则）", EN: "no filing in force; landed on another domain; a placeholder; approved less than 30 days ago; no such number on the page (form and link only)"},
		Unknown:  unknowns,
	}
}

func policeWhere(c *detect.Case, p number.Police) detect.Text {
	place, home := placeTexts[p.Place], homeWhere(c)
	return detect.Text{ZH: home.ZH + "，" + place.ZH, EN: home.EN + ", " + place.EN}
}

// policeLinkWrong: the code that the platform issues links the number to this
// site's own entry.
var policeLinkWrong = &detect.Rule{
	ID:        "police-link-wrong",
	Witness:   detect.WitnessPage,
	Severity:  detect.Warning,
	Title:     detect.Text{ZH: "公安备案号的链接缺失或不正确", EN: "the public-security number is not linked, or to a wrong address"},
	Kept:      detect.Text{ZH: "公安备案号的链接正确", EN: "the public-security number links to the right address"},
	Rationale: policeRationale,
	Remedy: detect.Text{
		ZH: "请把公安备案号链接到 https://beian.mps.gov.cn/#/query/webSearch?code= 加上该编号的 14 位数字。",
		EN: "Link the number to https://beian.mps.gov.cn/#/query/webSearch?code= followed by its 14 digits.",
	},
	Source: policeSource,
	Policy: policePolicies(detect.Text{ZH: "页面没有收全；由脚本生成，且没有看到编号；点击编号时可能由脚本打开该平台，浏览器未能排除", EN: "page not whole; drawn by script, and no number seen; a script may open the platform at a click on the number, which the browser could not rule out"}),
	Check:  checkPoliceLink,
}

func checkPoliceLink(c *detect.Case) detect.Outcome {
	if o, ok := policeDuty(c); !ok {
		return o
	}
	shown := shownPolice(c)
	if len(shown) == 0 {
		return noPolice(c)
	}
	var bad []detect.Finding
	sure := true
	for _, p := range shown {
		saw := policeLinkFault(p)
		if saw.ZH == "" {
			return pass()
		}
		sure = sure && (p.Kind != number.LinkNone || c.OpensNothing(p.Raw))
		bad = append(bad, detect.Finding{
			Where: policeWhere(c, p),
			Saw:   detect.Text{ZH: "“" + detect.Clip(p.Raw) + "”" + saw.ZH, EN: "\"" + detect.Clip(p.Raw) + "\": " + saw.EN},
			Fix: detect.Text{
				ZH: "请改为链接到全国互联网安全管理服务平台上的本网站备案信息，代码见本报告。",
				EN: "Link it to this site's entry on the police platform, as in the code given here.",
			},
			Snippet: policeSnippet(p),
		})
	}
	if why := detect.FaultReason(c.Home.Fault); why != "" {
		return unknown(why)
	}
	if !sure {
		return unknown(detect.ReasonScriptLink)
	}
	return found(policeSeverity(c), bad[:min(len(bad), 5)]...)
}

// policeLinkFault says what is wrong with the link of a number, "" if nothing
// is.
func policeLinkFault(p number.Police) detect.Text {
	switch {
	case p.Kind == number.LinkNone:
		return detect.Text{ZH: "没有超链接", EN: "no link"}
	case p.Kind != number.LinkCurrent:
		return detect.Text{ZH: "链接到 " + detect.Clip(p.Link), EN: "links to " + detect.Clip(p.Link)}
	case p.Code != "" && p.Digits != "" && p.Code != p.Digits:
		return detect.Text{ZH: "链接里的编号是 " + detect.Clip(p.Code) + "，与显示的不同", EN: "the link carries another number, " + detect.Clip(p.Code)}
	}
	return detect.Text{}
}

// policeNumberMalformed: 省份简称 + 公网安备 + 14 位数字 + 号, as the platform issues it.
var policeNumberMalformed = &detect.Rule{
	ID:        "police-number-malformed",
	Witness:   detect.WitnessPage,
	Severity:  detect.Warning,
	Title:     detect.Text{ZH: "公安备案号的格式不正确", EN: "the public-security number is malformed"},
	Kept:      detect.Text{ZH: "公安备案号的格式正确", EN: "the public-security number is well formed"},
	Rationale: policeRationale,
	Remedy: detect.Text{
		ZH: "请按平台下发的编号标明：省份简称 + 公网安备 + 14 位数字 + 号。",
		EN: "Show the number as issued: the province's character, 公网安备, 14 digits, 号.",
	},
	Source: policeSource,
	Policy: policePolicies(detect.Text{ZH: "页面没有收全或由脚本生成，且没有看到编号", EN: "page not whole or drawn by script, and no number seen"}),
	Check:  checkPoliceMalformed,
}

// malformed says what is wrong with a number, by the word of package number.
var malformed = map[string]detect.Text{
	"length":   {ZH: "数字不是 14 位", EN: "it does not have 14 digits"},
	"wording":  {ZH: "没有写作“公网安备”", EN: "it is not written 公网安备"},
	"province": {ZH: "“公网安备”前没有省份简称", EN: "no province's character stands before 公网安备"},
	"division": {ZH: "前六位不是行政区划代码", EN: "its first six digits are no division code"},
}

func checkPoliceMalformed(c *detect.Case) detect.Outcome {
	if o, ok := policeDuty(c); !ok {
		return o
	}
	shown := shownPolice(c)
	if len(shown) == 0 {
		return noPolice(c)
	}
	var bad []detect.Finding
	for _, p := range shown {
		if p.Malformed == "" {
			return pass() // one right number is what the duty asks for
		}
		why, ok := malformed[p.Malformed]
		if !ok {
			why = detect.Text{ZH: p.Malformed, EN: p.Malformed}
		}
		bad = append(bad, detect.Finding{
			Where: policeWhere(c, p),
			Saw:   detect.Text{ZH: "“" + detect.Clip(p.Raw) + "”：" + why.ZH, EN: "\"" + detect.Clip(p.Raw) + "\": " + why.EN},
			Fix: detect.Text{
				ZH: "请对照全国互联网安全管理服务平台上的备案号更正。",
				EN: "Correct it to the number on the police platform.",
			},
		})
	}
	return found(policeSeverity(c), bad[:min(len(bad), 5)]...)
}

// policeNumberMissing: the number belongs at the foot within 30 days of approval
// by public security, and providers' checks ask for it
// (底部未悬挂公安联网备案号).
var policeNumberMissing = &detect.Rule{
	ID:        "police-number-missing",
	Witness:   detect.WitnessPage,
	Severity:  detect.Warning,
	Title:     detect.Text{ZH: "首页底部没有公安备案号", EN: "no public-security filing number at the foot of the home page"},
	Kept:      detect.Text{ZH: "首页底部有公安备案号", EN: "the foot of the home page shows a public-security filing number"},
	Rationale: policeRationale,
	Remedy: detect.Text{
		ZH: "请在全国互联网安全管理服务平台（https://beian.mps.gov.cn/）办理备案，并把平台提供的图标与代码放到首页底部。",
		EN: "File the site at https://beian.mps.gov.cn/ and put the icon and code that the platform provides at the foot of the home page.",
	},
	Source: policeSource,
	Policy: policePolicies(detect.Text{ZH: "页面没有收全；页脚由脚本生成或没有看到页脚；脚本、图片或链接里有公安备案号的痕迹", EN: "page not whole; foot drawn by script or not seen; a trace of such a number in a script, an image or a link"}),
	Dated:  true,
	Check:  checkPoliceMissing,
}

func checkPoliceMissing(c *detect.Case) detect.Outcome {
	if o, ok := policeDuty(c); !ok {
		return o
	}
	if len(shownPolice(c)) > 0 {
		return pass()
	}
	if c.Liveness == detect.Placeholder {
		return exempt(detect.ReasonPlaceholder)
	}
	if at := c.Filing.ApprovedAt; !at.IsZero() && c.At.Sub(at) < c.Policy.PoliceDue && c.Filing.PoliceNumber == "" {
		return exempt(detect.ReasonNotDue)
	}
	if why := c.PoliceTraceReason(); why != "" {
		return unknown(why)
	}
	if len(c.Shown.Police) > 0 {
		return unknown(c.ScriptReason()) // a number that visitors may come to see
	}
	f := detect.Finding{
		Where: footWhere(c),
		Saw:   detect.Text{ZH: "已检查完整页面（含页脚），未发现公安备案号", EN: "the page was read to its foot, and there is no public-security number on it"},
		Fix: detect.Text{
			ZH: "如已办理公安联网备案，请把公安备案号标明在首页底部；尚未办理的，请在网站开通 30 日内办理。",
			EN: "If the site is filed with public security, show the number at the foot; if not, file it within 30 days of opening.",
		},
	}
	if digits := fold.Digits(c.Filing.PoliceNumber); digits != "" {
		f.Snippet = link(policeURL(digits), c.Filing.PoliceNumber)
	}
	return found(policeSeverity(c), f)
}
