package rules

import (
	"html"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/number"
)

// graver is the graver of two severities; "" is none.
func graver(a, b detect.Severity) detect.Severity {
	for _, s := range []detect.Severity{detect.Violation, detect.Warning, detect.Notice} {
		if a == s || b == s {
			return s
		}
	}
	return ""
}

// homeWhere names the page that was judged.
func homeWhere(c *detect.Case) detect.Text {
	if c.File != "" {
		return detect.Text{ZH: "文件 " + c.File, EN: "file " + c.File}
	}
	return detect.Text{ZH: "首页 " + c.Answer.URL, EN: "home page " + c.Answer.URL}
}

var placeTexts = map[number.Place]detect.Text{
	number.Footer:  {ZH: "页脚", EN: "foot of the page"},
	number.Body:    {ZH: "正文", EN: "body of the page"},
	number.Script:  {ZH: "只在脚本里", EN: "in a script only"},
	number.Alt:     {ZH: "只在图片或链接的说明文字里", EN: "in the text of an image or link only"},
	number.Comment: {ZH: "只在 HTML 注释里", EN: "in an HTML comment only"},
	number.Hidden:  {ZH: "只在隐藏的元素里", EN: "in an invisible element only"},
}

// footWhere names the foot of the page that was judged.
func footWhere(c *detect.Case) detect.Text {
	home := homeWhere(c)
	return detect.Text{ZH: home.ZH + " 的页脚", EN: "foot of the " + home.EN}
}

// Pass, unknown and exempt outcomes are made by these helpers so that a Check
// reads as a list of cases.

func pass() detect.Outcome { return detect.Outcome{Verdict: detect.Pass} }

func passFor(why detect.Reason) detect.Outcome {
	return detect.Outcome{Verdict: detect.Pass, Reason: why}
}

func unknown(why detect.Reason) detect.Outcome {
	return detect.Outcome{Verdict: detect.Unknown, Reason: why}
}

func exempt(why detect.Reason) detect.Outcome {
	return detect.Outcome{Verdict: detect.Exempt, Reason: why}
}

func found(s detect.Severity, f ...detect.Finding) detect.Outcome {
	return detect.Outcome{Verdict: detect.Found, Severity: s, Findings: f}
}

// accepted lowers a severity by one step for a filing that stands: the
// administration has accepted once what would now be sent back. Empty: not
// worth a word any more.
func accepted(c *detect.Case, s detect.Severity) detect.Severity {
	if c.Filing.Status != crawler.FilingFiled {
		return s
	}
	return lower(s)
}

func lower(s detect.Severity) detect.Severity {
	switch s {
	case detect.Violation:
		return detect.Warning
	case detect.Warning:
		return detect.Notice
	}
	return ""
}

// foundAccepted is the outcome for a finding of full severity s.
func foundAccepted(c *detect.Case, s detect.Severity, f detect.Finding) detect.Outcome {
	if s = accepted(c, s); s == "" {
		return pass()
	}
	return found(s, f)
}

// inventoryWhere is where findings about papers are.
func inventoryWhere(zh, en string) detect.Text {
	return detect.Text{ZH: "清单：" + zh, EN: "inventory: " + en}
}

// clipAll clips at most five sentences.
func clipAll(list []string) []string {
	var quotes []string
	for _, s := range list[:min(len(list), 5)] {
		quotes = append(quotes, detect.Clip(s))
	}
	return quotes
}

// domainWhere is where findings about the domain are.
func domainWhere(c *detect.Case) detect.Text {
	name := detect.Registrable(c.Target.Domain)
	return detect.Text{ZH: "域名 " + name, EN: "domain " + name}
}

// lowered is the severity by filing status: in full for a filing that stands or
// is under review, one step less where nothing may be filed at all.
func lowered(c *detect.Case, full detect.Severity) detect.Severity {
	switch c.Filing.Status {
	case crawler.FilingFiled, crawler.FilingInReview:
		return full
	}
	return lower(full)
}

func joinTexts(list []detect.Text) detect.Text {
	zh, en := make([]string, len(list)), make([]string, len(list))
	for i, t := range list {
		zh[i], en[i] = t.ZH, t.EN
	}
	return detect.Text{ZH: strings.Join(zh, "；"), EN: strings.Join(en, "; ")}
}

// registerURL is where a filing number must link to.
const registerURL = "https://beian.miit.gov.cn/"

// noNumberYet stands in a snippet where nobody knows the number. Nobody takes
// it for one.
const noNumberYet = "（请在此填写本网站的备案号）"

// footSnippet is the HTML for the foot of the page: the number, linked to the
// register.
func footSnippet(c *detect.Case) string {
	text := numberToShow(c)
	if text == "" {
		text = noNumberYet
	}
	return link(registerURL, text)
}

// link builds an anchor that opens in a new window. Both parts are escaped:
// numbers come from an inventory or from a stranger's page.
func link(href, text string) string {
	return `<a href="` + html.EscapeString(href) + `" target="_blank" rel="noopener">` + html.EscapeString(text) + `</a>`
}

// numberToShow is the number that the page should bear, in the form that the
// province asks for; "" if nobody knows it. The register is believed before
// the page, and the page only if it shows one number that can be real.
func numberToShow(c *detect.Case) string {
	if c.Filing.Status != crawler.FilingUnknown && c.Filing.Number != "" {
		n, ok := number.Parse(c.Filing.Number)
		if !ok {
			return "" // no number that can be shown
		}
		if c.Policy.Suffix[n.Province] == detect.SuffixBase && n.Form == number.FormFiling {
			return n.Base
		}
		return shownNumber(c, n)
	}
	if own := c.OwnNumbers(); len(own) > 0 && own[0].Service == "" {
		return own[0].Number
	}
	return ""
}

// policeURL is where a public-security number links to: the query page with
// the digits filled in.
func policeURL(digits string) string {
	return "https://beian.mps.gov.cn/#/query/webSearch?code=" + digits
}

// policeSnippet is the HTML for a public-security number.
func policeSnippet(p number.Police) string {
	return link(policeURL(p.Digits), p.Number)
}

// pageWhere names the page that a trade was judged on.
func pageWhere(c *detect.Case, category industry.Category) detect.Text {
	if in := c.IndustryPage(category); in != nil {
		return innerWhere(in)
	}
	return homeWhere(c)
}

func innerWhere(in *detect.Inner) detect.Text {
	return detect.Text{ZH: "页面 " + in.URL, EN: "page " + in.URL}
}

// dated says of which date a list is, as a remark that follows its name; empty
// for a list without one.
func dated(asOf string) detect.Text {
	if asOf == "" {
		return detect.Text{}
	}
	return detect.Text{ZH: "（截至 " + asOf + "）", EN: " (as of " + asOf + ")"}
}
