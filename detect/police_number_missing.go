package detect

import "strings"

// policeNumberMissing: the number belongs at the foot within 30 days of approval
// by public security, and providers' checks ask for it
// (底部未悬挂公安联网备案号).
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
	Policy: policePolicies(Text{"页面没有收全；页脚由脚本生成或没有看到页脚；脚本、图片或链接里有公安备案号的痕迹", "page not whole; foot drawn by script or not seen; a trace of such a number in a script, an image or a link"}),
	Dated:  true,
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
	if why := policeTrace(c); why != "" {
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

// digitsOf keeps the ASCII digits of a text.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
