package detect

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect/number"
)

// The rules about the public-security filing (公安联网备案), a duty beside the
// ICP filing: due within 30 days of the opening of a site. Who owes it cannot
// be seen on a page, so these are remarks unless the inventory says more.

// policeDuty is footerDuty for the second filing.
func policeDuty(c *Case) (Outcome, bool) {
	if o, ok := footerDuty(c); !ok {
		return o, false
	}
	if abroadUnfiled(c) {
		return exempt(ReasonAbroad), false
	}
	return Outcome{}, true
}

// policeSeverity is Warning where the inventory says that the filing is due or
// made.
func policeSeverity(c *Case) Severity {
	if c.Filing.PoliceDue || c.Filing.PoliceNumber != "" {
		return Warning
	}
	return Notice
}

// shownPolice are the public-security numbers that a visitor sees.
func shownPolice(c *Case) []number.Police {
	var list []number.Police
	for _, p := range c.Shown.Police {
		if seen(p.Place) {
			list = append(list, p)
		}
	}
	return list
}

var policeSource = police33("第十二条、第二十三条 / articles 12 and 23")

var policeRationale = Text{
	"网站开通之日起三十日内应当办理公安联网备案，并在首页底部标明公安备案号、链接到全国互联网安全管理服务平台。不履行的，公安机关可给予警告或停机整顿。",
	"Within thirty days of opening, a site is to be filed with public security as well and show that number at the foot, linked to the police platform. Otherwise the police may warn the operator or have the site suspended.",
}

func policePolicies(unknowns Text) Policies {
	return Policies{
		Filing:   Text{"已备案、未知：提示；清单注明应办理或已有公安备案号：警告；未备案、已注销、审核中：不适用", "filed or unknown: notice; warning when the inventory says that it is due or gives its number; unfiled, cancelled or in review: exempt"},
		Liveness: Text{"仅当看到网站自己的页面", "only when the site's own page was seen"},
		Place:    Text{"内地以外且没有备案：不适用", "outside the mainland and not filed: exempt"},
		Exempt:   Text{"没有有效备案；落在其他域名；占位页面；备案通过不足 30 天；页面上没有公安备案号（仅格式与链接规则）", "no filing in force; landed on another domain; a placeholder; approved less than 30 days ago; no such number on the page (form and link only)"},
		Unknown:  unknowns,
	}
}

var policeNumberMissing = &Rule{
	ID:        "police-number-missing",
	Severity:  Warning,
	Title:     Text{"首页底部没有公安备案号", "no public-security filing number at the foot of the home page"},
	Rationale: policeRationale,
	Remedy: Text{
		"请在全国互联网安全管理服务平台（https://beian.mps.gov.cn/）办理备案，并把平台提供的图标与代码放到首页底部。",
		"File the site at https://beian.mps.gov.cn/ and put the icon and code that the platform provides at the foot of the home page.",
	},
	Source: policeSource,
	Policy: policePolicies(Text{"页面没有收全；页脚由脚本生成或没有看到页脚", "page not whole; foot drawn by script or not seen"}),
	Check:  checkPoliceMissing,
}

func checkPoliceMissing(c *Case) Outcome {
	if o, ok := policeDuty(c); !ok {
		return o
	}
	if len(shownPolice(c)) > 0 {
		return pass()
	}
	if c.Liveness == Placeholder {
		return exempt(ReasonPlaceholder)
	}
	if at := c.Filing.ApprovedAt; !at.IsZero() && c.At.Sub(at) < c.Policy.PoliceDue && c.Filing.PoliceNumber == "" {
		return exempt(ReasonNotDue)
	}
	if why := unreadReason(c); why != "" {
		return unknown(why)
	}
	if len(c.Shown.Police) > 0 {
		return unknown(ReasonDrawnByScript) // a number that visitors may come to see
	}
	f := Finding{
		Where: footWhere(c),
		Saw:   Text{"看完了整个页面（含页脚），没有发现公安备案号", "the page was read to its foot, and there is no public-security number on it"},
		Fix: Text{
			"如已办理公安联网备案，请把公安备案号标明在首页底部；尚未办理的，请在网站开通 30 日内办理。",
			"If the site is filed with public security, show the number at the foot; if not, file it within 30 days of opening.",
		},
	}
	if digits := digitsOf(c.Filing.PoliceNumber); digits != "" {
		f.Snippet = link(policeURL(digits), c.Filing.PoliceNumber)
	}
	return found(policeSeverity(c), f)
}

