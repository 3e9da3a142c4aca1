package rules

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/fold"
)

// siteNameInvalid: 网站名称不合格，即网站未按规范命名，或名称中包含禁止使用的
// 词汇.
var siteNameInvalid = &detect.Rule{
	ID:       "site-name-invalid",
	Witness:  detect.WitnessNone,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "网站名称不符合命名规则", EN: "the name of the site breaks the naming rules"},
	Kept:     detect.Text{ZH: "网站名称符合命名规则", EN: "the name of the site keeps the naming rules"},
	Rationale: detect.Text{
		ZH: "备案的网站名称须有三个以上汉字，不能是纯数字、纯字母、域名或带特殊符号，不能含禁止使用的词汇；不合格的名称会被驳回。规则随单位性质和省份不同，且时有变化。",
		EN: "The name filed for a site needs three Han characters or more, may not be digits or letters alone, a domain, or hold special characters or words that are forbidden; a name that breaks this is rejected. The rules differ by nature and province, and change.",
	},
	Remedy: detect.Text{
		ZH: "请参考网站命名要求修改名称；如名称为公司的项目或产品，请在网站备注中写“XXXX为本公司的项目/产品”。",
		EN: "Change the name by the naming rules; if it is the name of a project or product, say so in the remarks of the filing.",
	},
	Source: reviewers("网站名称不合格 / the site's name"),
	Needs:  detect.NeedsSite,
	Policy: detect.Policies{
		Filing: detect.Text{
			ZH: "未备案、审核中、未知：纯数字、纯字母、域名、禁用词、国家字头为违规；汉字不足、特殊符号、个人禁用词、无审批的“论坛”等为待核实；各省不一的规则为提示。已备案的名称曾获通过，各低一级，提示不再说明",
			EN: "unfiled, in review or unknown: violation for digits, letters, a domain, forbidden words, heads of the state; warning for too few Han characters, special characters, words not for persons, 论坛 and the like without an approval; notice where provinces differ. A filed name was accepted once: one step less, and no notices",
		},
		Liveness: detect.Text{ZH: "不看网站", EN: "the site is not looked at"},
		Place:    detect.Text{ZH: "广东的单位：名称宜为公司全称或简称加“官网”（提示）", EN: "units in Guangdong: the firm's name with 官网 (notice)"},
		Exempt:   detect.Text{ZH: "备案已注销；只检查文件", EN: "the filing is cancelled; only a file is checked"},
		Unknown:  detect.Text{ZH: "清单没有给出网站名称", EN: "the inventory gives no name"},
	},
	Check: checkSiteNameValid,
}

func checkSiteNameValid(c *detect.Case) detect.Outcome {
	if o, ok := inventoryDuty(c); !ok {
		return o
	}
	name := strings.TrimSpace(c.Filing.SiteName)
	if fold.Name(name) == "" {
		return unknown(detect.ReasonNameNotKnown)
	}
	var worst detect.Severity
	var kept []nameFault
	for _, f := range nameFaults(c, name) {
		f.severity = accepted(c, f.severity)
		if f.severity == "" {
			continue
		}
		if kept = append(kept, f); worst == "" || grave(f.severity) > grave(worst) {
			worst = f.severity
		}
	}
	if worst == "" {
		return pass()
	}
	return found(worst, nameFinding(name, worst, kept))
}

// grave orders severities.
func grave(s detect.Severity) int {
	switch s {
	case detect.Violation:
		return 3
	case detect.Warning:
		return 2
	}
	return 1
}

// nameFinding names every broken rule, the gravest first.
func nameFinding(name string, worst detect.Severity, faults []nameFault) detect.Finding {
	var first, rest []detect.Text
	for _, f := range faults {
		if f.severity == worst {
			first = append(first, f.said)
		} else {
			rest = append(rest, f.said)
		}
	}
	said := joinTexts(first)
	if len(rest) > 0 {
		less := joinTexts(rest)
		said = detect.Text{ZH: said.ZH + "。另可留意：" + less.ZH, EN: said.EN + ". Less grave: " + less.EN}
	}
	return detect.Finding{
		Where: inventoryWhere("网站名称", "name of the site"),
		Saw:   detect.Text{ZH: "网站名称“" + detect.Clip(name) + "”" + said.ZH, EN: "the name \"" + detect.Clip(name) + "\" " + said.EN},
		Fix: detect.Text{
			ZH: "请按命名规则修改网站名称；已备案的请办理变更备案。",
			EN: "Change the name by the naming rules; if it is filed, change the filing.",
		},
	}
}

