package detect

import (
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// unreadReason says why something that was not seen on the page may be there
// all the same; empty if the page was seen to its foot and nothing unread can
// still write into it. Only then is anything missing.
func unreadReason(c *Case) Reason {
	if why := faultReason(c.Home.Fault); why != "" {
		return why
	}
	if drawn(c) || footUnread(c) {
		return ReasonDrawnByScript
	}
	if c.Rendered {
		return "" // scripts have run: what they hold and did not show is not shown
	}
	if numberInScript(c) {
		return ReasonDrawnByScript
	}
	if c.Home.HasFoot {
		return ""
	}
	if len(c.Home.Scripts) == 0 && len(c.Home.Frames) == 0 && c.File == "" {
		// Nothing on the page can draw more than was received.
		return ""
	}
	if len(c.Home.Scripts) > 0 {
		return ReasonDrawnByScript
	}
	return ReasonFootNotSeen
}

// drawn tells whether the page itself is still to be drawn by script.
func drawn(c *Case) bool { return !c.Rendered && (c.Kind.Name == kind.SPAShell || c.Home.AppRoot) }

// footUnread tells whether something that was not read can still write into
// the foot. In a page that a browser drew only frames of other origins are left.
func footUnread(c *Case) bool {
	if !c.Rendered {
		return c.Home.UnreadFoot
	}
	return slices.ContainsFunc(c.Home.Frames, func(f page.Frame) bool {
		return f.Foot || f.Whole || strings.Contains(strings.ToLower(f.Src), "foot")
	})
}

// numberInScript tells whether a script of the page holds a number that it may
// write where visitors see it.
func numberInScript(c *Case) bool {
	return slices.ContainsFunc(c.Shown.ICP, func(n number.ICP) bool { return n.Place == number.Script })
}
