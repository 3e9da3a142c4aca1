package detect

import (
	"slices"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/match"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// tells reports whether a text tells of a public-security number: by its
// label, or by an address that it links to.
func tells(s string) bool {
	return begins(s, "公", "公网安备", "公安备案", "公安联网") || begins(s, "beian.", "beian.mps.gov.cn") || strings.Contains(s, "//www.beian.gov.cn") ||
		strings.Contains(s, "recordcode=")
}

// begins reports whether one of the words, which all begin so, is in s.
func begins(s, beginning string, words ...string) bool {
	for {
		i := strings.Index(s, beginning)
		if i < 0 {
			return false
		}
		s = s[i:]
		if slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(s, w) }) {
			return true
		}
		s = s[len(beginning):]
	}
}

// PoliceTraceReason is trace for a public-security number: why one may be there that
// no text shows. It may stand in a script, in the text of an image, on an icon
// that links to the platform, or behind a label whose digits were not found.
func (c *Case) PoliceTraceReason() Reason { return c.cache.police.get(c.policeTrace) }

func (c *Case) policeTrace() Reason {
	if why := c.UnreadReason(); why != "" {
		return why
	}
	for i := range c.Home.Asides {
		switch a := &c.Home.Asides[i]; {
		case a.Kind == page.AsideMeta || c.Rendered && a.Kind != page.AsideAlt || !tells(a.Text):
		case a.Kind == page.AsideAlt:
			return ReasonUnreadPart
		case a.Kind != page.AsideComment:
			return c.ScriptReason()
		}
	}
	for i := range c.Home.Links {
		// One around another number, the ICP number mostly, is a slip.
		l := &c.Home.Links[i]
		if !l.Hidden && (tells(l.URL) && len(fold.Digits(l.Text)) < 6 || l.Zone == page.ZoneFooter && tells(l.Text)) {
			return ReasonUnreadPart
		}
	}
	if tells(footText(c.Home)) {
		return ReasonUnreadPart
	}
	return ""
}

// footText is the text of the zones that are marked as the foot of the page.
func footText(p *page.Page) string {
	var b strings.Builder
	for _, s := range p.Spans {
		if s.Zone == page.ZoneFooter {
			b.WriteString(p.Text[s.Start:s.End])
		}
	}
	return b.String()
}

// TraceReason says why a filing number that no text shows may be on the page all the
// same. Missing needs more than a number that was not found: it needs a page
// without a trace of one, in a picture, a link, a word or a script.
func (c *Case) TraceReason() Reason { return c.cache.trace.get(c.trace) }

func (c *Case) trace() Reason {
	if why := c.tracedBeside(); why != "" {
		return why
	}
	switch {
	case len(c.Shown.Vacant) > 0 && c.Scripted():
		return c.ScriptReason() // which may write behind the label
	case labelled(c):
		return ReasonUnreadPart
	}
	return ""
}

// Vacant lists the labels at the foot that nothing follows (备案号：), unless a
// picture, a link, a part that was not read or a script may stand there.
func (c *Case) Vacant() []number.ICP {
	if len(c.Shown.Vacant) == 0 || c.Scripted() || c.tracedBeside() != "" {
		return nil
	}
	return c.Shown.Vacant
}

// tracedBeside is TraceReason but for labels of a number.
func (c *Case) tracedBeside() Reason {
	if why := c.UnreadReason(); why != "" {
		return why
	}
	if _, ok := c.Home.Traced(false, page.TraceRegister); !c.Rendered && (ok || slices.ContainsFunc(c.Home.Scripts, speaks)) {
		return c.ScriptReason()
	}
	if _, ok := c.Home.Traced(false, page.TraceLink, page.TraceDrawn); ok {
		return ReasonUnreadPart
	}
	if _, ok := c.Home.Traced(false, page.TraceNumberLink); ok && !slices.ContainsFunc(c.Shown.ICP, linkedToRegister) {
		return ReasonUnreadPart // its digits may be a number in a form that was not understood
	}
	if _, ok := c.Home.Traced(c.Home.HasFoot, page.TraceImage); ok {
		return ReasonUnreadPart
	}
	return ""
}

// RegisterLink finds a visible link to the register at the foot of the page that belongs
// to none of the filing numbers that were read: around a word (备案查询), a copyright
// line, a telephone or a public-security number.
func (c *Case) RegisterLink(is func(*page.Link) bool) bool {
	return slices.ContainsFunc(c.Home.Traces, func(t page.Trace) bool {
		if t.Kind != page.TraceLink && t.Kind != page.TraceNumberLink || c.Home.HasFoot && !t.Foot {
			return false
		}
		l := &c.Home.Links[t.Link]
		return !c.numbered(l) && is(l)
	})
}

// numbered reports whether a link bears a filing number or a licence's that was read.
func (c *Case) numbered(l *page.Link) bool {
	digits := fold.Digits(l.Text)
	return slices.ContainsFunc(c.Shown.ICP, func(n number.ICP) bool { return n.Serial != "" && strings.Contains(digits, n.Serial) }) ||
		slices.ContainsFunc(c.Shown.Licences, func(l number.Licence) bool {
			own := fold.Digits(l.Number)
			return own != "" && strings.Contains(digits, own)
		})
}

func linkedToRegister(n number.ICP) bool {
	return Visible(n.Place) && (n.Kind == number.LinkCurrent || n.Kind == number.LinkLegacy)
}

// speaks reports whether an inline script speaks of a filing number, plain or in
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

// wordByte reports whether a byte is of a word, as patterns understand it.
func wordByte(b byte) bool {
	return 'a' <= b|0x20 && b|0x20 <= 'z' || '0' <= b && b <= '9' || b == '_'
}

// labelled reports whether the foot bears a label of a filing number, with or
// without digits that are none.
func labelled(c *Case) bool {
	return slices.ContainsFunc(c.Shown.Traces, func(t number.Trace) bool { return t.Place == number.Footer || !c.Home.HasFoot })
}
