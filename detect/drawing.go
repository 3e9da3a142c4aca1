package detect

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/kind"
)

// speaksForItself reports whether pages of this kind say in words that they
// stand in a site's place.
func speaksForItself(name kind.Name) bool {
	switch name {
	case kind.DefaultServer, kind.Suspended, kind.UnderConstruction, kind.Parked, kind.Listing:
		return true
	}
	return false
}

// drawAddress is the address that a browser is to open: where the answer came
// from, or else where the way began on which the server said anything; "" if
// there is none.
func (c *Case) drawAddress() string {
	if c.Answer != nil && c.Away == "" {
		return c.Answer.URL
	}
	s := c.answeredBy()
	switch {
	case s == nil:
		return ""
	case len(s.hops) > 0:
		return s.hops[0].URL
	}
	return s.failed
}

// flawReasons are the words for why a drawing is not whole.
var flawReasons = map[crawler.DrawReason]Reason{
	crawler.DrawRequest:    ReasonScriptFailed,
	crawler.DrawIncomplete: ReasonDrawnPart,
	crawler.DrawLate:       ReasonDrawnLate,
	crawler.DrawDialog:     ReasonDrawnPart,
	crawler.DrawRequests:   ReasonDrawnPart,
}

// drawingReason says why no whole drawing of the page is at hand, empty if one
// is. It says nothing of what was drawn.
func (c *Case) drawingReason() Reason {
	d := c.Obs.Drawing
	switch v := c.Visit(crawler.AskRender, ""); {
	case v == nil && d == nil:
		return ReasonNotRendered
	case d != nil && len(d.Flaws) > 0:
		if why, ok := flawReasons[d.Flaws[0].Reason]; ok {
			return why
		}
		return ReasonDrawnPart
	case d == nil && v.Failure != nil, v == nil:
		return ReasonNotRendered // no browser, or ours broke down
	case d == nil, d.Failure != nil && d.Failure.Kind.Ours():
		return ReasonDrawnPart
	}
	return ""
}

// pageWitness says why a browser's word does not stand behind what is judged
// of the page, empty if it does.
func (c *Case) pageWitness() Reason {
	if why := c.drawingReason(); why != "" {
		return why
	}
	if c.Rendered {
		return ""
	}
	if c.Obs.Drawing.Failure != nil || c.drawn == nil {
		return ReasonDrawnPart // the browser was given no page
	}
	if c.Away != "" {
		if Registrable(HostOf(c.Obs.Rendered.URL)) == c.Away {
			return ""
		}
		return ReasonNotFollowed
	}
	switch l, _ := stateOfKind(c.drawn.kind); {
	case l == Challenged:
		return ReasonChallenged
	case l == Blocked && c.Liveness != Blocked:
		return ReasonBlocked
	case l == c.Liveness:
		return "" // the very page, in a place where no site is
	case c.DrawnAway():
		return ReasonAway
	}
	return ReasonDrawnPart
}

// siteWitness says why a browser's word does not stand behind it that nothing
// is to be seen at the site; empty if the browser got no page either, or one
// that stands in a site's place.
func (c *Case) siteWitness() Reason {
	if why := c.drawingReason(); why != "" {
		return why
	}
	if c.Rendered || c.Obs.Drawing.Failure != nil {
		return ""
	}
	if c.drawn == nil {
		return ReasonDrawnPart
	}
	switch l, _ := stateOfKind(c.drawn.kind); l {
	case Down, Placeholder:
		return ""
	case Challenged:
		return ReasonChallenged
	case Blocked:
		return ReasonBlocked
	}
	if c.DrawnAway() {
		return ReasonAway
	}
	return ReasonDrawnPart
}

// ScriptReason says why what scripts may have drawn on the page was not seen:
// the drawing's own reason where one was tried, else that the page or its foot
// is drawn by script, where that is so, else that nobody drew it.
func (c *Case) ScriptReason() Reason {
	if why := c.drawingReason(); why != "" && why != ReasonNotRendered {
		return why
	}
	if c.Unrendered() || !c.Home.HasFoot && c.Home.UnreadFoot {
		return ReasonDrawnByScript
	}
	if c.DrawnAway() {
		return ReasonAway
	}
	if c.Visit(crawler.AskRender, "") != nil && !c.Rendered && c.drawingReason() == "" {
		return ReasonDrawnPart
	}
	return ReasonNotRendered
}

// DrawnAway reports whether scripts led the browser to another domain, whole,
// where our own client was led nowhere.
func (c *Case) DrawnAway() bool {
	return c.File == "" && c.Away == "" && !c.Rendered && c.drawn != nil && c.drawingReason() == "" &&
		Registrable(HostOf(c.Obs.Rendered.URL)) != Registrable(HostOf(c.drawAddress()))
}

// scriptDraws reports whether a reason says that scripts decide and nobody has
// drawn the page yet.
func scriptDraws(why Reason) bool { return why == ReasonDrawnByScript || why == ReasonNotRendered }
