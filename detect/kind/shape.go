package kind

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect/page"
)

// The bounds of the kinds that are told by their shape, in visible characters.
const (
	maxShell = 200 // a shell drawn by script: a loading text, a noscript notice, sometimes a footer
	maxBlank = 20  // blank: the bound of the facts, section 9
	maxLogin = 300 // a log-in form with its labels and a copyright line
)

// byShape tells the kinds that have no words of their own. A page that was not
// read whole is none of them.
func byShape(l *look) (Kind, bool) {
	p := l.page
	if p == nil {
		if l.answer != nil && len(l.answer.Body) == 0 && !l.answer.Cut {
			return Kind{Name: Blank, Saw: "0 B"}, true
		}
		return Kind{}, false
	}
	if p.Fault != page.FaultNone || p.Visible > maxScripted || p.Refresh != "" || p.Redirect != "" {
		return Kind{}, false
	}
	if p.Visible <= maxShell {
		if k, ok := shell(p); ok {
			return k, true
		}
	}
	switch {
	case p.Password && p.Visible <= maxLogin && len(p.Links) <= maxLoginLinks:
		return Kind{Name: Login}, true
	case scripted(p):
		return Kind{Name: SPAShell}, true
	}
	return Kind{}, false
}

// shell tells a page with next to no text: one that a script will fill, or one
// that stays blank.
func shell(p *page.Page) (Kind, bool) {
	in := inspect(p)
	if p.AppRoot || in.mount != "" {
		return Kind{Name: SPAShell, Saw: in.mount}, true
	}
	if p.Password && len(p.Links) <= maxLoginLinks {
		return Kind{Name: Login}, true // its labels are in the fields
	}
	if p.Visible >= maxBlank || in.media || in.painted() || len(p.Frames) > 0 {
		return Kind{}, false
	}
	if script := drawing(p); script != "" {
		return Kind{Name: SPAShell, Saw: short(script)}, true
	}
	if in.elements <= maxBlankElements && !leadsOn(p) {
		return Kind{Name: Blank, Saw: short(strings.ReplaceAll(p.Raw, "\n", " "))}, true
	}
	return Kind{}, false
}

// leadsOn reports whether a page bears a link that a visitor can follow: the
// entrance of a site is not blank.
func leadsOn(p *page.Page) bool {
	for i := range p.Links {
		if l := &p.Links[i]; !l.Hidden && l.URL != "" && l.Text != "" {
			return true
		}
	}
	return false
}

const (
	// maxBlankElements is how many elements the body of a blank page has: more
	// of them, empty, are boxes that a style sheet fills with pictures.
	maxBlankElements = 15
	// maxLoginLinks: a log-in form links to registration, password recovery,
	// terms and the like; a site with a log-in box in a corner to far more.
	maxLoginLinks = 25
)

// mounts are the ids that the common frameworks draw into.
var mounts = map[string]bool{
	"app": true, "root": true, "__next": true, "__nuxt": true, "__uno": true, "app-root": true, "main-app": true,
	"ice-container": true, "react-root": true, "vue-app": true, "svelte": true, "q-app": true, "container-app": true, "icestark-container": true,
}

// counters are scripts that count visits and draw nothing.
var counters = []string{
	"hm.baidu.com", "cnzz.com", "google-analytics.com", "googletagmanager.com", "51.la", "umeng.com", "push.zhanzhang.baidu.com",
	"zz.bdstatic.com", "js.passport.qihucdn.com", "_czc", "_hmt",
}

// draws are what a script needs in order to put something on the page.
var draws = []string{
	"document.write", "createElement", "innerHTML", "appendChild", "insertAdjacent", "location", "eval(", "fetch(", "XMLHttpRequest",
	"$(", "import(", ".mount(", ".render(", "atob(", "fromCharCode",
}

// drawing returns a script that may draw the page, "" if there is none.
func drawing(p *page.Page) string {
	for _, s := range p.Scripts {
		what := s.Src + s.Inline
		switch {
		case !s.Runs || hasAny(what, counters):
		case s.Src != "":
			return s.Src
		case hasAny(what, draws), page.Acts(s.Inline):
			return strings.Join(strings.Fields(s.Inline), " ")
		}
	}
	return ""
}

func hasAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// The shape of a page whose frame is static and whose content is data for a
// script: menus and a footer of links around nothing, and far more script than
// text.
const (
	maxScripted = 600      // visible characters in all
	maxFree     = 60       // of them outside links and the footer
	minInline   = 40 << 10 // bytes of inline script
)

func scripted(p *page.Page) bool {
	inline := 0
	for _, s := range p.Scripts {
		inline += len(s.Inline)
	}
	if inline < minInline {
		return false
	}
	free := 0
	for _, s := range p.Spans {
		if s.Link >= 0 || s.Zone == page.ZoneFooter || s.Zone == page.ZoneFriends {
			continue
		}
		for _, r := range p.Text[s.Start:s.End] {
			if r > ' ' {
				free++
			}
		}
	}
	return free <= maxFree
}
