package detect

import (
	"slices"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/match"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// unreadReason says why something that was not seen on the page may be there
// all the same; empty if the page was seen to its foot and nothing unread can
// still write into it. Only then is anything missing.
func unreadReason(c *Case) Reason { return c.memo.unread.or(c.unreadReason) }

func (c *Case) unreadReason() Reason {
	if why := faultReason(c.Home.Fault); why != "" {
		return why
	}
	if drawn(c) || footUnread(c) {
		return ReasonDrawnByScript
	}
	if why := unreadParts(c); why != "" {
		return why
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

// unreadParts says which part of the foot has a text that was not read, of
// whatever it speaks. Without a marked foot the whole page is looked at.
func unreadParts(c *Case) Reason {
	traced := func(kinds ...page.TraceKind) bool {
		_, ok := c.Home.Traced(c.Home.HasFoot, kinds...)
		return ok
	}
	switch {
	case traced(page.TraceGarbled):
		return ReasonCharset
	case scripted(c) && (traced(page.TraceEmpty) || footWritten(c)):
		return ReasonDrawnByScript
	case traced(page.TracePart, page.TraceTemplate):
		return ReasonUnreadPart
	}
	return ""
}

// footWritten tells whether an inline script in the foot writes text into it.
func footWritten(c *Case) bool {
	_, ok := c.Home.Traced(true, page.TraceScript)
	return ok
}

// trace says why a filing number that no text shows may be on the page all the
// same. Missing needs more than a number that was not found: it needs a page
// without a trace of one, in a picture, a link, a word or a script.
func trace(c *Case) Reason { return c.memo.trace.or(c.trace) }

func (c *Case) trace() Reason {
	if why := unreadReason(c); why != "" {
		return why
	}
	if _, ok := c.Home.Traced(false, page.TraceRegister); !c.Rendered && (ok || slices.ContainsFunc(c.Home.Scripts, speaks)) {
		return ReasonDrawnByScript
	}
	if _, ok := c.Home.Traced(false, page.TraceLink, page.TraceDrawn); ok {
		return ReasonUnreadPart
	}
	if _, ok := c.Home.Traced(c.Home.HasFoot, page.TraceImage); ok || labelled(c) {
		return ReasonUnreadPart
	}
	return ""
}

// speaks tells whether an inline script speaks of a filing number, plain or in
// escapes. Elsewhere than in the foot, writing alone is no trace: it writes
// where it stands.
//
// As a pattern: ICP|\b[iI]cp(?:[^a-z]|$)|备案|[bB]ei[aA]n|(?:\\u|%u)5907. No
// literal begins it, and trying it everywhere took a tenth of all judging.
func speaks(s page.Script) bool {
	code, spoken := s.Inline, false
	speech().Scan(code, func(word, end int) bool {
		start := end - len(speechWords[word])
		switch w := code[start:end]; word {
		case 0:
			spoken = w == "ICP" || w[1:] == "cp" && (start == 0 || !wordByte(code[start-1])) && (end == len(code) || code[end] < 'a' || code[end] > 'z')
		case 1:
			spoken = true
		case 2:
			spoken = w[1:3] == "ei" && w[4] == 'n'
		case 3:
			spoken = w[0] == 'u' && start > 0 && (code[start-1] == '\\' || code[start-1] == '%')
		}
		return !spoken
	})
	return spoken
}

var speechWords = []string{"icp", "备案", "beian", "u5907"}

var speech = sync.OnceValue(func() *match.Matcher { return match.New(speechWords) })

// wordByte tells whether a byte is of a word, as patterns understand it.
func wordByte(b byte) bool { return latin(b) || b == '_' }

// labelled tells whether the foot bears a label of a filing number, with or
// without digits that are none.
func labelled(c *Case) bool {
	return slices.ContainsFunc(c.Shown.Traces, func(t number.Trace) bool { return t.Place == number.Footer || !c.Home.HasFoot })
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

// counters are the marks of scripts that count visits and show nothing.
var counters = []string{"hm.baidu", "_hmt", "/hm.js", "cnzz", "51.la", "google-analytics", "googletagmanager", "gtag(", "analytics", "tongji"}

// scripted tells whether scripts of the page may still show what it hides.
func scripted(c *Case) bool { return c.memo.scripted.or(c.scripted) }

func (c *Case) scripted() bool {
	return !c.Rendered && slices.ContainsFunc(c.Home.Scripts, func(s page.Script) bool {
		return s.Runs && !slices.ContainsFunc(counters, func(w string) bool { return strings.Contains(s.Src, w) || strings.Contains(s.Inline, w) })
	})
}
