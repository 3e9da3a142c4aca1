package detect

import "github.com/beianwatch/beianwatch/detect/number"

// policeLinkWrong: the code that the platform issues links the number to this
// site's own entry.
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
		return noPolice(c)
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
