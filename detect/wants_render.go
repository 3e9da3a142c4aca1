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
	switch c.Policy.Render {
	case RenderAuto:
		if lacking(c) {
			return true
		}
	case RenderAlways:
		if c.Home != nil && c.Away == "" && drawable(c) {
			return true
		}
	default:
		return false
	}
	if c.accused(rules) && c.pageInDoubt() {
		c.reread() // what the tree clears needs no browser
	}
	return c.accusedUnseen(rules) || c.Policy.Render == RenderAuto && lacking(c)
}
