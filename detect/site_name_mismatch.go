package detect

import (
	"strings"
	"unicode"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/fold"
)

// siteNameMismatch: 网站标题应当与备案的网站名称一致或完整包含它.
var siteNameMismatch = &Rule{
	ID:       "site-name-mismatch",
	Severity: Warning,
	Title:    Text{"网页标题不含备案的网站名称", "the title does not carry the filed name of the site"},
	Rationale: Text{
		"备案的网站名称应与网站实际内容一致，网页标题须等于或完整包含该名称；不一致是接入商核查的整改项。",
		"The filed name should be the site's: the title of the home page is to equal it or contain it whole. A difference is one of the points that providers ask to correct.",
	},
	Remedy: Text{
		"请让首页标题包含备案的网站名称，或办理变更备案修改网站名称；如名称为公司的项目或产品，请在备案的网站备注中说明。",
		"Put the filed name into the title of the home page, or change the name in the filing; if it is the name of a project or product, say so in the remarks of the filing.",
	},
	Source: reviewers("网站名称不合格 / the site's name"),
	Policy: Policies{
		Filing:   Text{"已备案且清单给出网站名称：警告；名称出现在页面其他位置，或标题只是简称：提示", "filed, with the name in the inventory: warning; notice when the name stands elsewhere on the page or the title is a short form of it"},
		Liveness: Text{"仅当看到网站自己的页面", "only when the site's own page was seen"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"没有有效备案；落在其他域名；占位页面", "no filing in force; landed on another domain; a placeholder"},
		Unknown:  Text{"清单没有给出网站名称；页面没有收全或由脚本生成；标题由脚本设置", "the inventory gives no name; page not whole or drawn by script; the title is set by script"},
	},
	Check: checkSiteName,
}

func checkSiteName(c *Case) Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	if c.Liveness == Placeholder {
		return exempt(ReasonPlaceholder)
	}
	name := plainName(c.Filing.SiteName)
	if name == "" || c.Filing.Status != crawler.FilingFiled {
		return unknown(ReasonNameNotKnown)
	}
	title := plainName(c.Home.Title)
	if strings.Contains(title, name) {
		return pass()
	}
	if why := unreadContent(c); why != "" {
		return unknown(why)
	}
	for _, s := range c.Home.Scripts {
		// A page without a title mostly gets it from a script, whichever that is.
		if !c.Rendered && (strings.Contains(s.Inline, "document.title") || title == "" && s.Runs) {
			return unknown(ReasonDrawnByScript)
		}
	}
	severity := Warning
	if title != "" && strings.Contains(name, title) || strings.Contains(plainName(c.Home.Text), name) {
		severity = Notice
	}
	return found(severity, Finding{
		Where: Text{homeWhere(c).ZH + " 的标题", "title of the " + homeWhere(c).EN},
		Saw: Text{
			"标题为“" + clip(c.Home.Title) + "”，备案的网站名称为“" + c.Filing.SiteName + "”",
			"the title is \"" + clip(c.Home.Title) + "\", the filed name \"" + c.Filing.SiteName + "\"",
		},
		Fix: Text{
			"请在标题中完整写出“" + c.Filing.SiteName + "”，或办理变更备案。",
			"Write \"" + c.Filing.SiteName + "\" in full in the title, or change the filing.",
		},
	})
}

// plainName is a name as it is compared: folded, letters and digits only.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, fold.String(s))
}
