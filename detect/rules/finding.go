package rules

import (
	"html"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/fold"
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

// Snippet returns the HTML that the foot of the page should hold: a line for the
// filing number where a finding asks for one, or where of a file it could not be
// judged whether number and link are there, and a line for the public-security
// number where a finding asks for it and the number is known and well-formed. It
// is made once from all outcomes, so that a report has one answer to paste; empty
// where nothing is to be pasted.
func Snippet(c *detect.Case, outs []detect.Outcome) string {
	filing, police := false, false
	for i := range outs {
		o := &outs[i]
		switch o.Rule {
		case policeNumberMissing.ID, policeLinkWrong.ID, policeNumberMalformed.ID:
			police = police || pastes(o)
		case footerNumberMissing.ID, footerLinkMissing.ID:
			filing = filing || pastes(o) || c.File != "" && o.Verdict == detect.Unknown
		default:
			filing = filing || pastes(o)
		}
	}
	var lines []string
	if filing {
		lines = append(lines, footSnippet(c))
	}
	if police {
		if digits, text := policeToShow(c); digits != "" {
			lines = append(lines, link(policeURL(digits), text))
		}
	}
	return strings.Join(lines, "\n")
}

// pastes reports whether a finding brings code to paste.
func pastes(o *detect.Outcome) bool {
	return slices.ContainsFunc(o.Findings, func(f detect.Finding) bool { return f.Snippet != "" })
}

// WithSnippet returns the outcomes with the snippet of the whole report, one, in
// the place of each finding's own; those given are left as they are.
func WithSnippet(outs []detect.Outcome, one string) []detect.Outcome {
	if !slices.ContainsFunc(outs, func(o detect.Outcome) bool { return pastes(&o) }) {
		return outs // of most domains
	}
	outs = slices.Clone(outs)
	for i := range outs {
		outs[i].Findings = slices.Clone(outs[i].Findings)
		for j := range outs[i].Findings {
			if f := &outs[i].Findings[j]; f.Snippet != "" {
				f.Snippet = one
			}
		}
	}
	return outs
}

// policeDigits is the length of a public-security number.
const policeDigits = 14

// policeToShow is the public-security number that the page should bear; "" if
// nobody knows a well-formed one. The register is believed before the page, and
// the page's own link before a number of the wrong length.
func policeToShow(c *detect.Case) (digits, text string) {
	if d := fold.Digits(c.Filing.PoliceNumber); len(d) == policeDigits {
		return d, c.Filing.PoliceNumber
	}
	for _, p := range c.Shown.Police {
		if p.Malformed == "" {
			return p.Digits, p.Number
		}
	}
	for _, p := range c.Shown.Police {
		if p.Malformed == "length" && len(p.Code) == policeDigits && fold.Digits(p.Code) == p.Code && p.Digits != "" {
			return p.Code, strings.Replace(p.Number, p.Digits, p.Code, 1)
		}
	}
	return "", ""
}

// shownNumber is the page's own form of a filed number: with its -N, where the
// register's entry has none and the province asks for one.
func shownNumber(c *detect.Case, filed number.ICP) string {
	if filed.Suffix == 0 && c.Policy.Suffix[filed.Province] != detect.SuffixBase {
		for _, n := range c.OwnNumbers() {
			if n.Suffix != 0 && n.SameBase(filed) {
				return n.Number
			}
		}
	}
	return filed.Number
}
