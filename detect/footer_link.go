package detect

import "github.com/beianwatch/beianwatch/detect/number"

// The three footer-link rules share their duty: 并在备案编号下方按要求链接
// 备案管理系统网址，供公众查询核对。 (第十三条) Each speaks of one kind of fault,
// and only one of them speaks of a page. What they share is here.

var linkRationale = Text{
	"备案号必须链接到工信部备案管理系统 https://beian.miit.gov.cn/ ，供公众查询核对。缺少或链接错误，核查时会要求整改，主管部门可处五千元以上一万元以下罚款。",
	"The filing number must link to the ministry's register, https://beian.miit.gov.cn/, so that the public can check it. Checks ask for correction, and the authority may fine the operator 5,000 to 10,000 yuan.",
}

func linkPolicies(severity, exemptions, unknowns Text) Policies {
	return Policies{
		Filing:   severity,
		Liveness: Text{"仅当看到网站自己的页面", "only when the site's own page was seen"},
		Place:    Text{"不区分：标明的备案号就是一种声明", "any: a number shown is a claim"},
		Exempt:   exemptions,
		Unknown:  unknowns,
	}
}

var noNumberExempt = Text{"没有有效备案；落在其他域名；页面上没有编号", "no filing in force; landed on another domain; no number on the page"}

// linked gives the number whose link is judged, or the outcome where there is
// none.
func linked(c *Case) (number.ICP, Outcome, bool) {
	if o, ok := footerDuty(c); !ok {
		return number.ICP{}, o, false
	}
	n, ok := bestLinked(c)
	if !ok {
		return n, noNumber(c), false
	}
	return n, Outcome{}, true
}

// linkFinding keeps the number as the page shows it, unless it is another
// subject's: these rules mend the link, other rules the number.
func linkFinding(c *Case, n number.ICP, saw, fix Text) Finding {
	place := placeTexts[n.Place]
	home := homeWhere(c)
	text := n.Number
	if known := filed(c); len(known) > 0 && !hasBase(known, n) {
		text = numberToShow(c)
	}
	return Finding{
		Where:   Text{home.ZH + "，" + place.ZH, home.EN + ", " + place.EN},
		Saw:     Text{"“" + clip(n.Raw) + "”" + saw.ZH, "\"" + clip(n.Raw) + "\": " + saw.EN},
		Fix:     fix,
		Snippet: link(registerURL, text),
	}
}