var policeNumberMalformed = &Rule{
	ID:        "police-number-malformed",
	Severity:  Warning,
	Title:     Text{"公安备案号的格式不正确", "the public-security number is malformed"},
	Rationale: policeRationale,
	Remedy: Text{
		"请按平台下发的编号标明：省份简称 + 公网安备 + 14 位数字 + 号。",
		"Show the number as issued: the province's character, 公网安备, 14 digits, 号.",
	},
	Source: policeSource,
	Policy: policePolicies(Text{"页面没有收全或由脚本生成，且没有看到编号", "page not whole or drawn by script, and no number seen"}),
	Check:  checkPoliceMalformed,
}

// malformed says what is wrong with a number, by the word of package number.
var malformed = map[string]Text{
	"length":   {"数字不是 14 位", "it does not have 14 digits"},
	"wording":  {"没有写作“公网安备”", "it is not written 公网安备"},
	"division": {"前六位不是行政区划代码", "its first six digits are no division code"},
}

func checkPoliceMalformed(c *Case) Outcome {
	if o, ok := policeDuty(c); !ok {
		return o
	}
	shown := shownPolice(c)
	if len(shown) == 0 {
		return noNumber(c)
	}
	var bad []Finding
	for _, p := range shown {
		if p.Malformed == "" {
			return pass() // one right number is what the duty asks for
		}
		why, ok := malformed[p.Malformed]
		if !ok {
			why = Text{p.Malformed, p.Malformed}
		}
		bad = append(bad, Finding{
			Where: policeWhere(c, p),
			Saw:   Text{"“" + clip(p.Raw) + "”：" + why.ZH, "\"" + clip(p.Raw) + "\": " + why.EN},
			Fix: Text{
				"请对照全国互联网安全管理服务平台上的备案号更正。",
				"Correct it to the number on the police platform.",
			},
		})
	}
	return found(policeSeverity(c), bad[:min(len(bad), 5)]...)
}

var policeLinkWrong = &Rule{
	ID:        "police-link-wrong",
	Severity:  Warning,
	Title:     Text{"公安备案号的链接缺失或不正确", "the public-security number is not linked, or to a wrong address"},
	Rationale: policeRationale,
	Remedy: Text{
		"请把公安备案号链接到 https://beian.mps.gov.cn/#/query/webSearch?code= 加上该编号的 14 位数字。",
		"Link the number to https://beian.mps.gov.cn/#/query/webSearch?code= followed by its 14 digits.",
	},
	Source: policeSource,
	Policy: policePolicies(Text{"页面没有收全；由脚本生成，且没有看到编号", "page not whole; drawn by script, and no number seen"}),
	Check:  checkPoliceLink,
}

func checkPoliceLink(c *Case) Outcome {
	if o, ok := policeDuty(c); !ok {
		return o
	}
	shown := shownPolice(c)
	if len(shown) == 0 {
		return noNumber(c)
	}
	var bad []Finding
	for _, p := range shown {
		saw := policeLinkFault(p)
		if saw.ZH == "" {
			return pass()
		}
		bad = append(bad, Finding{
			Where: policeWhere(c, p),
			Saw:   Text{"“" + clip(p.Raw) + "”" + saw.ZH, "\"" + clip(p.Raw) + "\": " + saw.EN},
			Fix: Text{
				"请改为链接到全国互联网安全管理服务平台上的本网站备案信息，见下面的代码。",
				"Link it to this site's entry on the police platform, as in the code below.",
			},
			Snippet: policeSnippet(p),
		})
	}
	if why := faultReason(c.Home.Fault); why != "" {
		return unknown(why)
	}
	return found(policeSeverity(c), bad[:min(len(bad), 5)]...)
}

// policeLinkFault says what is wrong with the link of a number, "" if nothing
// is.
func policeLinkFault(p number.Police) Text {
	switch {
	case p.Kind == number.LinkNone:
		return Text{"没有超链接", "no link"}
	case p.Kind != number.LinkCurrent:
		return Text{"链接到 " + clip(p.Link), "links to " + clip(p.Link)}
	case p.Code != "" && p.Digits != "" && p.Code != p.Digits:
		return Text{"链接里的编号是 " + clip(p.Code) + "，与显示的不同", "the link carries another number, " + clip(p.Code)}
	}
	return Text{}
}

func policeWhere(c *Case, p number.Police) Text {
	place, home := placeTexts[p.Place], homeWhere(c)
	return Text{home.ZH + "，" + place.ZH, home.EN + ", " + place.EN}
}

// digitsOf keeps the ASCII digits of a text.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
