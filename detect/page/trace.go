package page

import (
	"math"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// A Trace is something on the page that may hold a filing number, write one or
// link to its register without the text saying so. Where the text shows no
// number, a trace is why the number cannot be called missing.
//
// Page.Traces lists, in document order, at most maxTraces of each kind within
// the foot and as many outside of it.
type Trace struct {
	Kind TraceKind
	Saw  string // the piece of source that tells, at most 120 bytes, white space collapsed
	Foot bool   // in the foot of the page: an element marked so, or behind where its text begins
	At   int    // offset in Text at which it stands
	Link int    // index into Links of the link that it is or stands in, -1 if none
}

// TraceKind says what a trace is.
type TraceKind string

// The kinds of trace.
const (
	// TraceLink is a visible link to the filing register whose text bears no
	// number of its own: it may surround a picture of one.
	TraceLink TraceKind = "register-link"
	// TraceNumberLink is a visible link to the filing register whose text has
	// digits. Where no number was read there, they may be one all the same.
	TraceNumberLink TraceKind = "register-link-number"
	// TraceImage is an image whose address or class names icp or beian, or that
	// lies in a link to the register; but no badge, and none beside the label of a
	// button (工伤备案) outside the foot.
	TraceImage TraceKind = "image"
	// TraceEmpty is a visible element without text, child or decoration's name
	// that a script can fill; kept only if the page runs scripts.
	TraceEmpty TraceKind = "empty-element"
	// TraceScript is an inline script in the foot that writes text, or one
	// anywhere that speaks of ICP, beian, 备案 or 公网安备, plain or escaped.
	TraceScript TraceKind = "inline-script"
	// TracePart is a part of the page that was not read: object, embed, a custom
	// element while scripts run, a visible iframe that is no known widget, a text that
	// is read from its end.
	TracePart TraceKind = "unread-part"
	// TraceTemplate is a mark that a server or a script was to replace:
	// {$x} {% %} {{x}} <? <% [[ ]] ${x} {dede:x/}, SSI and ESI.
	TraceTemplate TraceKind = "template"
	// TraceGarbled is a visible character that could not be decoded (U+FFFD).
	TraceGarbled TraceKind = "garbled"
	// TraceDrawn is a visible text that is no text of the page: the value of an
	// input, CSS content, that speaks of ICP or 备案.
	TraceDrawn TraceKind = "drawn-text"
	// TraceRegister is the register's host where it is no link's own target: in
	// an inline script, an attribute (data-href, @click, :href, onclick …) or the
	// query of another link.
	TraceRegister TraceKind = "register-host"
)

// maxTraces is how many traces of one kind are kept in the foot, and how many
// outside of it.
const maxTraces = 8

// Traced returns the first trace of one of the kinds, and whether there is one;
// of any kind if none is given. foot leaves out what stands outside the foot.
func (p *Page) Traced(foot bool, kinds ...TraceKind) (Trace, bool) {
	for _, t := range p.Traces {
		if foot && !t.Foot {
			continue
		}
		if len(kinds) == 0 {
			return t, true
		}
		for _, k := range kinds {
			if t.Kind == k {
				return t, true
			}
		}
	}
	return Trace{}, false
}

// registers are the hosts of the filing register, today's and the two before.
var registers = [...]string{"beian.miit.gov.cn", "miitbeian.gov.cn", "miibeian.gov.cn"}

// manyTraces is how many traces of one kind are kept while the page is read:
// the first half and the last. What of them is in the foot shows at the end.
const manyTraces = 64

// trace keeps a trace that stands where the walk is.
func (r *reader) trace(kind TraceKind, saw string) {
	if r.traces == nil {
		r.traces = map[TraceKind][]Trace{}
	}
	list := r.traces[kind]
	if len(list) == manyTraces {
		list = slices.Delete(list, manyTraces/2, manyTraces/2+1)
	}
	r.traces[kind] = append(list, Trace{Kind: kind, Saw: saw, Foot: r.c.foot, At: len(r.out.raw), Link: r.link()})
}

// source is the tag that was read last, as written.
func (r *reader) source() string { return r.z.s[r.z.start:r.z.i] }

// longestImage is how many bytes of an image's tag are read for its names.
// The tag holds what is loaded late too; data of a picture within it is longer.
const longestImage = 600

// traceTag looks at a start tag for what may hold or write a number.
func (r *reader) traceTag(t *tag) {
	if r.c.dark {
		return
	}
	a := &t.attrs
	switch t.atom {
	case atom.Img, atom.Image:
		l := r.link()
		if names := says(r.source()[:min(r.z.i-r.z.start, longestImage)]); l >= 0 && onRegister(r.links[l].URL) || names && !(l >= 0 && onPolice(r.links[l].URL)) {
			if !badge(a, r.source()) { // what is beside a badge, or is not, is the number
				r.trace(TraceImage, r.source())
			}
		}
	case atom.Object, atom.Embed, atom.Applet:
		if r.foreign == 0 && (!plugin(r.source()) || says(r.source())) {
			r.trace(TracePart, r.source())
		}
	case atom.Bdo:
		if strings.Contains(strings.ToLower(r.source()[:min(len(r.source()), tracePiece)]), "rtl") {
			r.trace(TracePart, r.source()) // a visitor reads it from its end
		}
	case atom.Input:
		if says(a.value) && !strings.EqualFold(a.typ, "hidden") {
			r.trace(TraceDrawn, a.value)
		}
	case 0:
		if hasPrefixFold(t.name, "esi:") {
			r.trace(TraceTemplate, r.source())
		} else if strings.IndexByte(t.name, '-') > 0 && r.foreign == 0 {
			r.trace(TracePart, r.source())
		}
	}
	if a.style != "" && strings.Contains(a.style, "bidi-override") {
		r.trace(TracePart, r.source())
	}
	if a.bound {
		r.trace(TraceTemplate, r.source())
	}
}

// traceHost keeps the places of the register's host in a tag or a script that
// ends where the walk is, but for the targets of links.
func (r *reader) traceHost(t *tag) {
	for r.host < r.z.i {
		if at := r.host; at >= r.z.start && (t == nil || t.atom != atom.A && t.atom != atom.Area || !isTarget(r.z.s[r.z.start:at])) {
			r.trace(TraceRegister, piece(r.z.s, at))
		}
		r.nextHost(r.host + len("beian"))
	}
}

// nextHost finds a host of the register in the source from an offset on.
func (r *reader) nextHost(from int) {
	for {
		i := strings.Index(r.z.s[from:], "beian.") // all of them hold it
		if i < 0 {
			r.host = math.MaxInt
			return
		}
		from += i
		for _, h := range registers {
			at := from - strings.Index(h, "beian.")
			if at >= 0 && strings.HasPrefix(r.z.s[at:], h) {
				r.host = at
				return
			}
		}
		from++
	}
}

// isTarget reports whether a tag up to a host is up to the value of its href,
// so that the host is the link's own target.
func isTarget(before string) bool {
	before = before[max(0, len(before)-64):]
	if i := strings.LastIndexByte(before, '='); i >= 0 {
		value := strings.ToLower(strings.Trim(before[i+1:], " \t\r\n'\""))
		switch strings.TrimSuffix(value, "www.") {
		case "http://", "https://", "//", "http:", "https:":
			name := strings.TrimRight(before[:i], " \t\r\n")
			if strings.HasSuffix(strings.ToLower(name), "xlink:href") {
				return true // a link in SVG, and nothing at all elsewhere
			}
			name = strings.TrimRight(name[max(0, len(name)-5):], "efhrEFHR") // what is before href
			return len(name) == 1 && (isSpace(name[0]) || name[0] == '"' || name[0] == '\'')
		}
	}
	return false
}

// traceScript looks at an inline script; says is what says said of it.
func (r *reader) traceScript(code string, runs, says bool) {
	writer := runs && (strings.Contains(code, "document.write") || r.c.foot && (len(code) <= shortCall || writes(code)))
	if writer && !onlyYear(code) && !counter(code) || says {
		r.trace(TraceScript, code)
	}
}
