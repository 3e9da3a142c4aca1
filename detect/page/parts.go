package page

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// redirectText is the number of visible characters from which a page is one to
// be read, whatever its scripts do (DESIGN section 4).
const redirectText = 200

// maxRefresh is the longest delay, in seconds, after which a meta refresh is
// still a redirect and not a page that renews itself.
const maxRefresh = 5

// meta reads a meta element.
func (r *reader) meta(a *attrs) {
	if a.content == "" {
		return
	}
	p := r.p
	switch {
	case strings.EqualFold(a.name, "description"):
		if p.Description == "" {
			p.Description = strings.Join(strings.Fields(a.content), " ")
		}
	case strings.EqualFold(a.name, "keywords"):
		if p.Keywords == "" {
			p.Keywords = strings.Join(strings.Fields(a.content), " ")
		}
	case strings.EqualFold(a.name, "generator"):
		if p.Generator == "" {
			p.Generator = strings.TrimSpace(a.content)
		}
	case strings.EqualFold(a.equiv, "refresh"):
		if p.Refresh == "" && !r.c.look.inert {
			if target := r.base.resolve(refresh(a.content)); target != p.URL {
				p.Refresh = target
			}
		}
		return
	case a.name == "" && a.property == "", strings.EqualFold(a.name, "viewport"), strings.EqualFold(a.name, "renderer"), strings.EqualFold(a.name, "robots"):
		return
	}
	r.aside(AsideMeta, a.content)
}

// refresh reads "3;url=/home"; "" if it waits too long or names no address.
func refresh(value string) string {
	value = strings.TrimSpace(value)
	end := strings.IndexAny(value, ";, \t")
	if end < 0 {
		return ""
	}
	wait, err := strconv.ParseFloat(value[:end], 64)
	if err != nil || !(wait >= 0 && wait <= maxRefresh) {
		return ""
	}
	rest := strings.TrimLeft(value[end:], ";, \t")
	if hasPrefixFold(rest, "url") {
		if after, ok := strings.CutPrefix(strings.TrimLeft(rest[3:], " \t"), "="); ok {
			rest = strings.TrimSpace(after)
		}
	}
	if rest != "" && (rest[0] == '\'' || rest[0] == '"') {
		rest, _, _ = strings.Cut(rest[1:], rest[:1])
	}
	return strings.TrimSpace(rest)
}

// script keeps a script.
func (r *reader) script(a *attrs, code string) {
	s := Script{Foot: r.c.foot}
	if a.src != "" {
		s.Src = firstOf(r.base.resolve(a.src), a.src)
	} else {
		s.Inline = code
		r.aside(AsideScript, code)
	}
	if r.host < r.z.i {
		r.traceHost(nil)
	}
	switch strings.ToLower(a.typ) {
	case "", "module", "text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript", "text/jscript":
		s.Runs = !r.c.look.inert
	}
	if s.Src == "" && strings.TrimSpace(code) != "" {
		says := says(code)
		r.asides[len(r.asides)-1].Mute = !says && !strings.Contains(code, "备")
		r.traceScript(code, s.Runs, says)
	}
	r.p.Scripts = append(r.p.Scripts, s)
}

// handler keeps the code of handlers that run when the page is read, as a
// script. What only mends or hides a picture that did not load is none.
func (r *reader) handler(a *attrs) {
	if a.event == "" || r.c.look.inert || mends(a.event) {
		return
	}
	r.p.Scripts = append(r.p.Scripts, Script{Inline: a.event, Runs: true, Foot: r.c.foot, Event: true})
	says := says(a.event)
	if says {
		r.aside(AsideScript, a.event)
	}
	r.traceScript(a.event, true, says)
}

// mends reports whether a handler does nothing but put another picture in place
// of one that did not load, hide it or mark it as loaded.
func mends(code string) bool {
	if len(code) > shortCall {
		return false
	}
	for rest := code; rest != ""; {
		var one string
		one, rest, _ = strings.Cut(rest, ";")
		one = strings.TrimPrefix(strings.TrimSpace(one), "javascript:")
		if one == "" {
			continue
		}
		if !strings.HasPrefix(one, "this.") || strings.ContainsAny(one, "(){}") && !strings.HasPrefix(one, "this.remove(") && !strings.HasPrefix(one, "this.classList.") ||
			strings.HasPrefix(one, "this.contentWindow") || strings.Contains(one, "HTML") || strings.Contains(one, "Text") || strings.Contains(one, "location") {
			return one == "return true" || one == "return false"
		}
	}
	return true
}

// field keeps the text of a textarea: a visitor who sees it reads it in a box,
// where it is no text of the page.
func (r *reader) field(a *attrs, raw string) {
	text := html.UnescapeString(raw)
	if r.c.dark || a.hides() {
		r.unseen(text)
	} else if says(text) {
		r.trace(TraceDrawn, text)
	}
}

// hides reports whether the style of an element without content hides it.
func (a *attrs) hides() bool {
	if a.style == "" {
		return a.hidden
	}
	own := appearanceOf(atom.Div, a, false, false)
	return own != nil && look{}.within(own).hidden()
}

// frame keeps an iframe that shows something.
func (r *reader) frame(a *attrs) {
	if r.c.dark || a.hides() || isZero(a.width) || isZero(a.height) || a.width == "1" || a.height == "1" {
		return
	}
	src := r.base.resolve(a.src)
	if src == "" {
		return
	}
	r.p.Frames = append(r.p.Frames, Frame{Src: src, Foot: r.c.foot})
	r.sizes = append(r.sizes, frameSize(a))
	if r.c.foot || r.sameSite(src) {
		r.trace(TracePart, src)
	}
}

