package page

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// shortCall is how many bytes a script has that does nothing but call what is
// defined elsewhere.
const shortCall = 200

// says reports whether a piece of source speaks of a filing number, also in
// the escapes of scripts and style sheets.
func says(s string) bool {
	if strings.Contains(s, "ICP") || strings.Contains(s, "备") && (strings.Contains(s, "备案") || strings.Contains(s, "网安备")) {
		return true
	}
	if i := strings.Index(s, "5907"); i > 0 && strings.IndexByte(`\uxX`, s[i-1]) >= 0 { // 备 in an escape
		return true
	}
	if i := strings.Index(s, "eian"); i > 0 && s[i-1]|0x20 == 'b' {
		return true
	}
	for i := 0; ; i++ {
		k := strings.Index(s[i:], "cp")
		if k < 0 {
			return false
		}
		if i += k; i > 0 && s[i-1]|0x20 == 'i' && part(s, i-1, "icp") {
			return true
		}
	}
}

// drawsNumber reports whether a style sheet writes words of a filing number
// into the page: ::after{content:"京ICP备…"}.
func drawsNumber(css string) bool {
	for {
		i := strings.Index(css, "content")
		if i < 0 {
			return false
		}
		css = css[i+len("content"):]
		value := css[:min(len(css), tracePiece)]
		if end := strings.IndexAny(value, ";}"); end >= 0 {
			value = value[:end]
		}
		if says(value) {
			return true
		}
	}
}

// maxMentions is how many mentions of a filing are looked at by attributeSays.
const maxMentions = 50

// attributeSays reports whether an attribute in the source of a page speaks of
// a filing number: a style sheet may draw it, ::after{content:attr(data-icp)}.
func attributeSays(source string) bool {
	for at, n := 0, 0; n < maxMentions; n++ {
		i := strings.Index(source[at:], "备")
		if i < 0 {
			return false
		}
		at += i
		before := source[max(0, at-tracePiece):at]
		if tag := strings.LastIndexByte(before, '<'); tag > strings.LastIndexByte(before, '>') && strings.IndexByte(before[tag:], '=') > 0 && !hasPrefixFold(before[tag:], "<meta") {
			return true
		}
		at += len("备")
	}
	return false
}

// counter reports whether a script is a known counter's or widget's.
func counter(code string) bool {
	for _, w := range [...]string{"hm.baidu", "cnzz", "51.la", "bdstatic", "gtag(", "google", "_czc", "clarity", "push.js", "umeng", "51yes", "conac", "bdimg.share", "_bd_share",
		"matomo", "analytics", "adsbygoogle", "tongji"} {
		if strings.Contains(code, w) {
			return true
		}
	}
	return false
}

// onlyYear reports whether all that a script writes is the year.
func onlyYear(code string) bool {
	return len(code) <= shortCall && strings.Contains(code, "getFullYear") && strings.Count(code, "document.write") <= 1
}

// writes reports whether a script puts text into the page.
func writes(code string) bool {
	for _, w := range [...]string{"innerHTML", "innerText", "outerHTML", "textContent", ".html(", ".text(", ".append(", ".prepend(", ".load(", "insertAdjacent", "appendChild"} {
		if strings.Contains(code, w) {
			return true
		}
	}
	return false
}

// plugin reports whether an object or an embed is a film, a sound or a picture.
func plugin(tag string) bool {
	tag = strings.ToLower(tag[:min(len(tag), 1000)])
	for _, w := range [...]string{".swf", "flash", "clsid:", "video/", "audio/", "image/", ".mp4", ".mp3", ".svg", ".wmv", ".pdf", "player"} {
		if strings.Contains(tag, w) {
			return true
		}
	}
	return false
}

// onRegister reports whether an address leads to the filing register.
func onRegister(address string) bool {
	if !strings.Contains(address, "eian.") && !strings.Contains(address, "EIAN.") {
		return false
	}
	host := strings.TrimPrefix(HostOf(address[:min(len(address), 200)]), "www.")
	for _, h := range registers {
		if host == h {
			return true
		}
	}
	return false
}

