package detect

import (
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
)

// unreadReason says why something that was not seen on the page may be there
// all the same; empty if the page was seen to its foot and nothing unread can
// still write into it. Only then is anything missing.
func unreadReason(c *Case) Reason {
	if why := faultReason(c.Home.Fault); why != "" {
		return why
	}
	if drawn(c) || c.Home.UnreadFoot || numberInScript(c) {
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

// drawn tells whether the page itself is drawn by script.
func drawn(c *Case) bool { return c.Kind.Name == kind.SPAShell || c.Home.AppRoot }

// numberInScript tells whether a script of the page holds a number that it may
// write where visitors see it.
func numberInScript(c *Case) bool {
	for _, n := range c.Shown.ICP {
		if n.Place == number.Script {
			return true
		}
	}
	return false
}
