package detect

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/number"
)

// footerNumberHidden: 在主页底部的中央位置标明: where visitors see it.
var footerNumberHidden = &Rule{
	ID:       "footer-number-hidden",
	Severity: Warning,
	Title:    Text{"备案号不在访客能看到的页脚里", "the filing number is not where visitors see it"},
	Rationale: Text{
		"备案号应当标明在首页底部，让公众看得见。写在注释、图片说明或隐藏元素里等于没有标明；放在页面其他位置不符合“主页底部”的要求。",
		"The number belongs at the foot of the home page for the public to see. In a comment, an image's text or an invisible element it is as good as absent; elsewhere on the page it is not at the foot.",
	},
	Remedy: Text{
		"请把备案号以可见文字放到首页底部中央，并链接至工信部备案系统。",
		"Show the number as visible text at the foot of the home page, linked to the register.",
	},
	Source: order33("第十三条 / article 13"),
	Policy: Policies{
		Filing:   Text{"已备案、未知：只在注释、隐藏元素或（浏览器打开后仍只在）脚本里为警告；只在图片说明里、或可见但不在页脚为提示", "filed or unknown: warning in a comment or an invisible element only, or in a script only after a browser ran it; notice in an image's text only, or visible but not at the foot"},
		Liveness: Text{"仅当看到网站自己的页面", "only when the site's own page was seen"},
		Place:    Text{"内地以外且没有备案：不适用", "outside the mainland and not filed: exempt"},
		Exempt:   Text{"没有有效备案；落在其他域名；页面上没有编号", "no filing in force; landed on another domain; no number on the page"},
		Unknown:  Text{"只在脚本或有脚本的页面的隐藏元素里看到（可能由脚本显示出来，要用浏览器打开才能确认）；页面没有收全或页脚由脚本生成", "seen in a script only, or in an invisible element of a page with scripts (which may show it: a browser would tell); page not whole, or foot drawn by script"},
	},
	Check: checkNumberHidden,
}

func checkNumberHidden(c *Case) Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	shown := shownNumbers(c)
	for _, n := range shown {
		if n.Place == number.Footer {
			return pass()
		}
	}
	if why := unreadReason(c); why != "" {
		if why == ReasonDrawnByScript && numberInScript(c) {
			why = ReasonOnlyInScript
		}
		return unknown(why)
	}
	if abroadUnfiled(c) {
		return exempt(ReasonAbroad)
	}
	if len(shown) > 0 {
		if !c.Home.HasFoot {
			return pass() // a page without a foot of its own: anywhere is its foot
		}
		return found(Notice, hiddenFinding(c, shown[0], Text{"在页面中部，不在页脚", "in the body of the page, not at its foot"}))
	}
	return checkInvisible(c)
}

// checkInvisible judges a page whose only numbers are kept from visitors.
func checkInvisible(c *Case) Outcome {
	severity := Severity("")
	var shown number.ICP
	for _, n := range claims(c) {
		if !n.Own || n.Latin || fake(c, n) || seen(n.Place) {
			continue
		}
		if n.Place == number.Alt {
			severity, shown = Notice, n
			break
		}
		if n.Place == number.Hidden && scripted(c) {
			return unknown(ReasonDrawnByScript)
		}
		severity, shown = Warning, n
	}
	if severity == "" {
		return noNumber(c)
	}
	if why := trace(c); severity == Warning && why != "" {
		return unknown(why) // it may be shown as well, where no text shows it
	}
	return found(severity, hiddenFinding(c, shown, placeTexts[shown.Place]))
}

var placeTexts = map[number.Place]Text{
	number.Footer:  {"页脚", "foot of the page"},
	number.Body:    {"正文", "body of the page"},
	number.Script:  {"只在脚本里", "in a script only"},
	number.Alt:     {"只在图片或链接的说明文字里", "in the text of an image or link only"},
	number.Comment: {"只在 HTML 注释里", "in an HTML comment only"},
	number.Hidden:  {"只在隐藏的元素里", "in an invisible element only"},
}

func hiddenFinding(c *Case, n number.ICP, place Text) Finding {
	f := Finding{
		Where: homeWhere(c),
		Saw:   Text{"“" + clip(n.Raw) + "”" + place.ZH, "\"" + clip(n.Raw) + "\" " + place.EN},
		Fix: Text{
			"请把备案号以可见文字放到首页底部，可直接使用下面的代码。",
			"Show the number as text at the foot of the home page; the code below can be pasted.",
		},
		Snippet: footSnippet(c),
	}
	if c.Filing.Status != crawler.FilingFiled {
		f.Snippet = link(registerURL, n.Number)
	}
	return f
}
