package detect

import (
	"html"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/number"
)

// registerURL is where a filing number must link to.
const registerURL = "https://beian.miit.gov.cn/"

// noNumberYet stands in a snippet where nobody knows the number. Nobody takes
// it for one.
const noNumberYet = "（请在此填写本网站的备案号）"

// footSnippet is the HTML for the foot of the page: the number, linked to the
// register.
func footSnippet(c *Case) string {
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
func numberToShow(c *Case) string {
	if c.Filing.Status != crawler.FilingUnknown && c.Filing.Number != "" {
		n, ok := number.Parse(c.Filing.Number)
		if !ok {
			return c.Filing.Number
		}
		if c.Policy.Suffix[n.Province] == SuffixBase && n.Form == number.FormFiling {
			return n.Base
		}
		return n.Number
	}
	if own := ownNumbers(c); len(own) > 0 && own[0].Service == "" {
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