// sameSite reports whether an address is on the page's own host.
func (r *reader) sameSite(address string) bool {
	if r.base.origin == "" {
		return !strings.Contains(address, "//")
	}
	_, rest, _ := strings.Cut(address, "//")
	_, own, _ := strings.Cut(r.base.origin, "//")
	return len(rest) >= len(own) && strings.EqualFold(rest[:len(own)], own) && (len(rest) == len(own) || strings.IndexByte("/:?#", rest[len(own)]) >= 0)
}

// A frameset is one that is open.
type frameset struct {
	sizes string // rows or cols
	kids  int    // frames and framesets so far
	index []int  // of each frame with an address: into Page.Frames …
	place []int  // … and its place among the kids
}

// frameOf keeps a frame of a frameset.
func (r *reader) frameOf(a *attrs) {
	src := r.base.resolve(a.src)
	if k := len(r.frames) - 1; k >= 0 {
		set := &r.frames[k]
		if src != "" {
			set.index = append(set.index, len(r.p.Frames))
			set.place = append(set.place, set.kids)
		}
		set.kids++
	}
	if src != "" {
		r.p.Frames = append(r.p.Frames, Frame{Src: src})
	}
}

// endFrameset marks the frame that is all there is to see of the set:
// rows="100%,*" and the like, or the only one.
func (r *reader) endFrameset() {
	set := r.frames[len(r.frames)-1]
	r.frames = r.frames[:len(r.frames)-1]
	if k := len(r.frames) - 1; k >= 0 {
		r.frames[k].kids++
	}
	sizes := strings.Split(set.sizes, ",")
	for i, at := range set.index {
		r.p.Frames[at].Whole = set.kids == 1 || set.place[i] < len(sizes) && fills(sizes, set.place[i])
	}
}

// fills reports whether the size at the place leaves nothing to the others.
func fills(sizes []string, place int) bool {
	own := strings.TrimSpace(sizes[place])
	if own != "100%" && own != "*" {
		return false
	}
	for i, s := range sizes {
		if s = strings.TrimSpace(s); i != place && !isZero(s) && !(s == "*" && own == "100%") {
			return false
		}
	}
	return true
}

// mountPoints are the ids that front-end frameworks draw into.
var mountPoints = map[string]bool{"app": true, "root": true, "__next": true, "__nuxt": true, "q-app": true, "react-root": true, "main-app": true,
	"ice-container": true, "app-root": true, "mount": true, "vue-app": true, "svelte": true, "application": true, "container-app": true, "__docusaurus": true}

func isMount(id string) bool { return len(id) <= 16 && mountPoints[strings.ToLower(id)] }

// watched sees what an element turned out to hold.
func (r *reader) watched(e *entry) {
	if isMount(e.id) || e.atom == 0 && (e.name == "app-root" || e.name == "flutter-view") {
		held := len(r.out.raw) - e.start // far more bytes than characters when it is full
		if held < 1000 {
			held = visible(string(r.out.raw[e.start:]))
		}
		r.mounts = append(r.mounts, held)
	}
	if r.c.foot && e.start == len(r.out.raw) && isBlock(e.atom) && (r.memo.words(e.id)|r.memo.words(e.class))&wordFoot != 0 {
		r.empty++
	}
}

// mountText is how many characters a mount point may hold while it is empty: a
// spinner's "加载中，请稍候…".
const mountText = 40

// shell tells a page that is drawn by script, and a page that is one frame.
func (r *reader) shell() {
	p := r.p
	bundle := false
	for _, s := range p.Scripts {
		bundle = bundle || s.Runs && (s.Src != "" || len(s.Inline) > 2000)
	}
	for _, held := range r.mounts {
		p.AppRoot = p.AppRoot || bundle && held <= mountText
	}
	if len(p.Frames) == 1 && len(r.sizes) == 1 && p.Visible < 40 && p.Images < 3 && !strings.Contains(p.Text, "ICP") {
		p.Frames[0].Whole = r.sizes[0] == sizeFull || p.Visible == 0 && r.sizes[0] == sizeNone
	}
}

// A size is how much of the window an iframe takes.
type size uint8

const (
	sizeNone size = iota // it does not say: a style sheet does
	sizePart             // a film, a map
	sizeFull             // all of it, or all of its width and a screen's height
)

// screen is how many pixels high and wide a frame is that fills a window.
const screen = 600

// frameSize reads the size from the attributes and the style of an iframe.
func frameSize(a *attrs) size {
	width, height := extent(a.width), extent(a.height)
	for rest := a.style; rest != ""; {
		var decl string
		decl, rest, _ = strings.Cut(rest, ";")
		name, value, _ := strings.Cut(decl, ":")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "width", "min-width":
			width = max(width, extent(value))
		case "height", "min-height":
			height = max(height, extent(value))
		case "position":
			if hasPrefixFold(strings.TrimSpace(value), "fixed") {
				width, height = max(width, sizeFull), max(height, sizeFull)
			}
		}
	}
	switch {
	case width == sizePart || height == sizePart:
		return sizePart
	case width == sizeFull && height == sizeFull:
		return sizeFull
	}
	return sizeNone
}

// extent reads one side of an iframe: 100%, 100vh and a screen's worth of
// pixels are all of it.
func extent(v string) size {
	v = strings.ToLower(strings.TrimSpace(v))
	n := 0
	for n < len(v) && v[n] >= '0' && v[n] <= '9' {
		n++
	}
	value, err := strconv.Atoi(v[:n])
	switch unit := v[n:]; {
	case err != nil:
		return sizeNone
	case strings.HasPrefix(unit, "%"), strings.HasPrefix(unit, "v"):
		if value >= 95 {
			return sizeFull
		}
		return sizePart
	case value > screen:
		return sizeFull
	}
	return sizePart
}
