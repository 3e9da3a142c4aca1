package detect

import (
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// minRendered is the number of visible characters from which a page that a
// browser drew is one to be judged. A spinner, an error of the page's own
// script, or text painted on a canvas has fewer.
const minRendered = 20

// takeRendered puts the page as a browser drew it in place of the one that was
// received, if it is the same page and something was drawn. What our browser
// was refused proves nothing.
func (c *Case) takeRendered() {
	shown := c.Obs.Rendered
	at := c.drawAddress()
	if shown == nil || at == "" || c.File == "" && c.Visit(crawler.AskRender, at) == nil {
		return
	}
	r := c.parse(shown)
	c.drawn = &r
	if c.Away != "" || c.File == "" && Registrable(HostOf(shown.URL)) != Registrable(HostOf(at)) {
		return
	}
	if f := r.page.Fault; f != page.FaultNone && f != page.FaultCut || r.page.Visible < minRendered {
		return
	}
	switch {
	case drawable(c):
		c.takePage(shown, &r)
	case c.Liveness == Down || c.Liveness == Placeholder:
		c.takeSite(shown, &r)
	}
}

// takePage puts the drawn page in place of one that was served.
func (c *Case) takePage(shown *crawler.Page, r *parsedPage) {
	if shown.Status >= 400 && shown.Status != c.Answer.Status {
		return
	}
	if r.page.Fault == page.FaultCut && !c.Unrendered() && !c.FooterUnread() {
		return // a page that never rests in the browser, and was received whole
	}
	switch r.kind.Name {
	case kind.SPAShell, kind.Blank, kind.Block, kind.Challenge, kind.Error:
		return
	}
	if l, _ := stateOfKind(r.kind); c.oneAddress && l != Serving {
		return // the browser opened another address of the name
	}
	if c.Liveness == Placeholder {
		c.Client = c.clientView()
	}
	c.Home, c.Kind, c.Rendered = r.page, r.kind, true
	c.Liveness, c.Cause = stateOfKind(r.kind)
}

// takeSite puts the drawn page in place of a failure, an error, or a page that
// stands in a site's place, if it is a page of the site's own. Of the one that
// our client got, Client tells.
func (c *Case) takeSite(shown *crawler.Page, r *parsedPage) {
	if l, _ := stateOfKind(r.kind); l != Serving || r.kind.Name == kind.SPAShell || shown.Status >= 500 && c.Answer != nil && c.Answer.Status == shown.Status {
		return
	}
	c.Client = c.clientView()
	if c.Answer == nil {
		c.Answer, c.Static = shown, r.page
		c.Hops = append(slices.Clip(c.Hops), shown)
		c.Failure, c.FailedURL = nil, ""
	}
	c.Home, c.Kind, c.Rendered = r.page, r.kind, true
	c.Liveness, c.Cause = Serving, ""
}

// clientView is what our own client got.
func (c *Case) clientView() *ClientView {
	v := &ClientView{URL: c.drawAddress(), Liveness: c.Liveness, Cause: c.Cause}
	if c.Failure != nil {
		v.Detail = c.Failure.Detail
	}
	if s := c.answeredBy(); c.Answer == nil && s != nil && s.failure != nil {
		v.Cause, v.Detail = s.cause, s.failure.Detail
	}
	return v
}

// drawable reports whether the answer may become another page in a browser: one
// that is served, or a blank one with scripts. A page in a site's place is none.
func drawable(c *Case) bool {
	switch c.Liveness {
	case Serving:
		return c.Home.Fault == page.FaultNone
	case Placeholder:
		return c.Kind.Name == kind.Blank && len(c.Home.Scripts) > 0
	}
	return false
}

// Clickable lists the numbers of a drawn page, as they are written, whose link is judged and
// that have none: a script may open a register where they are clicked.
func (c *Case) Clickable() (list []string) {
	if !c.clickable() {
		return nil
	}
	if n, ok := c.BestLinked(); ok && n.Kind == number.LinkNone && !c.RegisterLink(func(*page.Link) bool { return true }) {
		list = append(list, n.Raw)
	}
	for _, p := range c.Shown.Police {
		if p.Kind == number.LinkNone && Visible(p.Place) {
			list = append(list, p.Raw)
		}
	}
	return list
}

// clickable reports whether scripts of a drawn page may open something at a click.
func (c *Case) clickable() bool {
	return c.Rendered && (c.runsScripts(c.Home) || c.runsScripts(c.Static))
}

// OpensNothing reports whether a click on a number that is written so is sure to open
// nothing but what is known.
func (c *Case) OpensNothing(raw string) bool {
	return !c.clickable() || slices.ContainsFunc(c.Obs.Drawing.Clicks, func(k crawler.Click) bool { return k.Sure && number.Written(k.Text, raw) })
}

// ownSite reports whether an address belongs to the site that answered.
func (c *Case) ownSite(address string) bool {
	return c.Answer != nil && (strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")) &&
		Registrable(HostOf(address)) == Registrable(HostOf(c.Answer.URL))
}
