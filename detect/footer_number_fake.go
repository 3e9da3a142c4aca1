package detect

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/number"
)

// footerNumberFake: a number that no register can have given.
var footerNumberFake = &Rule{
	ID:       "footer-number-fake",
	Severity: Violation,
	Title:    Text{"页面标明的备案号不可能是真的", "the filing number shown cannot be a real one"},
	Rationale: Text{
		"模板里的示例号、占位号或“萌ICP备”一类的玩笑编号不是备案号，标明它们等于没有标明，还会误导公众。",
		"A sample number of a template, a dummy or a parody (萌ICP备…) is no filing number: showing it is as good as showing none, and misleads the public.",
	},
	Remedy: Text{
		"请把页脚的编号换成工信部下发的备案号。",
		"Replace it with the number that the authority has issued.",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: Policies{
		Filing:   Text{"已备案：占位号为违规，玩笑编号与不可能的数字为警告；未知：警告；同时标有真实备案号：提示", "filed: violation for a dummy, warning for a parody or impossible digits; unknown: warning; beside a real number: notice"},
		Liveness: Text{"仅当看到网站自己的页面", "only when the site's own page was seen"},
		Place:    Text{"内地以外且没有备案：不适用", "outside the mainland and not filed: exempt"},
		Exempt:   Text{"没有有效备案；落在其他域名；登记的备案号正是它；页面上没有编号", "no filing in force; landed on another domain; it is the filed number; no number on the page"},
		Unknown:  Text{"页面没有收全或（页脚）由脚本生成，且没有看到真实编号", "page not whole, or the page or its foot drawn by script, and no real number seen"},
	},
	Check: checkNumberFake,
}

func checkNumberFake(c *Case) Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	var fakes []string
	why := number.FakeNone
	for _, n := range claims(c) {
		if n.Own && seen(n.Place) && fake(c, n) && !sampled(c, n) {
			fakes = append(fakes, n.Raw)
			if why == number.FakeNone || n.Fake == number.FakePlaceholder {
				why = n.Fake
			}
		}
	}
	for _, n := range blanks(c) {
		fakes, why = append(fakes, n.Raw), number.FakePlaceholder
	}
	real := len(shownNumbers(c)) > 0
	switch {
	case len(fakes) == 0 && real:
		return pass()
	case len(fakes) == 0:
		return noNumber(c)
	case abroadUnfiled(c):
		return exempt(ReasonAbroad)
	case !real && unreadReason(c) != "":
		return unknown(unreadReason(c)) // a real one may follow, or be written in its place
	}
	return found(fakeSeverity(c, why, real), fakeFinding(c, fakes, why))
}

func fakeSeverity(c *Case, why number.Fake, real bool) Severity {
	switch {
	case real:
		return Notice
	case why == number.FakePlaceholder && c.Filing.Status == crawler.FilingFiled:
		return Violation
	}
	return Warning
}

var fakeTexts = map[number.Fake]Text{
	number.FakeParody:      {"首字不是省份简称，属于玩笑编号", "its first character is no province: a parody"},
	number.FakePlaceholder: {"数字是示例或占位", "its digits are a sample or a dummy"},
	number.FakeImpossible:  {"数字的位数或年份不符合备案号规则", "its digits have a length or year that no register gives"},
}

func fakeFinding(c *Case, fakes []string, why number.Fake) Finding {
	list := quoted(fakes)
	return Finding{
		Where: homeWhere(c),
		Saw:   Text{list.ZH + "：" + fakeTexts[why].ZH, list.EN + ": " + fakeTexts[why].EN},
		Fix: Text{
			"请换成本网站真实的备案号并链接至工信部备案系统。",
			"Put this site's real number in its place, with a link to the register.",
		},
		Snippet: footSnippet(c),
	}
}
