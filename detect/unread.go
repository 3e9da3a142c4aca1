package detect

import (
	"regexp"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect/charset"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// UnreadReason says why something that was not seen on the page may be there
// all the same; empty if the page was seen to its foot and nothing unread can
// still write into it. Only then is anything missing.
func (c *Case) UnreadReason() Reason { return c.cache.unread.get(c.unreadReason) }

func (c *Case) unreadReason() Reason {
	if why := FaultReason(c.Home.Fault); why != "" {
		return why
	}
	if c.Rendered && c.FooterUnread() {
		return ReasonUnreadPart // a frame of another origin
	}
	if c.Unrendered() || c.FooterUnread() {
		return c.ScriptReason()
	}
	if why := unreadParts(c); why != "" {
		return why
	}
	if c.NumberInScript() && !c.Rendered { // scripts that have run show what they hold, or do not
		return c.ScriptReason()
	}
	if c.Home.HasFoot || slices.ContainsFunc(c.Shown.ICP, func(n number.ICP) bool { return n.Own && n.Place == number.Footer }) {
		return "" // the foot is there, if only by its number, however that is written
	}
	switch p := c.Home; {
	case p.DrawnFoot() && c.Scripted():
		return c.ScriptReason()
	case p.DrawnFoot():
		return ReasonUnreadPart // its foot may be none of text
	case c.Rendered:
		return ""
	case p.Visible < fewWords && p.Images+p.Media > 0:
		return ReasonUnreadPart // a page of pictures, a film
	case p.Visible < entrance:
		return ReasonFootNotSeen // words to enter by: the page behind has the foot
	}
	if !c.Scripted() && len(c.Home.Frames) == 0 && c.File == "" {
		// Nothing on the page can draw more than was received.
		return ""
	}
	if c.Scripted() {
		return c.ScriptReason()
	}
	return ReasonFootNotSeen
}

// fewWords is the number of visible characters below which a page with pictures
// and no foot is one of pictures; entrance that below which a page holds next to
// nothing but links.
const (
	fewWords = 200
	entrance = 40
)

// unreadParts says which part of the foot has a text that was not read, of
// whatever it speaks. Without a marked foot the whole page is looked at.
func unreadParts(c *Case) Reason {
	traced := func(kinds ...page.TraceKind) bool {
		_, ok := c.Home.Traced(c.Home.HasFoot, kinds...)
		return ok
	}
	switch {
	case traced(page.TraceGarbled) && c.garblesNumber():
		return ReasonCharset
	case c.Scripted() && (traced(page.TraceEmpty) || footWritten(c)):
		return c.ScriptReason()
	case traced(page.TraceTemplate), partUnread(c):
		return ReasonUnreadPart
	}
	return ""
}

// partUnread reports whether the foot has a part that was not read. An element
// of the site's own is one only until a browser drew the page: what it came to
// show stands in the drawing, its shadow tree too.
func partUnread(c *Case) bool {
	return slices.ContainsFunc(c.Home.Traces, func(t page.Trace) bool {
		return t.Kind == page.TracePart && (t.Foot || !c.Home.HasFoot) && !(c.Rendered && t.Custom())
	})
}

// misnamed reports whether a page names an encoding that it is not in, so that a
// browser draws it garbled, and its foot reads whole in the one that it is in: then
// both readings are known, and nothing is left in doubt. That the browser read the
// same bytes so, its title shows.
func (c *Case) misnamed() bool {
	if !c.Rendered || c.Static == c.Home || c.Static.Fault != page.FaultNone {
		return false
	}
	if _, ok := c.Static.Traced(c.Static.HasFoot, page.TraceGarbled); ok {
		return false
	}
	return charset.Misread(c.Static.Title, c.Home.Title)
}

// garblesNumber reports whether what is garbled may hold a number. It is garbled for
// visitors too once a browser drew it so: then a number would have kept its figures at
// least, in what was received as well as in what scripts made of it.
func (c *Case) garblesNumber() bool {
	switch {
	case !c.Rendered:
		return true
	case c.misnamed():
		return c.NumberInScript() || garbledNumber.MatchString(c.Home.Text)
	}
	return c.NumberInScript() || slices.ContainsFunc([]string{c.Home.Text, c.Static.Text}, func(text string) bool {
		return garbledNumber.MatchString(text) || garbledFigures.MatchString(text)
	})
}

// garbledNumber is what a misreading leaves of a filing number: it may take the I
// of ICP with the character before, and never figures. It may take all the letters where
// they are wide ones, so that the figures alone are left.
var (
	garbledNumber  = regexp.MustCompile(`(?i)CP\P{N}{0,6}\d{5}`)
	garbledFigures = regexp.MustCompile(`(^|[^\d.-])(\d{8}|20[0-3]\d{7})(\D|$)`)
)

// footWritten reports whether an inline script in the foot writes text into it.
func footWritten(c *Case) bool {
	_, ok := c.Home.Traced(true, page.TraceScript)
	return ok
}

// Unrendered reports whether the page itself is still to be drawn by script.
func (c *Case) Unrendered() bool {
	return !c.Rendered && (c.Kind.Name == kind.SPAShell || c.Home.AppRoot)
}

// FooterUnread reports whether something that was not read can still write into
// the foot. In a page that a browser drew only frames of other origins are left.
func (c *Case) FooterUnread() bool {
	if !c.Rendered {
		return c.Home.UnreadFoot
	}
	return slices.ContainsFunc(c.Home.Frames, func(f page.Frame) bool {
		return f.Foot || f.Whole || strings.Contains(strings.ToLower(f.Src), "foot")
	})
}

// NumberInScript reports whether a script of the page holds a number that it may
// write where visitors see it.
func (c *Case) NumberInScript() bool {
	return slices.ContainsFunc(c.Shown.ICP, func(n number.ICP) bool { return n.Place == number.Script })
}

// Scripted reports whether scripts of the page may still show what it hides, or
// write what it lacks.
func (c *Case) Scripted() bool { return c.cache.scripted.get(c.scripted) }

func (c *Case) scripted() bool { return !c.Rendered && c.runsScripts(c.Home) }
