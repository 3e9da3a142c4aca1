package page

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
	// lies in a link to the register.
	TraceImage TraceKind = "image"
	// TraceEmpty is a visible element without text, child or decoration's name
	// that a script can fill; kept only if the page runs scripts.
	TraceEmpty TraceKind = "empty-element"
	// TraceScript is an inline script in the foot that writes text, or one
	// anywhere that speaks of ICP, beian, 备案 or 公网安备, plain or escaped.
	TraceScript TraceKind = "inline-script"
	// TracePart is a part of the page that was not read: object, embed, a custom
	// element while scripts run, a visible iframe that is no known widget.
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
