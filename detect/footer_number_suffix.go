package detect

import "github.com/beianwatch/beianwatch/detect/number"

// footerNumberSuffix: Guangdong asks for the subject's number, the other
// provinces for the site's with -N. Providers' notices contradict each other,
// so this is a remark and the table is the user's to change.
var footerNumberSuffix = &Rule{
	ID:       "footer-number-suffix",
	Severity: Notice,
	Title:    Text{"备案号的“-N”与该省惯例不同", "the -N of the number is not what the province asks for"},
	Rationale: Text{
		"多家接入商的说明一致：广东的网站标明主体备案号（不带 -N），其他省份标明网站备案号（带 -N）。各地执行不一，此条只作提示。",
		"Several providers agree that sites in Guangdong show the subject's number (without -N) and all others the site's (with -N). Practice differs, so this is only a remark.",
	},
	Remedy: Text{
		"请按所在省份的要求标明备案号；若管局或接入商另有要求，请在策略表中调整。",
		"Show the number in the form that your province asks for; if your authority or provider asks otherwise, change the policy table.",
	},
	Source: Article{
		Law:   Text{"华为云备案文档“网站底部悬挂备案号”及多家接入商的管局要求说明", "Huawei Cloud's filing documentation on numbers at the foot, and providers' notices on provincial requirements"},
		Place: "备案号悬挂要求 / how to show the number",
	},
	Policy: Policies{
		Filing:   Text{"已备案、未知：提示", "filed or unknown: notice"},
		Liveness: Text{"仅当看到网站自己的页面", "only when the site's own page was seen"},
		Place:    Text{"按备案号的省份查策略表：粤为主体号，其余为网站号", "by the province of the number, from the policy table: 粤 the subject's, all others the site's"},
		Exempt:   Text{"没有有效备案；落在其他域名；页面上没有 ICP备 形式的编号", "no filing in force; landed on another domain; no number of the form ICP备 on the page"},
		Unknown:  Text{"页面没有收全或由脚本生成，且没有看到编号", "page not whole or drawn by script, and no number seen"},
	},
	Check: checkNumberSuffix,
}

func checkNumberSuffix(c *Case) Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	own := ownNumbers(c)
	if len(own) == 0 {
		return noNumber(c)
	}
	for _, n := range own {
		custom := c.Policy.Suffix[n.Province]
		if n.Service != "" || custom == SuffixBase && n.Suffix != 0 || custom == SuffixSite && n.Suffix == 0 {
			continue
		}
		return pass()
	}
	for _, n := range own {
		if n.Service == "" {
			return found(Notice, suffixFinding(c, n, c.Policy.Suffix[n.Province]))
		}
	}
	return exempt(ReasonNoNumber) // an app's number, which footer-number-wrong speaks of
}

func suffixFinding(c *Case, n number.ICP, custom Suffix) Finding {
	shown := n.Number
	f := Finding{
		Where: homeWhere(c),
		Saw:   Text{"显示“" + shown + "”，该省惯例是标明网站备案号（带 -N）", "\"" + shown + "\"; the province's custom is the site's number with -N"},
		Fix: Text{
			"请改为带“-N”的网站备案号（N 以备案通知或备案系统查询结果为准）。",
			"Show the site's number with its -N (as in the notice of approval or the register).",
		},
	}
	if custom == SuffixBase {
		f.Saw = Text{"显示“" + shown + "”，该省惯例是标明主体备案号（不带 -N）", "\"" + shown + "\"; the province's custom is the subject's number without -N"}
		f.Fix = Text{"请改为不带“-N”的主体备案号。", "Show the subject's number without -N."}
	}
	if custom == SuffixBase {
		f.Snippet = link(registerURL, n.Base)
	} else if own, ok := number.Parse(c.Filing.Number); ok && own.Suffix != 0 && own.SameBase(n) {
		f.Snippet = link(registerURL, own.Number)
	}
	return f
}
