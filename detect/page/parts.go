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
func (r *reader) meta(n *html.Node, c context) {
	value := attr(n, "content")
	if value == "" {
		return
	}
	p := r.p
	name := attr(n, "name")
	switch {
	case strings.EqualFold(name, "description"):
		if p.Description == "" {
			p.Description = strings.Join(strings.Fields(value), " ")
		}
	case strings.EqualFold(name, "keywords"):
		if p.Keywords == "" {
			p.Keywords = strings.Join(strings.Fields(value), " ")
		}
	case strings.EqualFold(name, "generator"):
		if p.Generator == "" {
			p.Generator = strings.TrimSpace(value)
		}
	case strings.EqualFold(attr(n, "http-equiv"), "refresh"):
		if p.Refresh == "" && r.hidden == nil {
			if target := r.base.resolve(refresh(value)); target != p.URL {
				p.Refresh = target
			}
		}
		return
	case name == "" && attr(n, "property") == "":
		return
	case strings.EqualFold(name, "viewport") || strings.EqualFold(name, "renderer") || strings.EqualFold(name, "robots"):
		return
	}
	r.aside(AsideMeta, value, c)
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
func (r *reader) script(n *html.Node, c context) {
	src := attr(n, "src")
	s := Script{Foot: c.foot}
	if src != "" {
		s.Src = firstOf(r.base.resolve(src), src)
	} else {
		s.Inline = content(n)
		r.aside(AsideScript, s.Inline, c)
	}
	switch strings.ToLower(attr(n, "type")) {
	case "", "module", "text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript", "text/jscript":
		s.Runs = r.hidden == nil
	}
	r.p.Scripts = append(r.p.Scripts, s)
}

// frame keeps a frame or an iframe.
func (r *reader) frame(n *html.Node, a *attrs, c context) {
	src := r.base.resolve(a.src)
	if src == "" || r.hidden != nil && n.DataAtom == atom.Iframe {
		return
	}
	f := Frame{Src: src, Foot: c.foot}
	if n.DataAtom == atom.Frame {
		f.Whole = fills(n)
	} else if isZero(a.width) || isZero(a.height) || a.height == "1" || a.width == "1" {
		return
	}
	r.p.Frames = append(r.p.Frames, f)
}

// fills reports whether the frame is all there is to see of its frameset:
// rows="100%,*" and the like, or the only frame.
func fills(n *html.Node) bool {
	set := n.Parent
	if set == nil || set.DataAtom != atom.Frameset {
		return false
	}
	place, frames := 0, 0
	for k := set.FirstChild; k != nil; k = k.NextSibling {
		if k == n {
			place = frames
		}
		if k.DataAtom == atom.Frame || k.DataAtom == atom.Frameset {
			if frames++; frames > 16 {
				return false
			}
		}
	}
	if frames == 1 {
		return true
	}
	sizes := strings.Split(firstOf(attr(set, "rows"), attr(set, "cols")), ",")
	if place >= len(sizes) {
		return false
	}
	for i, s := range sizes {
		s = strings.TrimSpace(s)
		if i == place {
			if s != "100%" && s != "*" {
				return false
			}
		} else if !isZero(s) && !(s == "*" && strings.TrimSpace(sizes[place]) == "100%") {
			return false
		}
	}
	return true
}

// input notices a password field.
func (r *reader) input(a *attrs) {
	if strings.EqualFold(a.typ, "password") && r.hidden == nil {
		r.p.Password = true
	}
}

// A mount is an element that a script may fill with the whole page.
type mount struct{ text int }

// mountPoints are the ids that front-end frameworks draw into.
var mountPoints = map[string]bool{"app": true, "root": true, "__next": true, "__nuxt": true, "q-app": true, "react-root": true, "main-app": true,
	"ice-container": true, "app-root": true, "mount": true, "vue-app": true, "svelte": true, "application": true, "container-app": true, "__docusaurus": true}

// leave sees what the element turned out to hold: it began at offset start in
// Raw.
func (r *reader) leave(n *html.Node, a *attrs, c context, start int) {
	if r.hidden != nil {
		return
	}
	if a.id != "" && mountPoints[strings.ToLower(a.id)] || n.DataAtom == 0 && (n.Data == "app-root" || n.Data == "flutter-view") {
		text := len(r.raw) - start // far more bytes than characters when it is full
		if text < 1000 {
			text = visible(string(r.raw[start:]))
		}
		r.mounts = append(r.mounts, mount{text})
	}
	if c.foot && (a.id != "" || a.class != "") && start == len(r.raw) && isBlock(n.DataAtom) && words(a.class+" "+a.id)&wordFoot != 0 || a.include {
		r.empty = append(r.empty, a.id+" "+a.class)
	}
}

// mountText is how much a mount point may hold while it is empty: a spinner's
// "加载中，请稍候…".
const mountText = 40

// shell tells a page that is drawn by script, and a page that is one frame.
func (r *reader) shell() {
	p := r.p
	bundle := false
	for _, s := range p.Scripts {
		bundle = bundle || s.Runs && (s.Src != "" || len(s.Inline) > 2000)
	}
	for _, m := range r.mounts {
		p.AppRoot = p.AppRoot || bundle && m.text <= mountText
	}
	if len(p.Frames) == 1 && p.Visible < 40 && p.Images < 3 {
		p.Frames[0].Whole = true
	}
}
