package kind

import (
	"slices"
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
	if line, ok := waits(p); ok {
		return Kind{Name: SPAShell, Saw: short(line)}, true
	}
	in := inspect(p)
	if p.AppRoot || in.mount != "" {
		return Kind{Name: SPAShell, Saw: in.mount}, true
	}
	if p.Password && len(p.Links) <= maxLoginLinks {
		return Kind{Name: Login}, true // its labels are in the fields
	}
	if p.Visible >= maxBlank || in.media || searches(p) || in.painted() || len(p.Frames) > 0 {
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
	if inline < minInline || searches(p) {
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

// waits reports whether a page of next to no text only says that it is loading,
// or shows nothing but the bar of tabs of an app, while a script is there to draw
// the rest.
func waits(p *page.Page) (line string, ok bool) {
	if p.Images > maxShellImages || !slices.ContainsFunc(p.Scripts, func(s page.Script) bool { return s.Runs && s.Src != "" && !hasAny(s.Src, counters) }) {
		return "", false
	}
	tabs := 0
	for i := range p.Spans {
		s := &p.Spans[i]
		if s.Zone == page.ZoneFooter && s.Link < 0 || s.Zone == page.ZoneFriends {
			continue
		}
		for part := range strings.SplitSeq(p.Text[s.Start:s.End], "\n") {
			part = strings.TrimSpace(part)
			switch {
			case part == "" || part == p.Title || s.Zone == page.ZoneFooter:
			case loading.MatchString(part):
				line = part
			case tab.MatchString(part):
				tabs++
			default:
				return "", false
			}
		}
	}
	if line == "" && tabs >= minTabs {
		line = strings.ReplaceAll(p.Text[:cutAt(p.Text, maxCoreLine)], "\n", " ")
	}
	return line, line != ""
}

const (
	maxShellImages = 6 // the signs of a bar of tabs, a logo and a spinner
	minTabs        = 2
)

var (
	loading = expr(`^(?:正在|数据|页面|努力|拼命|玩命|资源|系统|程序)*(?:加载|载入|启动|初始化|打开|渲染)(?:中|资源)*[.…~。 ]*(?:请稍[候后等]?)?[.…~。! ]*(?:\d+%)?$|^(?:now )?(?:loading|initializing)(?: app\w*)?[.… ]*(?:please wait)?[.… ]*(?:\d+%)?$|^请稍[候后等][.…~。 ]*$|^\d{1,3}%$`)
	tab     = expr(`^(?:首页|主页|分类|全部分类|购物车|我的|我|发现|消息|会员|会员中心|个人中心|用户中心|订单|我的订单|商城|店铺|社区|动态|通讯录|附近|直播|客服|推荐|关注|工作台|应用|更多|搜索|登录|注册|返回|home|cart|me|mine|profile|category)$`)
)

// searches reports whether a page has a form to search with in its source: a page
// that consists of that says little and is whole.
func searches(p *page.Page) bool {
	source := p.Source[:min(len(p.Source), maxInspected)]
	for {
		_, after, ok := strings.Cut(source, "<form")
		if !ok {
			return false
		}
		form, rest, _ := strings.Cut(after, "</form")
		if strings.Contains(form, "action=") && searchField.MatchString(form) {
			return true
		}
		source = rest
	}
}

// searchField is a field for words to search, by the names that they have.
var searchField = expr(`<input[^>]*\bname=["']?(?:wd|q|w|s|k|kw|key|keyword|keywords|query|word|search)["'\s>]`)