// onPolice reports whether an address leads to the public-security register.
func onPolice(address string) bool {
	return strings.Contains(address, "//www.beian.gov.cn") || strings.Contains(address, "//beian.gov.cn") || strings.Contains(address, "beian.mps.gov.cn")
}

// hollow looks at a visible element that ended with nothing in it.
func (r *reader) hollow(e *entry) {
	if e.id == "" && e.class == "" {
		return
	}
	switch e.atom {
	case atom.A, atom.Span, atom.P, atom.Div, atom.Li, atom.Td, atom.Section, atom.Label, atom.Strong, atom.B, atom.Em, atom.Font, atom.Center, atom.Dd, atom.Dt,
		atom.Address, atom.Small, atom.Footer, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul:
	default:
		return
	}
	named := (r.memo.words(e.id)|r.memo.words(e.class))&wordFoot != 0
	if !named && e.link >= 0 && r.links[e.link].URL != "" && !onRegister(r.links[e.link].URL) {
		return // a button drawn by a style sheet
	}
	if !named && (decoration(e.id) || decoration(e.class)) {
		return
	}
	r.draw(Drawn{Empty: true})
	outer := r.c.foot
	r.c.foot = outer || named
	r.trace(TraceEmpty, r.z.s[e.tagStart:e.tagEnd])
	r.c.foot = outer
}

// decorations are the words in classes and ids of elements that are empty by
// design: a float's end, an icon, a rule, a button drawn by CSS, the holder of
// a pop-up.
var decorations = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields("clear clearfix clearboth cl clr cls both icon icons iconfont ico fa fas fab far glyphicon line lines hr border arrow arrows caret triangle " +
		"close top totop gotop backtop back bg mask overlay shadow code qr qrcode erweima wx weixin wechat qq weibo logo img image images pic pics photo thumb swiper slick slide " +
		"slider slides banner dot dots divider spacer space blank gap sep separator load loading loader progress map baidumap share bdsharebuttonbox btn button toggle toggler " +
		"modal layer pop popup pagination pager prev next video player scroll scrollbar ad ads adv kefu chat tip tips tooltip toast dialog fix fixed cursor canvas nav menu search " +
		"circle sprite hide hidden ripple star stars avatar cover bar hamburger burger switch check checkbox radio num count badge left right bottom") {
		set[w] = true
	}
	return set
}()

// decoration reports whether a word of the class or the id is a decoration's.
func decoration(name string) bool {
	name = name[:min(len(name), longestClass)]
	for i := 0; i < len(name); {
		if !isLetter(name[i]) {
			i++
			continue
		}
		j := i + 1
		for j < len(name) && isLetter(name[j]) && !(name[j] < 'a' && name[j-1] >= 'a') { // icpNumber is two words
			j++
		}
		var low [longestName]byte
		if n := j - i; n <= len(low) {
			for k := range n {
				low[k] = name[i+k] | 0x20
			}
			if decorations[string(low[:n])] {
				return true
			}
		}
		i = j
	}
	return false
}

// acts are what a script needs in order to put something on the page, take it
// off, send the visitor elsewhere, or hide that it does.
var acts = [...]string{"document", "createElement", "innerHTML", "innerText", "outerHTML", "textContent", "appendChild", "insertBefore", "insertAdjacent", ".append", ".prepend", ".replace(",
	"location", "eval(", "Function(", "fetch(", "XMLHttpRequest", "ActiveXObject", "$(", "jQuery", "import", "require", ".mount", ".render", "atob(", "fromCharCode", "unescape(",
	"decodeURI", ".submit(", ".click(", "open(", "history.", "navigate", "window[", "self[", "top[", "parent[", "this[", "globalThis", "setTimeout(\"", "setTimeout('", "\\x", "\\u00",
	"src=", "src =", ".html(", ".text(", "new Vue", "Worker(", "customElements", ".show(", "$.", "style", "classList", "href"}

// Acts reports whether an inline script may change what the page shows or send
// the visitor elsewhere. What only sets variables and calls what is loaded from
// elsewhere (dataLayer.push, gtag) does not by itself.
func Acts(code string) bool {
	for _, w := range acts {
		if strings.Contains(code, w) {
			return true
		}
	}
	return false
}
