package rules

import (
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
)

// footerNumberFake: a number that no register can have given.
var footerNumberFake = &detect.Rule{
	ID:       "footer-number-fake",
	Witness:  detect.WitnessPage,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "页面展示的是无效备案号", EN: "the filing number shown cannot be a real one"},
	Kept:     detect.Text{ZH: "页面展示的备案号有效", EN: "the filing number shown is a possible one"},
	Rationale: detect.Text{
		ZH: "模板里的示例号、占位号或“萌ICP备”一类的玩笑编号不是备案号，标明它们等于没有标明，还会误导公众。",
		EN: "A sample number of a template, a dummy or a parody (萌ICP备…) is no filing number: showing it is as good as showing none, and misleads the public.",
	},
	Remedy: detect.Text{
		ZH: "请把页脚的编号换成工信部下发的备案号。",
		EN: "Replace it with the number that the authority has issued.",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "已备案：占位号、空缺为违规，玩笑编号与不可能的数字为待核实；未知：待核实；同时标有真实备案号，或首字误写：提示", EN: "filed: violation for a dummy or a blank, warning for a parody or impossible digits; unknown: warning; beside a real number, or a slip in its first character: notice"},
		Liveness: detect.Text{ZH: "仅当看到网站自己的页面", EN: "only when the site's own page was seen"},
		Place:    detect.Text{ZH: "内地以外且没有备案：不适用", EN: "outside the mainland and not filed: exempt"},
		Exempt:   detect.Text{ZH: "没有有效备案；落在其他域名；登记的备案号正是它；页面上没有编号", EN: "no filing in force; landed on another domain; it is the filed number; no number on the page"},
		Unknown:  detect.Text{ZH: "页面没有收全或（页脚）由脚本生成，且没有看到真实编号", EN: "page not whole, or the page or its foot drawn by script, and no real number seen"},
	},
	Check: checkNumberFake,
}

func checkNumberFake(c *detect.Case) detect.Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	var fakes []string
	why := number.FakeNone
	for _, n := range c.Claims() {
		if n.Own && detect.Visible(n.Place) && c.Fake(n) && !sampled(c, n) {
			fakes = append(fakes, n.Raw)
			if why == number.FakeNone || n.Fake == number.FakePlaceholder {
				why = n.Fake
			}
		}
	}
	for _, n := range blanks(c) {
		fakes = append(fakes, n.Raw)
		if why == number.FakeNone {
			why = number.FakeBlank
		}
	}
	real := len(c.ShownNumbers()) > 0
	switch {
	case len(fakes) == 0 && real:
		return slipped(c)
	case len(fakes) == 0:
		return noNumber(c)
	case c.AbroadUnfiled():
		return exempt(detect.ReasonAbroad)
	case !real && c.UnreadReason() != "":
		return unknown(c.UnreadReason()) // a real one may follow, or be written in its place
	}
	return found(fakeSeverity(c, why, real), fakeFinding(c, fakes, why))
}

// slipped judges a page whose numbers are real: one whose first character is a
// slip of the pen is told.
func slipped(c *detect.Case) detect.Outcome {
	for _, n := range c.OwnNumbers() {
		if n.Slip {
			first, _ := utf8.DecodeRuneInString(n.Number)
			f := fakeFinding(c, []string{n.Raw}, number.FakeNone)
			f.Saw = detect.Text{
				ZH: f.Saw.ZH + "首字“" + string(first) + "”应是“" + n.Province + "”的误写",
				EN: f.Saw.EN + "its first character is a slip of the pen for " + n.Province,
			}
			return found(detect.Notice, f)
		}
	}
	return pass()
}

func fakeSeverity(c *detect.Case, why number.Fake, real bool) detect.Severity {
	switch {
	case real:
		return detect.Notice
	case (why == number.FakePlaceholder || why == number.FakeBlank) && c.Filing.Status == crawler.FilingFiled:
		return detect.Violation
	}
	return detect.Warning
}

var fakeTexts = map[number.Fake]detect.Text{
	number.FakeParody:      {ZH: "首字不是省份简称，属于玩笑编号", EN: "its first character is no province: a parody"},
	number.FakePlaceholder: {ZH: "数字是示例或占位", EN: "its digits are a sample or a dummy"},
	number.FakeBlank:       {ZH: "备案号的位置上没有编号，只有占位内容或空白", EN: "there is no number in its place, only a filler or nothing"},
	number.FakeImpossible:  {ZH: "数字的位数或年份不符合备案号规则", EN: "its digits have a length or year that no register gives"},
}

