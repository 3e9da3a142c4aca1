package kind

import (
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect/page"
)

// A core is what a page says beside its frame: the text that stands neither in a
// menu nor in the foot nor in a link. An error page within the full layout of a
// site has the site's frame and one sentence of its own.
type core struct {
	lines []coreLine
	size  int     // characters of the lines, white space not counted
	links int     // links beside the frame
	back  bool    // one of them leads back: 返回首页
	may   sayings // the expressions that may match one of the lines
}

// A coreLine is a line of the core, or a part of the title.
type coreLine struct {
	text    string
	heading bool
	may     sayings // the expressions of the states that may match it
}

const (
	// maxCore is how much a page may say, in characters, and still be one that
	// says what state it is in and nothing else. Who explains a firewall, a
	// broker or a maintenance contract writes more.
	maxCore = 400
	// maxTold is the same where the title is that statement as well: the error
	// pages of CDNs and the pages of domain markets explain themselves.
	maxTold = 1600
	// maxCoreLine is the longest line that is looked at, in bytes.
	maxCoreLine = 240
	// maxCoreLinks is how many links beside the frame are looked at.
	maxCoreLinks = 200
)

// coreWithin returns the core of the page; false if it says more than limit
// characters.
func (l *look) coreWithin(limit int) (*core, bool) {
	if l.core == nil && limit > l.more {
		if c, ok := coreOf(l.page, limit); ok {
			l.core = c
		} else {
			l.more = limit
		}
	}
	return l.core, l.core != nil && l.core.size <= limit
}

// coreOf returns the core of a page; false if it says more than limit
// characters.
func coreOf(p *page.Page, limit int) (*core, bool) {
	c := &core{}
	var line strings.Builder
	heading := false
	flush := func() {
		if text := strings.TrimSpace(line.String()); text != "" {
			c.lines = append(c.lines, coreLine{text: text[:cutAt(text, maxCoreLine)], heading: heading})
		}
		line.Reset()
		heading = false
	}
	for i := range p.Spans {
		s := &p.Spans[i]
		frame := s.Link >= 0 || s.Zone == page.ZoneNav || s.Zone == page.ZoneFooter || s.Zone == page.ZoneFriends
		text := p.Text[s.Start:s.End]
		for text != "" {
			part, rest, broken := strings.Cut(text, "\n")
			if !frame {
				line.WriteString(part)
				heading = heading || s.Zone == page.ZoneHeading && strings.TrimSpace(part) != ""
				c.size += visible(part)
			}
			if broken {
				flush()
			}
			text = rest
		}
		if c.size > limit {
			return nil, false
		}
	}
	flush()
	for i := range c.lines {
		one := &c.lines[i]
		one.may = sift().of(one.text)
		c.may.join(one.may)
	}
	c.readLinks(p)
	return c, true
}

// readLinks counts the links beside the frame.
func (c *core) readLinks(p *page.Page) {
	for i := range p.Links[:min(len(p.Links), maxCoreLinks)] {
		l := &p.Links[i]
		if l.Hidden || l.Zone == page.ZoneFooter || l.Zone == page.ZoneFriends || l.Zone == page.ZoneNav {
			continue
		}
		c.links++
		c.back = c.back || len(l.Text) <= maxBack && leadsBack.MatchString(l.Text)
	}
}

// maxBack is the longest text of a link that leads back, in bytes.
const maxBack = 60

// visible counts characters, white space left out.
func visible(s string) int {
	n := 0
	for _, r := range s {
		if r > ' ' {
			n++
		}
	}
	return n
}

// cutAt returns the offset of at most limit bytes at which s can be cut between
// two characters.
func cutAt(s string, limit int) int {
	if len(s) <= limit {
		return len(s)
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return limit
}
