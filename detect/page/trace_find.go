package page

import (
	"math"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

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
	r.traces[kind] = append(list, Trace{Kind: kind, Saw: saw, Foot: r.c.foot, At: len(r.out.raw)})
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
		if l := r.link(); l >= 0 && onRegister(r.links[l].URL) || says(r.source()[:min(r.z.i-r.z.start, longestImage)]) && !(l >= 0 && onPolice(r.links[l].URL)) {
			r.trace(TraceImage, r.source())
		}
	case atom.Object, atom.Embed, atom.Applet:
		if r.foreign == 0 && (!plugin(r.source()) || says(r.source())) {
			r.trace(TracePart, r.source())
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