func fakeFinding(c *detect.Case, fakes []string, why number.Fake) detect.Finding {
	list := detect.Quoted(fakes)
	return detect.Finding{
		Where: homeWhere(c),
		Saw:   detect.Text{ZH: list.ZH + "：" + fakeTexts[why].ZH, EN: list.EN + ": " + fakeTexts[why].EN},
		Fix: detect.Text{
			ZH: "请换成本网站真实的备案号并链接至工信部备案系统。",
			EN: "Put this site's real number in its place, with a link to the register.",
		},
		Snippet: footSnippet(c),
	}
}

// footerNumberSuffix: Guangdong asks for the subject's number, the other
// provinces for the site's with -N. Providers' notices contradict each other,
// so this is a remark and the table is the user's to change.
var footerNumberSuffix = &detect.Rule{
	ID:       "footer-number-suffix",
	Witness:  detect.WitnessNone,
	Severity: detect.Notice,
	Title:    detect.Text{ZH: "备案号的“-N”与该省要求不一致", EN: "the -N of the number is not what the province asks for"},
	Kept:     detect.Text{ZH: "备案号的“-N”与该省要求一致", EN: "the -N of the number is what the province asks for"},
	Rationale: detect.Text{
		ZH: "多家接入商的说明一致：广东的网站标明主体备案号（不带 -N），其他省份标明网站备案号（带 -N）。各地执行不一，此条只作提示。",
		EN: "Several providers agree that sites in Guangdong show the subject's number (without -N) and all others the site's (with -N). Practice differs, so this is only a remark.",
	},
	Remedy: detect.Text{
		ZH: "请按所在省份的要求标明备案号；若管局或接入商另有要求，请在策略表中调整。",
		EN: "Show the number in the form that your province asks for; if your authority or provider asks otherwise, change the policy table.",
	},
	Source: detect.Article{
		Law:   detect.Text{ZH: "华为云备案文档“网站底部悬挂备案号”及多家接入商的管局要求说明", EN: "Huawei Cloud's filing documentation on numbers at the foot, and providers' notices on provincial requirements"},
		Place: "备案号悬挂要求 / how to show the number",
	},
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "已备案、未知：提示", EN: "filed or unknown: notice"},
		Liveness: detect.Text{ZH: "仅当看到网站自己的页面", EN: "only when the site's own page was seen"},
		Place:    detect.Text{ZH: "按备案号的省份查策略表：粤为主体号，其余为网站号", EN: "by the province of the number, from the policy table: 粤 the subject's, all others the site's"},
		Exempt:   detect.Text{ZH: "没有有效备案；落在其他域名；页面上没有 ICP备 形式的编号", EN: "no filing in force; landed on another domain; no number of the form ICP备 on the page"},
		Unknown:  detect.Text{ZH: "页面没有收全或由脚本生成，且没有看到编号", EN: "page not whole or drawn by script, and no number seen"},
	},
	Check: checkNumberSuffix,
}

func checkNumberSuffix(c *detect.Case) detect.Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	own := c.OwnNumbers()
	if len(own) == 0 {
		return noNumber(c)
	}
	for _, n := range own {
		custom := c.Policy.Suffix[n.Province]
		if n.Service != "" || custom == detect.SuffixBase && n.Suffix != 0 || custom == detect.SuffixSite && n.Suffix == 0 {
			continue
		}
		return pass()
	}
	for _, n := range own {
		if n.Service == "" {
			return found(detect.Notice, suffixFinding(c, n, c.Policy.Suffix[n.Province]))
		}
	}
	return exempt(detect.ReasonNoNumber) // an app's number, which footer-number-wrong speaks of
}

func suffixFinding(c *detect.Case, n number.ICP, custom detect.Suffix) detect.Finding {
	shown := n.Number
	f := detect.Finding{
		Where: homeWhere(c),
		Saw:   detect.Text{ZH: "显示“" + shown + "”，该省惯例是标明网站备案号（带 -N）", EN: "\"" + shown + "\"; the province's custom is the site's number with -N"},
		Fix: detect.Text{
			ZH: "请改为带“-N”的网站备案号（N 以备案通知或备案系统查询结果为准）。",
			EN: "Show the site's number with its -N (as in the notice of approval or the register).",
		},
	}
	if custom == detect.SuffixBase {
		f.Saw = detect.Text{ZH: "显示“" + shown + "”，该省惯例是标明主体备案号（不带 -N）", EN: "\"" + shown + "\"; the province's custom is the subject's number without -N"}
		f.Fix = detect.Text{ZH: "请改为不带“-N”的主体备案号。", EN: "Show the subject's number without -N."}
	}
	if custom == detect.SuffixBase {
		f.Snippet = link(registerURL, n.Base)
	} else if own, ok := number.Parse(c.Filing.Number); ok && own.Suffix != 0 && own.SameBase(n) {
		f.Snippet = link(registerURL, own.Number)
	}
	return f
}
