package page

import "strings"

// foot says whether the static foot of the page is there and whether
// something unread may still write into it.
func (r *reader) foot() {
	p := r.p
	p.HasFoot = hasFoot(p)
	for _, s := range p.Scripts {
		if s.Src != "" && footScript(s.Src, s.Foot) || s.Runs && s.Inline != "" && loadsFoot(s.Inline) {
			p.UnreadFoot = true
			return
		}
	}
	for _, f := range p.Frames {
		if f.Foot || f.Whole || footName(f.Src) {
			p.UnreadFoot = true
			return
		}
	}
	p.UnreadFoot = r.empty > 0 && len(p.Scripts) > 0 || p.AppRoot || strings.Contains(p.footText(), "{{")
}

// footText is the text of the foot: what the zones say, or the last 600
// characters.
func (p *Page) footText() string { return p.Text[p.footAt():] }

// footAt is where footText begins.
func (p *Page) footAt() int {
	for _, s := range p.Spans {
		if s.Zone == ZoneFooter && len(p.Text)-s.Start < max(len(p.Text)/2, 6000) {
			return s.Start
		}
	}
	tail := max(0, len(p.Text)-1800)
	for tail < len(p.Text) && p.Text[tail]&0xC0 == 0x80 {
		tail++
	}
	return tail
}

// hasFoot looks for what a foot holds: a copyright line, or an address
// together with a telephone.
func hasFoot(p *Page) bool {
	foot := p.footText()
	for _, mark := range copyrightMarks {
		if strings.Contains(foot, mark) {
			return true
		}
	}
	if strings.Contains(foot, "版权") || strings.Contains(foot, "主办单位") || strings.Contains(foot, "主办：") {
		return true
	}
	address := strings.Contains(foot, "地址") || strings.Contains(foot, "邮编")
	contact := strings.Contains(foot, "电话") || strings.Contains(foot, "热线") || strings.Contains(foot, "邮箱") || strings.Contains(foot, "传真") ||
		strings.Contains(foot, "Tel")
	return address && contact
}

// footName reports whether an address names the foot of a page.
func footName(address string) bool {
	name := strings.ToLower(address)
	if i := strings.IndexAny(name, "?#"); i >= 0 {
		name = name[:i]
	}
	name = name[strings.LastIndexByte(name, '/')+1:]
	return strings.Contains(name, "foot") && !strings.Contains(name, "football") || strings.Contains(name, "copyright") || strings.Contains(name, "beian") ||
		strings.Contains(name, "bottom") || strings.HasPrefix(name, "icp") || strings.HasPrefix(name, "banquan")
}

// footScript reports whether a script writes the foot: it is named for it, or
// it stands within the foot and is no known counter or widget.
func footScript(src string, within bool) bool {
	if footName(src) {
		return true
	}
	if !within {
		return false
	}
	src = strings.ToLower(src)
	for _, known := range [...]string{"cnzz", "hm.baidu", "51.la", "google", "jquery", "bootstrap", "analytics", "tongji", "stat", "share", "kefu", "conac", "qq.com",
		"swiper", "layui", "layer", "lazyload", "wow", "slick", "vendor", "polyfill"} {
		if strings.Contains(src, known) {
			return false
		}
	}
	return true
}

// loadsFoot reports whether an inline script fetches the foot as a fragment:
// $("#footer").load("foot.html"), fetch("/common/footer.html"), include.
func loadsFoot(code string) bool {
	// Few scripts name the foot at all, and that is sooner seen than what they call.
	if !strings.Contains(code, "oot") && !strings.Contains(code, "OOT") && !strings.Contains(code, "opyright") && !strings.Contains(code, "ottom.") &&
		!strings.Contains(code, "eian") {
		return false
	}
	for _, call := range [...]string{".load(", "fetch(", "$.get(", "$.ajax(", "axios", "include(", "XMLHttpRequest", "require("} {
		for rest := code; ; {
			i := strings.Index(rest, call)
			if i < 0 {
				break
			}
			near := strings.ToLower(rest[max(0, i-60):min(len(rest), i+len(call)+80)])
			if strings.Contains(near, "foot") || strings.Contains(near, "copyright") || strings.Contains(near, "bottom.") || strings.Contains(near, "beian") {
				return true
			}
			rest = rest[i+len(call):]
		}
	}
	return false
}
