package detect

import "github.com/beianwatch/beianwatch/crawler"

// wantRender asks for the page to be drawn in a browser: where scripts decide
// about the outcome or a rule needs it as its witness, or wherever a site shows
// a page, as the policy says.
func wantRender(c *Case, rules []*Rule) []crawler.Ask {
	at := c.drawAddress()
	if at == "" || c.Visit(crawler.AskRender, "") != nil || !c.rendersFor(rules) {
		return nil
	}
	return []crawler.Ask{{Kind: crawler.AskRender, URL: at}}
}

// rendersFor reports whether the policy has a browser look for these rules.
func (c *Case) rendersFor(rules []*Rule) bool {
	if c.pageInDoubt() && (c.Policy.Render == RenderAuto || c.Policy.Render == RenderAlways) {
		c.reread(rules) // what the tree clears needs no browser
	}
	switch c.Policy.Render {
	case RenderAuto:
		return lacking(c) || c.accusedUnseen(rules)
	case RenderAlways:
		return c.Home != nil && c.Away == "" && drawable(c) || c.accusedUnseen(rules)
	}
	return false
}