// siteNameMismatch: 网站标题应当与备案的网站名称一致或完整包含它.
var siteNameMismatch = &detect.Rule{
	ID:       "site-name-mismatch",
	Witness:  detect.WitnessPage,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "网页标题不含备案的网站名称", EN: "the title does not carry the filed name of the site"},
	Kept:     detect.Text{ZH: "网页标题含有备案的网站名称", EN: "the title carries the filed name of the site"},
	Rationale: detect.Text{
		ZH: "备案的网站名称应与网站实际内容一致，网页标题须等于或完整包含该名称；不一致是接入商核查的整改项。",
		EN: "The filed name should be the site's: the title of the home page is to equal it or contain it whole. A difference is one of the points that providers ask to correct.",
	},
	Remedy: detect.Text{
		ZH: "请让首页标题包含备案的网站名称，或办理变更备案修改网站名称；如名称为公司的项目或产品，请在备案的网站备注中说明。",
		EN: "Put the filed name into the title of the home page, or change the name in the filing; if it is the name of a project or product, say so in the remarks of the filing.",
	},
	Source: reviewers("网站名称不合格 / the site's name"),
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "已备案且清单给出网站名称：待核实；名称出现在页面其他位置，或标题只是简称：提示", EN: "filed, with the name in the inventory: warning; notice when the name stands elsewhere on the page or the title is a short form of it"},
		Liveness: detect.Text{ZH: "仅当看到网站自己的页面", EN: "only when the site's own page was seen"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "没有有效备案；落在其他域名；占位页面", EN: "no filing in force; landed on another domain; a placeholder"},
		Unknown:  detect.Text{ZH: "清单没有给出网站名称；页面没有收全或由脚本生成；标题由脚本设置", EN: "the inventory gives no name; page not whole or drawn by script; the title is set by script"},
	},
	Check: checkSiteName,
}

func checkSiteName(c *detect.Case) detect.Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	if c.Liveness == detect.Placeholder {
		return exempt(detect.ReasonPlaceholder)
	}
	name := fold.Name(c.Filing.SiteName)
	if name == "" || c.Filing.Status != crawler.FilingFiled {
		return unknown(detect.ReasonNameNotKnown)
	}
	title := fold.Name(c.Home.Title)
	if strings.Contains(title, name) {
		return pass()
	}
	if why := unreadContent(c); why != "" {
		return unknown(why)
	}
	for _, s := range c.Home.Scripts {
		// A page without a title mostly gets it from a script, whichever that is.
		if !c.Rendered && (strings.Contains(s.Inline, "document.title") || title == "" && s.Runs) {
			return unknown(c.ScriptReason())
		}
	}
	severity := detect.Warning
	if title != "" && strings.Contains(name, title) || strings.Contains(fold.Name(c.Home.Text), name) {
		severity = detect.Notice
	}
	return found(severity, detect.Finding{
		Where: detect.Text{ZH: homeWhere(c).ZH + " 的标题", EN: "title of the " + homeWhere(c).EN},
		Saw: detect.Text{
			ZH: "标题为“" + detect.Clip(c.Home.Title) + "”，备案的网站名称为“" + c.Filing.SiteName + "”",
			EN: "the title is \"" + detect.Clip(c.Home.Title) + "\", the filed name \"" + c.Filing.SiteName + "\"",
		},
		Fix: detect.Text{
			ZH: "请在标题中完整写出“" + c.Filing.SiteName + "”，或办理变更备案。",
			EN: "Write \"" + c.Filing.SiteName + "\" in full in the title, or change the filing.",
		},
	})
}
